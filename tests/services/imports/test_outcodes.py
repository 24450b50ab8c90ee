"""Importing postcode districts."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from matchmaker.models import Outcode
from matchmaker.services.imports.outcodes import import_outcodes
from matchmaker.services.imports.report import BrokenFile
from tests.factories import FIFE

HEADER = "outcode,latitude,longitude,town,la_code\n"
KY12 = "KY12,56.07,-3.46,Dunfermline,S12000047\n"
KY11 = "KY11,56.05,-3.42,Rosyth,S12000047\n"


@pytest.fixture
def load(tmp_path):
    def load_text(text: str):
        path = tmp_path / "outcodes.csv"
        path.write_text(text, encoding="utf-8")
        return import_outcodes(path, progress=nullcontext)

    return load_text


def test_districts_are_loaded(session, load):
    report = load(HEADER + KY12 + KY11)
    assert (report.created, report.updated, report.unchanged, report.rejected) == (2, 0, 0, [])
    outcode = session.get_one(Outcode, "KY12")
    assert (outcode.latitude, outcode.longitude) == (56.07, -3.46)
    assert (outcode.town, outcode.area_code) == ("Dunfermline", FIFE)


def test_second_run_changes_only_what_changed(session, load):
    load(HEADER + KY12 + KY11)
    session.commit()
    report = load(HEADER + KY12 + KY11.replace("Rosyth", "Inverkeithing"))
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
    session.expire_all()
    assert session.get_one(Outcode, "KY11").town == "Inverkeithing"


def test_superseded_authority_becomes_its_successor(session, load):
    load(HEADER + "BH1,50.7,-1.8,Bournemouth,E06000028\n")
    assert session.get_one(Outcode, "BH1").area_code == "E06000058"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("DUNFERMLINE,56,-3,x,S12000047", "outcode"),
        (",56,-3,x,S12000047", "outcode"),
        ("KY1,fifty,-3,x,S12000047", "latitude"),
        ("KY1,nan,-3,x,S12000047", "latitude"),
        ("KY1,56,-181,x,S12000047", "longitude"),
        ("GY1,49,-2,St Peter Port,", "la_code"),
        ("KY1,56,-3,x,S99999999", "la_code"),
        ("KY1,56,-3", "row"),
        ("ky12,56,-3,x,S12000047", "outcode"),
    ],
)
def test_bad_row_is_rejected_and_good_ones_are_kept(session, load, line, field):
    report = load(HEADER + KY12 + line + "\n" + KY11)
    assert report.created == 2
    assert [(each.row, each.field) for each in report.rejected] == [(3, field)]


def test_broken_file_changes_nothing(session, load):
    with pytest.raises(BrokenFile):
        load(HEADER + KY12 + 'KY11,"56')
    assert session.query(Outcode).count() == 0
