"""The times of a programme as a file that a calendar opens (RFC 5545).

Times are written in local time with the rules of Europe/London in the file, and not in UTC: a group
that meets at ten meets at ten in winter and in summer. What nobody has given a time for is a whole
day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from matchmaker.models import Frequency, Programme, ProgrammeSchedule
from matchmaker.services import programme_times
from matchmaker.services.calendar_files import calendar_file, escaped, in_utc
from matchmaker.services.clock import LONDON, london_date
from matchmaker.services.mail import page_address
from matchmaker.services.programme_times import WEEKDAYS
from matchmaker.services.public_record import address_of

# How far ahead the next time is looked for; the rarest that a schedule can say is much sooner.
DAYS_AHEAD = 5 * 366
# Since 1996: the last Sundays of March and of October, at 01:00 UTC (Summer Time Order 2002).
RULES_OF_LONDON = (
    "BEGIN:VTIMEZONE",
    "TZID:Europe/London",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0100",
    "TZNAME:BST",
    "DTSTART:19960331T010000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0000",
    "TZNAME:GMT",
    "DTSTART:19961027T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def times_file(programme: Programme, *, now: datetime) -> str | None:
    """Every time of the programme that is still to come, or None where there is none."""
    events = [
        line
        for schedule in programme.schedules
        for line in _event(programme, schedule, london_date(now), now)
    ]
    if not events:
        return None
    return calendar_file("Programmes", "PUBLISH", (*RULES_OF_LONDON, *events))


def has_times(programme: Programme, *, now: datetime) -> bool:
    """Whether there is a time to come that a calendar could hold."""
    today = london_date(now)
    return any(next_day(each, today) is not None for each in programme.schedules)


def next_day(schedule: ProgrammeSchedule, today: date) -> date | None:
    """The first day on or after `today` on which it takes place.

    None when it is over, or when too little is known: "every 2 weeks" does not say in which.
    """
    if schedule.starts_on is None and not _says_which_days(schedule):
        return None
    anchor = schedule.starts_on or today
    first = max(anchor, today)
    last = min(schedule.ends_on or date.max, first + timedelta(days=DAYS_AHEAD))
    day = first
    while day <= last:
        if _is_on(schedule, anchor, day):
            return day
        day += timedelta(days=1)
    return None


def _says_which_days(schedule: ProgrammeSchedule) -> bool:
    """Whether the days are known without a first one to count from."""
    return schedule.interval == 1 and (
        bool(schedule.weekdays) or schedule.frequency is Frequency.DAILY
    )


def _is_on(schedule: ProgrammeSchedule, anchor: date, day: date) -> bool:
    """Whether it takes place on `day`, counted in whole intervals from `anchor`."""
    days = _weekdays(schedule)
    weekday = WEEKDAYS[day.weekday()]
    match schedule.frequency:
        case None:
            return day == anchor
        case Frequency.DAILY:
            is_its_turn = (day - anchor).days % schedule.interval == 0
            return is_its_turn and (not days or weekday in days)
        case Frequency.WEEKLY:
            weeks = (_monday(day) - _monday(anchor)).days // 7
            wanted = days or [WEEKDAYS[anchor.weekday()]]
            return weeks % schedule.interval == 0 and weekday in wanted
        case Frequency.MONTHLY:
            months = (day.year - anchor.year) * 12 + day.month - anchor.month
            if months % schedule.interval:
                return False
            return bool(_places_in_month(day) & set(days)) if days else day.day == anchor.day


def _weekdays(schedule: ProgrammeSchedule) -> list[str]:
    """The weekdays; which of them in the month counts only where it comes again by the month."""
    days = [each for each in schedule.weekdays.split(",") if each]
    if schedule.frequency is Frequency.MONTHLY:
        return days
    return list(dict.fromkeys(each[-2:] for each in days))


def _places_in_month(day: date) -> set[str]:
    """What a day may be called in its month: the last Monday of five is MO, 5MO and -1MO."""
    weekday = WEEKDAYS[day.weekday()]
    from_end = (monthrange(day.year, day.month)[1] - day.day) // 7 + 1
    return {weekday, f"{(day.day - 1) // 7 + 1}{weekday}", f"-{from_end}{weekday}"}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _event(
    programme: Programme, schedule: ProgrammeSchedule, today: date, now: datetime
) -> Iterator[str]:
    day = next_day(schedule, today)
    if day is None:
        return
    address = page_address("programmes.show", programme_id=programme.id)
    description = "\n\n".join((programme_times.sentence(schedule), address))
    places = [place for place in map(address_of, programme.locations) if place]
    yield "BEGIN:VEVENT"
    yield f"UID:{schedule.public_id}@{urlsplit(address).hostname}"
    yield f"DTSTAMP:{in_utc(now)}"
    yield from _when(schedule, day)
    if schedule.frequency is not None:
        yield f"RRULE:{_rule(schedule, schedule.frequency)}"
    yield f"SUMMARY:{escaped(programme.name)}"
    yield f"DESCRIPTION:{escaped(description)}"
    if len(places) == 1:
        yield f"LOCATION:{escaped(places[0])}"
    yield f"URL:{address}"
    # Whoever keeps it in view is not busy then.
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _when(schedule: ProgrammeSchedule, day: date) -> Iterator[str]:
    if schedule.opens_at is None:
        yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
        return
    yield f"DTSTART;TZID=Europe/London:{day:%Y%m%d}T{schedule.opens_at:%H%M%S}"
    if schedule.closes_at is not None:
        yield f"DTEND;TZID=Europe/London:{day:%Y%m%d}T{schedule.closes_at:%H%M%S}"


def _rule(schedule: ProgrammeSchedule, frequency: Frequency) -> str:
    parts = [f"FREQ={frequency.value.upper()}"]
    if schedule.interval > 1:
        parts.append(f"INTERVAL={schedule.interval}")
    days = _weekdays(schedule)
    if days:
        parts.append(f"BYDAY={','.join(days)}")
    if schedule.ends_on is not None:
        parts.append(f"UNTIL={_until(schedule, schedule.ends_on)}")
    return ";".join(parts)


def _until(schedule: ProgrammeSchedule, day: date) -> str:
    """The last moment in the form of the start: a day, or in UTC where there are times (3.3.10)."""
    if schedule.opens_at is None:
        return f"{day:%Y%m%d}"
    return in_utc(datetime.combine(day, time(23, 59, 59), tzinfo=LONDON))
