from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from matchmaker.services.statistics.periods import (
    PeriodKind,
    find_period,
    list_released_with,
    month_of,
    quarter_of,
)


@pytest.mark.parametrize(
    ("key", "kind", "first", "last"),
    [
        ("2026-10", PeriodKind.MONTH, date(2026, 10, 1), date(2026, 10, 31)),
        ("2026-q3", PeriodKind.QUARTER, date(2026, 7, 1), date(2026, 9, 30)),
    ],
)
def test_a_key_names_a_period_and_the_period_names_the_key(key, kind, first, last):
    period = find_period(key)
    assert (period.kind, period.first, period.last, period.key) == (kind, first, last, key)


@pytest.mark.parametrize(
    "key",
    [
        *("", "2026", "2026-13", "2026-00", "2026-q5", "2026-q0", "2026-28", " 2026-10"),
        *(
            "0000-01",
            "9999-12",
            "9999-q4",
            "2026-10-01",
            "2026-27",
            "1999-12",
            "2101-q1",
            "٢٠٢٦-١٠",
            "2026-10\n",
        ),
    ],
)
def test_anything_else_names_no_period(key):
    assert find_period(key) is None


def test_a_period_begins_and_ends_at_midnight_in_london():
    october = find_period("2026-10")
    assert october.begins_at == datetime(2026, 9, 30, 23, 0, tzinfo=UTC)
    assert october.ends_at == datetime(2026, 11, 1, 0, 0, tzinfo=UTC)


def test_quarters_are_made_of_whole_months():
    quarter = find_period("2026-q1")
    assert [each.key for each in quarter.parts] == ["2026-01", "2026-02", "2026-03"]
    assert quarter.months == quarter.parts
    assert quarter.last_month == month_of(date(2026, 3, 31))
    assert quarter.last_month.parts == ()
    assert quarter.last_month.months == (quarter.last_month,)


def test_a_month_brings_the_quarter_that_ends_with_it():
    def keys(month):
        return [each.key for each in list_released_with(find_period(month))]

    assert keys("2026-02") == ["2026-02"]
    assert keys("2026-06") == ["2026-06", "2026-q2"]
    assert keys("2026-03") == ["2026-03", "2026-q1"]


def test_figures_are_due_on_the_fifteenth_of_the_next_month_in_london():
    june = find_period("2026-06")
    # Half past eleven in the evening of the 14th in UTC is the 15th already in London's summer.
    assert not june.is_due(datetime(2026, 7, 14, 22, 59, tzinfo=UTC))
    assert june.is_due(datetime(2026, 7, 14, 23, 0, tzinfo=UTC))
    assert find_period("2026-12").due_on == date(2027, 1, 15)


def test_a_period_leads_to_its_neighbours_and_to_the_same_a_year_before():
    quarter = quarter_of(date(2026, 2, 28))
    assert quarter.previous.key == "2025-q4"
    assert quarter.next.key == "2026-q2"
    assert quarter.year_before.key == "2025-q1"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("2026-10", "October 2026"),
        ("2026-q3", "July to September 2026"),
    ],
)
def test_a_period_reads_plainly(app, key, label):
    with app.test_request_context():
        assert find_period(key).label == label
