from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import matchmaker
from matchmaker.extensions import db
from matchmaker.models import (
    DeclineReason,
    Introduction,
    IntroductionState,
    Side,
    StatisticCount,
    StatisticFigure,
    StatisticsRelease,
)
from matchmaker.services import erasure, introductions, partnerships
from matchmaker.services.disclosure import NotPublishable
from matchmaker.services.statistics import releases
from matchmaker.services.statistics.figures import Figure, latest, read_table
from matchmaker.services.statistics.periods import PeriodKind, find_period
from tests.factories import make_introduction, make_professional, make_programme
from tests.services.statistics.world import moment

NHS_FIFE = "S08000029"
UNITED_KINGDOM = "K02000001"
JULY, AUGUST, SEPTEMBER = (find_period(f"2026-0{month}") for month in (7, 8, 9))
AFTER_SEPTEMBER = moment("2026-10-15T08:00")


def ask(count: int, at: datetime) -> list[Introduction]:
    """So many introductions of one professional in Fife."""
    professional = make_professional()
    return [
        make_introduction(professional=professional, programme=make_programme(), proposed_at=at)
        for _number in range(count)
    ]


def asked(period, area_code=NHS_FIFE) -> Figure:
    return read_table("funnel", area_code, period).figure("all", "asked")


def stored(model) -> list[tuple]:
    """Everything in a table, in an order of its own."""
    columns = [column for column in model.__table__.columns if column.key != "id"]
    return sorted(db.session.execute(select(*columns)), key=repr)


def test_figures_of_a_month_are_published_for_its_areas(session):
    ask(12, moment("2026-09-10"))
    releases.build(SEPTEMBER, now=AFTER_SEPTEMBER)
    assert latest(PeriodKind.MONTH) == SEPTEMBER
    for area_code in (NHS_FIFE, "S92000003", UNITED_KINGDOM):
        assert asked(SEPTEMBER, area_code) == Figure(10)
    assert asked(SEPTEMBER, "S08000024") == Figure(0)


def test_what_is_published_stays_whatever_happens_later(session):
    rows = ask(12, moment("2026-09-10"))
    releases.build(SEPTEMBER, now=AFTER_SEPTEMBER)
    before = stored(StatisticFigure)
    session.delete(rows[0])
    ask(30, moment("2026-09-20"))
    releases.build(SEPTEMBER, now=AFTER_SEPTEMBER + timedelta(days=1))
    assert stored(StatisticFigure) == before
    assert asked(SEPTEMBER) == Figure(10)


def test_erasing_somebody_changes_no_figure(session):
    rows = ask(12, moment("2026-07-10"))
    releases.build(JULY, now=AFTER_SEPTEMBER)
    before = stored(StatisticFigure), stored(StatisticCount)
    erasure.erase(rows[0].professional.user, now=AFTER_SEPTEMBER)
    assert (stored(StatisticFigure), stored(StatisticCount)) == before
    ask(9, moment("2026-09-10"))
    releases.build(SEPTEMBER, now=AFTER_SEPTEMBER)
    assert asked(find_period("2026-q3")).shown == 20


def test_a_quarter_adds_up_what_was_counted_month_by_month(session):
    rows = ask(12, moment("2026-07-10"))
    ask(10, moment("2026-08-31T22:59"))
    releases.build(AUGUST, now=AFTER_SEPTEMBER)
    for row in rows:
        session.delete(row)
    # In London it is September already.
    ask(14, moment("2026-08-31T23:00"))
    releases.build(SEPTEMBER, now=AFTER_SEPTEMBER)
    assert [asked(each).shown for each in (JULY, AUGUST, SEPTEMBER)] == [10, 10, 15]
    assert asked(find_period("2026-q3")).shown == 35


def test_earlier_months_that_are_missing_are_built_first(session):
    ask(12, moment("2026-07-10"))
    ask(12, moment("2026-09-10"))
    releases.build(SEPTEMBER, now=AFTER_SEPTEMBER)
    months = session.scalars(select(StatisticsRelease.month).order_by(StatisticsRelease.id)).all()
    assert months == ["2026-07", "2026-08", "2026-09"]
    assert asked(AUGUST) == Figure(0)


def test_nothing_is_put_before_the_first_month_that_was_published(session):
    ask(12, moment("2026-08-10"))
    releases.build(AUGUST, now=AFTER_SEPTEMBER)
    ask(12, moment("2026-07-10"))
    assert releases.list_unpublished(now=AFTER_SEPTEMBER) == [SEPTEMBER]


@pytest.mark.parametrize("now", ["2026-09-30T12:00", "2026-10-14T22:59"])
def test_a_month_that_is_not_over_for_long_enough_is_refused(session, now):
    ask(12, moment("2026-09-10"))
    with pytest.raises(releases.NotDue, match="15 October 2026"):
        releases.build(SEPTEMBER, now=moment(now))
    assert releases.list_unpublished(now=moment(now)) == []
    assert stored(StatisticsRelease) == []


def test_where_nothing_has_happened_nothing_is_due(session):
    assert releases.list_unpublished(now=AFTER_SEPTEMBER) == []
    assert not releases.may_begin(now=AFTER_SEPTEMBER)


