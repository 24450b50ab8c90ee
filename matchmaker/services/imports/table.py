"""Reading the rows of a table as programmes, once it is said which column holds what."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from matchmaker.models import Delivery, TermField
from matchmaker.services.errors import FieldError
from matchmaker.services.imports import parts
from matchmaker.services.imports.csv_file import CsvRow
from matchmaker.services.imports.json_feed import EXTERNAL_ID_MAX_LENGTH, Entry
from matchmaker.services.imports.likeness import name_key
from matchmaker.services.imports.plain_text import plain_line
from matchmaker.services.imports.records import (
    Feed,
    OrganisationRecord,
    ProgrammeRecord,
    as_location,
)
from matchmaker.services.imports.report import RowError
from matchmaker.services.imports.tables import Table
from matchmaker.services.organisations import NAME_MAX_LENGTH
from matchmaker.services.programme_details import TEXT_MAX_LENGTH
from matchmaker.services.registrations import normalise_registration

LONG_LINE = 500
_LIST = re.compile(r"[;|\n]+")
# Our own tables for spreadsheets prefix what would run as a formula.
_GUARD = re.compile(r"^'(?=[=+\-@\t\r])")
_DELIVERIES = {
    "in person": Delivery.IN_PERSON,
    "face to face": Delivery.IN_PERSON,
    "online": Delivery.ONLINE,
    "remote": Delivery.ONLINE,
    "both": Delivery.BOTH,
    "": Delivery.BOTH,
}


def read_programmes(
    table: Table,
    columns: Mapping[str, str],
    districts: Mapping[str, str],
    *,
    has_organisations: bool = True,
) -> Feed:
    """Read each row as a programme.

    Args:
        table: Columns and rows.
        columns: Which column holds what, by the names of `tables.FIELDS`.
        districts: The authority of each postcode district.
        has_organisations: Whether rows name who runs it; not where an organisation's own members
            bring in their programmes.
    """
    feed = Feed()
    for row in table.rows:
        try:
            row.check_shape()
            _read_row(_Cells(row, columns), feed, districts, has_organisations=has_organisations)
        except RowError as error:
            feed.reject(row.number, error.field, str(error))
    return feed


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one row by what they mean; errors name the column as the file does."""

    row: CsvRow
    columns: Mapping[str, str]

    def entry(self) -> Entry:
        """The cells to read as parts of a feed are read."""
        return Entry(
            {column: _GUARD.sub("", self.row[column]) for column in self.columns.values() if column}
        )

    def has(self, field: str) -> bool:
        """Whether a column was chosen for it."""
        return bool(self.columns.get(field))

    def line(self, field: str, most: int = LONG_LINE, *, required: bool = False) -> str:
        """One line of plain text; empty where no column was chosen."""
        if not self.has(field):
            return ""
        return self.entry().line(self.columns[field], most, required=required)

    def text(self, field: str) -> str:
        """Plain text in paragraphs."""
        return self.entry().text(self.columns[field], TEXT_MAX_LENGTH) if self.has(field) else ""

    def list(self, field: str) -> list[str]:
        """The parts of a cell that holds several, between semicolons or on lines of their own."""
        return [plain_line(each) for each in _LIST.split(self.text(field))]

    def age(self, field: str) -> int | None:
        """A whole number of years."""
        return self.entry().whole_number(self.columns[field]) if self.has(field) else None


def _read_row(
    cells: _Cells, feed: Feed, districts: Mapping[str, str], *, has_organisations: bool
) -> None:
    values = _values(cells, districts)
    organisation = _organisation(cells) if has_organisations else None
    organisation_id = "" if organisation is None else organisation.external_id
    external_id = _short(
        cells.line("id", EXTERNAL_ID_MAX_LENGTH)
        or f"{organisation_id}/{name_key(values['name']) or values['name']}"
    )
    if external_id in feed.programmes:
        first = feed.programmes[external_id].row
        raise RowError(
            cells.columns.get("id") or cells.columns["name"],
            _("the same programme stands in row %(row)s", row=first),
        )
    if organisation is not None:
        feed.organisations.setdefault(organisation_id, organisation)
    feed.programmes[external_id] = ProgrammeRecord(
        external_id=external_id,
        row=cells.row.number,
        organisation=organisation_id,
        values=values,
        last_checked_on=(
            cells.entry().date(cells.columns["last_checked"]) if cells.has("last_checked") else None
        ),
    )


