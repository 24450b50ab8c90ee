"""What people wrote about a programme as JSON, for a change that waits and for the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, time
from typing import Any

from matchmaker.models import Delivery, Frequency
from matchmaker.services.programme_details import ProgrammeDetails
from matchmaker.services.programme_times import TimeDetails
from matchmaker.services.programme_venues import VenueDetails

_LISTS = ("conditions", "approaches", "areas", "professions")


def to_json(details: ProgrammeDetails) -> dict[str, Any]:
    """The answers by their names, in what JSON can say."""
    return {
        **asdict(details),
        **{name: list(getattr(details, name)) for name in _LISTS},
        "delivery": details.delivery.value,
        "locations": [asdict(each) for each in details.locations],
        "schedules": [time_to_json(each) for each in details.schedules],
    }


def from_json(said: Mapping[str, Any]) -> ProgrammeDetails:
    """What `to_json` wrote; an answer that was not asked for then is empty, and others are left."""
    known = {
        field.name: said[field.name] for field in fields(ProgrammeDetails) if field.name in said
    }
    known |= {name: tuple(said.get(name, ())) for name in _LISTS}
    known["delivery"] = Delivery(said.get("delivery", Delivery.BOTH))
    known["locations"] = tuple(VenueDetails(**each) for each in said.get("locations", ()))
    known["schedules"] = tuple(time_from_json(each) for each in said.get("schedules", ()))
    return ProgrammeDetails(**{"name": "", **known})


def time_to_json(details: TimeDetails) -> dict[str, Any]:
    """One time at which a programme takes place."""
    moments = ("starts_on", "ends_on", "opens_at", "closes_at")
    said = {
        name: None if getattr(details, name) is None else getattr(details, name).isoformat()
        for name in moments
    }
    return {
        **said,
        "frequency": None if details.frequency is None else details.frequency.value,
        "interval": details.interval,
        "weekdays": list(details.weekdays),
        "note": details.note,
    }


def time_from_json(said: Mapping[str, Any]) -> TimeDetails:
    """What `time_to_json` wrote.

    Raises:
        KeyError, TypeError, ValueError: It did not write this.
    """
    return TimeDetails(
        frequency=None if said["frequency"] is None else Frequency(said["frequency"]),
        interval=int(said["interval"]),
        weekdays=tuple(str(each) for each in said["weekdays"]),
        starts_on=_day(said["starts_on"]),
        ends_on=_day(said["ends_on"]),
        opens_at=_clock(said["opens_at"]),
        closes_at=_clock(said["closes_at"]),
        note=str(said["note"]),
    )


def _day(said: str | None) -> date | None:
    return None if said is None else date.fromisoformat(said)


def _clock(said: str | None) -> time | None:
    return None if said is None else time.fromisoformat(said)
