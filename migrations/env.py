"""How migrations run: on the app's own engine, and on SQLite with foreign keys off.

A batch migration on SQLite rebuilds the table; with foreign keys on, dropping the old one would delete
every row that refers to it. They are off for the migration and checked before it is committed.
"""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import Connection

from matchmaker.extensions import Base, UTCDateTime, db, write_intent


class BrokenReferences(RuntimeError):
    """A migration would leave rows that refer to rows that are not there."""


def run_migrations() -> None:
    """Bring the database to the wanted revision, all of it or nothing."""
    engine = db.engine
    with write_intent(), engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _set_foreign_keys(connection, "OFF")
        with connection.begin():
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                render_as_batch=is_sqlite,
                compare_type=True,
                render_item=_render_item,
            )
            context.run_migrations()
            if is_sqlite:
                _check_references(connection)
        if is_sqlite:
            _set_foreign_keys(connection, "ON")


def _render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    # A migration must go on working when the app's own types have changed.
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _set_foreign_keys(connection: Connection, state: str) -> None:
    # The pragma does nothing inside a transaction, so it goes straight to the driver.
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={state}")
    cursor.close()


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise BrokenReferences(f"Rows in {tables} would refer to rows that are not there.")


run_migrations()
