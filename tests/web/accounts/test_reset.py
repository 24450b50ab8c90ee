"""A new password for somebody who forgot theirs."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.models import LinkToken
from matchmaker.services import passwords
from tests.factories import NOW
from tests.web.accounts.visits import (
    EMAIL,
    NEW_PASSWORD,
    is_signed_in,
    mails,
    path_in,
    sign_in,
    submit,
)
from tests.web.markup import csrf_token


def test_forgotten_password_is_replaced_and_every_session_ends(app, client, mairi):
    elsewhere = app.test_client()
    sign_in(elsewhere)
    assert submit(client, "/reset-password", email=EMAIL).location == "/register/check-mail"
    answer = submit(client, path_in(mails(app)[0]), password=NEW_PASSWORD)
    assert answer.location == "/sign-in?next=/home"
    assert not is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert sign_in(app.test_client()).status_code == 200
    assert sign_in(client, NEW_PASSWORD).location == "/home"


def test_weak_new_password_is_refused_and_the_link_stays_usable(app, client, mairi):
    submit(client, "/reset-password", email=EMAIL)
    path = path_in(mails(app)[0])
    assert "easy to guess" in submit(client, path, password="mairi campbell 1984").text
    assert submit(client, path, password=NEW_PASSWORD).status_code == 302
    assert client.get(path).status_code == 410


def test_reset_link_used_while_the_password_was_hashed_changes_nothing(
    app, client, mairi, writing, monkeypatch
):
    submit(client, "/reset-password", email=EMAIL)
    path = path_in(mails(app)[0])
    token = csrf_token(client.get(path).text)
    real = passwords.hash_password

    def hash_and_lose_the_race(password):
        hashed = real(password)
        with writing() as session:
            session.scalars(select(LinkToken)).one().used_at = NOW
        return hashed

    monkeypatch.setattr(passwords, "hash_password", hash_and_lose_the_race)
    answer = client.post(path, data={"csrf_token": token, "password": NEW_PASSWORD})
    assert answer.status_code == 410
    assert sign_in(client).location == "/home"


def test_reset_for_what_is_no_address_is_explained(app, client):
    assert "Enter an e-mail address" in submit(client, "/reset-password", email="x").text
    assert mails(app) == []


def test_mailed_link_of_one_purpose_opens_no_other_page(app, client, mairi):
    submit(client, "/reset-password", email=EMAIL)
    token = path_in(mails(app)[0]).rsplit("/", 1)[1]
    for page in ("register", "join"):
        assert client.get(f"/{page}/{token}").status_code == 410
