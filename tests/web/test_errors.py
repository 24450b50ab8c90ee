"""Errors answer in plain words, and lose nothing that somebody typed."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from flask import abort, render_template_string

from matchmaker import create_app
from matchmaker.services.errors import (
    AlreadyAnswered,
    DomainError,
    LinkUnusable,
    NoPlacesLeft,
    StaleVersion,
    Throttled,
)
from matchmaker.services.policy import Action
from matchmaker.web.access import access
from tests.web.markup import Markup, csrf_token

pytestmark = pytest.mark.one_database

REFUSALS = {
    "stale": StaleVersion("Somebody saved this before you."),
    "answered": AlreadyAnswered("It has been answered."),
    "full": NoPlacesLeft("There are no places left this month."),
    "link": LinkUnusable("The link was used on Monday."),
    "throttled": Throttled("Too many tries.", retry_after_seconds=40),
    "other": DomainError("A programme needs a name."),
}
TYPED = {"offers": "Walking group\nfor <b>everyone</b>", "kind": ["a", "b"]}


@pytest.fixture(scope="module")
def trial_app(settings):
    """An app with views that fail, and take a form."""
    app = create_app(settings)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.get("/fails/<int:status>")
    @access(Action.VIEW_PUBLIC)
    def fails(status):
        abort(status)

    @app.get("/breaks")
    @access(Action.VIEW_PUBLIC)
    def breaks():
        raise KeyError("the name of a person")

    @app.get("/refuses/<name>")
    @access(Action.VIEW_PUBLIC)
    def refuses(name):
        raise REFUSALS[name]

    @app.route("/form", methods=["GET", "POST"])
    @access(Action.VIEW_PUBLIC)
    def form():
        return render_template_string('<input name="csrf_token" value="{{ csrf_token() }}">')

    return app


@pytest.fixture
def visitor(trial_app):
    return trial_app.test_client()


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        (400, "We could not understand that request"),
        (403, "You cannot see this page"),
        (404, "Page not found"),
        (405, "This page cannot be opened like that"),
        (409, "This has changed in the meantime"),
        (413, "That is too large to send"),
        (418, "We could not understand that request"),
        (429, "Please wait a little"),
        (500, "Sorry, something went wrong"),
        (501, "Sorry, something went wrong"),
        (503, "Sorry, the service is not working right now"),
    ],
)
def test_error_page_says_in_words_what_happened(visitor, status, heading):
    response = visitor.get(f"/fails/{status}")
    page = Markup(response.text)
    assert response.status_code == status
    assert page.one("h1").text == heading
    assert page.one("title").text == f"{heading} – Matchmaker"
    assert str(status) not in page.one("main").text


def test_wrong_method_says_which_are_right(visitor):
    response = visitor.get("/sign-out")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_address_without_its_slash_leads_to_the_page(visitor):
    response = visitor.get("/introductions")
    assert response.status_code == 308
    assert response.location.endswith("/introductions/")


def test_fault_of_ours_tells_the_reader_nothing_of_its_cause(visitor):
    response = visitor.get("/breaks")
    assert response.status_code == 500
    assert "the name of a person" not in response.text
    assert "Sorry, something went wrong" in response.text


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("stale", 409),
        ("answered", 409),
        ("full", 409),
        ("link", 410),
        ("throttled", 429),
        ("other", 400),
    ],
)
def test_refusal_that_no_view_caught_shows_its_sentence(visitor, name, status):
    response = visitor.get(f"/refuses/{name}")
    assert response.status_code == status
    assert str(REFUSALS[name]) in response.text


def test_throttled_answer_says_when_to_come_back(visitor):
    assert visitor.get("/refuses/throttled").headers["Retry-After"] == "40"


def test_too_large_a_form_is_refused_with_a_page(trial_app, visitor, monkeypatch):
    monkeypatch.setitem(trial_app.config, "MAX_CONTENT_LENGTH", 100)
    response = visitor.post("/form", data={"story": "x" * 200})
    assert response.status_code == 413
    assert "That is too large to send" in response.text


class TestDatabaseDown:
    """The database cannot be opened, and a signed-in person asks for a page."""

    @pytest.fixture
    def lost(self, settings, tmp_path):
        nowhere = f"sqlite:///{tmp_path / 'missing folder' / 'matchmaker.sqlite'}"
        app = create_app(replace(settings, database_url=nowhere))
        app.config["PROPAGATE_EXCEPTIONS"] = False
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = "a token"
        return client

    @pytest.mark.parametrize("address", ["/privacy", "/there-is-no-such-page"])
    def test_page_says_that_the_service_is_not_working(self, lost, address):
        response = lost.get(address)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "30"
        assert "Everything saved before is safe" in response.text

    def test_log_names_the_cause_and_no_values(self, lost, caplog):
        with caplog.at_level(logging.ERROR, logger="matchmaker"):
            lost.get("/privacy")
        messages = [each.getMessage() for each in caplog.records]
        assert any("The database is unavailable" in message for message in messages)
        assert not any("token" in message.lower() for message in messages)

    def test_process_still_says_that_it_is_alive(self, lost):
        probe = lost.application.test_client()
        assert probe.get("/healthz").status_code == 200

    def test_process_says_that_it_is_not_ready(self, lost):
        probe = lost.application.test_client()
        assert probe.get("/readyz").status_code == 503


class TestFormWithoutItsToken:
    """A form came back after its token was gone."""

    def test_answers_are_shown_and_can_be_sent_again(self, visitor):
        response = visitor.post(
            "/form?step=2", data=TYPED, headers={"Sec-Fetch-Site": "same-origin"}
        )
        page = Markup(response.text)
        assert response.status_code == 400
        assert page.one("h1").text == "Please send that again"
        sent_again = [
            (each.attributes["name"], each.attributes["value"])
            for each in page.all("input", type="hidden")
            if each.attributes["name"] != "csrf_token"
        ]
        assert sent_again == [
            ("offers", "Walking group\nfor <b>everyone</b>"),
            ("kind", "a"),
            ("kind", "b"),
        ]
        form = page.one("form", method="post")
        assert form.attributes["action"] == "/form?step=2"
        again = [*sent_again, ("csrf_token", csrf_token(response.text))]
        assert visitor.post(form.attributes["action"], data=dict(again)).status_code == 200

    def test_browser_that_sends_no_fetch_metadata_is_told_by_its_origin(self, visitor):
        response = visitor.post("/form", data=TYPED, headers={"Origin": "http://localhost"})
        assert "Please send that again" in response.text

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Referer": "http://localhost.evil.example/form"},
            {},
        ],
    )
    def test_form_from_another_site_is_not_offered_to_be_sent(self, visitor, headers):
        response = visitor.post("/form", data=TYPED, headers=headers)
        assert response.status_code == 400
        assert "Walking group" not in response.text
        assert Markup(response.text).all("form") == []

    def test_form_from_another_site_does_not_replace_the_visitors_cookie(self, visitor):
        response = visitor.post("/form", data=TYPED, headers={"Sec-Fetch-Site": "cross-site"})
        assert "Set-Cookie" not in response.headers

    def test_password_is_never_sent_back(self, visitor):
        response = visitor.post(
            "/form",
            data={"email": "ada@example.org", "password": "correct horse battery"},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert "correct horse battery" not in response.text
        assert "fill it in again" in response.text