def test_who_accepted_and_took_it_back_had_accepted(session):
    (row,) = ask(1, moment("2026-09-10"))
    member = row.programme.organisation.memberships[0].user
    introductions.accept(row, Side.PROGRAMME, actor=member, now=moment("2026-09-12"))
    partnerships.start(row, actor=member, now=moment("2026-09-13"))
    introductions.withdraw(
        row, Side.PROFESSIONAL, actor=row.professional.user, now=moment("2026-09-14")
    )
    releases.build(SEPTEMBER, now=AFTER_SEPTEMBER)
    counted = {each.column_key for each in session.query(StatisticCount).filter_by(row_key="all")}
    assert {"accepted", "answered", "began", "withdrawn"} <= counted
    assert "unmet" not in {each.table_key for each in session.query(StatisticCount)}


def test_a_refusal_is_an_answer_and_says_why(session):
    (row,) = ask(1, moment("2026-09-10"))
    introductions.decline(
        row,
        Side.PROGRAMME,
        reason=DeclineReason.NO_TIME,
        note="",
        actor=row.programme.organisation.memberships[0].user,
        now=moment("2026-09-20"),
    )
    releases.build(SEPTEMBER, now=AFTER_SEPTEMBER)
    counted = {
        (each.table_key, each.row_key, each.column_key) for each in session.query(StatisticCount)
    }
    assert ("decline_reason", "no_time", "declined") in counted
    assert ("time_to_answer", "all", "within_14") in counted
    assert ("unmet", "all", "introductions") in counted
    assert ("funnel", "all", "accepted") not in counted


def test_working_together_begins_once(session):
    (row,) = ask(1, moment("2026-09-10"))
    member = row.programme.organisation.memberships[0].user
    introductions.accept(row, Side.PROGRAMME, actor=member, now=moment("2026-09-12"))
    assert row.began_at is None
    partnerships.start(row, actor=member, now=moment("2026-09-13"))
    partnerships.hold(row, actor=member, now=moment("2026-09-14"))
    partnerships.start(row, actor=member, now=moment("2026-09-15"))
    assert row.state is IntroductionState.ACTIVE
    assert row.began_at == moment("2026-09-13")


# --- Two at once, and failures --------------------------------------------------------------------


def test_only_one_of_two_builds_a_month(session):
    now = AFTER_SEPTEMBER
    assert releases.begin(SEPTEMBER, now=now)
    assert not releases.begin(SEPTEMBER, now=now + timedelta(minutes=20))
    # Whoever began has not finished in half an hour, and was killed.
    assert releases.begin(SEPTEMBER, now=now + timedelta(minutes=31))


def test_whoever_was_too_slow_publishes_nothing(session):
    ask(12, moment("2026-09-10"))
    slow, quick = AFTER_SEPTEMBER, AFTER_SEPTEMBER + timedelta(hours=1)
    assert releases.begin(SEPTEMBER, now=slow)
    prepared = releases.prepare(SEPTEMBER, begun_at=slow)
    assert releases.begin(SEPTEMBER, now=quick)
    assert not releases.publish(prepared, now=quick)
    assert stored(StatisticFigure) == stored(StatisticCount) == []
    assert releases.publish(releases.prepare(SEPTEMBER, begun_at=quick), now=quick)
    assert not releases.publish(releases.prepare(SEPTEMBER, begun_at=quick), now=quick)
    assert not releases.begin(SEPTEMBER, now=quick + timedelta(days=9))
    assert asked(SEPTEMBER) == Figure(10)


def test_what_must_not_be_published_is_not_and_the_reason_is_kept(session, monkeypatch):
    ask(12, moment("2026-09-10"))

    def refuse(*_given):
        raise NotPublishable(["Something would be given away."])

    now = AFTER_SEPTEMBER
    releases.begin(SEPTEMBER, now=now)
    with monkeypatch.context() as patch:
        patch.setattr(releases, "protect_month", refuse)
        with pytest.raises(NotPublishable):
            releases.prepare(SEPTEMBER, begun_at=now)
    releases.note_failure(SEPTEMBER, "Something would be given away.", begun_at=now)
    assert latest(PeriodKind.MONTH) is None
    assert releases.status(now=now).releases[0].failure == "Something would be given away."
    # By itself it is tried again tomorrow, and at once by somebody who has mended it.
    assert not releases.may_begin(now=now + timedelta(hours=23))
    assert releases.may_begin(now=now + timedelta(hours=25))
    assert releases.begin(SEPTEMBER, now=now + timedelta(minutes=1))


def test_a_build_that_goes_on_is_left_alone(session):
    ask(12, moment("2026-09-10"))
    assert releases.may_begin(now=AFTER_SEPTEMBER)
    releases.begin(SEPTEMBER, now=AFTER_SEPTEMBER)
    assert not releases.may_begin(now=AFTER_SEPTEMBER + timedelta(minutes=20))
    assert releases.may_begin(now=AFTER_SEPTEMBER + timedelta(minutes=40))


def test_how_things_stand(session):
    ask(12, moment("2026-08-10"))
    releases.build(AUGUST, now=AFTER_SEPTEMBER)
    found = releases.status(now=AFTER_SEPTEMBER)
    assert [each.month for each in found.releases] == ["2026-08"]
    assert found.unpublished == (SEPTEMBER,)
    assert found.next_month.key == "2026-10"
    assert releases.status(now=moment("2026-10-14")).next_month == SEPTEMBER


@pytest.mark.one_database
def test_true_counts_are_read_by_nothing_but_what_protects_them():
    root = Path(matchmaker.__file__).parent
    named = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if re.search(r"\bStatisticCount\b|statistic_count", path.read_text("utf-8"))
    }
    statistics = "services/statistics/"
    assert named == {
        "models/__init__.py",
        "models/statistics.py",
        "services/personal_data/left_out.py",
        f"{statistics}protecting.py",
        f"{statistics}releases.py",
    }
