"""Bringing in lists on the web, from the file to the last button."""

from __future__ import annotations

import io
import json

import pytest
from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.models import ImportDraft, ImportedRecord, Programme
from matchmaker.services.imports.fetching import Fetcher
from matchmaker.services.imports.loading import load
from tests.factories import NOW, make_lead, make_organisation, make_user
from tests.services.imports.feeds import ORUK, full_oruk_service, oruk_service, read_oruk
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in

TABLE = "Title,What for,Who\nStroke café,Tea and talk.,Steady Steps\nChoir,,Steady Steps\n"

# What the rules do on both databases is in `tests/services/imports`.
pytestmark = pytest.mark.one_database


@pytest.fixture
def lead(client, writing):
    with writing():
        user = make_lead()
    sign_in(client, user, writing)
    return user


def hand_in(client, content, path="/imports/new", **answers):
    token = csrf_token(client.get(path).text)
    data = {"csrf_token": token, "format": "csv", "source_name": "A council", **answers}
    if content is not None:
        content = content if isinstance(content, bytes) else content.encode()
        data["file"] = (io.BytesIO(content), "list.csv")
    return client.post(path, data=data, content_type="multipart/form-data")


def send(client, path, **answers):
    page = client.get(path).text
    hidden = {
        each.attributes["name"]: each.attributes["value"]
        for each in Markup(page).all("input", type="hidden")
    }
    return client.post(path, data={**hidden, **answers})


def count(app, table):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table))


def test_table_is_brought_in_step_by_step(app, client, lead):
    columns = hand_in(client, TABLE).location
    page = client.get(columns).text
    assert "There are 2 rows." in page
    assert "What for (Tea and talk.)" in page
    preview = send(client, columns, name="0", description="1", organisation="2").location
    page = client.get(preview).text
    assert "Row 3, What for: it is empty" in page
    assert "Stroke café, Steady Steps" in page
    assert count(app, Programme) == 0
    answer = send(client, preview)
    assert (
        "1 is new, 0 have changed, 0 are as before, 1 was left out"
        in client.get(answer.location).text
    )
    assert count(app, Programme) == 1
    assert client.get(preview).status_code == 404


def test_change_since_the_preview_is_said(app, client, lead, writing):
    preview = send(
        client, hand_in(client, TABLE).location, name="0", description="1", organisation="2"
    ).location
    page = client.get(preview).text
    with writing():
        make_organisation(name="Steady Steps", registration=None)
    hidden = {
        each.attributes["name"]: each.attributes["value"]
        for each in Markup(page).all("input", type="hidden")
    }
    answer = client.post(preview, data=hidden)
    assert "Something has changed since you looked" in answer.text
    assert "They have the same name" in answer.text
    assert count(app, Programme) == 0
    assert send(client, preview).status_code == 302
    assert count(app, Programme) == 1


