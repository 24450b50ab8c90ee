"""The pages of an invitation, and the first page of somebody who has everything."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from matchmaker.models import LinkPurpose, Proposer
from matchmaker.services import passwords
from matchmaker.services.links import create_link
from tests.factories import (
    make_introduction,
    make_lead,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.page_checks import check_page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

EMAIL = "mairi@example.org"
PASSWORD = "purple kettle over the harbour"


def make_busy_person():
    """A lead who is a professional and owns a charity, with somebody waiting for an answer."""
    user = make_lead(email=EMAIL, name="Mairi", password_hash=passwords.hash_password(PASSWORD))
    professional = make_professional(user=user)
    organisation = make_organisation(members=[user], name="Breathe Easy Fife")
    make_programme(organisation=organisation, name="Singing for breathing")
    make_programme(organisation=organisation, name="A draft", published_at=None)
    make_introduction(professional=professional, proposed_by=Proposer.PROGRAMME)
    return organisation


def sign_in(page, path):
    page.goto(path)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_pages_of_a_busy_person_are_accessible_valid_and_fit(page, html_checker, writing):
    with writing():
        organisation = make_busy_person()
    sign_in(page, "/sign-in")
    expect(page.get_by_role("link", name="Singing for breathing").first).to_be_visible()
    check_page(page, html_checker)
    page.goto(f"/organisations/{organisation.id}/invite")
    page.get_by_role("button", name="Send the invitation").click()
    check_page(page, html_checker)


@pytest.mark.parametrize("email", [EMAIL, "somebody.new@example.org"])
def test_pages_of_an_invitation_are_accessible_valid_and_fit(page, html_checker, writing, email):
    with writing():
        make_busy_person()
        owner = make_user()
        token = create_link(
            LinkPurpose.JOIN_ORGANISATION,
            email=email,
            organisation=make_organisation(name="Second Wind", members=[owner]),
            details={"role": "editor", "invited_by": owner.id},
            now=datetime.now(UTC),
        )
    page.goto(f"/join/{token}")
    check_page(page, html_checker)
    if email == EMAIL:
        sign_in(page, page.get_by_role("button", name="Sign in").get_attribute("href"))
        check_page(page, html_checker)
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_text("You now look after Second Wind.")).to_be_visible()
