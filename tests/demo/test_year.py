"""The year behind the demo's figures: what could have happened, and what nobody sees."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.demo.year import MONTHS, load_year
from matchmaker.extensions import db
from matchmaker.models import (
    CheckIn,
    Introduction,
    IntroductionState,
    MutedNotification,
    NotificationKind,
    Organisation,
    OutboxMail,
    Professional,
    ShownSuggestion,
    User,
)
from matchmaker.services import check_ins, dormancy, introduction_clock
from matchmaker.services.statistics import releases
from matchmaker.services.statistics.catalogue import list_tables
from matchmaker.services.statistics.counting import count_month

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


FEW = 500


@pytest.fixture
def year(session, monkeypatch):
    """A year in which less happens: all of it takes seconds."""
    monkeypatch.setattr("matchmaker.demo.year.INTRODUCTIONS", FEW)
    assert load_year(now=NOW)
    return session


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_every_month_has_enough_to_count_and_every_table_something_to_show(year):
    months = releases.list_unpublished(now=NOW)
    assert len(months) == MONTHS
    asked, tables = Counter(), Counter()
    for month in months:
        for (_area, cell), number in count_month(month).items():
            tables[cell.table] += number
            if cell == ("funnel", "all", "asked"):
                asked[month.key] += number
    assert min(asked.values()) > 10
    assert asked.total() == count(Introduction) > FEW * 0.9
    assert set(tables) == {each.key for each in list_tables()}
    assert min(tables.values()) > 10


def test_nothing_of_it_is_found_by_anybody_nor_mailed_about(year):
    assert set(year.scalars(select(Professional.is_findable))) == {False}
    organisations = year.scalars(select(Organisation)).all()
    programmes = [each for organisation in organisations for each in organisation.programmes]
    assert {each.is_published for each in programmes} == {False}
    assert [each.memberships for each in organisations] == [[]] * len(organisations)
    states = set(year.scalars(select(Introduction.state)))
    assert IntroductionState.PROPOSED not in states
    assert {IntroductionState.ACTIVE, IntroductionState.COMPLETED} <= states
    for days in (0, 30):
        later = NOW + timedelta(days=days)
        check_ins.ask_due(now=later)
        introduction_clock.remind_due(now=later)
        dormancy.warn_due(now=later)
    assert count(OutboxMail) == 0
    assert count(MutedNotification) == count(User) * len(NotificationKind)


def test_a_second_run_adds_nothing(year):
    before = [count(model) for model in (Introduction, CheckIn, ShownSuggestion, User)]
    assert not load_year(now=NOW + timedelta(days=1))
    assert [count(model) for model in (Introduction, CheckIn, ShownSuggestion, User)] == before
