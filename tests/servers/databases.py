"""The two databases the tests run on, and how one is emptied between tests.

Rows are really committed, because what is tested is what commits: nothing is wrapped in a
transaction that is rolled back. Emptying touches only the tables that hold something, which takes a
few milliseconds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import psycopg
import pysqlite3
from sqlalchemy import event
from sqlalchemy.engine import URL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.engine import Engine

KINDS = ("sqlite", "postgresql")
HURRY = "PRAGMA synchronous=OFF"
RESTART_NUMBERING = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE last_value IS NOT NULL
"""


@dataclass(frozen=True)
class Database(ABC):
    """One database with the app's tables: `kind` is "sqlite" or "postgresql"."""

    address: URL
    kind: ClassVar[str]

    @property
    def url(self) -> str:
        """The address as the app's settings want it."""
        return self.address.render_as_string(hide_password=False)

    def hurry(self, engine: Engine) -> None:  # noqa: B027 - a server is told when it starts
        """Let connections of `engine` wait for no disk: nothing has to survive a power cut."""

    @abstractmethod
    def empty(self, tables: Sequence[str]) -> None:
        """Delete every row of `tables` and start their numbering again at 1."""


@dataclass(frozen=True)
class Sqlite(Database):
    """A SQLite file."""

    kind = "sqlite"

    def hurry(self, engine: Engine) -> None:
        """See `Database`."""
        event.listen(engine, "connect", lambda connection, _: connection.execute(HURRY))

    def empty(self, tables: Sequence[str]) -> None:
        """See `Database`."""
        # A connection of its own: foreign keys are off unless a connection turns them on, so the
        # order of the tables does not matter.
        with closing(pysqlite3.connect(self.address.database, timeout=20)) as connection:
            connection.execute(HURRY)
            filled = [name for (name,) in connection.execute(_tables_with_rows(tables))]
            for name in filled:
                connection.execute(f'DELETE FROM "{name}"')
            connection.commit()


@dataclass(frozen=True)
class Postgresql(Database):
    """A PostgreSQL database, with a connection of ours: making one takes longer than emptying."""

    kind = "postgresql"
    connection: psycopg.Connection

    def empty(self, tables: Sequence[str]) -> None:
        """See `Database`."""
        with self.connection.transaction():
            found = self.connection.execute(_tables_with_rows(tables)).fetchall()
            if found:
                # For a handful of rows DELETE is far quicker than TRUNCATE, which makes new files.
                # As a replica the server leaves foreign keys alone, so the order does not matter.
                self.connection.execute("SET LOCAL session_replication_role = replica")
                for (name,) in found:
                    self.connection.execute(f'DELETE FROM "{name}"')
            # What was rolled back left no row, but used up numbers.
            self.connection.execute(RESTART_NUMBERING)


def sqlite_in(folder: Path) -> Database:
    """Return a SQLite database in a file of `folder`, not yet created."""
    return Sqlite(URL.create("sqlite", database=str(folder / "matchmaker.sqlite")))


@contextmanager
def postgresql_at(address: URL) -> Iterator[Database]:
    """Give the PostgreSQL database at `address`, which must exist."""
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        yield Postgresql(address, connection)


def _tables_with_rows(tables: Sequence[str]) -> str:
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables
    )