@pytest.mark.parametrize(
    ("content", "answers", "says"),
    [
        (None, {}, "Choose a file, or enter its web address"),
        (TABLE, {"address": "https://a.example/"}, "not both"),
        (TABLE, {"format": ""}, "Choose how the list is written"),
        (TABLE, {"source_name": ""}, "Enter who publishes the list"),
        (TABLE, {"format": "oruk"}, "it is not JSON"),
        (b"\xff\xfe", {}, "it is not UTF-8 text"),
        ("a\n" + "x\n" * 20_001, {}, "it has 20,001 rows"),
        (None, {"address": "https://127.0.0.1/x"}, "is not among the websites"),
        (None, {"address": "http://api.aliss.org/"}, "it has to begin with https://"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_question(app, client, lead, content, answers, says):
    answer = hand_in(client, content, **answers)
    assert answer.status_code == 200
    assert says in answer.text
    assert count(app, ImportDraft) == 0


def test_list_is_fetched_from_an_address_while_others_may_write(app, client, lead, monkeypatch):
    pages = [json.dumps({"contents": [full_oruk_service()]}).encode(), b'{"contents": []}']

    def fetch(_fetcher, _url):
        assert not db.session().in_transaction()
        return pages.pop(0)

    monkeypatch.setattr(Fetcher, "fetch", fetch)
    answer = hand_in(client, None, format="oruk", address="https://api.aliss.org/services")
    page = client.get(answer.location).text
    assert "Stroke café 1, Steady Steps 1" in page


def test_column_that_is_needed_is_asked_for(client, lead):
    columns = hand_in(client, TABLE).location
    answer = send(client, columns, name="0", description="", organisation="2")
    assert "Choose the column that holds this" in answer.text
    preview = columns.removesuffix("/columns")
    assert client.get(preview).location == columns


def test_file_can_be_forgotten(app, client, lead):
    columns = hand_in(client, TABLE).location
    token = csrf_token(client.get(columns).text)
    discard = columns.replace("columns", "discard")
    assert client.post(discard, data={"csrf_token": token}).location == "/imports/"
    assert count(app, ImportDraft) == 0


def test_file_of_somebody_else_is_not_there(app, client, lead, writing):
    columns = hand_in(client, TABLE).location
    other = app.test_client()
    with writing():
        user = make_lead()
    sign_in(other, user, writing)
    assert other.get(columns).status_code == 404


def test_owner_brings_in_programmes_of_the_organisation(app, client, writing):
    with writing():
        owner = make_user()
        organisation = make_organisation(members=[owner], name="Steady Steps")
    sign_in(client, owner, writing)
    path = f"/imports/organisations/{organisation.id}"
    assert path in client.get(f"/organisations/{organisation.id}/manage").text
    assert "Choose a file" in hand_in(client, None, path).text
    assert "it is not UTF-8 text" in hand_in(client, b"\xff", path).text
    columns = hand_in(client, "Name,About,Place\nCafé,Tea.,Hall\n", path).location
    assert "Who runs it" not in client.get(columns).text
    preview = send(client, columns, name="0", description="1", venue="2").location
    answer = send(client, preview)
    assert answer.location == f"/organisations/{organisation.id}/manage"
    assert "Café" in client.get(answer.location).text


@pytest.fixture
def conflict_path(writing):
    with writing() as session:
        load(read_oruk(oruk_service()), ORUK, actor=None, now=NOW)
        programme = session.scalars(select(Programme)).one()
        programme.description = "Our words."
        session.flush()
        load(read_oruk(oruk_service(description="Their words.")), ORUK, actor=None, now=NOW)
        record = session.scalars(select(ImportedRecord).where(ImportedRecord.has_conflict)).one()
        return f"/imports/conflicts/{record.id}"


def test_conflict_is_decided_field_by_field(app, client, lead, conflict_path):
    assert conflict_path in client.get("/imports/conflicts").text
    assert "1 conflict to decide" in client.get("/imports/").text
    page = client.get(conflict_path).text
    assert "Our words." in page
    assert "Their words." in page
    assert "Choose which of the two is right" in send(client, conflict_path).text
    assert send(client, conflict_path, description="theirs").location == "/imports/conflicts"
    with app.app_context():
        assert db.session.scalars(select(Programme)).one().description == "Their words."
    assert "There is nothing to decide." in client.get("/imports/conflicts").text
    assert client.get(conflict_path).location == "/imports/conflicts"


def test_conflict_that_has_changed_is_shown_again(app, client, lead, conflict_path):
    answer = send(client, conflict_path, description="theirs", digest="of something else")
    assert "Something has changed since you looked" in answer.text


def test_source_is_named_where_its_entries_are_shown(app, client, writing):
    with writing() as session:
        load(read_oruk(oruk_service()), ORUK, actor=None, now=NOW)
        programme = session.scalars(select(Programme)).one()
        paths = (f"/programmes/{programme.id}", f"/organisations/{programme.organisation_id}")
    for path in paths:
        assert "Fife Council (OGL)" in " ".join(client.get(path).text.split())


def test_merged_organisation_leads_to_the_other(client, writing):
    with writing():
        survivor = make_organisation()
        gone = make_organisation(merged_into_id=survivor.id, registration=None)
    answer = client.get(f"/organisations/{gone.id}")
    assert (answer.status_code, answer.location) == (301, f"/organisations/{survivor.id}")
