"""Damaged files of every format: each is taken as it stands, or nothing of it is.

Files are handed in on the web, as people do, and looked at and confirmed where they can be read. No
answer is an error of the server, and what was confirmed is exactly what was shown before.
"""

from __future__ import annotations

import io
import json
import random
import re

import pytest
from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.models import AuditEvent, ImportedRecord, Organisation, Programme
from tests.factories import make_lead, make_outcode
from tests.services.imports.feeds import aliss_service, full_oruk_service, oruk_service
from tests.web.markup import Markup
from tests.web.world import sign_in

pytestmark = [pytest.mark.soak, pytest.mark.one_database]

TABLE = (
    "name,description,organisation,postcode,areas,conditions,min age,max age,cost,email,"
    "last checked\n"
    'Café,"Tea, and talk.",Steps,KY12 7JA,Fife,stroke; falls,18,65,Free,a@steps.org.uk,2026-01-31\n'
    "Choir,=1+1,Steps,,Edinburgh,COPD,,,,,\n"
    "Walks,<b>Out</b> & about,Walkers,KY12 8AB,,,5,12,£2,,\n"
)
LINES = "".join(
    json.dumps({"id": n, "name": f"Group {n}", "description": "We meet.", "organisation": "Us"})
    + "\n"
    for n in range(4)
)
FILES = {
    "oruk": [json.dumps({"contents": [full_oruk_service(), oruk_service(2), oruk_service(3)]})],
    "aliss": [json.dumps({"data": [aliss_service(n) for n in range(3)]})],
    "csv": [TABLE, LINES],
}
PIECES = (
    *(b'"', b",", b"\n", b"\r", b"\x00", b"\xff\xfe", b"{", b"}", b"[", b"]", b":", b"\\", b"\\u"),
    *(
        b"\\ud800",
        b"null",
        b"true",
        b"-1",
        b"1e999",
        b"NaN",
        b"9" * 400,
        b"2026-13-45",
        b"{}",
        b"[]",
    ),
    *(b"=cmd|' /C calc'!A0", b"<script>alert(1)</script>", b"\xe2\x80\xae", b"' OR 1=1 --", b";"),
)


def damaged(whole: bytes, dice: random.Random) -> bytes:
    """A file with a few things wrong with it."""
    data = bytearray(whole)
    for _ in range(dice.choice((0, 1, 1, 2, 3, 6))):
        place = dice.randrange(len(data) + 1)
        match dice.randrange(5):
            case 0:
                data[place : place + 1] = bytes([dice.randrange(256)])
            case 1:
                del data[place : place + dice.randrange(60)]
            case 2:
                data[place:place] = dice.choice(PIECES)
            case 3:
                there = dice.randrange(len(data) + 1)
                data[place:place] = data[there : there + dice.randrange(200)]
            case 4 if dice.random() < 0.3:
                del data[place:]
    return bytes(data)


def changed_in_its_parts(whole: str, dice: random.Random) -> bytes:
    """A file that is still JSON, with values that are not what they should be."""
    content = json.loads(whole)
    for _ in range(dice.randint(1, 3)):
        parent, key = dice.choice(list(_places(content)))
        parent[key] = dice.choice(
            (
                None,
                True,
                -1,
                10**12,
                1.5,
                "",
                "x" * 6000,
                [],
                {},
                [[[]]],
                [None, 3],
                {"id": 1},
                "\ud800",
                "2026-02-31",
                "=1+1",
                "<p onclick=x>a</p>",
                {"a": {"b": []}},
            )
        )
    return json.dumps(content).encode()


def _places(content):
    waiting = [content]
    while waiting:
        part = waiting.pop()
        keys = part if isinstance(part, dict) else range(len(part))
        for key in keys:
            yield part, key
            if isinstance(part[key], (dict, list)):
                waiting.append(part[key])


def hidden(page):
    return {
        each.attributes["name"]: each.attributes["value"]
        for each in Markup(page).all("input", type="hidden")
    }


@pytest.fixture
def lead(app, writing):
    with writing():
        make_outcode("KY12")
        return make_lead()


@pytest.fixture
def browser(app, lead, writing):
    client = app.test_client()
    sign_in(client, lead, writing)
    return client


def tables(app):
    with app.app_context():
        return [
            db.session.scalar(select(func.count()).select_from(table))
            for table in (Organisation, Programme, ImportedRecord, AuditEvent)
        ]


def bring_in(app, client, source_format, data, token):
    """Hand a file in and go on as far as it leads; says how far that was."""
    before = tables(app)
    form = {"csrf_token": token, "format": source_format, "source_name": "Mutants"}
    answer = client.post(
        "/imports/new",
        data={**form, "file": (io.BytesIO(data), "f")},
        content_type="multipart/form-data",
    )
    if answer.status_code == 200:
        assert tables(app) == before
        return "refused"
    path = answer.location
    if path.endswith("/columns"):
        page = client.get(path)
        assert page.status_code == 200
        chosen = {
            name: value
            for name in re.findall(r'<select[^>]* name="([a-z_]+)"', page.text)
            if (value := _selected(page.text, name))
        }
        answer = client.post(path, data={**hidden(page.text), **chosen})
        if answer.status_code == 200:
            assert tables(app) == before
            return "refused"
        path = answer.location
    page = client.get(path)
    assert page.status_code == 200
    assert tables(app) == before
    if "digest" not in hidden(page.text):
        return "nothing"
    figures = list(map(int, re.findall(r'__value">(\d+)</dd>', page.text)))[:3]
    answer = client.post(path, data=hidden(page.text))
    assert answer.status_code == 302
    said = " ".join(client.get(answer.location).text.split())
    assert re.search(rf"{figures[0]} (?:is|are) new, {figures[1]} ha", said)
    programmes = tables(app)[1] - before[1]
    assert programmes <= figures[0]
    assert figures[0] == 0 or programmes > 0
    return "taken"


def _selected(page, name):
    options = page.partition(f'name="{name}"')[2].partition("</select>")[0]
    found = re.search(r'<option value="(\d*)" selected', options)
    return found[1] if found else ""


def test_damaged_files_are_taken_whole_or_not_at_all(app, browser, trial_size):
    token = hidden(browser.get("/imports/new").text)["csrf_token"]
    dice = random.Random(5)
    outcomes = {}
    for number in range(trial_size(100, 1000)):
        source_format = ("oruk", "aliss", "csv")[number % 3]
        whole = dice.choice(FILES[source_format])
        data = (
            changed_in_its_parts(whole, dice)
            if source_format != "csv" and dice.random() < 0.6
            else damaged(whole.encode(), dice)
        )
        outcome = bring_in(app, browser, source_format, data, token)
        outcomes.setdefault(source_format, set()).add(outcome)
    assert all({"refused", "taken"} <= seen for seen in outcomes.values()), outcomes
