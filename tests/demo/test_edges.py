"""The demo at the edges: production, a database without tables, a place that is not known."""

import dataclasses

import pytest
from sqlalchemy import func, select

from matchmaker import create_app
from matchmaker.config import Environment
from matchmaker.demo import world
from matchmaker.extensions import db
from matchmaker.models import User


@pytest.mark.one_database
def test_production_refuses_the_demo(settings, app):
    production = dataclasses.replace(
        settings, environment=Environment.PRODUCTION, public_url="https://matchmaker.example"
    )
    result = create_app(production).test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "not loaded in production" in result.output
    with app.app_context():
        assert db.session.scalar(select(func.count(User.id))) == 0


@pytest.mark.one_database
def test_database_without_tables_is_told_how_to_get_them(settings, tmp_path):
    empty = dataclasses.replace(settings, database_url=f"sqlite:///{tmp_path / 'empty.sqlite'}")
    result = create_app(empty).test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "matchmaker db upgrade" in result.output


@pytest.mark.one_database
def test_place_that_is_not_known_stops_the_demo_by_its_name(app):
    with app.app_context(), pytest.raises(LookupError, match="the demo's place 'Atlantis'"):
        world._place("Atlantis")
