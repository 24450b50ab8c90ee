"""Times in the terms of RFC 5545, read into what a programme keeps of them."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any, Final

from flask_babel import gettext as _

from matchmaker.models import Frequency
from matchmaker.services.imports.capitals import shorten
from matchmaker.services.imports.json_feed import Entry
from matchmaker.services.imports.report import RowError

NOTE_MAX_LENGTH = 300
LONGEST_INTERVAL = 99
_FREQUENCIES: Final = {each.value.upper(): each for each in Frequency}
_WEEKDAY: Final = re.compile(r"[+-]?[1-5]?(?:MO|TU|WE|TH|FR|SA|SU)")
# Hours and minutes; the offset that may follow says what London's clocks say anyway.
_TIME: Final = re.compile(
    r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9](?:\.[0-9]+)?)?(?:Z|[+-][0-9:]+)?"
)


def read_schedule(entry: Entry) -> dict[str, Any] | None:
    """One `schedule` of Open Referral; None where it names no day, so that nobody could come.

    Raises:
        RowError: A date, a time or a number in it is none.
    """
    frequency = _FREQUENCIES.get(entry.line("freq", 40).upper())
    starts_on = entry.date("dtstart") or entry.date("valid_from")
    ends_on = entry.date("until") or entry.date("valid_to")
    if frequency is None and starts_on is None:
        return None
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise RowError("valid_to", _("it is before the first day"))
    interval = entry.whole_number("interval")
    if interval is not None and not 1 <= interval <= LONGEST_INTERVAL:
        raise RowError("interval", _("it must be from 1 to %(most)s", most=LONGEST_INTERVAL))
    opens_at, closes_at = _time(entry, "opens_at"), _time(entry, "closes_at")
    if opens_at is None or (closes_at is not None and closes_at <= opens_at):
        closes_at = None  # what ends after midnight ends on another day than we can write down
    return as_schedule(
        frequency=frequency,
        interval=interval or 1,
        weekdays=_weekdays(entry.line("byday", 200)),
        starts_on=starts_on,
        ends_on=ends_on,
        opens_at=opens_at,
        closes_at=closes_at,
        note=shorten(entry.line("description", 5000) or entry.line("notes", 5000), NOTE_MAX_LENGTH),
    )


def as_schedule(
    *,
    frequency: Frequency | None,
    interval: int,
    weekdays: str,
    starts_on: date | None,
    ends_on: date | None,
    opens_at: time | None,
    closes_at: time | None,
    note: str,
) -> dict[str, Any]:
    """When something takes place, as values that JSON can hold; see `ProgrammeSchedule`."""
    return {
        "frequency": None if frequency is None else frequency.value,
        "interval": interval,
        "weekdays": weekdays,
        "starts_on": None if starts_on is None else starts_on.isoformat(),
        "ends_on": None if ends_on is None else ends_on.isoformat(),
        "opens_at": None if opens_at is None else opens_at.isoformat(),
        "closes_at": None if closes_at is None else closes_at.isoformat(),
        "note": note,
    }


def _weekdays(wording: str) -> str:
    days = [day for day in re.split(r"[\s,]+", wording.upper()) if day]
    if not all(map(_WEEKDAY.fullmatch, days)):
        raise RowError("byday", _("“%(value)s” are not weekdays like MO,TH", value=wording[:40]))
    return ",".join(dict.fromkeys(days))


def _time(entry: Entry, name: str) -> time | None:
    wording = entry.line(name, 100)
    if not wording:
        return None
    found = _TIME.fullmatch(wording)
    if found is None:
        raise RowError(name, _("“%(value)s” is not a time like 14:30", value=wording[:40]))
    return time(int(found[1]), int(found[2]))
