"""Reading CSV files strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchmaker.services.imports import csv_file
from matchmaker.services.imports.csv_file import read_csv
from matchmaker.services.imports.records import MEGABYTE, Limits
from matchmaker.services.imports.report import BrokenFile, RowError

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def read(tmp_path, data: bytes | str):
    path = tmp_path / "file.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_csv(path, ("id", "name"))


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path):
    rows = read(tmp_path, 'id,name\n1,"two\nlines"\n\n2,b\n')
    assert [(row.number, row["id"], row["name"]) for row in rows] == [
        (2, "1", "two\nlines"),
        (4, "2", "b"),
    ]


def test_columns_may_come_in_any_order_with_others_between(tmp_path):
    (row,) = read(tmp_path, "\ufeffname, other ,id\r\n Ann , x ,7\r\n")
    assert (row["id"], row["name"], row["other"], row["missing"]) == ("7", "Ann", "x", "")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "file.csv:1: header: the file is empty"),
        (b"\n", "file.csv:1: header: the file is empty"),
        (b"id,nome\n1,a\n", "file.csv:1: name: this column is missing"),
        (b"id,name,name\n1,a,b\n", "file.csv:1: name: this column is there twice"),
        (b'id,name\n1,a\n2,"b\n3,c\n', "file.csv:3: row: a quotation mark is missing"),
        (b'id,name\n1,"a"b\n', "file.csv:2: row: a quotation mark is missing"),
        (b"id,name\n1,caf\xe9\n", "file.csv:2: file: it is not UTF-8 text"),
        ("id,name\n1,a\n".encode("utf-16"), "file.csv:1: file: it is not UTF-8 text"),
        (b"id,name\n1," + b"x" * 200_001, "file.csv:2: row: "),
    ],
)
def test_broken_file_is_refused_with_row_and_reason(tmp_path, data, message):
    with pytest.raises(BrokenFile) as refusal:
        read(tmp_path, data)
    assert message in str(refusal.value)


def test_enormous_file_is_refused_unread(tmp_path, monkeypatch):
    limits = Limits(largest_bytes=MEGABYTE, most_rows=10)
    monkeypatch.setattr(csv_file, "ON_THE_COMMAND_LINE", limits)
    monkeypatch.setattr(Path, "read_bytes", lambda _path: pytest.fail("it was read"))
    with pytest.raises(BrokenFile, match="larger than 1 MB"):
        read(tmp_path, b"x" * (MEGABYTE + 1))


@pytest.mark.parametrize("line", ["1", "1,a,b", "1,a\x00b"])
def test_row_of_the_wrong_shape_is_no_reason_to_refuse_the_file(tmp_path, line):
    good, bad = read(tmp_path, f"id,name\n1,a\n{line}\n")
    good.check_shape()
    with pytest.raises(RowError):
        bad.check_shape()
