from __future__ import annotations

import dataclasses
from contextlib import nullcontext

import pytest

from matchmaker import create_app
from matchmaker.config import Environment
from matchmaker.demo import DEMO_DOMAIN, DEMO_SIGN_INS
from matchmaker.services import mail, outbox
from matchmaker.web.development import link_addresses
from tests.factories import NOW, make_user
from tests.web.markup import Markup, csrf_token


@pytest.fixture(scope="session")
def shared_development_app(shared, database, settings):
    def make():
        app = create_app(dataclasses.replace(settings, environment=Environment.DEVELOPMENT))
        return nullcontext(app)

    return shared.get("development app", database.kind, make)


@pytest.fixture
def development(app, shared_development_app):
    """A visitor of the same database as it is served in development."""
    return shared_development_app.test_client()


def post_sign_in(client, user_id):
    token = csrf_token(client.get("/sign-in").text)
    return client.post("/dev/sign-in", data={"csrf_token": token, "user_id": user_id})


@pytest.mark.parametrize("path", ["/dev/mail", "/dev/mail/1"])
def test_nothing_of_this_exists_elsewhere(client, writing, path):
    with writing():
        demo = make_user(email=DEMO_SIGN_INS[0].email)
        outbox.enqueue("e", recipient="a@example.org", subject="S", body="b", now=NOW)
    assert client.get(path).status_code == 404
    assert post_sign_in(client, demo.id).status_code == 404
    assert demo.name not in client.get("/sign-in").text


def test_mail_is_listed_newest_first(development, writing):
    assert "No mail yet" in development.get("/dev/mail").text
    with writing():
        for number in range(3):
            row = outbox.enqueue(
                f"e{number}", recipient="a@example.org", subject=f"Mail {number}", body="", now=NOW
            )
            row.sent_at = NOW if number == 0 else None
            row.failed_at = NOW if number == 1 else None
    page = Markup(development.get("/dev/mail").text)
    rows = [row.text for row in page.all("tr")][1:]
    assert rows == [
        "Mail 2 a@example.org waiting",
        "Mail 1 a@example.org failed",
        "Mail 0 a@example.org sent",
    ]


def test_mail_is_shown_with_links_to_press(development, writing):
    with writing():
        mail_id = outbox.enqueue(
            "e",
            recipient="a@example.org",
            subject="Hello",
            body="<b>See</b> http://127.0.0.1:8000/join/abc?x=1&y=2\nand http://b.example.\n",
            now=NOW,
        ).id
    page = development.get(f"/dev/mail/{mail_id}")
    links = [each.attributes["href"] for each in Markup(page.text).all("a")]
    assert "http://127.0.0.1:8000/join/abc?x=1&y=2" in links
    assert "<b>" not in page.text
    assert development.get(f"/dev/mail/{mail_id + 1}").status_code == 404


def test_html_of_a_mail_is_shown_as_it_was_sent_and_may_fetch_nothing(development, writing):
    with writing():
        mail_id = mail.send("no_account", "e", to="a@example.org", now=NOW).id
        plain_id = outbox.enqueue("f", recipient="a@example.org", subject="S", body="b", now=NOW).id
    shown = development.get(f"/dev/mail/{mail_id}")
    assert f"/dev/mail/{mail_id}/html" in shown.text
    answer = development.get(f"/dev/mail/{mail_id}/html")
    assert "You have no Matchmaker account with this address" in answer.text
    assert (
        "default-src 'none'; style-src 'unsafe-inline'" in answer.headers["Content-Security-Policy"]
    )
    assert f"{plain_id}/html" not in development.get(f"/dev/mail/{plain_id}").text
    assert development.get(f"/dev/mail/{plain_id}/html").status_code == 404
    assert development.get("/dev/mail/999999/html").status_code == 404


@pytest.mark.one_database
def test_text_around_links_is_escaped(app):
    marked = str(link_addresses("<a> & http://a.example/?a=1&b=2 'x'"))
    assert marked == (
        '&lt;a&gt; &amp; <a class="govuk-link" href="http://a.example/?a=1&amp;b=2">'
        "http://a.example/?a=1&amp;b=2</a> &#39;x&#39;"
    )


def test_demo_people_sign_in_with_one_press(development, writing):
    shown = DEMO_SIGN_INS[1]
    with writing():
        demo = make_user(email=shown.email, name="Mairi")
        make_user(name="A real person")
    page = development.get("/sign-in").text
    assert f"{shown.label}: Mairi" in page
    assert "A real person" not in page
    assert post_sign_in(development, demo.id).location == "/home"
    assert "Mairi" in development.get("/account").text


@pytest.mark.parametrize("email", ["mairi@example.org", f"mairi{DEMO_DOMAIN}.org"])
def test_real_people_never_sign_in_without_a_password(development, writing, email):
    with writing():
        real = make_user(email=email)
    assert post_sign_in(development, real.id).status_code == 404
    assert development.get("/account").status_code == 302


@pytest.mark.parametrize("user_id", ["", "x", "999999"])
def test_demo_sign_in_as_nobody_is_not_found(development, user_id):
    assert post_sign_in(development, user_id).status_code == 404


def test_sign_in_page_without_a_demo_says_how_to_get_one(development):
    assert "matchmaker demo" in development.get("/sign-in").text
