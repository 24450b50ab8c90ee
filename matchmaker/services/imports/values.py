"""The values of an organisation or a programme as records say them, read from and put into rows.

Two values are equal exactly when the same would be shown: the order of areas, conditions and
places means nothing, nor how a line ends.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from types import MappingProxyType
from typing import Any, TypeVar

from matchmaker.models import (
    Delivery,
    Frequency,
    Organisation,
    Programme,
    ProgrammeArea,
    ProgrammeLocation,
    ProgrammeSchedule,
    ProgrammeStatus,
    ProgrammeTerm,
    TermField,
)
from matchmaker.services.imports.parts import code_of

ORGANISATION_FIELDS = (
    *("name", "registration", "description", "website", "email", "phone", "postcode"),
)
PROGRAMME_FIELDS = (
    *("name", "description", "conditions", "approaches", "areas", "ages", "delivery"),
    *("is_free", "cost", "funded_by", "website", "public_email", "public_phone", "status"),
    *("locations", "schedules"),
)
_LOCATION_FIELDS = ("name", "address", "town", "postcode", "latitude", "longitude")

Values = dict[str, Any]
Row = TypeVar("Row")


def organisation_value(organisation: Organisation, field: str) -> Any:
    """What an organisation's row says of a field."""
    value = getattr(organisation, field)
    return _with_plain_line_ends(value)


def put_into_organisation(organisation: Organisation, field: str, value: Any) -> None:
    """Let an organisation's row say what a record says."""
    setattr(organisation, field, value)


def programme_value(programme: Programme, field: str) -> Any:
    """What a programme's row says of a field."""
    if field in _READ:
        return normalised(field, _READ[field](programme))
    return _with_plain_line_ends(getattr(programme, field))


def put_into_programme(programme: Programme, field: str, value: Any) -> None:
    """Let a programme's row say what a record says; its status is another matter."""
    if field in _PUT:
        _PUT[field](programme, value)
    else:
        setattr(programme, field, value)


def normalised(field: str, value: Any) -> Any:
    """A value in the one way to write it, so that equal ones are the same."""
    if isinstance(value, list) and field != "ages":
        return sorted(value, key=_sort_key)
    return _with_plain_line_ends(value)


def is_said(value: Any) -> bool:
    """Whether a value says something."""
    return value not in (None, "", [], [None, None])


def _sort_key(value: Any) -> str:
    if isinstance(value, str):
        return value.casefold()
    return json.dumps(value, sort_keys=True)


def _with_plain_line_ends(value: Any) -> Any:
    # What a browser sends back from a box of text ends its lines in two characters.
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def terms_of(values: Values) -> list[tuple[TermField, str, str]]:
    """Field, wording and code of each condition and approach that a record names."""
    return [
        (field, wording, code_of(wording, field))
        for name, field in (
            ("conditions", TermField.CONDITION),
            ("approaches", TermField.APPROACH),
        )
        for wording in values.get(name, ())
    ]


def schedule_columns(schedule: Mapping[str, Any]) -> Values:
    """The columns of a schedule, from values that JSON holds."""
    frequency = schedule["frequency"]
    return {
        "frequency": None if frequency is None else Frequency(frequency),
        "interval": schedule["interval"],
        "weekdays": schedule["weekdays"],
        "starts_on": _read(date.fromisoformat, schedule["starts_on"]),
        "ends_on": _read(date.fromisoformat, schedule["ends_on"]),
        "opens_at": _read(time.fromisoformat, schedule["opens_at"]),
        "closes_at": _read(time.fromisoformat, schedule["closes_at"]),
        "note": schedule["note"],
    }


def _read(parse: Callable[[str], Any], wording: str | None) -> Any:
    return None if wording is None else parse(wording)


def _wordings(field: TermField) -> Callable[[Programme], list[str]]:
    return lambda programme: [term.wording for term in programme.terms if term.field is field]


def _locations(programme: Programme) -> list[Values]:
    return [
        {field: getattr(place, field) for field in _LOCATION_FIELDS}
        for place in programme.locations
    ]


def _schedules(programme: Programme) -> list[Values]:
    return [
        {
            "frequency": None if each.frequency is None else each.frequency.value,
            "interval": each.interval,
            "weekdays": each.weekdays,
            **{
                name: None if moment is None else moment.isoformat()
                for name, moment in (
                    ("starts_on", each.starts_on),
                    ("ends_on", each.ends_on),
                    ("opens_at", each.opens_at),
                    ("closes_at", each.closes_at),
                )
            },
            "note": each.note,
        }
        for each in programme.schedules
    ]


_READ: Mapping[str, Callable[[Programme], Any]] = MappingProxyType(
    {
        "conditions": _wordings(TermField.CONDITION),
        "approaches": _wordings(TermField.APPROACH),
        "areas": lambda programme: [area.area_code for area in programme.areas],
        "ages": lambda programme: [programme.min_age, programme.max_age],
        "delivery": lambda programme: programme.delivery.value,
        "status": lambda programme: programme.status.value,
        "locations": _locations,
        "schedules": _schedules,
    }
)


def _put_terms(field: TermField) -> Callable[[Programme, list[str]], None]:
    def put(programme: Programme, wordings: list[str]) -> None:
        others = [term for term in programme.terms if term.field is not field]
        kept = {term.wording: term for term in programme.terms if term.field is field}
        programme.terms[:] = [
            *others,
            *(
                kept.get(wording)
                or ProgrammeTerm(field=field, wording=wording, code=code_of(wording, field))
                for wording in wordings
            ),
        ]

    return put


def _put_areas(programme: Programme, codes: list[str]) -> None:
    # Single rows, so that a primary key is never deleted and inserted in one flush.
    present = {each.area_code: each for each in programme.areas}
    programme.areas[:] = [
        present.get(code) or ProgrammeArea(area_code=code) for code in dict.fromkeys(codes)
    ]


def _put_ages(programme: Programme, ages: list[int | None]) -> None:
    programme.min_age, programme.max_age = ages


def _put_delivery(programme: Programme, delivery: str) -> None:
    programme.delivery = Delivery(delivery)


def _put_status(programme: Programme, status: str) -> None:
    programme.status = ProgrammeStatus(status)


def _put_locations(programme: Programme, locations: list[Values]) -> None:
    # A place that stays keeps its row, and with it the name that open data gives it.
    present = _by_content(_locations(programme), programme.locations)
    programme.locations[:] = [
        _pop(present, each) or ProgrammeLocation(**each) for each in locations
    ]


def _put_schedules(programme: Programme, schedules: list[Values]) -> None:
    present = _by_content(_schedules(programme), programme.schedules)
    programme.schedules[:] = [
        _pop(present, each) or ProgrammeSchedule(**schedule_columns(each)) for each in schedules
    ]


def _by_content(contents: Sequence[Values], rows: Sequence[Row]) -> dict[str, Row]:
    return {_sort_key(content): row for content, row in zip(contents, rows, strict=True)}


def _pop(present: dict[str, Row], content: Values) -> Row | None:
    return present.pop(_sort_key(content), None)


_PUT: Mapping[str, Callable[[Programme, Any], None]] = MappingProxyType(
    {
        "conditions": _put_terms(TermField.CONDITION),
        "approaches": _put_terms(TermField.APPROACH),
        "areas": _put_areas,
        "ages": _put_ages,
        "delivery": _put_delivery,
        "status": _put_status,
        "locations": _put_locations,
        "schedules": _put_schedules,
    }
)
