"""One's own account, and what holds for all of its pages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from matchmaker.models import LinkPurpose
from matchmaker.services import links
from tests.web.accounts.visits import (
    EMAIL,
    NEW_PASSWORD,
    PASSWORD,
    is_signed_in,
    mails,
    press,
    sign_in,
    submit,
)
from tests.web.markup import Markup


def test_name_is_changed(client, mairi):
    sign_in(client)
    page = client.get("/account/name")
    assert Markup(page.text).one("input", name="name").attributes["value"] == "Mairi Campbell"
    assert submit(client, "/account/name", name="  Mairi  Grant ").location == "/account"
    assert "Mairi Grant" in client.get("/account").text
    assert submit(client, "/account/name", name="   ").status_code == 200
    page = submit(client, "/account/name", name="x" * 201)
    assert "at most 200" in page.text


def test_changed_password_signs_out_everywhere_else_and_stays_signed_in_here(app, client, mairi):
    elsewhere = app.test_client()
    sign_in(elsewhere)
    sign_in(client)
    before = client.get_cookie("session").value
    answer = submit(client, "/account/password", current_password=PASSWORD, password=NEW_PASSWORD)
    assert answer.location == "/account"
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    elsewhere.set_cookie("session", before)
    assert not is_signed_in(elsewhere)
    assert "was changed" in mails(app)[-1].subject
    assert sign_in(app.test_client(), NEW_PASSWORD).location == "/home"


def test_password_is_not_changed_without_the_present_one(app, client, mairi):
    sign_in(client)
    page = submit(client, "/account/password", current_password="wrong", password=NEW_PASSWORD)
    assert "not your present password" in page.text
    page = submit(client, "/account/password", current_password=PASSWORD, password="short")
    assert "at least 15" in page.text
    assert sign_in(app.test_client()).location == "/home"


def test_present_password_cannot_be_guessed_on_the_page_that_changes_it(client, mairi):
    sign_in(client)
    for _ in range(10):
        submit(client, "/account/password", current_password="wrong", password=NEW_PASSWORD)
    page = submit(client, "/account/password", current_password=PASSWORD, password=NEW_PASSWORD)
    assert page.status_code == 429


def test_account_page_counts_signed_in_browsers_and_ends_them_all(app, client, mairi):
    elsewhere = app.test_client()
    sign_in(elsewhere)
    sign_in(client)
    assert "In 2 browsers" in client.get("/account").text
    assert press(client, "/account/sign-out-everywhere").location == "/sign-in"
    assert not is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_pages_of_accounts_are_kept_nowhere(app, client, writing):
    with writing():
        token = links.create_link(
            LinkPurpose.REGISTER,
            email=EMAIL,
            details={"kind": "organisation", "answers": {}},
            now=datetime.now(UTC),
        )
    for path in ("/register", "/sign-in", "/reset-password", f"/register/{token}"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/register", "/sign-in", "/reset-password", "/account/name", "/account/password"]
)
def test_no_form_is_taken_without_its_token(client, mairi, path):
    sign_in(client)
    assert client.post(path, data={"email": EMAIL}).status_code == 400
