"""Days and months as people in London have them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from matchmaker.services.clock import (
    add_months,
    day_month,
    london_midnight,
    london_month,
    long_date,
)

pytestmark = pytest.mark.one_database

LATE_IN_JUNE = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def language(app):
    with app.app_context():
        yield


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 21), "21 November 2026"),
        (LATE_IN_JUNE, "1 July 2026"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "31 December 2026"),
    ],
)
def test_moment_belongs_to_the_day_it_is_in_london(day, text):
    assert long_date(day) == text


def test_day_may_be_written_without_its_year():
    assert day_month(date(2026, 2, 3)) == "3 February"


def test_month_of_a_moment_is_the_one_it_is_in_london():
    assert london_month(LATE_IN_JUNE) == "2026-07"


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 21), 3, date(2027, 2, 21)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_a_month_that_is_too_short_ends_on_its_last_day(day, months, later):
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 6, 30), datetime(2026, 6, 29, 23, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 12, 31, tzinfo=UTC)),
        # The day on which the clocks change begins before they do.
        (date(2026, 3, 29), datetime(2026, 3, 29, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 23, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_in_london(day, moment):
    assert london_midnight(day) == moment
