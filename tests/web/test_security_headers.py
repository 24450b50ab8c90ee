"""What every answer tells the browser, and which requests are answered at all."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import request

from matchmaker import create_app
from matchmaker.config import Environment
from matchmaker.services.policy import Action
from matchmaker.web.access import access
from tests.web.markup import Markup

pytestmark = pytest.mark.one_database

PAGES = ["/privacy", "/healthz", "/there-is-no-such-page"]


def policy_of(response) -> dict[str, str]:
    parts = response.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


@pytest.fixture
def production(settings):
    return create_app(
        replace(
            settings, environment=Environment.PRODUCTION, public_url="https://matchmaker.example"
        )
    )


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_forbids_what_it_does_not_need(client, address):
    policy = policy_of(client.get(address))
    assert policy["default-src"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["style-src"] == "'self'"
    assert "unsafe" not in " ".join(policy.values())


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_carries_the_other_headers(client, address):
    headers = client.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_script_in_the_page_carries_the_nonce_of_the_policy_and_a_new_one_each_time(client):
    nonces = []
    for _ in range(2):
        response = client.get("/privacy")
        (inline,) = [
            each for each in Markup(response.text).all("script") if "src" not in each.attributes
        ]
        nonces.append(inline.attributes["nonce"])
        assert f"'nonce-{nonces[-1]}'" in policy_of(response)["script-src"]
    assert nonces[0] != nonces[1]


def test_no_page_has_a_style_or_a_script_that_the_policy_would_stop(client):
    page = Markup(client.get("/how-matching-works").text)
    assert page.all("style") == []
    for element in page.elements:
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if re.match(r"on[a-z]+$", name)]


def test_files_are_kept_for_ever_under_a_name_that_changes_with_them(client):
    address = Markup(client.get("/privacy").text).all("script", type="module")[0].attributes["src"]
    with client.get(address) as response:
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_missing_file_is_not_kept(client):
    response = client.get("/assets/no-such-file.js")
    assert response.status_code == 404
    assert "immutable" not in response.headers["Cache-Control"]


def test_page_of_a_visitor_is_checked_again_each_time(client):
    assert client.get("/privacy").headers["Cache-Control"] == "no-cache, private"


def test_page_of_someone_signed_in_is_kept_nowhere(client):
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a token that no session has"
    assert client.get("/privacy").headers["Cache-Control"] == "no-store"


def test_page_behind_a_link_in_a_mail_is_kept_nowhere(client):
    """It may show what somebody wrote, on a computer that many use."""
    assert client.get("/reply/no-such-link").headers["Cache-Control"] == "no-store"


def test_production_insists_on_https(production):
    response = production.test_client().get("/healthz", headers={"Host": "matchmaker.example"})
    assert response.status_code == 200
    assert "max-age=63072000" in response.headers["Strict-Transport-Security"]


def test_http_in_development_and_tests_promises_no_https(client):
    assert "Strict-Transport-Security" not in client.get("/healthz").headers


@pytest.mark.parametrize("host", ["evil.example", "matchmaker.example.evil.example"])
def test_request_for_another_host_is_refused(production, host):
    response = production.test_client().get("/privacy", headers={"Host": host})
    assert response.status_code == 400
    assert response.mimetype == "text/plain"
    assert host not in response.text


def test_development_answers_under_any_name(settings):
    app = create_app(replace(settings, environment=Environment.DEVELOPMENT))
    response = app.test_client().get("/healthz", headers={"Host": "laptop.local"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("trusted_proxies", "expected"),
    [(0, "192.0.2.1"), (1, "198.51.100.7"), (2, "203.0.113.9")],
)
def test_only_as_many_proxies_as_are_trusted_may_name_the_visitor(
    settings, trusted_proxies, expected
):
    app = create_app(replace(settings, trusted_proxies=trusted_proxies))

    @app.get("/whoami")
    @access(Action.VIEW_PUBLIC)
    def whoami():
        return request.remote_addr or ""

    forwarded = "10.0.0.1, 203.0.113.9, 198.51.100.7"
    response = app.test_client().get(
        "/whoami",
        headers={"X-Forwarded-For": forwarded},
        environ_overrides={"REMOTE_ADDR": "192.0.2.1"},
    )
    assert response.text == expected
