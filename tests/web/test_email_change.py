from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import EmailChange, OutboxMail, User
from matchmaker.services import passwords
from tests.factories import make_user
from tests.web.markup import Markup, csrf_token

OLD, NEW = "mairi@example.org", "mairi@example.com"
PASSWORD = "purple kettle over the harbour"


@pytest.fixture
def mairi(writing):
    with writing():
        return make_user(email=OLD, password_hash=passwords.hash_password(PASSWORD))


def post(client, address, page, **answers):
    return client.post(address, data={"csrf_token": csrf_token(client.get(page).text), **answers})


def sign_in(client, email=OLD):
    return post(client, "/sign-in", "/sign-in", email=email, password=PASSWORD)


def ask(client, email=NEW, password=PASSWORD):
    answers = {"email": email, "current_password": password}
    return post(client, "/account/email", "/account/email", **answers)


def path_in_mail_to(app, recipient):
    with app.app_context():
        bodies = select(OutboxMail.body).where(OutboxMail.recipient == recipient)
        body = db.session.scalars(bodies.order_by(OutboxMail.id.desc())).first()
    (path,) = re.findall(r"https?://[^/\s]+(/change-email/\S+)", body)
    return path


def email_of(app, user):
    with app.app_context():
        return db.session.get(User, user.id).email


def test_both_links_change_the_address_and_only_this_browser_stays_signed_in(app, client, mairi):
    elsewhere = app.test_client()
    for browser in (client, elsewhere):
        sign_in(browser)
    assert ask(client).location == "/account"
    page = client.get("/account").text
    assert "We have sent a link to both addresses" in page
    assert "Open the links in the mails to both addresses" in page
    first, second = (path_in_mail_to(app, each) for each in (OLD, NEW))
    for _ in range(2):
        assert NEW in client.get(first).text
    assert post(client, first, first).location == "/account"
    assert "Now open the link in the mail to the new address" in client.get("/account").text
    assert email_of(app, mairi) == OLD
    before = client.get_cookie("session").value
    assert post(client, second, second).location == "/account"
    assert "Your e-mail address is changed" in client.get("/account").text
    assert NEW in client.get("/account").text
    assert elsewhere.get("/account").status_code == 302
    elsewhere.set_cookie("session", before)
    assert elsewhere.get("/account").status_code == 302
    assert client.get(second).status_code == 410


def test_links_work_without_a_session_and_open_none(app, client, mairi):
    sign_in(client)
    ask(client)
    stranger = app.test_client()
    first, second = (path_in_mail_to(app, each) for each in (NEW, OLD))
    assert post(stranger, first, first).location == "/sign-in"
    assert "the mail to your old address" in stranger.get("/sign-in").text
    assert "Now open the link in the mail to the old address" in client.get("/account").text
    answer = post(stranger, second, second)
    assert answer.location == "/sign-in?next=/home"
    page = Markup(stranger.get(answer.location).text)
    assert page.one("input", name="email").attributes["value"] == NEW
    assert client.get("/account").status_code == 302
    assert sign_in(app.test_client()).status_code == 200
    assert sign_in(app.test_client(), NEW).location == "/home"


def test_whoever_did_not_want_it_stops_it_by_link(app, client, mairi):
    sign_in(client)
    ask(client)
    stranger = app.test_client()
    first, second = (path_in_mail_to(app, each) for each in (OLD, NEW))
    assert post(stranger, f"{first}/stop", first).location == "/sign-in"
    assert "Nothing has been changed" in stranger.get("/sign-in").text
    for path in (first, second):
        assert stranger.get(path).status_code == 410
        assert post(stranger, path, "/sign-in").status_code == 410
        assert post(stranger, f"{path}/stop", "/sign-in").status_code == 410
    assert email_of(app, mairi) == OLD


def test_a_change_is_stopped_on_the_account_page(app, client, mairi):
    sign_in(client)
    ask(client)
    for _ in range(2):
        assert post(client, "/account/email/stop", "/account").location == "/account"
    assert "Your e-mail address stays as it is" in client.get("/account").text
    assert client.get(path_in_mail_to(app, NEW)).status_code == 410


def test_the_answer_is_the_same_for_an_address_of_somebody_else(app, client, mairi, writing):
    with writing():
        make_user(email=NEW)
    sign_in(client)
    pages = []
    for email in (NEW, "free@example.com"):
        answer = ask(client, email=email)
        text = client.get("/account").text.replace(email, "")
        pages.append((answer.status, answer.location, re.sub(r'(value|nonce)="[^"]*"', "", text)))
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("nobody", PASSWORD, "Enter an e-mail address"),
        (OLD, PASSWORD, "This is your e-mail address already"),
        (NEW, "wrong password, and long", "This is not your present password"),
        (NEW, "", "Enter your password"),
        ("", PASSWORD, "Enter your e-mail address"),
    ],
)
def test_a_mistake_is_explained_and_what_was_typed_is_kept(
    app, client, mairi, email, password, sentence
):
    sign_in(client)
    page = ask(client, email=email, password=password)
    assert page.status_code == 200
    assert sentence in page.text
    assert f'value="{email}"' in page.text or not email
    with app.app_context():
        assert db.session.scalars(select(EmailChange)).all() == []


def test_guessing_the_password_here_is_as_slow_as_at_the_door(client, mairi):
    sign_in(client)
    for _ in range(10):
        ask(client, password="wrong password, and long")
    assert ask(client).status_code == 429


def test_another_person_who_is_signed_in_stays_so(app, client, mairi, writing):
    with writing():
        make_user(email="ewan@example.org", password_hash=passwords.hash_password(PASSWORD))
    sign_in(client)
    ask(client)
    other = app.test_client()
    sign_in(other, "ewan@example.org")
    for each in (OLD, NEW):
        path = path_in_mail_to(app, each)
        answer = post(other, path, path)
    assert answer.location == "/sign-in?next=/home"
    assert "ewan@example.org" in other.get("/account").text
