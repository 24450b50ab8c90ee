"""Putting a backup into a database, all of it or nothing."""

from __future__ import annotations

from base64 import b64decode
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask_babel import gettext as _
from sqlalchemy import (
    Column,
    Connection,
    Date,
    LargeBinary,
    Table,
    Time,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DataError, IntegrityError

from matchmaker.extensions import UTCDateTime
from matchmaker.services.backup.archive import (
    BackupUnusable,
    Contents,
    Row,
    TableStart,
    made_later,
    read,
)
from matchmaker.services.backup.snapshot import (
    ROWS_AT_ONCE,
    Progress,
    columns_of,
    count_rows,
    sequence_of,
    sum_of,
    tables_of,
)
from matchmaker.services.errors import DomainError


class RestoreRefused(DomainError):
    """The database cannot take this backup."""


def check_schema(contents: Contents, *, found: str | None, migrations: str) -> None:
    """Make sure that the backup's tables are those of the database, or can be made there.

    Args:
        contents: What the backup holds.
        found: The migration that the database is at; None for one without tables.
        migrations: The folder of the migrations.

    Raises:
        BackupUnusable: The backup was made by a version that this one does not know.
        RestoreRefused: The database has tables of another version.
    """
    try:
        ScriptDirectory(migrations).get_revision(contents.schema)
    except CommandError:
        raise made_later() from None
    if found not in (None, contents.schema):
        raise RestoreRefused(
            _(
                "The tables of this database are those of another version (%(found)s) than the"
                " backup's (%(wanted)s). Restore into a database without tables; they are brought"
                " up to date afterwards.",
                found=found,
                wanted=contents.schema,
            )
        )


def restore(
    connection: Connection,
    path: Path,
    contents: Contents,
    *,
    is_replacing: bool,
    progress: Progress,
) -> None:
    """Load a backup; afterwards every table is read again and compared with it.

    Args:
        connection: In a transaction with write intent; roll back when this raises.
        path: The backup.
        contents: What `check` found in it.
        is_replacing: Whether to delete what the database holds; else it must be empty.
        progress: Told how many rows were loaded.

    Raises:
        RestoreRefused: The database holds something, or would not hold what the backup does.
        BackupUnusable: The file changed since it was checked.
    """
    tables = {each.name: each for each in tables_of(connection)}
    _take_for_ourselves(connection, list(tables))
    rows = sum(count_rows(connection, each) for each in tables.values())
    if rows and not is_replacing:
        raise RestoreRefused(
            _(
                "The database is not empty: it holds %(rows)s rows. Nothing was changed. To delete"
                " all of them first, add --replace.",
                rows=f"{rows:,}",
            )
        )
    if set(tables) != set(contents.tables):
        raise RestoreRefused(_("The backup and the database do not have the same tables."))
    for table in reversed(tables.values()):
        connection.execute(table.delete())
    _load(connection, path, contents, tables, progress)
    for name, table in tables.items():
        if sum_of(connection, table) != contents.tables[name]:
            raise RestoreRefused(
                _("The table %(name)s would not hold what the backup does.", name=name)
            )


def _take_for_ourselves(connection: Connection, names: list[str]) -> None:
    """Let nobody write meanwhile. On SQLite the write intent has seen to it."""
    if connection.dialect.name != "sqlite":
        quote = connection.dialect.identifier_preparer.quote
        connection.execute(
            text(f"LOCK TABLE {', '.join(map(quote, names))} IN ACCESS EXCLUSIVE MODE")
        )


def _load(
    connection: Connection,
    path: Path,
    contents: Contents,
    tables: dict[str, Table],
    progress: Progress,
) -> None:
    loading: _Loading | None = None
    for each in read(path):
        if isinstance(each, Row):
            if loading is not None:
                loading.add(each)
            continue
        if loading is not None:
            loading.finish()
        if isinstance(each, TableStart):
            loading = _Loading(connection, tables[each.name], each, progress)
        elif each != contents:
            raise BackupUnusable(_("The file was changed while it was read. Nothing was changed."))


class _Loading:
    """Rows of one table on their way into the database."""

    def __init__(
        self, connection: Connection, table: Table, start: TableStart, progress: Progress
    ) -> None:
        if start.columns != [each.name for each in columns_of(table)]:
            raise RestoreRefused(
                _("The table %(name)s has other columns than in the backup.", name=table.name)
            )
        self._connection, self._table, self._start = connection, table, start
        self._columns = columns_of(table)
        self._progress = progress
        self._rows: list[dict[str, Any]] = []

    def add(self, row: Row) -> None:
        """Take one row."""
        pairs = zip(self._columns, row.values, strict=True)
        self._rows.append({column.name: _from_json(column, value) for column, value in pairs})
        if len(self._rows) == ROWS_AT_ONCE:
            self._flush()

    def finish(self) -> None:
        """Write what is left, and let the next new row get a number that was never given."""
        self._flush()
        sequence = sequence_of(self._connection, self._table)
        if sequence is None:
            return
        (key,) = self._table.primary_key.columns
        highest = self._connection.scalar(select(func.max(key))) or 0
        last_id = max(highest, self._start.last_id or 0)
        self._connection.execute(
            text("SELECT setval(:name, :last_id, :is_given)"),
            {"name": sequence, "last_id": max(last_id, 1), "is_given": last_id > 0},
        )

    def _flush(self) -> None:
        if not self._rows:
            return
        try:
            self._connection.execute(insert(self._table), self._rows)
        except (IntegrityError, DataError) as error:
            raise RestoreRefused(
                _(
                    "The database does not take a row of the table %(name)s. Nothing was changed.",
                    name=self._table.name,
                )
            ) from error
        self._progress(len(self._rows))
        self._rows = []


def _from_json(column: Column[Any], value: Any) -> object:
    if value is None:
        return None
    if isinstance(column.type, UTCDateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(column.type, Time):
        return time.fromisoformat(value)
    if isinstance(column.type, LargeBinary):
        return b64decode(value, validate=True)
    return value
