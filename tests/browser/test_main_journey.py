"""The main journey, from the first page to what came of it.

A charity and a professional, both new, each in a browser of their own, against gunicorn and the
real worker. They read their mail at `/dev/mail`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from babel.dates import format_date
from playwright.sync_api import expect
from sqlalchemy import update

from matchmaker.models import User
from matchmaker.services.clock import london_date
from tests.browser import journey
from tests.browser.journey import Person, main_of, press
from tests.page_checks import NARROW
from tests.servers.worker import running_worker

pytestmark = pytest.mark.browser

CHARITY = "Stroke Friends of Fife"
PROGRAMME = "Stroke café"
PURPOSE = "My team sees many people after a stroke who could join your café."
CONTACT = {
    "Who can professionals speak to?": "Morag Geddes",
    "Their e-mail address": "morag@strokefriends.example",
    "Their phone number": "01592 555 0199",
}
OF_CHARITY = (*CONTACT.values(), "Una Baird", "una@strokefriends.example")
EMPLOYER = "Queen Margaret Hospital"
OF_PROFESSIONAL = ("Ann Rae", "ann.rae@nhs.example", EMPLOYER)


@pytest.fixture
def live_server(app, development_server, development_settings, tmp_path):
    """The app as it runs in development on an empty database, with the worker beside it."""
    with running_worker(development_settings, development_server.url, tmp_path):
        yield development_server


def walk(new_page, writing, **options):
    charity = Person(new_page(**options), "Una Baird", "una@strokefriends.example")
    professional = Person(new_page(**options), "Ann Rae", "ann.rae@nhs.example")
    charity_joins_and_publishes(charity)
    professional_joins_from_suggestions(professional)
    with writing() as session:
        # Whatever the clock says when the tests run.
        session.execute(update(User).values(quiet_from_hour=None, quiet_until_hour=None))
    address = professional_asks(professional)
    charity_answers_from_the_mail(charity)
    both_see_how_to_reach_each_other(charity, professional, address)
    they_work_together(charity, professional, address)


def charity_joins_and_publishes(charity):
    page = charity.page
    page.goto("/")
    page.get_by_role("link", name="Add your organisation").click()
    journey.create_account(charity, "I work or volunteer for an organisation")
    journey.register_organisation(page, CHARITY)
    journey.publish_programme(page, PROGRAMME, CONTACT)


def professional_joins_from_suggestions(professional):
    page = professional.page
    journey.answer_three_questions(page)
    expect(page.get_by_role("link", name=PROGRAMME)).to_be_visible()
    expect(page.get_by_text(CHARITY)).to_be_visible()
    assert_hides(page, OF_CHARITY)
    press(page, "Create an account keeping these answers")
    journey.create_account(professional, "I am an allied health professional")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your profile")
    page.get_by_role("link", name="Check all your answers").click()
    answers = main_of(page)
    for kept in ("Physiotherapist", "Fife", "stroke"):
        expect(answers.get_by_text(kept, exact=True)).to_be_visible()
    be_found(page)


def be_found(page):
    page.goto("/profile/work")
    page.get_by_label("Who you work for").fill(EMPLOYER)
    press(page, "Save")
    page.get_by_role("link", name="Being found").click()
    page.get_by_label("Organisations may find me").check()
    page.get_by_label("Yes", exact=True).check()
    press(page, "Save")
    expect(page.get_by_text("Saved: Being found")).to_be_visible()


def professional_asks(professional):
    page = professional.page
    press(page, "See your suggestions")
    page.get_by_role("link", name=PROGRAMME, exact=True).click()
    assert_hides(page, OF_CHARITY)
    press(page, "Ask for an introduction")
    page.get_by_label("What would you like to do together?").fill(PURPOSE)
    press(page, "Ask for an introduction")
    expect(page.get_by_text("You have asked for an introduction.")).to_be_visible()
    assert_hides(page, OF_CHARITY)
    return page.url


def charity_answers_from_the_mail(charity):
    page = charity.page
    journey.open_mail(charity, f"A professional would like to meet {PROGRAMME}")
    expect(main_of(page)).to_contain_text(PURPOSE)
    assert_hides(page, OF_PROFESSIONAL)
    journey.follow_mailed_link(page, "/answer/")
    expect(main_of(page)).to_contain_text(PURPOSE)
    assert_hides(page, OF_PROFESSIONAL)
    # Looking has answered nothing.
    page.reload()
    press(page, "Yes, introduce us")
    expect(page.get_by_text("Both of you have said yes.")).to_be_visible()
    assert_hides(page, OF_PROFESSIONAL)
    press(page, "Sign in to see your introductions")


def both_see_how_to_reach_each_other(charity, professional, address):
    expect(charity.page).to_have_url(address)
    for detail in OF_PROFESSIONAL:
        expect(main_of(charity.page)).to_contain_text(detail)
    page = professional.page
    journey.open_mail(professional, f"You have been introduced: {PROGRAMME}")
    page.goto(address)
    for detail in CONTACT.values():
        expect(main_of(page)).to_contain_text(detail)


def they_work_together(charity, professional, address):
    page, other = professional.page, charity.page
    page.get_by_label("Write a message").fill("Hello, would Tuesday suit you?")
    press(page, "Send message")
    other.reload()
    expect(other.get_by_text("Hello, would Tuesday suit you?")).to_be_visible()
    day = london_date(datetime.now(UTC) + timedelta(days=10))
    journey.agree_on_next_step(
        other,
        "More people find the café.",
        "Visit the Thursday group together",
        (str(day.day), str(day.month), str(day.year)),
    )
    expect(main_of(other)).to_contain_text("Visit the Thursday group together")
    page.goto(address)
    expect(main_of(page)).to_contain_text(format_date(day, "d MMMM y", locale="en_GB"))
    press(page, "We have started")
    expect(page.get_by_text("This introduction is now marked as under way.")).to_be_visible()
    other.goto(address)
    other.get_by_role("link", name="It is done: say what came of it").click()
    other.get_by_label("We did what we set out to do").check()
    other.get_by_label("What changed?").fill("Nine people have joined the café.")
    press(other, "Mark as completed")
    page.reload()
    expect(page.get_by_text("We did what we set out to do")).to_be_visible()
    expect(page.get_by_text("Nine people have joined the café.")).to_be_visible()


def assert_hides(page, details):
    # The source too: nothing may stand in a folded part or behind a link.
    page.wait_for_load_state()
    said = page.content()
    assert [detail for detail in details if detail in said] == []


def test_two_strangers_meet_and_work_together(new_page, writing):
    walk(new_page, writing)


@pytest.mark.one_database
def test_two_strangers_meet_without_scripts_on_a_narrow_screen(new_page, writing):
    walk(new_page, writing, java_script_enabled=False, viewport=NARROW)
