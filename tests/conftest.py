"""Fixtures: the app on SQLite and on PostgreSQL, its client, and a real browser.

A test that asks for `app` (or for anything built on it) runs once on each database. Rows are
committed for real and removed afterwards. No fixture holds an app context open around `client`: it
would share its database session with the request and hide a forgotten commit.
"""

from __future__ import annotations

import gc
import shutil
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zlib import crc32

import pytest
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings as hypothesis_settings
from jinja2 import Environment, FileSystemBytecodeCache

from matchmaker import config, create_app
from matchmaker.config import Settings
from matchmaker.extensions import Base, db, write_intent
from matchmaker.services import mail, passwords
from matchmaker.web import templating
from tests.servers.databases import KINDS, Database, postgresql_at, sqlite_in
from tests.servers.postgres import new_database, running_postgres
from tests.servers.web import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from flask.testing import FlaskClient
    from sqlalchemy.engine import URL
    from sqlalchemy.orm import Session, scoped_session

    Writing = Callable[[], AbstractContextManager[scoped_session[Session]]]

pytest_plugins = ["tests.browser_fixtures"]

# A shared machine is slow at times, and a slow example is no fault of the code.
hypothesis_settings.register_profile("matchmaker", deadline=None, print_blob=True)
hypothesis_settings.load_profile("matchmaker")

# What is imported and collected stays to the end, and what a test leaves behind is small: looking
# for rubbish among it at the pace that suits a server took a tenth of the time of the tests.
gc.set_threshold(50_000, 20, 20)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full-size",
        action="store_true",
        help="run the soak trials at full size (make soak); without it they run small",
    )
    parser.addoption(
        "--each-once",
        action="store_true",
        help="run each test on one of the two databases (make quick); without it, on both",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        definition = metafunc.definition
        if definition.get_closest_marker("one_database") is not None:
            kinds = KINDS[:1]
        elif metafunc.config.getoption("each_once"):
            # By its name, so that a test always meets the same one and both are met in each file.
            kinds = (KINDS[crc32(definition.name.encode()) % len(KINDS)],)
        else:
            kinds = KINDS
        metafunc.parametrize("database", kinds, indirect=True, scope="session")


def pytest_collection_finish() -> None:
    gc.freeze()


Made = TypeVar("Made")
PRODUCTION_HASHER = passwords._hasher


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash with next to no work; `real_passwords` brings back the work of production."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        yield


@pytest.fixture
def real_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash as in production, for tests about the time that takes."""
    monkeypatch.setattr(passwords, "_hasher", PRODUCTION_HASHER)


@pytest.fixture(scope="session", autouse=True)
def quick_disk() -> Iterator[None]:
    """Nothing that a test writes has to survive a power cut, and waiting for the disk is slow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _handle: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_templates(request: pytest.FixtureRequest) -> Iterator[None]:
    """Compile each template once for every app, and keep it for the next session.

    It is known by its source, and its folder by all else that has a say in how it is compiled.
    """
    modules = [Path(module.__file__ or "") for module in (templating, mail)]
    said = b"".join(path.read_bytes() for path in (*modules, ROOT / "requirements" / "dev.txt"))
    folder = request.config.cache.mkdir(f"templates-{sha256(said).hexdigest()[:12]}")
    kept = FileSystemBytecodeCache(str(folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Flask.jinja_options, "bytecode_cache", kept)
        patch.setattr(mail, "Environment", partial(Environment, bytecode_cache=kept))
        yield


class Shared:
    """What is made once for each kind of database and closed when the session ends.

    pytest alone would close a parametrised fixture whenever the next test has another parameter,
    which under xdist is twice in every file.
    """

    def __init__(self, closing: ExitStack) -> None:
        self._closing = closing
        self._made: dict[tuple[str, str], Any] = {}

    def get(self, what: str, kind: str, make: Callable[[], AbstractContextManager[Made]]) -> Made:
        """Return what was made before, or make it."""
        if (what, kind) not in self._made:
            self._made[what, kind] = self._closing.enter_context(make())
        made: Made = self._made[what, kind]
        return made


@pytest.fixture(scope="session")
def shared() -> Iterator[Shared]:
    """Databases and apps that all tests of a process share."""
    with ExitStack() as closing:
        yield Shared(closing)


@pytest.fixture(scope="session")
def postgres_server(shared: Shared) -> URL:
    """A PostgreSQL server; without one the tests that need it fail and say how to get it."""
    return shared.get("server", "postgresql", running_postgres)


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shared: Shared
) -> Database:
    """An empty database without tables, one of each kind for the whole session."""

    @contextmanager
    def make() -> Iterator[Database]:
        if request.param == "sqlite":
            yield sqlite_in(tmp_path_factory.mktemp("database"))
            return
        server = request.getfixturevalue("postgres_server")
        with new_database(server) as address, postgresql_at(address) as made:
            yield made

    return shared.get("database", request.param, make)


@pytest.fixture(scope="session")
def settings(
    database: Database, tmp_path_factory: pytest.TempPathFactory, shared: Shared
) -> Settings:
    """The settings of the app under test; `dataclasses.replace` makes variants for `create_app`."""

    def make() -> AbstractContextManager[Settings]:
        return nullcontext(
            Settings(
                environment=config.Environment.TESTING,
                secret_key="a secret that only the tests know, and that is long enough",
                database_url=database.url,
                instance_path=tmp_path_factory.mktemp("instance"),
            )
        )

    return shared.get("settings", database.kind, make)


@pytest.fixture(scope="session")
def shared_app(database: Database, settings: Settings, shared: Shared) -> Flask:
    """The app with its tables, built once for each database; tests ask for `app`, which tidies."""

    @contextmanager
    def make() -> Iterator[Flask]:
        app = create_app(settings)
        with app.app_context():
            engine = db.engine
            database.hurry(engine)
            with write_intent(), engine.begin() as connection:
                Base.metadata.create_all(connection)
                # As after `db upgrade`, which takes far longer.
                scripts = ScriptDirectory(app.config["MIGRATIONS_DIRECTORY"])
                MigrationContext.configure(connection).stamp(scripts, "heads")
        yield app
        engine.dispose()

    return shared.get("app", database.kind, make)


@pytest.fixture
def app(shared_app: Flask, database: Database, settings: Settings) -> Iterator[Flask]:
    """The app on an empty database with an empty instance folder."""
    yield shared_app
    # The next test's rows may have the same ids and times; the index must not take them for these.
    forget_index(shared_app)
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


def forget_index(app: Flask) -> None:
    """Let go of the matching index of an app, once nothing is done to it any more."""
    keeper = app.extensions.pop("matching", None)
    if keeper is not None:
        keeper.wait_until_quiet()


def _empty_folder(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
