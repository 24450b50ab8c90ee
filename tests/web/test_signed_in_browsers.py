from __future__ import annotations

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import UserSession
from matchmaker.services import passwords
from tests.factories import make_user
from tests.web.markup import Markup, csrf_token

EMAIL = "mairi@example.org"
PASSWORD = "purple kettle over the harbour"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0"
PAGE = "/account/sessions"


@pytest.fixture
def mairi(writing):
    with writing():
        return make_user(email=EMAIL, password_hash=passwords.hash_password(PASSWORD))


@pytest.fixture
def elsewhere(app, mairi):
    """The same person, signed in with another browser."""
    return sign_in(app.test_client(), "curl/8.5.0")


@pytest.fixture
def here(app, mairi):
    return sign_in(app.test_client(), FIREFOX)


def sign_in(client, user_agent):
    headers = {"User-Agent": user_agent}
    token = csrf_token(client.get("/sign-in").text)
    data = {"csrf_token": token, "email": EMAIL, "password": PASSWORD}
    assert client.post("/sign-in", data=data, headers=headers).location == "/home"
    return client


def end(client, number):
    """Press the button of the browser of this number on the page, counted from the top."""
    page = client.get(PAGE).text
    forms = [
        form.attributes["action"]
        for form in Markup(page).all("form")
        if form.attributes["action"].startswith(PAGE)
    ]
    return client.post(forms[number], data={"csrf_token": csrf_token(page)})


def is_signed_in(client):
    return client.get("/account").status_code == 200


def test_every_browser_is_listed_and_this_one_is_marked(elsewhere, here):
    cards = Markup(here.get(PAGE).text).all("li", **{"class": "mm-card"})
    assert ["Firefox on Windows" in card.text and "This one" in card.text for card in cards] == [
        True
    ]
    others = Markup(here.get(PAGE).text).all("li", **{"class": "mm-card mm-card--quiet"})
    assert ["A browser we do not know" in card.text for card in others] == [True]
    assert "In 2 browsers, this one among them" in here.get("/account").text


def test_another_browser_is_signed_out_and_this_one_stays(elsewhere, here):
    assert end(here, 1).location == PAGE
    assert "That browser is signed out" in here.get(PAGE).text
    assert not is_signed_in(elsewhere)
    assert is_signed_in(here)


def test_ending_this_one_is_signing_out(elsewhere, here):
    assert end(here, 0).location == "/sign-in"
    assert not is_signed_in(here)
    assert is_signed_in(elsewhere)


def test_nobody_ends_a_session_of_somebody_else(app, here, writing):
    with writing():
        make_user(email="ewan@example.org", password_hash=passwords.hash_password(PASSWORD))
    with app.app_context():
        session_id = db.session.scalars(select(UserSession.id)).one()
    stranger = app.test_client()
    token = csrf_token(stranger.get("/sign-in").text)
    data = {"csrf_token": token, "email": "ewan@example.org", "password": PASSWORD}
    stranger.post("/sign-in", data=data)
    data = {"csrf_token": csrf_token(stranger.get("/account").text)}
    assert stranger.post(f"{PAGE}/{session_id}/end", data=data).status_code == 404
    assert is_signed_in(here)
