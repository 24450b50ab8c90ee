"""What a probe is told: alive, and ready to serve."""

from __future__ import annotations

import pytest
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from matchmaker.extensions import db
from tests.factories import make_professional


@pytest.fixture
def migrated(app, writing):
    """The tests' tables, which no migration made, marked as migrated."""
    scripts = ScriptDirectory(app.config["MIGRATIONS_DIRECTORY"])
    with writing():
        MigrationContext.configure(db.session.connection()).stamp(scripts, "heads")
    yield app
    with writing() as session:
        session.execute(text("DROP TABLE alembic_version"))


def test_app_on_migrated_tables_is_ready(client, migrated, writing):
    with writing():
        make_professional()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["status"] == "ok"
    assert 0 <= answer.json["index_age_seconds"] < 60


def test_app_on_tables_without_migrations_is_not_ready(client, caplog):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready"}
    assert "The database is at migration" in caplog.text


def test_app_on_tables_of_another_release_is_not_ready(client, migrated, writing):
    with writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert client.get("/readyz").status_code == 503


def test_app_whose_index_cannot_be_read_is_not_ready(client, migrated, monkeypatch):
    def fail(*_args):
        raise RuntimeError("no memory left")

    monkeypatch.setitem(migrated.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr("matchmaker.services.matching.index.fit", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 500
    assert "memory" not in answer.text
