"""Fixtures: the app on SQLite and on PostgreSQL, its client, and a real browser.

A test that asks for `app` (or for anything built on it) runs once on each database. Rows are
committed for real and removed afterwards. No fixture holds an app context open around `client`: it
would share its database session with the request and hide a forgotten commit.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import settings as hypothesis_settings

from matchmaker import create_app
from matchmaker.config import Environment, Settings
from matchmaker.extensions import Base, db, write_intent
from tests.servers.databases import KINDS, Database, sqlite_in
from tests.servers.postgres import new_database, running_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.engine import URL
    from sqlalchemy.orm import Session, scoped_session

    Writing = Callable[[], AbstractContextManager[scoped_session[Session]]]

pytest_plugins = ["tests.browser_fixtures"]

# A shared machine is slow at times, and a slow example is no fault of the code.
hypothesis_settings.register_profile("matchmaker", deadline=None, print_blob=True)
hypothesis_settings.load_profile("matchmaker")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full-size",
        action="store_true",
        help="run the soak trials at full size (make soak); without it they run small",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        is_one_enough = metafunc.definition.get_closest_marker("one_database") is not None
        kinds = KINDS[:1] if is_one_enough else KINDS
        metafunc.parametrize("database", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A PostgreSQL server; without one the tests that need it fail and say how to get it."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """An empty database without tables, one of each kind for the whole session."""
    if request.param == "sqlite":
        yield sqlite_in(tmp_path_factory.mktemp("database"))
        return
    with new_database(request.getfixturevalue("postgres_server")) as address:
        yield Database("postgresql", address)


@pytest.fixture(scope="session")
def settings(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the app under test; `dataclasses.replace` makes variants for `create_app`."""
    return Settings(
        environment=Environment.TESTING,
        secret_key="a secret that only the tests know, and that is long enough",
        database_url=database.url,
        instance_path=tmp_path_factory.mktemp("instance"),
    )


@pytest.fixture(scope="session")
def shared_app(settings: Settings) -> Iterator[Flask]:
    """The app with its tables, built once for each database; tests ask for `app`, which tidies."""
    app = create_app(settings)
    with app.app_context():
        engine = db.engine
        with write_intent(), engine.begin() as connection:
            Base.metadata.create_all(connection)
            # As after `db upgrade`, which takes far longer.
            scripts = ScriptDirectory(app.config["MIGRATIONS_DIRECTORY"])
            MigrationContext.configure(connection).stamp(scripts, "heads")
    yield app
    engine.dispose()


@pytest.fixture
def app(shared_app: Flask, database: Database, settings: Settings) -> Iterator[Flask]:
    """The app on an empty database with an empty instance folder."""
    yield shared_app
    # The next test's rows may have the same ids and times; the index must not take them for these.
    shared_app.extensions.pop("matching", None)
    database.empty([table.name for table in Base.metadata.sorted_tables])
    _empty_folder(settings.instance_path)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without a session. `app.test_client()` makes more of them."""
    return app.test_client()


@pytest.fixture
def session(app: Flask, request: pytest.FixtureRequest) -> Iterator[scoped_session[Session]]:
    """A database session with write intent, for tests of services and models.

    Not together with `client`, where it would hide a forgotten commit: use `writing` there.
    """
    if "client" in request.fixturenames:
        raise pytest.UsageError("`session` would hide a forgotten commit here; use `writing`.")
    with app.app_context(), write_intent():
        yield db.session


@pytest.fixture
def writing(app: Flask) -> Writing:
    """`with writing() as session:` opens a session, commits at the end, and closes the context."""

    @contextmanager
    def open_session() -> Iterator[scoped_session[Session]]:
        with app.app_context(), write_intent():
            yield db.session
            db.session.commit()

    return open_session


@pytest.fixture
def trial_size(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """`trial_size(20, 2000)`: 20 in `make test`, 2000 in `make soak`."""
    is_full = request.config.getoption("--full-size")
    return lambda small, full: full if is_full else small


def _empty_folder(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
