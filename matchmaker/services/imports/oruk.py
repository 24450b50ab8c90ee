"""Reading Open Referral UK v3: pages or lists of services, each with its organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from matchmaker.models import Delivery, ProgrammeStatus, TermField
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
from matchmaker.services.imports.schedules import read_schedule
from matchmaker.services.organisations import DESCRIPTION_MAX_LENGTH, NAME_MAX_LENGTH
from matchmaker.services.programme_details import TEXT_MAX_LENGTH

LONG_LINE = 500
_STATUSES = {
    "active": ProgrammeStatus.OPEN,
    "": ProgrammeStatus.OPEN,
    "temporarily closed": ProgrammeStatus.PAUSED,
    "inactive": ProgrammeStatus.CLOSED,
    "defunct": ProgrammeStatus.CLOSED,
}
# A list may tell of each service in short; one that has any of these is told in full.
_DELIVERIES = {"in person": Delivery.IN_PERSON, "online": Delivery.ONLINE}
# Tags that say nothing of what is done for whom.
_OTHER_TAGS = frozenset({"delivery", "source"})
_DETAILS = (
    *("attributes", "service_areas", "service_at_locations", "locations", "schedules"),
    *("cost_options", "contacts", "phones"),
)


def read_oruk(data: bytes, name: str, limits: Limits, districts: Mapping[str, str]) -> Feed:
    """Read a feed: a page with `contents`, a list of services, or one service.

    Args:
        data: JSON in UTF-8.
        name: What messages call the file.
        limits: How much is read at most.
        districts: The authority of each postcode district.

    Raises:
        BrokenFile: It cannot be read as a whole.
    """
    items = services_in(read_json(data, name, limits), name)
    check_count(len(items), name, limits)
    feed = Feed()
    for row, item in enumerate(items, start=1):
        try:
            _read_service(Entry(item), row, feed, districts)
        except RowError as error:
            feed.reject(row, error.field, str(error))
    return feed


def services_in(content: Any, name: str) -> list[Any]:
    """The services of a page, of a list, or the one there is.

    Raises:
        BrokenFile: It is no feed.
    """
    if isinstance(content, dict):
        if "contents" in content:
            content = content["contents"]
        elif "id" in content and "name" in content:
            content = [content]
    if not isinstance(content, list):
        raise BrokenFile(name, None, "contents", _("this is not an Open Referral list of services"))
    return content


def is_in_short(item: Any) -> bool:
    """Whether a list tells of a service in short, so that there is more to ask for."""
    return (
        isinstance(item, dict)
        and isinstance(item.get("id"), str)
        and not any(name in item for name in _DETAILS)
    )


def _read_service(entry: Entry, row: int, feed: Feed, districts: Mapping[str, str]) -> None:
    external_id = entry.id("id")
    if external_id in feed.programmes:
        first = feed.programmes[external_id].row
        raise RowError("id", _("the same service stands in row %(row)s", row=first))
    organisation = _organisation(entry, row)
    programme = ProgrammeRecord(
        external_id=external_id,
        row=row,
        organisation=_organisation_id(entry, organisation, feed),
        values=_values(entry, districts),
        last_checked_on=entry.date("assured_date"),
    )
    if organisation is not None:
        feed.organisations.setdefault(organisation.external_id, organisation)
    feed.programmes[external_id] = programme


def _organisation(entry: Entry, row: int) -> OrganisationRecord | None:
    content = entry.object("organization")
    if content is None:
        return None
    values: dict[str, Any] = {
        "name": content.line("name", NAME_MAX_LENGTH, required=True),
        "description": content.text("description", DESCRIPTION_MAX_LENGTH),
        "website": parts.website(
            content.line("website", LONG_LINE) or content.line("url", LONG_LINE)
        ),
        "email": parts.email(content.line("email", LONG_LINE)),
    }
    if content.says("organization_identifiers"):
        values["registration"] = parts.registration(
            f"{each.line('identifier_scheme', LONG_LINE)}-{each.line('identifier', LONG_LINE)}"
            for each in content.objects("organization_identifiers")
        )
    if content.says("phones"):
        values["phone"] = _phone(content.objects("phones"))
    return OrganisationRecord(external_id=content.id("id"), row=row, values=values)


def _organisation_id(entry: Entry, organisation: OrganisationRecord | None, feed: Feed) -> str:
    if organisation is not None:
        return organisation.external_id
    if not entry.says("organization_id"):
        raise RowError("organization", _("it does not say which organisation runs the service"))
    external_id = entry.id("organization_id")
    if external_id not in feed.organisations:
        raise RowError("organization_id", _("no service before it describes this organisation"))
    return external_id


def _values(entry: Entry, districts: Mapping[str, str]) -> dict[str, Any]:
    description = entry.text("description", TEXT_MAX_LENGTH)
    if not description:
        raise RowError("description", _("nothing says what the service does"))
    values: dict[str, Any] = {
        "name": entry.line("name", NAME_MAX_LENGTH, required=True),
        "description": description,
        "website": parts.website(entry.line("url", LONG_LINE)),
        "public_email": parts.email(entry.line("email", LONG_LINE)),
        "status": _status(entry).value,
        "ages": parts.ages(
            entry.whole_number("minimum_age"),
            entry.whole_number("maximum_age"),
            ("minimum_age", "maximum_age"),
        ),
    }
    fees = entry.text("fees", TEXT_MAX_LENGTH)
    is_free, cost = _cost(entry, fees)
    values |= {"cost": cost, "is_free": is_free}
    if entry.says(*_DETAILS):
        values |= _details(entry, districts)
    return values


def _status(entry: Entry) -> ProgrammeStatus:
    wording = entry.line("status", LONG_LINE).casefold().replace("_", " ")
    if wording not in _STATUSES:
        raise RowError("status", _("“%(value)s” is no status that we know", value=wording[:40]))
    return _STATUSES[wording]


def _details(entry: Entry, districts: Mapping[str, str]) -> dict[str, Any]:
    locations, is_online = _locations(entry)
    conditions, approaches, delivery = _tags(entry)
    areas = parts.area_codes(
        wording
        for area in entry.objects("service_areas")
        for wording in (area.line("uri", LONG_LINE) or area.line("name", LONG_LINE),)
    )
    schedules = [read_schedule(each) for each in entry.objects("schedules")]
    if delivery is None:
        delivery = _delivery(has_places=bool(locations), is_online=is_online)
    contacts = [phone for each in entry.objects("contacts") for phone in each.objects("phones")]
    return {
        "conditions": conditions,
        "approaches": approaches,
        "areas": areas or parts.areas_around(locations, districts),
        "delivery": delivery.value,
        "public_phone": _phone([*entry.objects("phones"), *contacts]),
        "locations": locations,
        "schedules": [each for each in schedules if each is not None],
        "funded_by": "; ".join(
            filter(None, (each.line("source", LONG_LINE) for each in entry.objects("funding")))
        )[:TEXT_MAX_LENGTH],
    }


def _locations(entry: Entry) -> tuple[list[dict[str, Any]], bool]:
    """The places people come to, and whether there is one on a screen."""
    found = [
        location
        for each in entry.objects("service_at_locations")
        if (location := each.object("location")) is not None
    ]
    places = []
    is_online = False
    for location in [*found, *entry.objects("locations")]:
        if location.line("location_type", LONG_LINE) == "virtual":
            is_online = True
            continue
        address = next(iter(location.objects("addresses")), Entry({}))
        places.append(
            as_location(
                name=location.line("name", LONG_LINE),
                address=address.line("address_1", LONG_LINE),
                town=address.line("city", LONG_LINE),
                postcode=parts.postcode(address.line("postal_code", LONG_LINE)),
                point=parts.point(location.number("latitude"), location.number("longitude")),
            )
        )
    return places, is_online


def _delivery(*, has_places: bool, is_online: bool) -> Delivery:
    if has_places == is_online:
        return Delivery.BOTH
    return Delivery.ONLINE if is_online else Delivery.IN_PERSON


def _tags(entry: Entry) -> tuple[list[str], list[str], Delivery | None]:
    """Conditions and approaches, and how people take part where a tag says so."""
    categories: list[str] = []
    said: dict[TermField, list[str]] = {TermField.CONDITION: [], TermField.APPROACH: []}
    deliveries: set[Delivery] = set()
    for tag in entry.objects("attributes"):
        term = tag.object("taxonomy_term")
        kind = tag.line("link_type", LONG_LINE).casefold()
        name = "" if term is None else term.line("name", LONG_LINE)
        if kind == "delivery" and name.casefold() in _DELIVERIES:
            deliveries.add(_DELIVERIES[name.casefold()])
        elif kind in said:
            said[TermField(kind)].append(name)
        elif kind not in _OTHER_TAGS and name:
            categories.append(name)
    conditions, approaches = parts.sort_terms((name,) for name in categories)
    delivery = Delivery.BOTH if len(deliveries) > 1 else next(iter(deliveries), None)
    return (
        parts.terms([*said[TermField.CONDITION], *conditions], TermField.CONDITION),
        parts.terms([*said[TermField.APPROACH], *approaches], TermField.APPROACH),
        delivery,
    )


def _cost(entry: Entry, fees: str) -> tuple[bool | None, str]:
    """Whether it is free, and what it costs in the source's words."""
    options = entry.objects("cost_options")
    amounts = [option.number("amount") for option in options]
    described = [
        " ".join(
            filter(
                None,
                (
                    _pounds(amount),
                    option.line("amount_description", LONG_LINE),
                    f"({note})" if (note := option.line("option", LONG_LINE)) else "",
                ),
            )
        )
        for option, amount in zip(options, amounts, strict=True)
    ]
    is_free = None
    if amounts and all(amount is not None for amount in amounts):
        is_free = not any(amounts)
    elif any(option.says("amount_description") for option in options):
        is_free = False
    elif fees.casefold().strip(" .") in parts.FREE:
        is_free = True
    return is_free, fees or "; ".join(filter(None, described))[:TEXT_MAX_LENGTH]


def _pounds(amount: float | None) -> str:
    if not amount:
        return ""
    return f"£{amount:.0f}" if amount == int(amount) else f"£{amount:.2f}"


def _phone(entries: list[Entry]) -> str:
    return next(filter(None, (parts.phone(each.line("number", LONG_LINE)) for each in entries)), "")
