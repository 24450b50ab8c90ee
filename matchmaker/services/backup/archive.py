"""The file that a backup is: JSON Lines under gzip, so that `zcat` shows it and any tool reads it.

    {"format": "matchmaker-backup", "version": 1, "schema": "0003", "made_at": "2026-11-03T…"}
    {"table": "user", "columns": ["created_at", "email", "id"], "last_id": 57}
    ["2026-11-03T09:30:00.000000+00:00", "mairi@example.org", 1]
    …
    {"tables": {"user": {"rows": 57, "sha256": "…"}}, "sha256": "…"}

The first line is the head. Each table begins with a line of its own; its rows follow, ordered by
their key, with values in the order of the columns: moments and days in ISO 8601 (UTC), everything
else as JSON has it. `last_id` is the last number a row was given, where the database keeps one. The
last line holds every table's number of rows and the SHA-256 of its lines, line ends included, and
the SHA-256 of all lines before the last. A file that ends without it is not whole.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from flask_babel import gettext as _

from matchmaker.services.errors import DomainError

FORMAT = "matchmaker-backup"
VERSION = 1


class BackupUnusable(DomainError):
    """A file is no backup, is damaged, or comes from a later version."""


@dataclass(frozen=True, slots=True)
class TableSum:
    """How many rows a table has, and the SHA-256 of their lines."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a whole and undamaged backup holds: `schema` is the migration it was made at."""

    schema: str
    made_at: datetime
    tables: dict[str, TableSum]

    @property
    def rows(self) -> int:
        """The number of rows of all tables."""
        return sum(each.rows for each in self.tables.values())


@dataclass(frozen=True, slots=True)
class TableStart:
    """The line with which a table begins."""

    name: str
    columns: list[str]
    last_id: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row, as JSON has its values."""

    values: list[Any]


def line_of(value: object) -> bytes:
    """One line of the file. The same values make the same bytes, whatever they came from."""
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    )
    return text.encode() + b"\n"


@dataclass(slots=True)
class Summing:
    """Adds up the lines of one table."""

    rows: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)

    def add(self, line: bytes) -> None:
        """Count one row."""
        self.rows += 1
        self._digest.update(line)

    def total(self) -> TableSum:
        """The sum so far."""
        return TableSum(self.rows, self._digest.hexdigest())


class Writer:
    """Writes a backup to a binary stream; it is whole once `close` has returned."""

    def __init__(self, stream: IO[bytes], *, schema: str, made_at: datetime) -> None:
        # No time and no name in the outer file: the same database makes the same bytes.
        self._file = gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0)
        self._digest = hashlib.sha256()
        self._sums: dict[str, Summing] = {}
        self._schema, self._made_at = schema, made_at
        head = {"format": FORMAT, "version": VERSION, "schema": schema}
        self._write({**head, "made_at": made_at.isoformat()})

    def start_table(self, table: TableStart) -> None:
        """Begin a table; the rows that follow are its own."""
        self._write({"table": table.name, "columns": table.columns, "last_id": table.last_id})
        self._sums[table.name] = Summing()

    def add_row(self, table: TableStart, values: list[Any]) -> None:
        """Add a row of the table that was begun last."""
        self._sums[table.name].add(self._write(values))

    def close(self) -> Contents:
        """Write the last line."""
        sums = {name: each.total() for name, each in self._sums.items()}
        tables = {name: asdict(each) for name, each in sums.items()}
        self._write({"tables": tables, "sha256": self._digest.hexdigest()})
        self._file.close()
        return Contents(self._schema, self._made_at, sums)

    def _write(self, value: object) -> bytes:
        line = line_of(value)
        self._digest.update(line)
        self._file.write(line)
        return line


def check(path: Path) -> Contents:
    """Read a whole backup and say what is in it.

    Raises:
        BackupUnusable: It is damaged, not whole, no backup at all, or from a later version.
        OSError: It cannot be read.
    """
    return next(each for each in read(path) if isinstance(each, Contents))


def read(path: Path) -> Iterator[TableStart | Row | Contents]:
    """Yield what a backup holds, in its order; its contents come last, once all of it was right.

    Raises:
        BackupUnusable: See `check`; what was yielded before may be wrong, too.
        OSError: It cannot be read.
    """
    try:
        with gzip.open(path) as lines:
            yield from _read(lines)
    # What gzip, zlib, UTF-8 and JSON say about bytes that nobody wrote, and lines that lack what
    # they should hold.
    except (gzip.BadGzipFile, zlib.error, EOFError, ValueError, KeyError, TypeError) as error:
        raise _damaged() from error


def _read(lines: gzip.GzipFile) -> Iterator[TableStart | Row | Contents]:
    whole = hashlib.sha256()
    sums: dict[str, Summing] = {}
    first = lines.readline()
    head = _read_head(first)
    whole.update(first)
    current: Summing | None = None
    for line in lines:
        value = json.loads(line)
        if isinstance(value, list):
            if current is None:
                raise ValueError("a row before its table")
            current.add(line)
            yield Row(value)
        elif "table" in value:
            current = sums[value["table"]] = Summing()
            yield TableStart(value["table"], value["columns"], value["last_id"])
        else:
            found = {name: each.total() for name, each in sums.items()}
            wanted = {name: TableSum(**each) for name, each in value["tables"].items()}
            if found != wanted or value["sha256"] != whole.hexdigest() or lines.read(1):
                raise ValueError("not what was written")
            yield Contents(head["schema"], datetime.fromisoformat(head["made_at"]), found)
            return
        whole.update(line)
    raise EOFError


def _read_head(line: bytes) -> dict[str, Any]:
    head = json.loads(line)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BackupUnusable(_("This file is no backup of Matchmaker."))
    if head["version"] > VERSION:
        raise made_later()
    return head


def made_later() -> BackupUnusable:
    """The refusal of a backup that this version does not understand."""
    return BackupUnusable(
        _("This backup was made by a later version of Matchmaker. Use that one, or a newer one.")
    )


def _damaged() -> BackupUnusable:
    return BackupUnusable(_("This file is damaged, or is not a whole backup. Nothing was changed."))
