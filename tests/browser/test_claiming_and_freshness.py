"""Taking over an organisation, and keeping its entry fresh, on a phone's screen."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from matchmaker.models import OutboxMail, Programme
from matchmaker.services import freshness_reminders, passwords
from tests.browser.journey import main_of, press
from tests.factories import (
    FIFE,
    make_lead,
    make_organisation,
    make_programme,
    make_user,
)
from tests.page_checks import NARROW, check_page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PASSWORD = "purple kettle over the harbour"


@pytest.fixture
def moment():
    return datetime.now(UTC)


@pytest.fixture
def password_hash():
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def organisation_id(writing):
    with writing():
        return make_organisation(
            claimed_at=None, name="Kelty Lunch Club", website="https://kelty.org.uk", area_code=FIFE
        ).id


def sign_in(page, email):
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    main_of(page).get_by_role("button", name="Sign in").click()


def heading(page):
    return page.get_by_role("heading", level=1)


def test_somebody_with_an_address_there_takes_the_page_over_at_once(
    new_page, writing, organisation_id, password_hash, html_checker
):
    with writing():
        make_user(email="ann@kelty.org.uk", name="Ann Reid", password_hash=password_hash)
    page = new_page(viewport=NARROW)
    page.goto(f"/organisations/{organisation_id}")
    press(page, "Look after this page")
    sign_in(page, "ann@kelty.org.uk")
    expect(heading(page)).to_have_text("Do you work here?")
    expect(main_of(page)).to_contain_text("ann@kelty.org.uk, is at the organisation’s own domain")
    check_page(page, html_checker)
    press(page, "Look after this page")
    expect(heading(page)).to_have_text("Look after Kelty Lunch Club")
    expect(page.get_by_role("heading", name="Ann Reid (you)")).to_be_visible()
    check_page(page, html_checker)


def test_somebody_else_is_let_in_by_the_lead(
    new_page, writing, organisation_id, password_hash, html_checker
):
    with writing():
        make_user(email="ann@example.org", name="Ann Reid", password_hash=password_hash)
        make_lead([FIFE], email="lead@example.org", password_hash=password_hash)
    page = new_page(viewport=NARROW)
    page.goto(f"/organisations/{organisation_id}")
    press(page, "Look after this page")
    sign_in(page, "ann@example.org")
    page.get_by_label("What do you do there?").fill("Cook")
    press(page, "Ask to look after this page")
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_label("How can we check it?").fill("Ring the hall on a Monday.")
    press(page, "Ask to look after this page")
    expect(heading(page)).to_have_text("You have asked to look after this page")
    check_page(page, html_checker)

    lead = new_page(viewport=NARROW)
    lead.goto("/sign-in?next=/lead/")
    sign_in(lead, "lead@example.org")
    lead.get_by_role("button", name="Check and decide").click()
    expect(main_of(lead)).to_contain_text("Ring the hall on a Monday.")
    check_page(lead, html_checker)
    lead.get_by_label("Yes, let them look after its pages").check()
    lead.get_by_label("A note to them").fill("The hall knows you. Welcome!")
    press(lead, "Save")
    expect(main_of(lead)).not_to_contain_text("Ann Reid, for Kelty Lunch Club")

    with writing() as session:
        mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "claim_accepted")).one()
        assert "> The hall knows you. Welcome!" in mail.body
        address = re.search(r"https?://\S+/manage", mail.body).group()
    page.goto(urlsplit(address).path)
    expect(heading(page)).to_have_text("Look after Kelty Lunch Club")


def test_an_old_entry_stands_lower_then_nowhere_until_the_link_says_still_right(
    new_page, writing, moment, html_checker
):
    with writing():
        organisation = make_organisation(members=[make_user()], name="Kelty Lunch Club")
        old = make_programme(
            organisation=organisation,
            name="Walks after stroke",
            last_checked_at=moment - timedelta(days=200),
        )
        # It also works in a way that nobody asked for, so that it suits a little less.
        make_programme(
            organisation=organisation,
            name="Lunch after stroke",
            approaches=("befriending",),
            last_checked_at=moment,
        )
        old_id = old.id
    page = new_page(viewport=NARROW)
    suggestions = "/try?where=Fife&conditions=stroke"
    titles = main_of(page).get_by_role("link", name="after stroke")
    page.goto(suggestions)
    expect(titles).to_have_text(["Lunch after stroke", "Walks after stroke"])
    expect(main_of(page)).to_contain_text("Last checked over 6 months ago.")
    check_page(page, html_checker)

    with writing() as session:
        session.get(Programme, old_id).last_checked_at = moment - timedelta(days=400)
    page.goto(suggestions)
    expect(titles).to_have_text(["Lunch after stroke"])
    page.goto(f"/programmes/{old_id}")
    expect(main_of(page)).to_contain_text("which is more than a year ago")
    check_page(page, html_checker)

    with writing() as session:
        assert freshness_reminders.remind_due(now=moment) == 1
        mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "freshness")).one()
        address = re.search(r"https?://\S+/still-right/\S+", mail.body).group()
    page.goto(urlsplit(address).path)
    expect(heading(page)).to_have_text("Is this still right?")
    check_page(page, html_checker)
    page.goto(suggestions)
    expect(titles).to_have_text(["Lunch after stroke"])
    page.goto(urlsplit(address).path)
    press(page, "Still right")
    expect(heading(page)).to_have_text("Thank you")
    check_page(page, html_checker)
    page.goto(suggestions)
    expect(titles).to_have_text(["Walks after stroke", "Lunch after stroke"])
    page.goto(urlsplit(address).path)
    expect(heading(page)).to_have_text("This link cannot be used")
