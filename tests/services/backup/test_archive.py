"""The file a backup is: whole, or refused."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, datetime

import pytest

from matchmaker.services import backup
from matchmaker.services.backup.archive import Row, TableStart, Writer

MADE_AT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
ROWS = [[number, f"Mairi {number} æ ☕", None, {"b": 1.5, "a": [True]}] for number in range(40)]
COLUMNS = ["id", "name", "phone", "details"]


def write(path, rows=ROWS):
    """A backup of one table with rows and one without."""
    with path.open("wb") as stream:
        writer = Writer(stream, schema="0003", made_at=MADE_AT)
        for name, of_table in (("person", rows), ("nobody", [])):
            table = TableStart(name, COLUMNS, 57)
            writer.start_table(table)
            for row in of_table:
                writer.add_row(table, row)
        return writer.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "backup.gz"


@pytest.fixture
def refused(app):
    """Whether a file is refused; the sentence why needs an app."""

    def is_refused(path):
        with app.app_context():
            try:
                backup.check(path)
            except backup.BackupUnusable:
                return True
        return False

    return is_refused


# Nothing here asks a database.
pytestmark = pytest.mark.one_database


def test_what_was_written_is_read_again(path):
    written = write(path)
    assert backup.check(path) == written
    assert {name: each.rows for name, each in written.tables.items()} == {"person": 40, "nobody": 0}
    person, *rows, nobody, contents = backup.read(path)
    assert person == TableStart("person", COLUMNS, 57)
    assert rows == [Row(values) for values in ROWS]
    assert (nobody.name, contents) == ("nobody", written)
    assert (written.schema, written.made_at, written.rows) == ("0003", MADE_AT, 40)


def test_lines_are_plain_json_that_any_tool_reads(path):
    write(path)
    with gzip.open(path) as opened:
        head, *lines = map(json.loads, opened)
    assert head["format"] == "matchmaker-backup"
    assert lines[1] == ROWS[0]
    assert lines[-1]["tables"]["person"]["rows"] == 40


def test_same_rows_make_the_same_bytes_whatever_the_order_of_their_details(path, tmp_path):
    other = tmp_path / "other.gz"
    write(path)
    write(other, [[*row[:3], dict(reversed(row[3].items()))] for row in ROWS])
    assert path.read_bytes() == other.read_bytes()


def test_one_changed_row_changes_the_sum_of_its_table_only(path, tmp_path):
    before = write(path)
    after = write(tmp_path / "other.gz", [*ROWS[:-1], [*ROWS[-1][:2], "", ROWS[-1][3]]])
    assert before.tables["person"] != after.tables["person"]
    assert before.tables["nobody"] == after.tables["nobody"]


def test_backup_that_ends_early_is_refused_wherever_it_ends(path, refused):
    write(path)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert refused(path), length


def test_flipped_byte_is_noticed_or_changes_nothing(path, refused):
    written = write(path)
    whole = path.read_bytes()
    draw = random.Random(2026)
    n_refused = 0
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= draw.randrange(1, 256)
        path.write_bytes(changed)
        if refused(path):
            n_refused += 1
        else:
            assert backup.check(path) == written
    # Of the outer file's ten first bytes, some say nothing about what is in it.
    assert n_refused >= len(whole) - 10


@pytest.mark.parametrize(
    "more", [b"x", gzip.compress(b"[1]\n"), gzip.compress(b"\n")], ids=["byte", "row", "line end"]
)
def test_backup_with_something_behind_its_end_is_refused(path, refused, more):
    write(path)
    path.write_bytes(path.read_bytes() + more)
    assert refused(path)


HEAD = b'{"format":"matchmaker-backup","version":1,"schema":"1","made_at":"2026-11-03"}\n'


@pytest.mark.parametrize(
    "lines",
    [
        b"",
        b"[]\n",
        b'{"format":"something else"}\n',
        b'{"format":"matchmaker-backup"}\n',
        HEAD,
        HEAD + b"[1]\n",
        HEAD + b'"table"\n',
        HEAD + b"17\n",
        HEAD + b'{"table":"person"}\n',
        HEAD + b'{"tables":{"person":{}},"sha256":""}\n',
        HEAD + b'{"tables":{"person":{"rows":0,"sha256":"","x":1}},"sha256":""}\n',
        HEAD + b"\xff\n",
        HEAD + b"[1\n",
    ],
)
def test_file_that_somebody_else_wrote_is_refused(path, refused, lines):
    path.write_bytes(gzip.compress(lines))
    assert refused(path)


def test_backup_of_a_later_version_says_so(path, app):
    head = json.loads(HEAD) | {"version": 2}
    path.write_bytes(gzip.compress(json.dumps(head).encode() + b"\n"))
    with app.app_context(), pytest.raises(backup.BackupUnusable, match="later version"):
        backup.check(path)
