"""Bringing in a table on a phone's screen, and putting two organisations together."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from matchmaker.models import Likeness
from matchmaker.services import duplicates, passwords
from tests.browser.journey import main_of, press
from tests.factories import FIFE, NOW, make_lead, make_organisation, make_programme, make_user
from tests.page_checks import NARROW, check_page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PASSWORD = "purple kettle over the harbour"
TABLE = (
    "Title,What we do,Town,Conditions\n"
    "Stroke café,Tea and talk after a stroke.,Leven,stroke; falls\n"
    "Choir for everybody,,Kirkcaldy,COPD\n"
)


def sign_in(page, email):
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    main_of(page).get_by_role("button", name="Sign in").click()


def heading(page):
    return page.get_by_role("heading", level=1)


def test_owner_brings_in_programmes_from_a_spreadsheet_on_a_phone(new_page, writing, html_checker):
    password_hash = passwords.hash_password(PASSWORD)
    with writing():
        owner = make_user(email="ann@steps.org.uk", password_hash=password_hash)
        organisation = make_organisation(members=[owner], name="Steady Steps")
    page = new_page(viewport=NARROW)
    sign_in(page, "ann@steps.org.uk")
    page.goto(f"/organisations/{organisation.id}/manage")
    press(page, "Bring in programmes from a file")
    check_page(page, html_checker)
    page.get_by_label("The file").set_input_files(
        {"name": "programmes.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    press(page, "Continue")
    expect(heading(page)).to_have_text("Which column holds what?")
    expect(page.get_by_label("Name of the programme")).to_have_value("0")
    page.get_by_label("What it does").select_option("What we do (Tea and talk after a stroke.)")
    check_page(page, html_checker)
    press(page, "Continue")
    expect(heading(page)).to_have_text("What would happen")
    expect(main_of(page)).to_contain_text("Row 3, What we do: it is empty")
    check_page(page, html_checker)
    press(page, "Bring it in")
    expect(heading(page)).to_have_text("Look after Steady Steps")
    expect(main_of(page)).to_contain_text("1 is new")
    expect(page.get_by_role("heading", name="Stroke café")).to_be_visible()


def test_lead_puts_two_organisations_together(new_page, writing, html_checker):
    password_hash = passwords.hash_password(PASSWORD)
    with writing():
        make_lead([FIFE], email="lead@example.org", password_hash=password_hash)
        first = make_organisation(name="Stroke Friends", registration=None, area_code=FIFE)
        make_programme(organisation=first, name="Stroke choir")
        second = make_organisation(
            name="STROKE FRIENDS LTD", claimed_at=None, registration="GB-SC-SC012345"
        )
        make_programme(organisation=second, name="Stroke café")
        duplicates.suspect(first.id, second.id, Likeness.NAME_AND_POSTCODE, now=NOW)
    page = new_page()
    sign_in(page, "lead@example.org")
    page.goto("/lead/")
    press(page, "Lists from elsewhere, and organisations that may be the same")
    press(page, "Organisations that may be one")
    press(page, "Stroke Friends, and STROKE FRIENDS LTD")
    check_page(page, html_checker)
    page.get_by_role("group", name="Whose page stays?").get_by_label("The first: ").check()
    page.get_by_role("group", name="Name").get_by_label("Stroke Friends", exact=True).check()
    page.get_by_role("group", name="Registration number").get_by_label("SC012345").check()
    press(page, "Put them together")
    expect(heading(page)).to_have_text("Stroke Friends")
    for name in ("Stroke choir", "Stroke café"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(main_of(page)).to_contain_text("SC012345")
    page.goto(f"/organisations/{second.id}")
    assert page.url.endswith(f"/organisations/{first.id}")
