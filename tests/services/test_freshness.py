from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from matchmaker import engine
from matchmaker.services.freshness import (
    STALE_AFTER_MONTHS,
    Freshness,
    check_by,
    checked_before,
    freshness_of,
    hidden_from,
    is_due,
    weight_of,
)

NOON = timedelta(hours=12)


def noon(year, month, day):
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("checked_at", "now", "freshness", "weight"),
    [
        (None, noon(2026, 11, 3), Freshness.UNCHECKED, 1.0),
        (noon(2026, 5, 4), noon(2026, 11, 3), Freshness.FRESH, 1.0),
        (noon(2026, 5, 3), noon(2026, 11, 3), Freshness.STALE, 0.5),
        (noon(2025, 11, 4), noon(2026, 11, 3), Freshness.STALE, 0.5),
        (noon(2025, 11, 3), noon(2026, 11, 3), Freshness.HIDDEN, 0.0),
        (noon(2026, 8, 31), noon(2027, 2, 28), Freshness.FRESH, 1.0),
        (noon(2026, 8, 31), noon(2027, 3, 1), Freshness.STALE, 0.5),
        # Half past midnight in London is still yesterday in UTC.
        (noon(2026, 5, 4), datetime(2026, 11, 3, 23, 30, tzinfo=UTC), Freshness.FRESH, 1.0),
        (
            datetime(2026, 5, 3, 23, 30, tzinfo=UTC),
            datetime(2026, 11, 3, 12, tzinfo=UTC),
            Freshness.FRESH,
            1.0,
        ),
    ],
)
def test_an_entry_ages_by_the_calendar_in_london(checked_at, now, freshness, weight):
    assert freshness_of(checked_at, now=now) is freshness
    assert weight_of(checked_at, now=now) == weight


@pytest.mark.parametrize(
    ("checked_at", "due"), [(None, True), (noon(2026, 5, 19), False), (noon(2026, 5, 18), True)]
)
def test_an_entry_is_due_half_a_month_before_it_is_old(checked_at, due):
    assert is_due(checked_at, now=noon(2026, 11, 3)) == due


def test_days_by_which_to_check():
    assert check_by(noon(2026, 5, 3)) == date(2026, 11, 3)
    assert hidden_from(noon(2026, 5, 3)) == date(2027, 5, 3)
    assert checked_before(6, now=noon(2026, 10, 19), ahead=timedelta(days=15)) == checked_before(
        6, now=noon(2026, 11, 3)
    )


def test_the_engine_cautions_from_the_same_day():
    assert engine.DEFAULT.stale_after_months == STALE_AFTER_MONTHS
