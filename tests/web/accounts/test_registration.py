"""Registering, and the links that are mailed for it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.models import LinkToken, Professional, User
from matchmaker.services import passwords, throttle
from matchmaker.web.accounts.registration import read_answers
from tests.factories import FIFE, NOW
from tests.web.accounts.visits import (
    EMAIL,
    PASSWORD,
    is_signed_in,
    mails,
    path_in,
    sign_in,
    submit,
)
from tests.web.markup import Markup, csrf_token


def test_professional_registers_signs_in_and_finds_their_answers(app, client):
    query = "profession=physiotherapist&where=Fife&conditions=COPD&conditions=asthma"
    answer = submit(client, f"/register?{query}", email=EMAIL, kind="professional")
    assert answer.location == "/register/check-mail"
    assert "Check your mail" in client.get(answer.location).text

    path = path_in(mails(app)[0])
    assert EMAIL in client.get(path).text
    answer = submit(client, path, name="Mairi Campbell", password=PASSWORD)
    assert answer.location == "/sign-in?next=/profile/"
    assert not is_signed_in(client)

    page = client.get(answer.location)
    assert Markup(page.text).one("input", name="email").attributes["value"] == EMAIL
    token = csrf_token(page.text)
    data = {"csrf_token": token, "email": EMAIL, "password": PASSWORD}
    assert client.post(answer.location, data=data).location == "/profile/"
    assert is_signed_in(client)
    with app.app_context():
        profile = db.session.scalars(select(Professional)).one()
        assert profile.profession == "physiotherapist"
        assert [area.area_code for area in profile.areas] == [FIFE]
        assert {term.code for term in profile.terms} == {"copd", "asthma"}


def test_person_from_an_organisation_goes_on_to_enter_it(app, client):
    submit(client, "/register", email=EMAIL, kind="organisation")
    answer = submit(client, path_in(mails(app)[0]), name="Ewan", password=PASSWORD)
    assert answer.location == "/sign-in?next=/organisations/new"


def test_answers_survive_a_mistake_in_the_form(app, client):
    page = submit(client, "/register?conditions=COPD", email="no address", kind="professional")
    assert page.status_code == 200
    assert "Enter an e-mail address" in page.text
    answers = Markup(page.text).one("input", name="answers").attributes["value"]
    assert answers == "conditions=COPD"
    assert mails(app) == []


def test_kind_must_be_chosen(app, client):
    page = submit(client, "/register", email=EMAIL)
    assert "Choose what brings you here" in page.text
    assert page.text.count("<title>Error: ") == 1


def test_known_and_unknown_addresses_get_the_same_answer(app, client, mairi):
    known = submit(client, "/register", email=EMAIL, kind="professional")
    unknown = submit(client, "/register", email="ewan@example.org", kind="professional")
    assert (known.status, known.location, known.data) == (
        unknown.status,
        unknown.location,
        unknown.data,
    )
    reset = [
        submit(client, "/reset-password", email=email) for email in (EMAIL, "nobody@example.org")
    ]
    assert (reset[0].status, reset[0].location, reset[0].data) == (
        reset[1].status,
        reset[1].location,
        reset[1].data,
    )
    assert len(mails(app)) == 4


def test_weak_password_is_explained_and_the_link_stays_usable(app, client):
    submit(client, "/register", email=EMAIL, kind="organisation")
    path = path_in(mails(app)[0])
    for password, words in (("short", "at least 15"), ("mairi@example.org", "easy to guess")):
        page = submit(client, path, name="Mairi Campbell", password=password)
        assert page.status_code == 200
        assert words in page.text
        assert 'value="Mairi Campbell"' in page.text
        assert password not in Markup(page.text).one("input", name="password").attributes.values()
    assert submit(client, path, name="Mairi", password=PASSWORD).status_code == 302


def test_registration_link_shows_a_page_and_only_the_post_acts(app, client):
    submit(client, "/register", email=EMAIL, kind="professional")
    path = path_in(mails(app)[0])
    for _ in range(3):
        assert client.get(path).status_code == 200
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(User)) == 0
        assert db.session.scalars(select(LinkToken.used_at)).all() == [None]


def test_registration_link_used_twice_says_so(app, client):
    submit(client, "/register", email=EMAIL, kind="organisation")
    path = path_in(mails(app)[0])
    page = client.get(path)
    data = {"csrf_token": csrf_token(page.text), "name": "Mairi", "password": PASSWORD}
    assert client.post(path, data=data).status_code == 302
    for again in (client.post(path, data=data), client.get(path)):
        assert again.status_code == 410
        assert "used already" in again.text


def test_link_used_while_the_password_was_hashed_makes_no_second_account(
    app, client, writing, monkeypatch
):
    submit(client, "/register", email=EMAIL, kind="organisation")
    path = path_in(mails(app)[0])
    real = passwords.hash_password

    def hash_and_lose_the_race(password):
        hashed = real(password)
        with writing() as session:
            session.scalars(select(LinkToken)).one().used_at = NOW
        return hashed

    page = client.get(path)
    data = {"csrf_token": csrf_token(page.text), "name": "Mairi", "password": PASSWORD}
    monkeypatch.setattr(passwords, "hash_password", hash_and_lose_the_race)
    answer = client.post(path, data=data)
    assert answer.status_code == 410
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.parametrize("path", ["/register/made-up", "/reset-password/made-up", "/join/made-up"])
def test_made_up_link_leads_to_a_page_with_a_way_on(client, path):
    page = client.get(path)
    assert page.status_code == 410
    assert "not complete" in page.text
    assert "/reset-password" in page.text


def test_too_many_mails_from_one_address_are_refused(client, monkeypatch):
    limit = throttle.Limit("mail_address", 2, throttle.HOUR)
    monkeypatch.setattr(throttle, "MAIL_ADDRESS", limit)
    for number in range(2):
        submit(client, "/register", email=f"a{number}@example.org", kind="professional")
    for path in ("/register", "/reset-password"):
        page = submit(client, path, email=EMAIL, kind="professional")
        assert page.status_code == 429
        assert 1 <= int(page.headers["Retry-After"]) <= 3600
        assert "too many tries" in page.text


@pytest.mark.parametrize("path", ["/register", "/sign-in"])
def test_signed_in_person_is_sent_home(client, mairi, path):
    sign_in(client)
    assert client.get(path).location == "/home"


@pytest.mark.one_database
def test_kept_answers_are_bounded(app):
    with app.app_context():
        assert read_answers("&".join(["conditions=x"] * 41)).is_empty
        assert read_answers("where=" + "x" * 100_000).place is None
        assert read_answers("is_administrator=1&kind=x&conditions=copd").query() == {
            "conditions": ["COPD"]
        }
