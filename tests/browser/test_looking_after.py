"""Pausing, blocking, another e-mail address and signing out elsewhere, on a phone's screen."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import Answer, IntroductionState, OutboxMail, Proposer, User
from matchmaker.services import passwords
from matchmaker.services.clock import london_date
from matchmaker.services.professionals import Task
from tests.browser.journey import main_of, press
from tests.factories import (
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.page_checks import NARROW, check_page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PASSWORD = "purple kettle over the harbour"
MAIRI, EWAN = "mairi@example.org", "ewan@example.org"


@pytest.fixture
def moment():
    return datetime.now(UTC)


@pytest.fixture
def programme(writing):
    """Ewan's café, and Mairi who could be introduced to it."""
    password_hash = passwords.hash_password(PASSWORD)
    with writing():
        ewan = make_user(email=EWAN, name="Ewan Grant", password_hash=password_hash)
        mairi = make_user(email=MAIRI, name="Mairi Campbell", password_hash=password_hash)
        make_professional(user=mairi)
        organisation = make_organisation(members=[ewan], name="Stroke Friends")
        return make_programme(organisation=organisation, name="Stroke café")


@pytest.fixture
def introduce(writing, programme, moment):
    def make(**values):
        with writing() as session:
            user = session.scalars(select(User).where(User.email == MAIRI)).one()
            times = {
                "proposed_at": moment,
                "answer_due_at": moment + timedelta(days=14),
                "state_changed_at": moment,
            }
            return make_introduction(
                professional=user.professional,
                programme=session.merge(programme),
                **times,
                **values,
            ).id

    return make


@pytest.fixture
def person(new_page):
    """Somebody signed in on a phone."""

    def open_browser(email, **options):
        page = new_page(viewport=NARROW, **options)
        page.goto("/sign-in")
        sign_in(page, email)
        return page

    return open_browser


def sign_in(page, email):
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    main_of(page).get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")


def mailed_path(app, recipient):
    with app.app_context():
        mail = select(OutboxMail).where(OutboxMail.recipient == recipient)
        newest = db.session.scalars(mail.order_by(OutboxMail.id.desc())).first()
    (path,) = re.findall(r"https?://[^/\s]+(/change-email/\S+)", newest.body)
    return path


def test_somebody_goes_away_and_what_is_open_waits(person, introduce, moment, html_checker):
    introduction_id = introduce(proposed_by=Proposer.PROGRAMME)
    mairi, ewan = person(MAIRI), person(EWAN)
    mairi.goto(f"/profile/{Task.VISIBILITY}")
    check_page(mairi, html_checker)
    expect(main_of(mairi)).to_contain_text("requests that are still open wait for you")
    mairi.get_by_label("Not at the moment").check()
    back = london_date(moment) + timedelta(days=20)
    for label, number in (("Day", back.day), ("Month", back.month), ("Year", back.year)):
        mairi.get_by_label(label, exact=True).fill(str(number))
    press(mairi, "Save")
    for page in (mairi, ewan):
        page.goto(f"/introductions/{introduction_id}")
        expect(main_of(page)).to_contain_text("this request waits")
    mairi.goto(f"/profile/{Task.VISIBILITY}")
    mairi.get_by_label("Yes", exact=True).check()
    press(mairi, "Save")
    for page in (mairi, ewan):
        page.goto(f"/introductions/{introduction_id}")
        expect(main_of(page)).not_to_contain_text("this request waits")


def test_an_organisation_is_blocked_quietly_and_unblocked(person, introduce, moment, html_checker):
    introduction_id = introduce(
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=IntroductionState.ACTIVE,
        released_at=moment,
    )
    mairi, ewan = person(MAIRI), person(EWAN)
    ewan.goto(f"/introductions/{introduction_id}")
    expect(main_of(ewan)).to_contain_text(MAIRI)
    mairi.goto(f"/introductions/{introduction_id}")
    press(mairi, "Block this organisation")
    check_page(mairi, html_checker)
    press(mairi, "Block")
    expect(mairi.get_by_text("You have blocked Stroke Friends. Nobody is told.")).to_be_visible()
    check_page(mairi, html_checker)
    ewan.reload()
    expect(main_of(ewan)).not_to_contain_text(MAIRI)
    expect(main_of(ewan)).not_to_contain_text("block")
    main_of(mairi).get_by_role("button", name="Unblock").click()
    expect(mairi.get_by_text("You have unblocked Stroke Friends.")).to_be_visible()
    expect(main_of(mairi)).to_contain_text("Nobody is blocked")


@pytest.mark.usefixtures("programme")
def test_an_address_is_changed_by_two_links(app, person, html_checker):
    mairi = person(MAIRI)
    mairi.goto("/account")
    check_page(mairi, html_checker)
    mairi.get_by_role("link", name="Change your e-mail address").click()
    mairi.get_by_label("Your new e-mail address").fill("mairi@example.com")
    mairi.get_by_role("textbox", name="Your password").fill(PASSWORD)
    press(mairi, "Send me the links")
    expect(main_of(mairi)).to_contain_text("We have sent a link to both addresses")
    check_page(mairi, html_checker)
    for address in (MAIRI, "mairi@example.com"):
        mairi.goto(mailed_path(app, address))
        check_page(mairi, html_checker)
        press(mairi, "Yes, change it")
    expect(mairi.get_by_text("Your e-mail address is changed.")).to_be_visible()
    press(mairi, "Menu")
    mairi.get_by_role("button", name="Sign out").click()
    mairi.goto("/sign-in")
    sign_in(mairi, "mairi@example.com")


@pytest.mark.usefixtures("programme")
def test_another_browser_is_signed_out(person, html_checker):
    elsewhere, here = person(MAIRI), person(MAIRI)
    here.goto("/account")
    here.get_by_role("link", name="See where you are signed in").click()
    check_page(here, html_checker)
    cards = main_of(here).get_by_role("listitem").filter(has=here.get_by_role("heading"))
    expect(cards).to_have_count(2)
    expect(cards.filter(has_text="This one")).to_have_count(1)
    other = cards.filter(has_not_text="This one")
    expect(other).to_contain_text("Chrome on Linux")
    other.get_by_role("button").click()
    expect(here.get_by_text("That browser is signed out.")).to_be_visible()
    expect(cards).to_have_count(1)
    elsewhere.goto("/account")
    expect(elsewhere).to_have_url(re.compile("/sign-in[?]"))
