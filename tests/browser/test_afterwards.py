"""What comes after acceptance, as somebody meets it on a small screen without scripts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import Answer, IntroductionState, Membership, OutboxMail
from matchmaker.services import check_ins
from tests.browser.journey import main_of, press
from tests.factories import (
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.page_checks import NARROW
from tests.web.world import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.fixture
def introduction(writing):
    """Two who were introduced a hundred days ago, and have been asked how it goes."""
    now = datetime.now(UTC)
    with writing():
        owner = make_user(name="Una Baird", email="una@strokefriends.example")
        introduction = make_introduction(
            professional=make_professional(user=make_user(name="Ann Rae")),
            programme=make_programme(
                name="Stroke café",
                organisation=make_organisation(name="Stroke Friends", members=[owner]),
            ),
            professional_answer=Answer.YES,
            programme_answer=Answer.YES,
            state=IntroductionState.ACTIVE,
            released_at=now - timedelta(days=100),
        )
        check_ins.ask_due(now=now)
        return introduction


@pytest.fixture
def page(new_page):
    return new_page(viewport=NARROW, java_script_enabled=False)


def let_in(page, client, writing, user):
    """Give the browser a session of `user`, as signing in does."""
    sign_in(client, user, writing)
    cookie = client.get_cookie("session")
    page.goto("/privacy")
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": page.url}])


def mailed_link(writing, kind):
    with writing():
        bodies = db.session.scalars(select(OutboxMail.body).order_by(OutboxMail.id))
        lines = [line for body in bodies for line in body.splitlines() if kind in line]
        return lines[0][lines[0].index(kind) :]


def test_three_taps_from_the_mail_say_what_came_of_it(page, client, writing, introduction):
    page.goto(mailed_link(writing, "/check-ins/mailed/"))
    press(page, "It is done")
    press(page, "Some of it")
    page.get_by_label("What has changed?").fill("Nine people have joined the café.")
    press(page, "Nothing")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    with writing():
        owner = db.session.scalars(select(Membership)).one().user
    let_in(page, client, writing, owner)
    page.goto(f"/introductions/{introduction.id}")
    expect(main_of(page)).to_contain_text("We did some of it")
    expect(main_of(page)).to_contain_text("Nine people have joined the café.")
    press(page, "We could tell this")
    expect(main_of(page)).to_contain_text("one of you offered to tell")


def test_check_in_begins_on_the_first_page_and_back_goes_back(page, client, writing, introduction):
    let_in(page, client, writing, introduction.professional.user)
    page.goto("/home")
    main_of(page).get_by_role("link", name="Stroke café").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it still going?")
    press(page, "It is paused")
    page.get_by_role("link", name="Back", exact=True).click()
    press(page, "Yes, we are working together")
    press(page, "It is too early to say")
    press(page, "More time")
    expect(main_of(page)).to_contain_text("Thank you. That helps us")
    expect(main_of(page)).to_contain_text("Working together")


def test_contact_made_elsewhere_is_written_down_and_becomes_an_introduction(
    page, client, writing, introduction
):
    with writing():
        professional = make_professional(user=make_user(name="Ben Low"))
    let_in(page, client, writing, professional.user)
    page.goto("/privacy")
    press(page, "Record a contact")
    page.get_by_label("Who did you meet?").fill("Una from the Stroke café")
    press(page, "Save")
    expect(main_of(page)).to_contain_text("Your contact has been written down.")
    press(page, "Make it an introduction to Stroke café")
    page.get_by_label("What would you like to do together?").fill("To send people on.")
    press(page, "Ask for an introduction")
    expect(main_of(page)).to_contain_text("You have asked for an introduction.")
    page.goto("/profile/development")
    page.get_by_role("link", name="Change what you took from Una from the Stroke café").click()
    page.get_by_label("What did you learn, and what will you do differently?").fill("To ask.")
    press(page, "Save")
    expect(main_of(page)).to_contain_text("To ask.")
    with page.expect_download() as download:
        press(page, "Download it for a spreadsheet (CSV)")
    assert download.value.suggested_filename == "development-record.csv"
