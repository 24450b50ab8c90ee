"""Days and months as people in London have them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from matchmaker.services.clock import day_month, london_month, long_date

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
