"""The times of a programme as a calendar reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from matchmaker.models import Frequency, ProgrammeLocation, ProgrammeSchedule
from matchmaker.services import programme_calendar
from matchmaker.services.clock import LONDON
from matchmaker.services.programme_calendar import RULES_OF_LONDON, next_day
from tests.factories import NOW, make_programme

pytestmark = pytest.mark.one_database
# A Tuesday.
TODAY = date(2026, 11, 3)
W, M, D = Frequency.WEEKLY, Frequency.MONTHLY, Frequency.DAILY


def schedule(frequency=None, weekdays="", interval=1, **values):
    return ProgrammeSchedule(frequency=frequency, weekdays=weekdays, interval=interval, **values)


def lines_of(*schedules, **values):
    """The lines as a calendar puts them together again, without the rules of London."""
    programme = make_programme(schedules=list(schedules), **values)
    written = programme_calendar.times_file(programme, now=NOW)
    assert max(len(line.encode()) for line in written.split("\r\n")) <= 75
    lines = written.replace("\r\n ", "").split("\r\n")
    assert tuple(lines[5 : 5 + len(RULES_OF_LONDON)]) == RULES_OF_LONDON
    return lines[5 + len(RULES_OF_LONDON) :]


def test_a_weekly_group_comes_again_at_the_same_time_by_the_clock(session):
    weekly = schedule(W, "MO,TH", opens_at=time(10), closes_at=time(12, 30), public_id="abc")
    lines = lines_of(
        weekly,
        name="Walk, talk & tea",
        locations=[ProgrammeLocation(name="Town House", postcode="KY12 7DS")],
    )
    address = f"http://127.0.0.1:8000/programmes/{weekly.programme_id}"
    assert lines == [
        "BEGIN:VEVENT",
        "UID:abc@127.0.0.1",
        "DTSTAMP:20261103T093000Z",
        "DTSTART;TZID=Europe/London:20261105T100000",
        "DTEND;TZID=Europe/London:20261105T123000",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TH",
        "SUMMARY:Walk\\, talk & tea",
        f"DESCRIPTION:Every Monday and Thursday\\, 10 am to 12:30 pm\\n\\n{address}",
        "LOCATION:Town House\\, KY12 7DS",
        f"URL:{address}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        (schedule(W, "MO", 2, starts_on=date(2026, 9, 7)), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
        (schedule(M, "1MO,-1FR"), "FREQ=MONTHLY;BYDAY=1MO,-1FR"),
        (schedule(D), "FREQ=DAILY"),
        (schedule(W, "2TU"), "FREQ=WEEKLY;BYDAY=TU"),
        (schedule(W, "TU", ends_on=date(2026, 12, 8)), "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261208"),
        (
            schedule(W, "TU", ends_on=date(2026, 12, 8), opens_at=time(10)),
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261208T235959Z",
        ),
        # In summer the last second of a day in London is not yet the last in UTC.
        (
            schedule(W, "TU", ends_on=date(2027, 6, 1), opens_at=time(10)),
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270601T225959Z",
        ),
    ],
)
def test_rules_say_how_often_and_until_when(session, given, rule):
    copied = {
        name: getattr(given, name)
        for name in ("frequency", "weekdays", "interval", "starts_on", "ends_on", "opens_at")
    }
    (written,) = [each for each in lines_of(schedule(**copied)) if each.startswith("RRULE")]
    assert written == f"RRULE:{rule}"


def test_what_has_no_times_is_a_whole_day(session):
    lines = lines_of(schedule(starts_on=date(2026, 12, 31)))
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert not [each for each in lines if each.startswith("RRULE")]


def test_what_has_no_end_has_none_in_the_calendar(session):
    lines = lines_of(schedule(W, "TU", opens_at=time(9)))
    assert "DTSTART;TZID=Europe/London:20261103T090000" in lines
    assert not [each for each in lines if each.startswith("DTEND")]


@pytest.mark.parametrize(
    ("given", "day"),
    [
        (schedule(W, "TU"), TODAY),
        (schedule(W, "MO"), date(2026, 11, 9)),
        (schedule(W, starts_on=date(2026, 10, 1)), date(2026, 11, 5)),
        # Weeks are counted from Monday to Sunday, from the one in which it began.
        (schedule(W, "MO", 2, starts_on=date(2026, 10, 21)), date(2026, 11, 16)),
        (schedule(W, "MO", 3, starts_on=date(2026, 10, 26)), date(2026, 11, 16)),
        (schedule(D, interval=3, starts_on=date(2026, 11, 2)), date(2026, 11, 5)),
        (schedule(D, "SA"), date(2026, 11, 7)),
        (schedule(M, "1MO"), date(2026, 12, 7)),
        (schedule(M, "-1FR"), date(2026, 11, 27)),
        (schedule(M, "5MO"), date(2026, 11, 30)),
        (schedule(M, "1TU", 2, starts_on=date(2026, 10, 1)), date(2026, 12, 1)),
        (schedule(M, starts_on=date(2026, 8, 31)), date(2026, 12, 31)),
        (schedule(starts_on=date(2027, 2, 1)), date(2027, 2, 1)),
        (schedule(W, "TU", starts_on=date(2027, 1, 1)), date(2027, 1, 5)),
    ],
    ids=lambda each: str(each) if isinstance(each, date) else None,
)
def test_the_first_time_is_the_next_one(given, day):
    assert next_day(given, TODAY) == day


@pytest.mark.parametrize(
    "given",
    [
        schedule(starts_on=date(2026, 11, 2)),
        schedule(W, "TU", ends_on=date(2026, 11, 2)),
        schedule(W),
        schedule(M),
        schedule(W, "MO", 2),
        schedule(D, interval=2),
    ],
)
def test_what_is_over_or_not_known_is_in_no_calendar(given):
    assert next_day(given, TODAY) is None


def test_a_programme_without_times_to_come_has_no_file(session):
    for programme in (
        make_programme(),
        make_programme(schedules=[schedule(starts_on=date(2020, 1, 1))]),
    ):
        assert programme_calendar.times_file(programme, now=NOW) is None
        assert not programme_calendar.has_times(programme, now=NOW)


def test_a_programme_with_times_to_come_has_a_file(session):
    programme = make_programme(schedules=[schedule(starts_on=date(2020, 1, 1)), schedule(D)])
    assert programme_calendar.has_times(programme, now=NOW)


@pytest.mark.parametrize(("part", "month"), [("DAYLIGHT", 3), ("STANDARD", 10)])
def test_the_clocks_of_the_file_change_when_those_of_london_do(part, month):
    begin = RULES_OF_LONDON.index(f"BEGIN:{part}")
    said = dict(each.split(":", 1) for each in RULES_OF_LONDON[begin + 1 : begin + 6])
    assert said["RRULE"] == f"FREQ=YEARLY;BYMONTH={month};BYDAY=-1SU"
    before, after = (int(said[f"TZOFFSET{each}"][:3]) for each in ("FROM", "TO"))
    first = datetime.strptime(said["DTSTART"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    for year in range(first.year, 2038):
        sunday = date(year, month, 31)
        sunday -= timedelta(days=(sunday.weekday() + 1) % 7)
        if year == first.year:
            assert sunday == first.date()
        local = datetime.combine(sunday, first.time(), tzinfo=UTC)
        change = local - timedelta(hours=before)
        for moment, hours in ((change - timedelta(seconds=1), before), (change, after)):
            assert moment.astimezone(LONDON).utcoffset() == timedelta(hours=hours)
