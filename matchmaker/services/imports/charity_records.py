"""One row of a charity register, read into what the tables keep of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from matchmaker.models import Delivery
from matchmaker.services.errors import FieldError
from matchmaker.services.imports.capitals import readable_name, readable_text, shorten
from matchmaker.services.imports.coverage import read_delivery, read_served_areas
from matchmaker.services.imports.csv_file import CsvRow
from matchmaker.services.imports.report import RowError
from matchmaker.services.organisations import NAME_MAX_LENGTH, normalise_website
from matchmaker.services.postcodes import normalise_district, normalise_postcode
from matchmaker.services.registrations import normalise_registration, split_registration

COLUMNS = ("org_id", "name", "postcode", "active", "activities", "objects")
PART_MAX_LENGTH = 2000
ACTIVE = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class CharityRecord:
    """What is kept of a charity.

    `area_code` is the authority around its postcode, if it has one; `served_areas` is where it
    works.
    """

    registration: str
    name: str
    description: str
    website: str
    postcode: str
    area_code: str | None
    served_areas: tuple[str, ...]
    delivery: Delivery
    is_active: bool


def read_charity(row: CsvRow, area_codes: Mapping[str, str]) -> CharityRecord:
    """Read one row; `area_codes` gives the authority of each postcode district.

    Raises:
        RowError: The row cannot be taken.
    """
    row.check_shape()
    registration = _registration(row["org_id"])
    name = readable_name(_without_control(row["name"]))
    if not name:
        raise RowError("name", _("it is empty"))
    if len(name) > NAME_MAX_LENGTH:
        raise RowError("name", _("it is longer than %(most)s characters", most=NAME_MAX_LENGTH))
    is_active = ACTIVE.get(row["active"].casefold())
    if is_active is None:
        raise RowError(
            "active", _("“%(value)s” is neither True nor False", value=shorten(row["active"], 40))
        )
    description = _description(row["activities"], row["objects"], name)
    if not description:
        raise RowError("activities", _("neither activities nor objects say what the charity does"))
    postcode, area_code = _place(row["postcode"], area_codes)
    register = split_registration(registration)[0]
    served_areas = read_served_areas(name, description, register, area_code)
    return CharityRecord(
        registration=registration,
        name=name,
        description=description,
        website=_website(row["web"]),
        postcode=postcode,
        area_code=area_code,
        served_areas=served_areas,
        delivery=read_delivery(name, description, served_areas),
        is_active=is_active,
    )


def _registration(wording: str) -> str:
    if not wording:
        raise RowError("org_id", _("it is empty"))
    try:
        return normalise_registration(wording)
    except FieldError as error:
        raise RowError("org_id", f"{error} ({shorten(wording, 40)})") from None


def _description(activities: str, objects: str, name: str) -> str:
    """What it does, then what it is for, unless the one says the other already."""
    parts: list[str] = []
    for text in (activities, objects):
        readable = shorten(readable_text(_without_control(text), names=(name,)), PART_MAX_LENGTH)
        if readable and not any(_says(part, readable) for part in parts):
            parts.append(readable)
    return "\n\n".join(parts)


def _says(part: str, other: str) -> bool:
    """Whether `part` holds `other`, letters and digits compared."""
    own, its = (re.sub(r"\W+", "", text).casefold() for text in (part, other))
    return its in own


def _without_control(text: str) -> str:
    """Leave out characters that no page can show; tabs and line ends stay."""
    return _CONTROL.sub("", text)


def _place(wording: str, area_codes: Mapping[str, str]) -> tuple[str, str | None]:
    """The postcode and its authority; a charity that gives none is kept without a place."""
    if not wording:
        return "", None
    # Some registers cut an address off in the middle of the postcode.
    postcode = normalise_postcode(wording) or normalise_district(wording.split(maxsplit=1)[0])
    if postcode is None:
        raise RowError("postcode", _("“%(value)s” is not a postcode", value=shorten(wording, 40)))
    district = postcode.split(" ", maxsplit=1)[0]
    if district not in area_codes:
        raise RowError(
            "postcode", _("we do not know the postcode district %(district)s", district=district)
        )
    return postcode, area_codes[district]


def _website(wording: str) -> str:
    """The address, or nothing: a mistyped one is no reason to leave a charity out."""
    try:
        return normalise_website(wording)
    except FieldError:
        return ""
