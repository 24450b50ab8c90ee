"""What a probe is told: alive, and ready to serve."""

from __future__ import annotations

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tests.factories import make_professional


@pytest.fixture
def at_migration(app, writing):
    """Say in the database that it is at another migration, or at none."""

    def write(version):
        with writing() as session:
            session.execute(text("DELETE FROM alembic_version"))
            if version is not None:
                session.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": version})

    (newest,) = ScriptDirectory(app.config["MIGRATIONS_DIRECTORY"]).get_heads()
    yield write
    write(newest)


def test_app_on_migrated_tables_is_ready(client, writing):
    with writing():
        make_professional()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["status"] == "ok"
    assert 0 <= answer.json["index_age_seconds"] < 60


@pytest.mark.parametrize("version", [None, "0000"])
def test_app_on_tables_of_another_release_is_not_ready(client, at_migration, version, caplog):
    at_migration(version)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready"}
    assert "The database is at migration" in caplog.text


def test_app_whose_index_cannot_be_read_is_not_ready(app, client, monkeypatch):
    def fail(*_args):
        raise RuntimeError("no memory left")

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr("matchmaker.services.matching.index.build_here", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 500
    assert "memory" not in answer.text
