"""When a programme takes place: checked, put into its rows, and said in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from babel.lists import format_list
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _

from matchmaker.models import Frequency, Programme, ProgrammeSchedule
from matchmaker.services.clock import long_date
from matchmaker.services.errors import FieldError

# How many people write down; a source may have given more, and those stay.
MOST_TIMES = 7
MOST_TIMES_KEPT = 500
NOTE_MAX_LENGTH = 200
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_A_MONDAY = date(2024, 1, 1)
_WEEKDAY = re.compile(r"(?P<ordinal>-1|[1-4])?(?P<day>MO|TU|WE|TH|FR|SA|SU)")
_NOON, _MIDNIGHT = time(12), time()


@dataclass(frozen=True, kw_only=True)
class TimeDetails:
    """When it takes place, as `ProgrammeSchedule` keeps it; `weekdays` such as ("MO",) or ("1MO",).

    Without a frequency it is on `starts_on` only.
    """

    frequency: Frequency | None = None
    interval: int = 1
    weekdays: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    note: str = ""


def checked_times(times: Sequence[TimeDetails]) -> list[TimeDetails]:
    """The times as they are kept.

    Raises:
        FieldError: There are too many, or an answer cannot be taken; its field is named as in the
            form, such as ``schedules-0-weekdays``.
    """
    checked = list(
        dict.fromkeys(_checked(f"schedules-{number}", each) for number, each in enumerate(times))
    )
    if len(checked) > MOST_TIMES_KEPT:
        raise FieldError("schedules", _("Enter %(most)s times or fewer", most=MOST_TIMES_KEPT))
    return checked


def set_times(programme: Programme, times: Sequence[TimeDetails]) -> None:
    """Put checked times into a programme's rows; a time that stays keeps its row."""
    present = {_details(row): row for row in programme.schedules}
    free = [row for row in programme.schedules if _details(row) not in times]
    rows = []
    for each in times:
        row = present.get(each) or (free.pop(0) if free else ProgrammeSchedule())
        row.frequency, row.interval = each.frequency, each.interval
        row.weekdays = ",".join(each.weekdays)
        row.starts_on, row.ends_on = each.starts_on, each.ends_on
        row.opens_at, row.closes_at = each.opens_at, each.closes_at
        row.note = each.note
        rows.append(row)
    programme.schedules[:] = rows


def times_of(programme: Programme) -> tuple[TimeDetails, ...]:
    """The times a programme has."""
    return tuple(_details(row) for row in programme.schedules)


def sentence(schedule: ProgrammeSchedule | TimeDetails) -> str:
    """A schedule in plain words, such as "Every Monday, 10 am to 12 noon"."""
    details = _details(schedule)
    parts = [_days(details)]
    if details.frequency is not None and details.starts_on is not None:
        parts.append(_("from %(day)s", day=long_date(details.starts_on)))
    if details.frequency is not None and details.ends_on is not None:
        parts.append(_("until %(day)s", day=long_date(details.ends_on)))
    hours = hours_of(details)
    said = ", ".join([*parts, hours] if hours else parts)
    return f"{said}. {details.note}" if details.note else said


def hours_of(schedule: ProgrammeSchedule | TimeDetails) -> str:
    """From when until when, such as "10 am to 12 noon"; empty where nobody has said."""
    opens, closes = schedule.opens_at, schedule.closes_at
    if opens is not None and closes is not None:
        return _("%(opens)s to %(closes)s", opens=clock(opens), closes=clock(closes))
    if opens is not None:
        return _("from %(opens)s", opens=clock(opens))
    return _("until %(closes)s", closes=clock(closes)) if closes is not None else ""


def clock(moment: time) -> str:
    """A time of day as it is said: "10 am", "2:30 pm", "12 noon"."""
    if moment == _NOON:
        return _("12 noon")
    if moment == _MIDNIGHT:
        return _("midnight")
    hour = moment.hour % 12 or 12
    figures = f"{hour}:{moment.minute:02}" if moment.minute else str(hour)
    return _("%(time)s am", time=figures) if moment.hour < 12 else _("%(time)s pm", time=figures)


