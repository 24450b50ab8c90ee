"""The demo's data files, read into plain records. A misspelt key is an error at once."""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from matchmaker.models import (
    DeclineReason,
    Delivery,
    EndReason,
    Frequency,
    OrganisationKind,
    Outcome,
    Proposer,
    Setting,
    Side,
)
from matchmaker.services.programme_times import TimeDetails

DATA = Path(__file__).with_name("data")
_TIME = re.compile(
    r"(?:(?P<interval>[2-9]) )?(?P<days>[1-4A-Z,]+) (?P<opens>[0-9:]{5})-(?P<closes>[0-9:]{5})"
    r"(?: (?P<note>.+))?"
)


@dataclass(frozen=True, slots=True)
class District:
    """A postcode district, its centre in degrees (WGS 84) and the council area around that."""

    outcode: str
    latitude: float
    longitude: float
    town: str
    area_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRecord:
    """A professional's profile; `areas` are codes or postcode districts."""

    profession: str | None = None
    setting: Setting | None = None
    employer: str = ""
    areas: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    approaches: tuple[str, ...] = ()
    offers: str = ""
    seeks: str = ""
    ages: tuple[int, ...] = ()
    delivery: Delivery = Delivery.BOTH
    willing: tuple[str, ...] = ()
    away: int | None = None
    back_in: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """Somebody with an account; `joined` is in days before today, like every other day here."""

    key: str
    name: str
    phone: str | None = None
    joined: int | None = None
    administrator: bool = False
    leads: tuple[str, ...] = ()
    professional: ProfileRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueRecord:
    """A place people come to; of its postcode only the district, as the rest is nobody's."""

    name: str
    address: str
    town: str
    postcode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeRecord:
    """A programme and what became of it; `ages` is the youngest, or youngest and oldest.

    `times` read "MO,TH 10:00-12:00", "2 FR 14:00-16:00" (every 2 weeks) or "1TU 19:00-21:00" (the
    first Tuesday of the month), with a note after them.
    """

    key: str
    name: str
    description: str
    created: int
    conditions: tuple[str, ...] = ()
    approaches: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    ages: tuple[int, ...] = ()
    delivery: Delivery = Delivery.BOTH
    free: bool | None = None
    venues: tuple[VenueRecord, ...] = ()
    times: tuple[TimeDetails, ...] = ()
    cost: str = ""
    funded_by: str = ""
    professions: tuple[str, ...] = ()
    seeks: str = ""
    places: int | None = None
    checked: int | None = None
    paused: int | None = None
    closed: int | None = None
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRecord:
    """Somebody who asks to look after an organisation, and what they say; nobody has decided."""

    by: str
    day: int
    job: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRecord:
    """An organisation. `claimed` is true, false, or the day on which its owner claimed it."""

    key: str
    name: str
    description: str
    postcode: str
    joined: int
    kind: OrganisationKind = OrganisationKind.CHARITY
    registration: str = ""
    phone: str = ""
    owner: str | None = None
    editors: tuple[str, ...] = ()
    claimed: bool | int = True
    claim: ClaimRecord | None = None
    programmes: tuple[ProgrammeRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """One thing that happened to an introduction: something done, or (`says`) a message."""

    day: int
    does: str = "say"
    says: Side | None = None
    side: Side | None = None
    text: str = ""
    reason: str = ""
    outcome: Outcome | None = None
    note: str = ""
    purpose: str = ""
    next_step: str = ""
    due_in: int | None = None

    @property
    def decline_reason(self) -> DeclineReason:
        """Why a side said no."""
        return DeclineReason(self.reason)

    @property
    def end_reason(self) -> EndReason:
        """Why a partnership ended."""
        return EndReason(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRecord:
    """An introduction from the asking on."""

    professional: str
    programme: str
    day: int
    purpose: str
    by: Proposer = Proposer.PROFESSIONAL
    lead: str | None = None
    note: str = ""
    steps: tuple[StepRecord, ...] = ()


@cache
def read_districts() -> tuple[District, ...]:
    """The postcode districts of the demo's places and their surroundings."""
    with (DATA / "districts.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            District(
                outcode=row["outcode"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                town=row["town"],
                area_code=row["area_code"],
            )
            for row in csv.DictReader(file)
        )


@cache
def read_people() -> tuple[PersonRecord, ...]:
    """Everybody with an account, in the order of the file."""
    return tuple(
        PersonRecord(key=key, **_person(table)) for key, table in _read("people.toml").items()
    )


@cache
def read_organisations() -> tuple[OrganisationRecord, ...]:
    """The organisations of all files, with their programmes."""
    return tuple(
        OrganisationRecord(key=key, **_organisation(table))
        for path in sorted((DATA / "organisations").glob("*.toml"))
        for key, table in _read(f"organisations/{path.name}").items()
    )


@cache
def read_stories() -> tuple[StoryRecord, ...]:
    """The introductions, in the order of the file."""
    return tuple(_story(table) for table in _read("introductions.toml")["introduction"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text("utf-8"))


def _person(table: dict[str, Any]) -> dict[str, Any]:
    profile = table.pop("professional", None)
    if profile is not None:
        _convert(profile, setting=Setting, delivery=Delivery)
        table["professional"] = ProfileRecord(**profile)
    _convert(table)
    return table


def _organisation(table: dict[str, Any]) -> dict[str, Any]:
    programmes = table.pop("programmes", {})
    for programme in programmes.values():
        programme["venues"] = [VenueRecord(**each) for each in programme.get("venues", ())]
        programme["times"] = [read_time(each) for each in programme.get("times", ())]
        _convert(programme, delivery=Delivery)
    _convert(table, kind=OrganisationKind)
    if "claim" in table:
        table["claim"] = ClaimRecord(**table["claim"])
    table["programmes"] = tuple(
        ProgrammeRecord(key=key, **programme) for key, programme in programmes.items()
    )
    return table


def read_time(text: str) -> TimeDetails:
    """A time as `ProgrammeRecord` says."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(f"the demo's time {text!r} is not understood")
    is_monthly = found["days"][0].isdigit()
    return TimeDetails(
        frequency=Frequency.MONTHLY if is_monthly else Frequency.WEEKLY,
        interval=int(found["interval"] or 1),
        weekdays=tuple(found["days"].split(",")),
        opens_at=time.fromisoformat(found["opens"]),
        closes_at=time.fromisoformat(found["closes"]),
        note=found["note"] or "",
    )


def _story(table: dict[str, Any]) -> StoryRecord:
    professional, programme = table.pop("between")
    steps = table.pop("steps")
    for step in steps:
        _convert(step, says=Side, side=Side, outcome=Outcome)
    _convert(table, by=Proposer)
    return StoryRecord(
        professional=professional,
        programme=programme,
        steps=tuple(StepRecord(**step) for step in steps),
        **table,
    )


def _convert(table: dict[str, Any], **types: type) -> None:
    """Make tuples of lists, and members of their enums of the named values."""
    for name, value in table.items():
        if isinstance(value, list):
            table[name] = tuple(value)
        elif name in types:
            table[name] = types[name](value)
        elif isinstance(value, str):
            table[name] = value.strip()
