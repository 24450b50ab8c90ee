"""The demo at the edges: a month's first second, production, a database without tables."""

import dataclasses
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from matchmaker import create_app
from matchmaker.config import Environment
from matchmaker.demo import load_demo, world
from matchmaker.extensions import db
from matchmaker.models import Introduction, IntroductionState, ProgrammeMonth, User, Waiting


@pytest.mark.one_database
def test_demo_is_as_complete_in_the_first_second_of_a_month(app):
    now = datetime(2027, 3, 1, 0, 0, 1, tzinfo=UTC)
    with app.app_context():
        loaded = load_demo(now=now)
        assert loaded.is_new
        introductions = db.session.scalars(select(Introduction)).all()
        assert {each.state for each in introductions} == set(IntroductionState)
        assert {each.waiting_for for each in introductions} == {None, *Waiting}
        assert all(each.state_changed_at <= now for each in introductions)
        taken = select(ProgrammeMonth.taken).where(ProgrammeMonth.month == "2027-03")
        assert sum(db.session.scalars(taken)) == 2


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
