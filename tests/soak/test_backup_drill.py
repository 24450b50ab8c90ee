"""The drill: a busy site is backed up, and an empty machine serves what it held."""

from __future__ import annotations

import dataclasses
import json
import threading
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from urllib.request import urlopen

import pytest
from sqlalchemy import func, select

from matchmaker import create_app
from matchmaker.demo import DEMO_PASSWORD, DEMO_SIGN_INS
from matchmaker.extensions import db, write_intent
from matchmaker.models import User
from matchmaker.services import audit, backup
from tests.factories import make_user
from tests.servers.databases import KINDS, sqlite_in
from tests.servers.postgres import new_database
from tests.servers.web import running_web
from tests.soak.visitors import Visitor

pytestmark = pytest.mark.soak

WRITTEN_TOGETHER = "drill.written"


@pytest.fixture
def new_machine(settings, tmp_path, request):
    """Give the settings of a machine with an empty folder and a database without tables."""
    with ExitStack() as closing:

        def make(kind):
            folder = tmp_path / kind
            folder.mkdir()
            if kind == "sqlite":
                url = sqlite_in(folder).url
            else:
                server = request.getfixturevalue("postgres_server")
                address = closing.enter_context(new_database(server))
                url = address.render_as_string(hide_password=False)
            return dataclasses.replace(settings, database_url=url, instance_path=folder)

        yield make


def run(app, *arguments):
    result = app.test_cli_runner().invoke(args=[str(each) for each in arguments])
    assert result.exit_code == 0, result.output


@contextmanager
def busy(app):
    """Somebody else goes on writing: a person and an event about them, always both together."""
    is_over = threading.Event()
    first_written = threading.Event()

    def write():
        while not is_over.is_set():
            with app.app_context(), write_intent():
                user = make_user()
                audit.record(WRITTEN_TOGETHER, user, actor=user, now=datetime.now(UTC))
                db.session.commit()
            first_written.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert first_written.wait(60)
    try:
        yield
    finally:
        is_over.set()
        writer.join()


def rows_of(path, table):
    """The rows of one table of a backup, as mappings."""
    rows = []
    columns = []
    name = ""
    for each in backup.read(path):
        if hasattr(each, "columns"):
            name, columns = each.name, each.columns
        elif name == table and hasattr(each, "values"):
            rows.append(dict(zip(columns, each.values, strict=True)))
    return rows


def is_of_one_moment(path):
    """Whether everybody in a backup has their event, and every event its person."""
    people = {each["id"] for each in rows_of(path, "user") if each["name"].startswith("Person ")}
    events = rows_of(path, "audit_event")
    told_of = {each["subject_id"] for each in events if each["action"] == WRITTEN_TOGETHER}
    return people == told_of != set()


def test_an_empty_machine_serves_what_a_busy_site_held(
    app, database, new_machine, tmp_path, trial_size
):
    run(app, "demo")
    files = [tmp_path / f"{number}.gz" for number in range(trial_size(3, 50))]
    with busy(app):
        for file in files:
            run(app, "backup", file)
    assert all(is_of_one_moment(file) for file in files)
    written = [len(rows_of(file, "user")) for file in (files[0], files[-1])]
    assert written[0] < written[1]
    for kind in trial_size((database.kind,), KINDS):
        machine = new_machine(kind)
        restored = create_app(machine)
        run(restored, "restore", files[-1])
        run(restored, "backup", machine.instance_path / "again.gz")
        again = backup.check(machine.instance_path / "again.gz")
        assert again.tables == backup.check(files[-1]).tables
        takes_new_rows(restored)
        serves(machine)


def takes_new_rows(app):
    with app.app_context(), write_intent():
        highest = db.session.scalar(select(func.max(User.id)))
        assert make_user().id > highest
        db.session.commit()
        db.engine.dispose()


def serves(machine):
    """A server on the machine is ready, lets people in and suggests."""
    with running_web(machine, machine.instance_path) as server:
        with urlopen(f"{server.url}/readyz") as answer:
            assert (answer.status, json.load(answer)["status"]) == (200, "ok")
        visitor = Visitor(server.url)
        visitor.get("/sign-in")
        visitor.post("/sign-in", email=DEMO_SIGN_INS[0].email, password=DEMO_PASSWORD)
        status, page = visitor.get("/suggestions")
    assert status == 200
    assert page.count('class="mm-card mm-card--') >= 5
