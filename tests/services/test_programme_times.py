"""When a programme takes place, kept and said in words."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from matchmaker.models import Frequency
from matchmaker.services.errors import FieldError
from matchmaker.services.programme_json import time_from_json, time_to_json
from matchmaker.services.programme_times import (
    TimeDetails,
    checked_times,
    sentence,
    set_times,
    times_of,
)
from tests.factories import make_programme

WEEKLY, MONTHLY, DAILY = Frequency.WEEKLY, Frequency.MONTHLY, Frequency.DAILY
MONDAYS = TimeDetails(
    frequency=WEEKLY, weekdays=("MO",), opens_at=time(10), closes_at=time(12), note="Not in August"
)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("details", "said"),
    [
        (MONDAYS, "Every Monday, 10 am to 12 noon. Not in August"),
        (TimeDetails(frequency=WEEKLY, weekdays=("MO", "TH")), "Every Monday and Thursday"),
        (
            TimeDetails(frequency=WEEKLY, weekdays=("MO", "TU", "WE", "TH", "FR")),
            "Monday to Friday",
        ),
        (
            TimeDetails(frequency=WEEKLY, weekdays=("MO", "TU", "WE", "TH", "FR", "SA", "SU")),
            "Every day",
        ),
        (
            TimeDetails(frequency=WEEKLY, interval=2, weekdays=("FR",), opens_at=time(14, 30)),
            "Every 2 weeks on Friday, from 2:30 pm",
        ),
        (TimeDetails(frequency=WEEKLY), "Every week"),
        (TimeDetails(frequency=WEEKLY, interval=3), "Every 3 weeks"),
        (TimeDetails(frequency=DAILY), "Every day"),
        (
            TimeDetails(frequency=DAILY, interval=2, closes_at=time(0, 30)),
            "Every 2 days, until 12:30 am",
        ),
        (
            TimeDetails(frequency=MONTHLY, weekdays=("1MO",), opens_at=time(0)),
            "The first Monday of every month, from midnight",
        ),
        (
            TimeDetails(frequency=MONTHLY, weekdays=("2TU", "4TU")),
            "The second Tuesday and fourth Tuesday of every month",
        ),
        (
            TimeDetails(frequency=MONTHLY, interval=2, weekdays=("-1FR",)),
            "Every 2 months on the last Friday",
        ),
        (TimeDetails(frequency=MONTHLY, weekdays=("3SU",)), "The third Sunday of every month"),
        (TimeDetails(frequency=MONTHLY), "Every month"),
        (TimeDetails(frequency=MONTHLY, interval=6), "Every 6 months"),
        (
            TimeDetails(starts_on=date(2026, 11, 21), opens_at=time(9), closes_at=time(17)),
            "On Saturday 21 November 2026, 9 am to 5 pm",
        ),
        (
            TimeDetails(
                frequency=WEEKLY,
                weekdays=("WE",),
                starts_on=date(2027, 1, 6),
                ends_on=date(2027, 3, 31),
            ),
            "Every Wednesday, from 6 January 2027, until 31 March 2027",
        ),
    ],
)
def test_times_are_said_in_plain_words(app, details, said):
    with app.test_request_context():
        assert sentence(details) == said
    assert time_from_json(time_to_json(details)) == details


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "starts_on"),
        ({"frequency": WEEKLY, "interval": 0}, "how_often"),
        ({"frequency": WEEKLY, "weekdays": ("5MO",)}, "weekdays"),
        ({"frequency": DAILY, "opens_at": time(12), "closes_at": time(12)}, "closes_at"),
        (
            {"frequency": DAILY, "starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)},
            "ends_on",
        ),
        ({"frequency": DAILY, "note": "x" * 201}, "note"),
    ],
)
@pytest.mark.one_database
def test_time_that_makes_no_sense_is_refused_beside_its_question(app, answers, field):
    with app.test_request_context(), pytest.raises(FieldError) as refusal:
        checked_times([MONDAYS, TimeDetails(**answers)])
    assert refusal.value.field == f"schedules-1-{field}"


@pytest.mark.one_database
def test_times_that_a_source_gave_are_kept_however_many_and_each_once(app):
    days = [TimeDetails(starts_on=date(2026, 1, 1) + timedelta(days=day)) for day in range(501)]
    assert checked_times([MONDAYS, MONDAYS, *days[:9]]) == [MONDAYS, *days[:9]]
    with app.test_request_context(), pytest.raises(FieldError, match="500 times or fewer"):
        checked_times(days)


@pytest.mark.one_database
def test_days_are_kept_in_the_order_of_the_week(app):
    details = TimeDetails(frequency=WEEKLY, weekdays=("TH", "MO", "MO"))
    assert checked_times([details])[0].weekdays == ("MO", "TH")


def test_time_that_stays_keeps_its_row_when_others_change(session):
    thursdays = TimeDetails(frequency=WEEKLY, weekdays=("TH",))
    programme = make_programme()
    set_times(programme, [MONDAYS, thursdays])
    session.flush()
    of_mondays, of_thursdays = (row.public_id for row in programme.schedules)
    fridays = TimeDetails(frequency=WEEKLY, weekdays=("FR",))
    once = TimeDetails(starts_on=date(2027, 1, 1))
    set_times(programme, [thursdays, fridays, once])
    session.flush()
    session.expire_all()
    known = {row.weekdays: row.public_id for row in programme.schedules}
    assert known["TH"] == of_thursdays
    assert known["FR"] == of_mondays
    assert set(times_of(programme)) == {thursdays, fridays, once}
    set_times(programme, [])
    session.flush()
    assert times_of(programme) == ()