def weekday_name(code: str) -> str:
    """The name of a weekday: MO is Monday."""
    return str(format_date(_A_MONDAY + timedelta(days=WEEKDAYS.index(code)), "EEEE"))


def _checked(field: str, details: TimeDetails) -> TimeDetails:
    if details.frequency is None and details.starts_on is None:
        raise FieldError(f"{field}-starts_on", _("Enter the day on which it takes place"))
    if details.interval < 1:
        raise FieldError(f"{field}-how_often", _("Choose how often it takes place"))
    if any(_WEEKDAY.fullmatch(each) is None for each in details.weekdays):
        raise FieldError(f"{field}-weekdays", _("Choose days from the list"))
    opens, closes = details.opens_at, details.closes_at
    if opens is not None and closes is not None and closes <= opens:
        raise FieldError(f"{field}-closes_at", _("It must end after it begins"))
    starts, ends = details.starts_on, details.ends_on
    if starts is not None and ends is not None and ends < starts:
        raise FieldError(f"{field}-ends_on", _("The last day must not be before the first"))
    note = " ".join(details.note.split())
    if len(note) > NOTE_MAX_LENGTH:
        raise FieldError(
            f"{field}-note", _("Use %(longest)s characters or fewer", longest=NOTE_MAX_LENGTH)
        )
    return TimeDetails(
        frequency=details.frequency,
        interval=details.interval,
        weekdays=tuple(sorted(set(details.weekdays), key=_place_in_week)),
        starts_on=starts,
        ends_on=ends,
        opens_at=opens,
        closes_at=closes,
        note=note,
    )


def _details(row: ProgrammeSchedule | TimeDetails) -> TimeDetails:
    if isinstance(row, TimeDetails):
        return row
    return TimeDetails(
        frequency=row.frequency,
        interval=row.interval,
        weekdays=tuple(filter(None, row.weekdays.split(","))),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        note=row.note,
    )


def _place_in_week(weekday: str) -> tuple[int, int]:
    return WEEKDAYS.index(weekday[-2:]), int(weekday[:-2] or 0)


def _days(details: TimeDetails) -> str:
    if details.frequency is None:
        return _("On %(day)s", day=_full_day(details.starts_on))
    if details.frequency is Frequency.MONTHLY:
        return _in_month(details)
    if details.frequency is Frequency.DAILY:
        return _every_day(details.interval)
    return _in_week(details)


def _in_week(details: TimeDetails) -> str:
    days = [weekday_name(each[-2:]) for each in details.weekdays]
    if not days:
        return str(ngettext("Every week", "Every %(num)d weeks", details.interval))
    if details.interval > 1:
        return _("Every %(number)s weeks on %(days)s", number=details.interval, days=_listed(days))
    if len(days) == len(WEEKDAYS):
        return _every_day(1)
    if details.weekdays == WEEKDAYS[:5]:
        return _("%(first)s to %(last)s", first=days[0], last=days[-1])
    return _("Every %(days)s", days=_listed(days))


def _every_day(interval: int) -> str:
    return str(ngettext("Every day", "Every %(num)d days", interval))


def _in_month(details: TimeDetails) -> str:
    days = _listed([_in_month_day(each) for each in details.weekdays if len(each) > 2])
    if not days:
        return str(ngettext("Every month", "Every %(num)d months", details.interval))
    if details.interval > 1:
        return _("Every %(number)s months on the %(days)s", number=details.interval, days=days)
    return _("The %(days)s of every month", days=days)


def _in_month_day(weekday: str) -> str:
    name = weekday_name(weekday[-2:])
    return {
        1: _("first %(weekday)s", weekday=name),
        2: _("second %(weekday)s", weekday=name),
        3: _("third %(weekday)s", weekday=name),
        4: _("fourth %(weekday)s", weekday=name),
        -1: _("last %(weekday)s", weekday=name),
    }[int(weekday[:-2])]


def _full_day(day: date | None) -> str:
    return str(format_date(day, "EEEE d MMMM y"))


def _listed(words: Sequence[str]) -> str:
    return str(format_list(words, locale=str(get_locale() or "en_GB")))
