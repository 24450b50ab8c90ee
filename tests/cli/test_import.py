"""`matchmaker import` as people type it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.models import ImportSource, Organisation, Outcode

OUTCODES = "outcode,latitude,longitude,town,la_code\nKY12,56.07,-3.46,Dunfermline,S12000047\n"
CHARITIES = (
    "org_id,name,postcode,active,activities,objects\n"
    "GB-SC-SC012345,STROKE FRIENDS,KY12 7JA,True,We help.,\n"
    "GB-SC-1,BAD NUMBER,KY12 7JA,True,We help.,\n"
)


@pytest.fixture
def run(app, tmp_path):
    def run_on(command: str, text: str):
        path = tmp_path / "file.csv"
        path.write_text(text, encoding="utf-8")
        return app.test_cli_runner().invoke(args=["import", command, str(path)])

    return run_on


def count(app, model):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def test_import_prints_what_it_did(app, run):
    result = run("outcodes", OUTCODES)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "created: 1\nupdated: 0\nunchanged: 0\nrejected: 0\n"
    assert count(app, Outcode) == 1


def test_rejected_rows_are_named_and_the_rest_is_kept(app, run):
    run("outcodes", OUTCODES)
    result = run("charities", CHARITIES)
    assert result.exit_code == 0
    assert "created: 1\n" in result.stdout
    assert "rejected: 1\n  row 3: org_id: A Scottish charity number is SC" in result.stdout
    assert count(app, Organisation) == 1


def test_second_run_says_unchanged(app, run):
    run("outcodes", OUTCODES)
    run("charities", CHARITIES)
    assert "created: 0\nupdated: 0\nunchanged: 1\n" in run("charities", CHARITIES).stdout
    assert "created: 0\nupdated: 0\nunchanged: 1\n" in run("outcodes", OUTCODES).stdout


@pytest.mark.one_database
def test_charities_that_are_no_longer_active_are_counted_by_themselves(app, run):
    run("outcodes", OUTCODES)
    result = run("charities", CHARITIES.replace("True", "False"))
    assert result.exit_code == 0
    assert "created: 0\n" in result.stdout
    assert "skipped (no longer active): 1\n" in result.stdout
    assert "skipped" not in run("charities", CHARITIES).stdout


def test_broken_file_ends_with_2_and_changes_nothing(app, run):
    run("outcodes", OUTCODES)
    result = run("charities", CHARITIES + 'GB-SC-SC000001,"NOT CLOSED')
    assert (result.exit_code, result.stdout) == (2, "")
    assert "file.csv:4: row: a quotation mark is missing" in result.stderr
    assert count(app, Organisation) == 0


def test_missing_column_ends_with_2(run):
    result = run("outcodes", "outcode,latitude\n")
    assert result.exit_code == 2
    assert "file.csv:1: longitude: this column is missing" in result.stderr


def test_charities_before_districts_end_with_1_and_say_what_to_do(app, run):
    result = run("charities", CHARITIES)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "matchmaker import outcodes FILE" in result.stderr
    assert count(app, Organisation) == 0


def test_file_that_is_not_there_ends_with_2(app):
    result = app.test_cli_runner().invoke(args=["import", "charities", "nowhere.csv"])
    assert result.exit_code == 2
    assert "nowhere.csv" in result.stderr


SERVICE = {
    "id": "s1",
    "name": "Stroke café",
    "description": "Tea and talk.",
    "organization": {"id": "o1", "name": "Steady Steps", "description": "Walking again."},
    "organisation": {"id": "o1", "name": "Steady Steps"},
}


@pytest.mark.one_database
@pytest.mark.parametrize(("command", "key"), [("oruk", "contents"), ("aliss", "data")])
def test_feed_is_imported_once_and_then_unchanged(app, run, command, key):
    feed = json.dumps({key: [SERVICE, {"id": "s2"}]})
    result = run(command, feed)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("created: 1\nupdated: 0\nunchanged: 0\nrejected: 1\n  row 2: ")
    assert run(command, feed).stdout.startswith("created: 0\nupdated: 0\nunchanged: 1\n")


@pytest.mark.one_database
def test_feed_that_stops_in_the_middle_ends_with_2_and_changes_nothing(app, run):
    result = run("oruk", json.dumps({"contents": [SERVICE]})[:-9])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "file.csv:1: file: it is not JSON" in result.stderr
    assert count(app, Organisation) == 0


@pytest.mark.one_database
def test_source_can_be_named(app, run, tmp_path):
    path = tmp_path / "feed.json"
    path.write_text(json.dumps([SERVICE]), encoding="utf-8")
    described = ("--source", "Fife", "--attribution", "Fife Council", "--licence", "OGL v3")
    app.test_cli_runner().invoke(args=["import", "oruk", str(path), *described])
    with app.app_context():
        source = db.session.scalars(select(ImportSource)).one()
    assert (source.name, source.attribution, source.licence) == ("Fife", "Fife Council", "OGL v3")


TABLE = "Title,About,Who\nCafé,Tea and talk.,Steady Steps\n"
COLUMNS = ("--column", "organisation=Who")


@pytest.mark.one_database
def test_table_is_imported_with_the_columns_chosen(app, tmp_path):
    path = tmp_path / "programmes.csv"
    path.write_text(TABLE, encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["import", "table", str(path), *COLUMNS])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("created: 1\n")
    result = app.test_cli_runner().invoke(args=["import", "table", str(path), *COLUMNS])
    assert result.stdout.startswith("created: 0\nupdated: 0\nunchanged: 1\n")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("choices", "says"),
    [
        ((), "say which column holds the organisation"),
        (("--column", "organisation=Nobody"), "there is no such column"),
        (("--column", "colour=Who"), "the meaning is none of name,"),
    ],
)
def test_table_without_a_column_that_is_needed_ends_with_2(app, tmp_path, choices, says):
    path = tmp_path / "programmes.csv"
    path.write_text(TABLE, encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["import", "table", str(path), *choices])
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


@pytest.mark.one_database
@pytest.mark.parametrize("url", ["https://other.example/services", "http://api.aliss.org/"])
def test_address_that_is_not_allowed_ends_with_2(app, url):
    result = app.test_cli_runner().invoke(args=["import", "aliss", url])
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{url}: address: " in result.stderr.replace("?page=1", "")


@pytest.mark.one_database
def test_feed_that_is_not_there_ends_with_2(app):
    assert app.test_cli_runner().invoke(args=["import", "oruk", "nowhere.json"]).exit_code == 2
