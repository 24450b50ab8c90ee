"""The migrations make the tables the models describe, and lose nothing on the way."""

from __future__ import annotations

import dataclasses

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, inspect, text

from matchmaker import create_app
from matchmaker.config import Settings
from matchmaker.extensions import Base, db, write_intent
from tests.factories import make_introduction
from tests.servers.databases import Database, sqlite_in
from tests.servers.postgres import new_database


@pytest.fixture
def empty_app(settings: Settings, database: Database, tmp_path, request) -> Flask:
    """The app on a database of its own, without tables."""
    if database.kind == "sqlite":
        app = create_app(dataclasses.replace(settings, database_url=sqlite_in(tmp_path).url))
        yield app
    else:
        with new_database(request.getfixturevalue("postgres_server")) as address:
            url = address.render_as_string(hide_password=False)
            app = create_app(dataclasses.replace(settings, database_url=url))
            yield app
            with app.app_context():
                db.engine.dispose()


def _drift(app: Flask) -> list[object]:
    with app.app_context(), db.engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection), Base.metadata)


def test_there_is_one_newest_migration(empty_app):
    scripts = ScriptDirectory(empty_app.config["MIGRATIONS_DIRECTORY"])
    assert len(scripts.get_heads()) == 1


def test_migrated_tables_are_those_of_the_models(empty_app):
    with empty_app.app_context():
        upgrade()
    assert _drift(empty_app) == []


def test_migrated_tables_have_the_checks_of_the_models(empty_app):
    with empty_app.app_context():
        upgrade()
        inspector = inspect(db.engine)
        for table in Base.metadata.sorted_tables:
            wanted = {
                constraint.name
                for constraint in table.constraints
                if isinstance(constraint, CheckConstraint)
            }
            checks = inspector.get_check_constraints(table.name)
            assert {check["name"] for check in checks} == wanted, table.name


def test_migrations_go_down_and_up_again(empty_app):
    with empty_app.app_context():
        upgrade()
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
    assert _drift(empty_app) == []


def test_rows_survive_a_second_upgrade(empty_app):
    with empty_app.app_context():
        upgrade()
        with write_intent():
            make_introduction()
            db.session.commit()
        upgrade()
        assert db.session.execute(text("SELECT count(*) FROM introduction")).scalar() == 1
