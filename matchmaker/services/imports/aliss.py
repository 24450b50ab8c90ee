"""Reading ALISS, Scotland's directory of help for health and wellbeing: its API, v4 and v5."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from matchmaker.models import Delivery
from matchmaker.services.imports import parts
from matchmaker.services.imports.json_feed import Entry, check_count, read_json
from matchmaker.services.imports.records import (
    Feed,
    Limits,
    OrganisationRecord,
    ProgrammeRecord,
    as_location,
)
from matchmaker.services.imports.report import BrokenFile, RowError
from matchmaker.services.organisations import DESCRIPTION_MAX_LENGTH, NAME_MAX_LENGTH
from matchmaker.services.programme_details import TEXT_MAX_LENGTH

LONG_LINE = 500
ATTRIBUTION = "ALISS (A Local Information System for Scotland), www.aliss.org"
LICENCE = "CC BY 4.0"


def read_aliss(data: bytes, name: str, limits: Limits, districts: Mapping[str, str]) -> Feed:
    """Read services: a page with `data`, a list, or a file with `services` and `organisations`.

    Args:
        data: JSON in UTF-8.
        name: What messages call the file.
        limits: How much is read at most.
        districts: The authority of each postcode district.

    Raises:
        BrokenFile: It cannot be read as a whole.
    """
    content = read_json(data, name, limits)
    items = services_in(content, name)
    check_count(len(items), name, limits)
    known = _described_organisations(content)
    feed = Feed()
    for row, item in enumerate(items, start=1):
        try:
            _read_service(Entry(item), row, feed, known, districts)
        except RowError as error:
            feed.reject(row, error.field, str(error))
    return feed


def services_in(content: Any, name: str) -> list[Any]:
    """The services of a page of the API, of a list, or of a file of both.

    Raises:
        BrokenFile: It is none of these.
    """
    if isinstance(content, dict):
        content = content.get("data", content.get("services"))
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list):
        raise BrokenFile(name, None, "data", _("this is not an ALISS list of services"))
    return content


def _described_organisations(content: Any) -> dict[str, Entry]:
    """What a file says of organisations beside its services, by id."""
    listed = content.get("organisations") if isinstance(content, dict) else None
    known: dict[str, Entry] = {}
    for item in listed if isinstance(listed, list) else []:
        try:
            entry = Entry(item)
            known.setdefault(entry.id("id"), entry)
        except RowError:
            continue  # the services name their organisations themselves
    return known


def _read_service(
    entry: Entry, row: int, feed: Feed, known: Mapping[str, Entry], districts: Mapping[str, str]
) -> None:
    external_id = entry.id("id")
    if external_id in feed.programmes:
        first = feed.programmes[external_id].row
        raise RowError("id", _("the same service stands in row %(row)s", row=first))
    named = entry.object("organisation")
    if named is None:
        raise RowError("organisation", _("it does not say which organisation runs the service"))
    organisation_id = named.id("id")
    organisation = feed.organisations.get(organisation_id) or _organisation(
        organisation_id, known.get(organisation_id, named), row
    )
    feed.programmes[external_id] = ProgrammeRecord(
        external_id=external_id,
        row=row,
        organisation=organisation_id,
        values=_values(entry, districts),
        last_checked_on=entry.date("last_reviewed"),
        permalink=parts.website(entry.line("permalink", LONG_LINE)),
    )
    feed.organisations.setdefault(organisation_id, organisation)


def _organisation(external_id: str, entry: Entry, row: int) -> OrganisationRecord:
    values: dict[str, Any] = {"name": entry.line("name", NAME_MAX_LENGTH, required=True)}
    if entry.says("description"):
        values["description"] = entry.text("description", DESCRIPTION_MAX_LENGTH)
    if entry.says("url"):
        values["website"] = parts.website(entry.line("url", LONG_LINE))
    if entry.says("email"):
        values["email"] = parts.email(entry.line("email", LONG_LINE))
    if entry.says("phone"):
        values["phone"] = parts.phone(entry.line("phone", LONG_LINE))
    return OrganisationRecord(
        external_id=external_id,
        row=row,
        values=values,
        permalink=parts.website(entry.line("permalink", LONG_LINE)),
    )


def _values(entry: Entry, districts: Mapping[str, str]) -> dict[str, Any]:
    description = entry.text("description", TEXT_MAX_LENGTH)
    description = description or entry.text("summary", TEXT_MAX_LENGTH)
    if not description:
        raise RowError("description", _("nothing says what the service does"))
    locations = [_location(each) for each in entry.objects("locations")]
    # The code and not the type: what the types are called has changed between versions.
    areas = parts.area_codes(
        each.line("code", LONG_LINE) or each.line("name", LONG_LINE)
        for each in entry.objects("service_areas")
    )
    conditions, approaches = parts.sort_terms(
        (category.line("name", LONG_LINE), category.line("slug", LONG_LINE).replace("-", " "))
        for category in entry.objects("categories")
    )
    return {
        "name": entry.line("name", NAME_MAX_LENGTH, required=True),
        "description": description,
        "website": parts.website(
            entry.line("url", LONG_LINE) or entry.line("referral_url", LONG_LINE)
        ),
        "public_email": parts.email(entry.line("email", LONG_LINE)),
        "public_phone": parts.phone(entry.line("phone", LONG_LINE)),
        "conditions": conditions,
        "approaches": approaches,
        "areas": areas or parts.areas_around(locations, districts),
        "delivery": (Delivery.IN_PERSON if locations else Delivery.BOTH).value,
        "locations": locations,
    }


def _location(entry: Entry) -> dict[str, Any]:
    return as_location(
        name=entry.line("name", LONG_LINE),
        address=entry.line("street_address", LONG_LINE),
        town=entry.line("locality", LONG_LINE),
        postcode=parts.postcode(entry.line("postal_code", LONG_LINE)),
        point=parts.point(entry.number("latitude"), entry.number("longitude")),
    )
