"""The pages of organisations and programmes in a real browser, with and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.factories import (
    FIFE,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.page_checks import check_page
from tests.web.world import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

OWN_PAGES = [
    "/organisations/new",
    "/organisations/1/manage",
    "/organisations/1/edit",
    "/programmes/new?organisation=1",
    "/programmes/1",
    "/programmes/1/edit",
    "/programmes/1/preview",
    "/programmes/1/close",
    "/programmes/1/places",
    "/programmes/1/suggestions",
    "/programmes/1/suggestions/1/put-aside",
    "/programmes/2/preview",
]
PUBLIC_PAGES = ["/organisations/1", "/organisations/2", "/programmes/1", "/programmes/3"]


@pytest.fixture
def member(writing):
    """Somebody who looks after a programme, a draft, and knows an imported charity."""
    with writing():
        user = make_user(name="Morag Sinclair")
        organisation = make_organisation(
            members=[user, make_user()], registration="GB-SC-SC012345", area_code=FIFE
        )
        make_programme(
            organisation=organisation, professions=["physiotherapist"], places_per_month=2
        )
        make_programme(organisation=organisation, name="", description="", published_at=None)
        imported = make_organisation(claimed_at=None, last_checked_at=None)
        make_programme(organisation=imported, conditions=(), description="A stroke café.")
        make_professional()
        return user


def let_in(page, app, user, writing, live_server):
    """Give the browser the session cookie of somebody who has signed in."""
    client = app.test_client()
    sign_in(client, user, writing)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


@pytest.mark.parametrize("address", OWN_PAGES)
def test_page_of_a_member_is_accessible_valid_and_fits_a_phone(
    page, app, member, writing, live_server, html_checker, address
):
    let_in(page, app, member, writing, live_server)
    assert page.goto(address).status == 200
    check_page(page, html_checker)


@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_public_page_is_accessible_valid_and_fits_a_phone(page, member, html_checker, address):
    assert page.goto(address).status == 200
    check_page(page, html_checker)


@pytest.mark.parametrize("has_scripts", [True, False])
def test_programme_is_written_and_published(
    new_page, app, member, writing, live_server, html_checker, has_scripts
):
    page = new_page(java_script_enabled=has_scripts)
    let_in(page, app, member, writing, live_server)
    page.goto("/programmes/new?organisation=1")
    page.get_by_label("Name of the programme").fill("Steady feet")
    page.get_by_label("What happens, and who is it for?").fill("A weekly class.")
    page.get_by_label("Which places does it serve?").fill("Atlantis")
    page.get_by_role("button", name="Save and look at the page").click()
    expect(page).to_have_title(re.compile("^Error: Add a programme"))
    page.get_by_role("link", name="We do not know the place “Atlantis”").click()
    if has_scripts:
        expect(page.locator("#areas")).to_be_focused()
    page.get_by_label("Which places does it serve?").fill("Fife")
    page.get_by_role("button", name="Save and look at the page").click()
    page.get_by_role("button", name="Publish it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Steady feet")
    expect(page.get_by_text("The programme is published.")).to_be_visible()
    if has_scripts:
        check_page(page, html_checker)
