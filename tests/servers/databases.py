"""The two databases the tests run on, and how one is emptied between tests.

Rows are really committed, because what is tested is what commits: nothing is wrapped in a
transaction that is rolled back. Emptying touches only the tables that hold something, which takes a
few milliseconds.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pysqlite3
from sqlalchemy.engine import URL

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = ("sqlite", "postgresql")
RESTART_NUMBERING = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE last_value IS NOT NULL
"""


@dataclass(frozen=True)
class Database:
    """One database with the app's tables: `kind` is "sqlite" or "postgresql"."""

    kind: str
    address: URL

    @property
    def url(self) -> str:
        """The address as the app's settings want it."""
        return self.address.render_as_string(hide_password=False)

    def empty(self, tables: Sequence[str]) -> None:
        """Delete every row of `tables` and start their numbering again at 1."""
        if self.kind == "sqlite":
            self._empty_sqlite(tables)
        else:
            self._empty_postgresql(tables)

    def _empty_sqlite(self, tables: Sequence[str]) -> None:
        # A connection of its own: foreign keys are off unless a connection turns them on, so the
        # order of the tables does not matter.
        with closing(pysqlite3.connect(self.address.database, timeout=20)) as connection:
            filled = [name for (name,) in connection.execute(_tables_with_rows(tables))]
            for name in filled:
                connection.execute(f'DELETE FROM "{name}"')
            connection.commit()

    def _empty_postgresql(self, tables: Sequence[str]) -> None:
        plain = self.address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain) as connection:
            found = connection.execute(_tables_with_rows(tables)).fetchall()
            if found:
                # For a handful of rows DELETE is far quicker than TRUNCATE, which makes new files.
                # As a replica the server leaves foreign keys alone, so the order does not matter.
                connection.execute("SET LOCAL session_replication_role = replica")
                for (name,) in found:
                    connection.execute(f'DELETE FROM "{name}"')
            # What was rolled back left no row, but used up numbers.
            connection.execute(RESTART_NUMBERING)


def sqlite_in(folder: Path) -> Database:
    """Return a SQLite database in a file of `folder`, not yet created."""
    return Database("sqlite", URL.create("sqlite", database=str(folder / "matchmaker.sqlite")))


def _tables_with_rows(tables: Sequence[str]) -> str:
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables
    )
