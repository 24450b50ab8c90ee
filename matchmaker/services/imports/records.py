"""What the readers of every format hand to the one loader: organisations and their programmes.

A record says, field by field, what its source says, as values that JSON can hold. A field that a
source does not speak of is not in `values`, and the loader leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matchmaker.services.imports.report import Rejection

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read at most."""

    largest_bytes: int
    most_rows: int


ON_THE_WEB = Limits(largest_bytes=5 * MEGABYTE, most_rows=20_000)
ON_THE_COMMAND_LINE = Limits(largest_bytes=100 * MEGABYTE, most_rows=1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRecord:
    """An organisation as its source describes it; `row` is where it is first described.

    `values` may hold name, registration, description, website, email, phone and postcode.
    """

    external_id: str
    row: int
    values: dict[str, Any]
    permalink: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeRecord:
    """A programme as its source describes it; `organisation` is the external id of who runs it.

    `values` may hold name, description, conditions and approaches (wordings), areas (codes), ages
    (from and to), delivery, is_free, cost, website, public_email, public_phone, status, locations
    and schedules (see `Location` and `Schedule`). `last_checked_on` is when the source last checked
    it.
    """

    external_id: str
    row: int
    organisation: str
    values: dict[str, Any]
    last_checked_on: date | None = None
    permalink: str = ""


@dataclass(slots=True)
class Feed:
    """A file or feed as it was read: what can be taken, and which rows cannot."""

    organisations: dict[str, OrganisationRecord] = field(default_factory=dict)
    programmes: dict[str, ProgrammeRecord] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)

    def reject(self, row: int, field_name: str, reason: str) -> None:
        """Write down that a row is left out, and why."""
        self.rejected.append(Rejection(row, field_name, reason))

    def rows(self) -> Iterable[int]:
        """Every row that something is taken from, once, in order."""
        taken = {each.row for each in self.programmes.values()}
        return sorted(taken | {each.row for each in self.organisations.values()})


def as_location(
    *,
    name: str = "",
    address: str = "",
    town: str = "",
    postcode: str = "",
    point: tuple[float, float] | None = None,
) -> dict[str, Any]:
    """A place people come to; `point` is its latitude and longitude in degrees."""
    latitude, longitude = point or (None, None)
    return {
        "name": name,
        "address": address,
        "town": town,
        "postcode": postcode,
        "latitude": latitude,
        "longitude": longitude,
    }
