"""An editor's change waits for an owner while everybody sees the page as it was.

On a narrow screen and without scripts, where nothing may get in the way.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from matchmaker.models import OutboxMail
from matchmaker.services import passwords
from tests.browser.journey import main_of, press
from tests.factories import make_organisation, make_outcode, make_programme, make_user
from tests.page_checks import NARROW, assert_fits_narrow_screen

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PASSWORD = "purple kettle over the harbour"


@pytest.fixture
def programme(writing):
    password_hash = passwords.hash_password(PASSWORD)
    with writing():
        make_outcode("KY12")
        owner = make_user(email="olive@example.org", name="Olive", password_hash=password_hash)
        editor = make_user(email="edda@example.org", name="Edda", password_hash=password_hash)
        organisation = make_organisation(members=[owner, editor], name="Stroke Friends")
        return make_programme(organisation=organisation, name="Stroke café", cost="£1")


@pytest.fixture
def phone(new_page):
    """Somebody's own telephone."""

    def open_phone(email=None, path="/"):
        page = new_page(viewport=NARROW, java_script_enabled=False)
        page.goto(path)
        if email is not None:
            page.get_by_label("E-mail address").fill(email)
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
        return page

    return open_phone


def test_change_of_an_editor_is_public_once_an_owner_has_published_it(programme, phone, writing):
    address = f"/programmes/{programme.id}"
    visitor = phone(path=address)
    editor = phone("edda@example.org", f"{address}/edit")
    editor.get_by_label("Name of the programme").fill("Stroke café and walk")
    press(editor, "Add a place")
    editor.get_by_label("Name of the place").fill("Town hall")
    editor.get_by_label("Postcode").fill("KY12 7JA")
    press(editor, "Add a time")
    expect(editor.get_by_label("Name of the place")).to_have_value("Town hall")
    editor.get_by_label("Monday").check()
    editor.get_by_label("It begins at").fill("10am")
    editor.get_by_label("It ends at").fill("noon")
    assert_fits_narrow_screen(editor)
    press(editor, "Send the change to an owner")
    expect(main_of(editor)).to_contain_text("waits for an owner")
    assert_fits_narrow_screen(editor)

    visitor.reload()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Stroke café")
    expect(main_of(visitor)).not_to_contain_text("Town hall")

    with writing() as session:
        mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "edit_waiting")).one()
        (link,) = [line for line in mail.body.splitlines() if "/programmes/changes/" in line]
    owner = phone("olive@example.org", link[link.index("/programmes/") :])
    expect(main_of(owner)).to_contain_text("Written by Edda")
    expect(main_of(owner)).to_contain_text("Every Monday, 10 am to 12 noon")
    assert_fits_narrow_screen(owner)
    press(owner, "Publish the change")
    expect(main_of(owner)).to_contain_text("The change is published.")

    visitor.reload()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Stroke café and walk")
    expect(main_of(visitor)).to_contain_text("Every Monday, 10 am to 12 noon")
    expect(main_of(visitor)).to_contain_text("Town hall")
    press(owner, "Who changed what, and when")
    expect(main_of(owner)).to_contain_text("By Edda. Published by Olive on")
    assert_fits_narrow_screen(owner)