def _organisation(cells: _Cells) -> OrganisationRecord:
    name = cells.line("organisation", NAME_MAX_LENGTH, required=True)
    values: dict[str, Any] = {"name": name}
    external_id = _short(name_key(name) or name)
    if number := cells.line("registration"):
        try:
            values["registration"] = normalise_registration(number)
        except FieldError as error:
            raise RowError(cells.columns["registration"], str(error)) from None
        external_id = values["registration"]
    return OrganisationRecord(external_id=external_id, row=cells.row.number, values=values)


def _values(cells: _Cells, districts: Mapping[str, str]) -> dict[str, Any]:
    description = cells.text("description")
    if not description:
        raise RowError(cells.columns["description"], _("it is empty"))
    values: dict[str, Any] = {
        "name": cells.line("name", NAME_MAX_LENGTH, required=True),
        "description": description,
    }
    values |= _topics(cells) | _place(cells, districts)
    if cells.has("min_age") or cells.has("max_age"):
        names = (cells.columns.get("min_age", "min_age"), cells.columns.get("max_age", "max_age"))
        values["ages"] = parts.ages(cells.age("min_age"), cells.age("max_age"), names)
    if cells.has("delivery"):
        values["delivery"] = _delivery(cells).value
    if cells.has("cost"):
        cost = cells.text("cost")
        values |= {"cost": cost, "is_free": True if cost.casefold() in parts.FREE else None}
    for field, name, read in (
        ("website", "website", parts.website),
        ("email", "public_email", parts.email),
        ("phone", "public_phone", parts.phone),
    ):
        if cells.has(field):
            values[name] = read(cells.line(field))
    return values


def _topics(cells: _Cells) -> dict[str, list[str]]:
    """Conditions and approaches, as far as there are columns for them."""
    found: dict[str, list[str]] = {}
    if cells.has("categories"):
        found["conditions"], found["approaches"] = parts.sort_terms(
            (each,) for each in cells.list("categories")
        )
    for name, field in (("conditions", TermField.CONDITION), ("approaches", TermField.APPROACH)):
        if cells.has(name):
            found[name] = parts.terms([*found.get(name, ()), *cells.list(name)], field)
    return found


def _place(cells: _Cells, districts: Mapping[str, str]) -> dict[str, Any]:
    """Where it is and whom it serves, as far as there are columns for it."""
    found: dict[str, Any] = {}
    if any(map(cells.has, ("venue", "address", "town", "postcode"))):
        place = as_location(
            name=cells.line("venue"),
            address=cells.line("address"),
            town=cells.line("town"),
            postcode=_postcode(cells),
        )
        found["locations"] = [place] if any(place.values()) else []
        found["areas"] = parts.areas_around(found["locations"], districts)
    if cells.has("areas"):
        found["areas"] = _areas(cells, districts) or found.get("areas", [])
    return found


def _postcode(cells: _Cells) -> str:
    wording = cells.line("postcode")
    postcode = parts.postcode(wording)
    if wording and not postcode:
        raise RowError(
            cells.columns["postcode"], _("“%(value)s” is not a postcode", value=wording[:40])
        )
    return postcode


def _areas(cells: _Cells, districts: Mapping[str, str]) -> list[str]:
    """Areas by name, code or postcode; of "Ward, Town, Council" the part that is one."""
    codes: set[str] = set()
    for wording in cells.list("areas"):
        postcode = parts.postcode(wording)
        around = parts.area_of(postcode, districts) if postcode else None
        found = [around] if around else parts.area_codes([wording[:LONG_LINE]])
        for part in reversed(wording[:LONG_LINE].split(",")):
            found = found or parts.area_codes([part.strip()])
        codes.update(found)
    return sorted(codes)


def _delivery(cells: _Cells) -> Delivery:
    wording = cells.line("delivery")
    plain = " ".join(re.findall(r"[a-z]+", wording.casefold()))
    if plain not in _DELIVERIES:
        raise RowError(
            cells.columns["delivery"],
            _("“%(value)s” is none of in person, online and both", value=wording[:40]),
        )
    return _DELIVERIES[plain]


def _short(external_id: str) -> str:
    """The id itself, or its digest where it is longer than is kept."""
    if len(external_id) <= EXTERNAL_ID_MAX_LENGTH:
        return external_id
    return hashlib.sha256(external_id.encode()).hexdigest()
