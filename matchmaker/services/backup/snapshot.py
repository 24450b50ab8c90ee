"""Reading every table as it stood at one moment."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import IO, Any

from alembic.migration import MigrationContext
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    MetaData,
    String,
    Table,
    collate,
    event,
    func,
    select,
)

from matchmaker.extensions import UTCDateTime
from matchmaker.services.backup.archive import (
    Contents,
    Summing,
    TableStart,
    TableSum,
    Writer,
    line_of,
)

# Told after each step how many rows came with it.
Progress = Callable[[int], None]

ROWS_AT_ONCE = 1000
MIGRATIONS_OWN = "alembic_version"


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it stands now, whatever others write meanwhile.

    Nobody waits for it, and it waits for nobody. SQLite's write-ahead log gives every reading
    transaction such a view; PostgreSQL is asked for one.
    """
    options: dict[str, Any] = {}
    if engine.dialect.name != "sqlite":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def schema_of(connection: Connection) -> str | None:
    """The migration that the database is at; None where it has no tables of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def back_up(
    connection: Connection, stream: IO[bytes], *, schema: str, now: datetime, progress: Progress
) -> Contents:
    """Write every row of every table to `stream`.

    Args:
        connection: From `one_moment`.
        stream: Where the backup is written to.
        schema: The migration that the database is at.
        now: The moment, in UTC.
        progress: Told how many rows were written.
    """
    writer = Writer(stream, schema=schema, made_at=now)
    for table in tables_of(connection):
        names = [each.name for each in columns_of(table)]
        start = TableStart(table.name, names, _last_id(connection, table))
        writer.start_table(start)
        for rows in _batches(connection, table):
            for values in rows:
                writer.add_row(start, values)
            progress(len(rows))
    return writer.close()


def count_all(connection: Connection) -> int:
    """How many rows all tables have together."""
    return sum(count_rows(connection, each) for each in tables_of(connection))


def sum_of(connection: Connection, table: Table) -> TableSum:
    """What the backup of one table would say of it."""
    summing = Summing()
    for rows in _batches(connection, table):
        for values in rows:
            summing.add(line_of(values))
    return summing.total()


def tables_of(connection: Connection) -> list[Table]:
    """Every table, each after those that it refers to."""
    metadata = MetaData()
    event.listen(metadata, "column_reflect", _use_own_types)
    metadata.reflect(connection)
    return [each for each in metadata.sorted_tables if each.name != MIGRATIONS_OWN]


def columns_of(table: Table) -> list[Column[Any]]:
    """A table's columns in an order that does not depend on how it came about."""
    return sorted(table.columns, key=lambda column: column.name)


def count_rows(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return connection.scalar(select(func.count()).select_from(table)) or 0


def sequence_of(connection: Connection, table: Table) -> str | None:
    """The name of what numbers a table's rows on PostgreSQL; None for what is not numbered."""
    if connection.dialect.name == "sqlite":
        return None
    (key, *others) = table.primary_key.columns
    if others:
        return None
    quoted = connection.dialect.identifier_preparer.format_table(table)
    found: str | None = connection.scalar(select(func.pg_get_serial_sequence(quoted, key.name)))
    return found


def _use_own_types(_inspector: object, _table: object, column: dict[str, Any]) -> None:
    """Read moments as aware ones in UTC and an empty JSON value as no value, on both databases."""
    if isinstance(column["type"], DateTime):
        column["type"] = UTCDateTime()
    elif isinstance(column["type"], JSON):
        column["type"] = JSON(none_as_null=True)


def _batches(connection: Connection, table: Table) -> Iterator[list[list[Any]]]:
    query = (
        select(*columns_of(table))
        .order_by(*(_in_byte_order(connection, each) for each in table.primary_key.columns))
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for rows in connection.execute(query).partitions():
        yield [[_as_json(value) for value in row] for row in rows]


def _in_byte_order(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    """SQLite orders text by its bytes; PostgreSQL by a language, unless it is told."""
    if isinstance(column.type, String) and connection.dialect.name != "sqlite":
        return collate(column, "C")
    return column


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value


def _last_id(connection: Connection, table: Table) -> int | None:
    sequence = sequence_of(connection, table)
    if sequence is None:
        return None
    last: int | None = connection.scalar(select(func.pg_sequence_last_value(sequence)))
    return last
