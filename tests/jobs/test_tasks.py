"""What the worker does by itself as time passes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from matchmaker.jobs.tasks import TASKS
from matchmaker.models import Answer, IntroductionState, OutboxMail, Side, Waiting
from matchmaker.services import check_ins, matching
from matchmaker.services.policy import may_be_found
from matchmaker.services.statistics import releases
from matchmaker.services.statistics.periods import month_of
from tests.factories import NOW, make_introduction, make_professional, make_programme


def _run_all(days):
    for task in TASKS:
        if task.name != "send mail":
            assert task.run(NOW + timedelta(days=days)) is False


@pytest.fixture(autouse=True)
def builds(monkeypatch):
    """The fits of the matching index that were asked for, of which none is begun."""
    asked = []
    monkeypatch.setattr(matching, "start_build", lambda: asked.append(1))
    return asked


@pytest.fixture(autouse=True)
def releases_begun(monkeypatch):
    """The builds of figures that were asked for, of which none is begun."""
    asked = []
    monkeypatch.setattr(releases, "start_build", lambda: asked.append(1))
    return asked


@pytest.fixture
def introduction(session):
    return make_introduction()


def test_whoever_has_not_answered_is_reminded_after_a_week(introduction):
    _run_all(days=6)
    assert introduction.reminded_at is None
    _run_all(days=7)
    assert introduction.reminded_at is not None


def test_what_nobody_answered_closes_after_two_weeks(introduction):
    _run_all(days=14)
    assert introduction.state is IntroductionState.EXPIRED


def test_a_proposal_goes_on_when_there_are_places_again(session):
    programme = make_programme(places_per_month=1)
    introduction = make_introduction(
        programme=programme, waiting_for=Waiting.PLACES, waiting_since_at=NOW
    )
    _run_all(days=1)
    assert introduction.waiting_for is None


def test_somebody_who_was_away_can_be_met_from_the_day_they_named(session):
    professional = make_professional(
        is_available=False, available_again_on=NOW.date() + timedelta(days=2)
    )
    _run_all(days=1)
    assert not may_be_found(professional)
    _run_all(days=2)
    assert may_be_found(professional)


def test_both_sides_are_asked_how_it_goes_after_three_months(session):
    introduction = make_introduction(
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=IntroductionState.ACCEPTED,
        released_at=NOW,
    )
    _run_all(days=91)
    assert check_ins.list_of(introduction, Side.PROGRAMME) == []
    _run_all(days=92)
    for side in Side:
        assert len(check_ins.list_of(introduction, side)) == 1


def test_monday_mail_is_written_on_monday(session, introduction):
    _run_all(days=5)
    digests = select(OutboxMail).where(OutboxMail.kind == "digest")
    assert session.scalars(digests).all() == []
    _run_all(days=6)
    assert len(session.scalars(digests).all()) == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("moment", "is_fitted"),
    [
        (datetime(2026, 1, 15, 3, 0, tzinfo=UTC), True),
        (datetime(2026, 1, 15, 3, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 1, 15, 2, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 1, 15, 4, 0, tzinfo=UTC), False),
        # In summer it is an hour later in London.
        (datetime(2026, 7, 15, 2, 30, tzinfo=UTC), True),
        (datetime(2026, 7, 15, 3, 30, tzinfo=UTC), False),
    ],
)
def test_index_is_fitted_in_one_hour_of_the_night_in_london(builds, moment, is_fitted):
    (task,) = (task for task in TASKS if task.name == "fit the matching index at night")
    assert task.run(moment) is False
    assert builds == [1] * is_fitted
    # Once in that hour, so that it is never left out and never done twice.
    assert task.every == timedelta(hours=1)


def test_figures_are_built_elsewhere_once_they_are_due(introduction, releases_begun):
    # Of November, from 15 December on.
    _run_all(days=41)
    assert releases_begun == []
    _run_all(days=42)
    assert releases_begun == [1]
    releases.begin(month_of(NOW.date()), now=NOW + timedelta(days=42))
    _run_all(days=42)
    assert releases_begun == [1]
