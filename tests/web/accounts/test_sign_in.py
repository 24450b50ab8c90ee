"""Signing in and out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from argon2 import extract_parameters
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import UserSession
from matchmaker.services import passwords
from matchmaker.web.accounts.sign_in import same_site_path
from tests.factories import make_user
from tests.web.accounts.visits import (
    EMAIL,
    PASSWORD,
    is_signed_in,
    press,
    sign_in,
    submit,
)
from tests.web.markup import csrf_token


def test_signing_in_leads_home_and_signing_out_ends_it(client, mairi):
    assert sign_in(client, email=" MAIRI@example.org ").location == "/home"
    page = client.get("/account")
    assert "Mairi Campbell" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    answer = press(client, "/sign-out")
    assert answer.location == "/sign-in"
    assert "You are signed out" in client.get("/sign-in").text
    assert client.get("/account").location.startswith("/sign-in?next=")


def test_signing_in_sets_only_cookies_that_the_privacy_notice_tells_of(client, mairi):
    answer = submit(client, "/sign-in", email=EMAIL, password=PASSWORD)
    names = {each.partition("=")[0] for each in answer.headers.getlist("Set-Cookie")}
    assert names == {"session", "browser"}
    # The third keeps a list of programmes, for somebody without an account.
    assert "We set three cookies" in client.get("/privacy").text


def test_copied_cookie_is_worth_nothing_after_signing_out(app, client, mairi):
    """Flask-Login by itself lets a copied cookie go on working."""
    sign_in(client)
    copied = client.get_cookie("session").value
    thief = app.test_client()
    thief.set_cookie("session", copied)
    assert is_signed_in(thief)
    press(client, "/sign-out")
    thief.set_cookie("session", copied)
    assert not is_signed_in(thief)


def test_session_is_new_after_signing_in(app, client, mairi):
    """A session that somebody planted in the browser beforehand is of no use to them."""
    page = client.get("/sign-in")
    planted = client.get_cookie("session").value
    sign_in(client)
    assert client.get_cookie("session").value != planted
    other = app.test_client()
    other.set_cookie("session", planted)
    assert not is_signed_in(other)
    data = {"csrf_token": csrf_token(page.text)}
    assert client.post("/account/sign-out-everywhere", data=data).status_code == 400


def test_signing_in_again_ends_the_session_before(app, client, mairi):
    sign_in(client)
    first = client.get_cookie("session").value
    token = csrf_token(client.get("/account").text)
    client.post("/sign-in", data={"csrf_token": token, "email": EMAIL, "password": PASSWORD})
    old = app.test_client()
    old.set_cookie("session", first)
    assert not is_signed_in(old)
    assert is_signed_in(client)


def test_signing_out_twice_does_no_harm(client):
    token = csrf_token(client.get("/sign-in").text)
    assert client.post("/sign-out", data={"csrf_token": token}).location == "/sign-in"


def test_signing_out_needs_a_post_with_a_token(client, mairi):
    sign_in(client)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    assert is_signed_in(client)


def test_wrong_password_and_unknown_address_get_the_same_page(app, client, mairi):
    pages = []
    for email in (EMAIL, "nobody@example.org"):
        page = sign_in(app.test_client(), "wrong password, and long", email)
        assert page.status_code == 200
        text = re.sub(r'(value|nonce)="[^"]*"', "", page.text)
        pages.append(text)
    assert pages[0] == pages[1]
    assert "do not belong together" in pages[0]


def test_unknown_address_takes_as_much_work_as_a_known_one(
    app, writing, real_passwords, monkeypatch
):
    with writing():
        make_user(email=EMAIL, password_hash=passwords.hash_password(PASSWORD))
    compared = []
    real = passwords.verify_password

    def verify(hashed, password):
        compared.append(extract_parameters(hashed))
        return real(hashed, password)

    monkeypatch.setattr(passwords, "verify_password", verify)
    for email in (EMAIL, "nobody@example.org"):
        sign_in(app.test_client(), "wrong password, and long", email=email)
    known, unknown = compared
    assert known == unknown


def test_empty_form_is_explained(client):
    page = submit(client, "/sign-in")
    assert "Enter your e-mail address" in page.text
    assert "Enter your password" in page.text


def test_eleventh_failure_has_to_wait_and_says_how_long(app, mairi):
    for _ in range(10):
        sign_in(app.test_client(), "wrong password, and long")
    page = sign_in(app.test_client())
    assert page.status_code == 429
    assert 1 <= int(page.headers["Retry-After"]) <= 600
    assert "too many tries" in page.text
    assert f'value="{EMAIL}"' in page.text


def test_owner_gets_in_from_a_known_browser_while_a_stranger_guesses(app, client, mairi):
    sign_in(client)
    press(client, "/sign-out")
    for _ in range(10):
        sign_in(app.test_client(), "wrong password, and long")
    assert sign_in(app.test_client()).status_code == 429
    assert sign_in(client).location == "/home"


def test_known_browser_is_known_for_its_own_person_only(app, client, mairi, writing):
    with writing():
        make_user(email="ewan@example.org")
    sign_in(client)
    press(client, "/sign-out")
    for _ in range(10):
        sign_in(app.test_client(), "wrong password, and long", "ewan@example.org")
    assert sign_in(client, "whatever, long enough", "ewan@example.org").status_code == 429


def test_made_up_browser_cookie_is_ignored(app, client, mairi):
    for _ in range(10):
        sign_in(app.test_client(), "wrong password, and long")
    client.set_cookie("browser", "made-up")
    assert sign_in(client).status_code == 429


def test_browser_cookie_is_out_of_reach_for_scripts(client, mairi):
    sign_in(client)
    cookie = client.get_cookie("browser")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert "mairi" not in cookie.value


def test_idle_session_is_sent_to_sign_in_and_comes_back(app, client, mairi, writing):
    sign_in(client)
    with writing() as session:
        row = session.scalars(select(UserSession)).one()
        row.last_used_at -= timedelta(minutes=31)
    answer = client.get("/account?x=1")
    assert answer.location == "/sign-in?next=/account?x%3D1"
    assert sign_in(client, path=answer.location).location == "/account?x=1"


def test_use_is_recorded_by_reading_pages(app, client, mairi, writing):
    sign_in(client)
    with writing() as session:
        row = session.scalars(select(UserSession)).one()
        row.last_used_at -= timedelta(minutes=29)
        before = row.last_used_at
    assert is_signed_in(client)
    with app.app_context():
        assert db.session.scalars(select(UserSession.last_used_at)).one() > before


@pytest.mark.parametrize(
    "target",
    [
        "https://other.example/",
        "//other.example",
        "/\\other.example",
        "\\\\other.example",
        "/\t/other.example",
        "/\n/other.example",
        "javascript:alert(1)",
        "other",
        "",
        " /home",
    ],
)
def test_signing_in_never_leads_to_another_site(client, mairi, target):
    assert same_site_path(target) is None
    client.get("/sign-in")
    page = client.get("/sign-in", query_string={"next": target})
    data = {"csrf_token": csrf_token(page.text), "email": EMAIL, "password": PASSWORD}
    answer = client.post("/sign-in", query_string={"next": target}, data=data)
    assert answer.location == "/home"


@pytest.mark.parametrize("target", ["/profile", "/try?where=Fife&conditions=copd", "/a/b#c"])
@pytest.mark.one_database
def test_path_on_this_site_is_kept(app, target):
    assert same_site_path(target) == target
