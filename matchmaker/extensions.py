"""The database, sign-in, CSRF and language extensions, and the rules of writing.

The write-intent rule: a transaction that will write says so before it begins. On SQLite it then
starts with `BEGIN IMMEDIATE`, so that what it reads is still true when it writes; the library's
default (deferred) loses updates silently. Web requests declare it by method, jobs and commands with
`write_intent()`. A flush without it is a programming error and raises, on both databases.
"""

from __future__ import annotations

import enum
import os
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import pysqlite3
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import DateTime, Enum, MetaData, String, TypeDecorator, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.engine.interfaces import Dialect
    from sqlalchemy.orm import ORMExecuteState

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on both databases; SQLite stores it naive, so it is put right here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime: it would mean a different moment on each machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A datetime without a time zone cannot be stored.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give back an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def closed_set(members: type[enum.Enum], name: str | None = None) -> Enum:
    """A column type for an enum: a short string with a CHECK, the same on both databases.

    `name` names the CHECK where a table has two columns of the same enum. The length leaves room
    for a longer value without changing the column.
    """
    return Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda values: [member.value for member in values],
    )


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime(),
        str: String(),
        enum.Enum: closed_set(enum.Enum),
    }


db = SQLAlchemy(
    metadata=Base.metadata, disable_autonaming=True, session_options={"expire_on_commit": False}
)
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
migrate = Migrate(render_as_batch=True, compare_type=True)

_write_intent: ContextVar[bool] = ContextVar("write_intent", default=False)


class WriteIntentMissing(RuntimeError):
    """Something was written in a transaction that had not declared it would write."""


@contextmanager
def write_intent() -> Iterator[None]:
    """Declare that the transactions begun inside will write."""
    token = _write_intent.set(True)
    try:
        yield
    finally:
        _write_intent.reset(token)


def has_write_intent() -> bool:
    """Whether the current context declared that it will write."""
    return _write_intent.get()


def see_one_moment() -> None:
    """Let every query of a transaction see the database as it stands now, also on PostgreSQL.

    It comes before the first of them. SQLite does so by itself.
    """
    if db.engine.dialect.name != "sqlite":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def insert_into(table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """INSERT that can say ON CONFLICT, which each database spells through a class of its own."""
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def engine_options(database_url: str) -> dict[str, Any]:
    """Options for `create_engine`: a SQLite whose WAL is sound (3.51.3 on), or a live pool."""
    # Without hide_parameters an error would carry what people typed into the log.
    if make_url(database_url).get_backend_name() == "sqlite":
        return {"module": pysqlite3, "connect_args": {"timeout": 20}, "hide_parameters": True}
    return {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 5, "hide_parameters": True}


def init_database(app: Flask) -> None:
    """Attach the database to the app, with its write rules and fork safety."""
    db.init_app(app)
    migrate.init_app(app, db, directory=app.config["MIGRATIONS_DIRECTORY"])
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite_connection)
        event.listen(engine, "begin", _begin_sqlite_transaction)
    # A pool that was used before a fork must not be shared with the child: both would speak on the
    # same connection.
    os.register_at_fork(after_in_child=lambda: engine.dispose(close=False))


def _prepare_sqlite_connection(connection: Any, _record: object) -> None:
    # With isolation_level None the driver starts no transaction of its own; `_begin_...` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=20000",
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite_transaction(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if has_write_intent() else "BEGIN")


@event.listens_for(Session, "before_flush")
def _refuse_undeclared_flush(session: Session, _context: object, _instances: object) -> None:
    changed = session.new or session.deleted or any(map(session.is_modified, session.dirty))
    if changed and not has_write_intent():
        raise WriteIntentMissing(
            "A write was flushed without write intent: use a writing method, or write_intent()."
        )


@event.listens_for(Session, "do_orm_execute")
def _refuse_undeclared_statement(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not has_write_intent():
        raise WriteIntentMissing(
            "A writing statement ran without write intent: use a writing method, or write_intent()."
        )
