"""Tables of programmes, as CSV and as JSON Lines."""

from __future__ import annotations

import json

import pytest

from matchmaker.services.csv_export import as_csv
from matchmaker.services.imports.records import ON_THE_WEB
from matchmaker.services.imports.report import BrokenFile
from matchmaker.services.imports.table import read_programmes
from matchmaker.services.imports.tables import guess_columns, read_table
from tests.factories import EDINBURGH, FIFE
from tests.services.imports.feeds import DISTRICTS

HEADER = "Programme name,About,Charity,Postcode,Council,Conditions,Min age,Max age,Cost,Phone\n"
ROW = "Café,Tea and talk.,Steady Steps,ky12 7ja,Fife,Stroke; COPD,18,,Free,01383 000 000\n"

pytestmark = [pytest.mark.usefixtures("words"), pytest.mark.one_database]


@pytest.fixture
def words(shared_app):
    """Messages are in a language, which an app knows."""
    with shared_app.app_context():
        yield


def read(text, columns=None, **options):
    data = text if isinstance(text, bytes) else text.encode()
    table = read_table(data, "table.csv", ON_THE_WEB)
    return read_programmes(table, columns or guess_columns(table.columns), DISTRICTS, **options)


def only(feed):
    assert feed.rejected == []
    (programme,) = feed.programmes.values()
    return programme


def test_columns_are_guessed_from_their_headings():
    assert guess_columns(["Title", "E-mail", "Charity Number", "x", "ages.minimum_age"]) == {
        "name": "Title",
        "email": "E-mail",
        "registration": "Charity Number",
        "min_age": "ages.minimum_age",
    }


def test_row_becomes_a_programme_of_its_organisation():
    feed = read(HEADER + ROW)
    assert only(feed).values == {
        "name": "Café",
        "description": "Tea and talk.",
        "conditions": ["COPD", "Stroke"],
        "locations": [
            {
                "name": "",
                "address": "",
                "town": "",
                "postcode": "KY12 7JA",
                "latitude": None,
                "longitude": None,
            }
        ],
        "areas": [FIFE],
        "ages": [18, None],
        "cost": "Free",
        "is_free": True,
        "public_phone": "01383 000 000",
    }
    assert feed.organisations["steady steps"].values == {"name": "Steady Steps"}


@pytest.mark.parametrize("mark", [";", "\t"])
def test_cells_may_be_separated_otherwise(mark):
    text = f"name{mark}description{mark}organisation\nCafé{mark}Tea, talk.{mark}Steps\n"
    assert only(read(text)).values["description"] == "Tea, talk."


def test_json_lines_may_hold_objects_inside_objects():
    line = json.dumps(
        {"title": "Café", "about": {"text": "Tea"}, "who": ["Steps"], "ages": {"from": 5}}
    )
    columns = {
        "name": "title",
        "description": "about.text",
        "organisation": "who",
        "min_age": "ages.from",
    }
    programme = only(read(line, columns))
    assert programme.values["ages"] == [5, None]
    assert programme.organisation == "steps"


@pytest.mark.parametrize(
    ("wording", "codes"),
    [
        ("Fife", [FIFE]),
        ("Rosyth, Dunfermline and Dollar, Fife", [FIFE]),
        ("EH1 1AA", [EDINBURGH]),
        (f"{FIFE}; City of Edinburgh", [EDINBURGH, FIFE]),
        ("Nowhere at all", []),
    ],
)
def test_areas_are_names_codes_or_postcodes(wording, codes):
    text = f'name,description,organisation,areas\nCafé,Tea,Steps,"{wording}"\n'
    assert only(read(text)).values["areas"] == codes


def test_registration_number_names_the_organisation():
    feed = read("name,description,organisation,charity number\nCafé,Tea,Steps,SC012345\n")
    assert only(feed).organisation == "GB-SC-SC012345"


def test_members_need_not_name_their_organisation():
    feed = read("name,description\nCafé,Tea\n", has_organisations=False)
    assert only(feed).organisation == ""
    assert feed.organisations == {}


def test_own_table_comes_back_as_it_was():
    text = as_csv(
        ("name", "description", "organisation", "phone"),
        [("=SUM(1)", "- a list", "@Home", "+44 1383 000000")],
    )
    values = only(read(text)).values
    assert (values["name"], values["description"]) == ("=SUM(1)", "- a list")
    assert values["public_phone"] == "+44 1383 000000"


def test_scripts_are_left_out():
    text = "name,description,organisation\n<b>Café</b>,<script>x()</script>Tea,Steps\n"
    assert only(read(text)).values == {"name": "Café", "description": "Tea"}


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",Tea,Steps,,,,,,,\n", "Programme name"),
        ("Café,,Steps,,,,,,,\n", "About"),
        ("Café,Tea,,,,,,,,\n", "Charity"),
        ("Café,Tea,Steps,LONDON,,,,,,\n", "Postcode"),
        ("Café,Tea,Steps,,,,old,,,\n", "Min age"),
        ("Café,Tea,Steps,,,,9,5,,\n", "Max age"),
        ("Café,Tea,Steps\n", "row"),
        (ROW, "Programme name"),
    ],
)
def test_row_that_cannot_be_taken_is_rejected_by_its_number(row, field):
    feed = read(HEADER + ROW + row)
    assert len(feed.programmes) == 1
    assert [(each.row, each.field) for each in feed.rejected] == [(3, field)]


def test_unknown_way_to_take_part_and_wrong_date_are_rejected():
    header = "name,description,organisation,delivery,last checked\n"
    feed = read(header + "A,Tea,Steps,by pigeon,\nB,Tea,Steps,Online,30/11/2026\n")
    assert [each.field for each in feed.rejected] == ["delivery", "last checked"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b"name,name\n", "this column is there twice"),
        (b'name\n"open', "a quotation mark"),
        (b"name\n\xff", "not UTF-8"),
        (b"name\n" + b"x\n" * 20_001, "20,001 rows"),
        (",".join(map(str, range(201))).encode(), "more than 200 columns"),
        (b'{"a": 1}\n[1]\n', "row: it is not an object"),
        (b'{"a": 1}\n{"a"\n', "table.csv:2: file: it is not JSON"),
        (json.dumps(dict.fromkeys(map(str, range(201)), 1)).encode(), "more than 200 columns"),
    ],
)
def test_file_that_is_no_table_is_refused_as_a_whole(data, says):
    with pytest.raises(BrokenFile, match=says):
        read_table(data, "table.csv", ON_THE_WEB)
