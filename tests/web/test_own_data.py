from __future__ import annotations

import enum
import json
from datetime import UTC, date, datetime

import pytest

from matchmaker.web.accounts.own_data import in_words
from tests.web.world import build_world, sign_in

pytestmark = pytest.mark.one_database


@pytest.fixture
def professional(app, writing):
    with writing():
        world = build_world()
    client = app.test_client()
    sign_in(client, world.users["professional"], writing)
    return client


def test_the_page_says_how_much_there_is_and_leads_to_the_files(professional):
    page = professional.get("/account/data").text
    assert "Messages" in page
    assert 'href="/account/data.html"' in page
    assert 'href="/account/data.json"' in page
    assert "canary" not in page


def test_the_file_to_read_holds_everything_and_needs_nothing_else(professional):
    answer = professional.get("/account/data.html")
    assert answer.mimetype == "text/html"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Cache-Control"] == "no-store"
    for word in ("canary-professional-name", "canary-hcpc", "canary-message", "Stroke café"):
        assert word in answer.text
    assert "Nothing." in answer.text
    for outside in ("<script", "<link", "src="):
        assert outside not in answer.text


def test_the_file_for_programs_is_json(professional):
    answer = professional.get("/account/data.json")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"].endswith('.json"')
    assert json.loads(answer.text)["profile"][0]["hcpc_number"] == "canary-hcpc"


class Colour(enum.StrEnum):
    LIGHT_BLUE = "light_blue"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "Yes"),
        (False, "No"),
        (datetime(2026, 7, 3, 9, 30, tzinfo=UTC), "3 July 2026, 10:30"),
        (date(2026, 7, 3), "3 July 2026"),
        (Colour.LIGHT_BLUE, "light blue"),
        ({}, ""),
        ({"side": "ü"}, '{"side": "ü"}'),
        (0, "0"),
        ("Text", "Text"),
    ],
)
def test_values_are_put_in_words(app, value, words):
    with app.test_request_context():
        assert in_words(value) == words
