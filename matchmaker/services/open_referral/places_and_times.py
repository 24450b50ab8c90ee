"""Where and when a programme takes place, as Open Referral UK writes it."""

from __future__ import annotations

from collections.abc import Mapping

from matchmaker.models import Frequency, Programme, ProgrammeLocation, ProgrammeSchedule
from matchmaker.services.open_referral.names import name_of
from matchmaker.services.open_referral.values import Json, clock, day, filled
from matchmaker.services.places import district_of
from matchmaker.services.programme_times import WEEKDAYS, sentence
from matchmaker.vocabulary import load_vocabulary

Authorities = Mapping[str, str]
"""The code of the authority around the centre of each postcode district."""

COUNTRY = "GB"


def location(place: ProgrammeLocation, authorities: Authorities) -> Json:
    """A place with its address."""
    address = _address(place, authorities)
    return location_in_short(place) | ({"addresses": [address]} if address else {})


def location_in_short(place: ProgrammeLocation) -> Json:
    """A place without the lists that belong to it."""
    return filled(
        {
            "id": place.public_id,
            "location_type": "physical",
            "name": place.name,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
    )


def _address(place: ProgrammeLocation, authorities: Authorities) -> Json | None:
    """The address, as far as it is known; the format wants every line of it to be there."""
    if not (place.address or place.town or place.postcode):
        return None
    authority = authorities.get(district_of(place.postcode) or "")
    around = load_vocabulary().areas.label(authority) if authority else ""
    return {
        "id": name_of("address", place.public_id),
        "location_id": place.public_id,
        "address_1": place.address or place.name or place.town,
        "city": place.town or around,
        "state_province": around,
        "postal_code": place.postcode,
        "country": COUNTRY,
        "address_type": "physical",
    }


def schedule(times: ProgrammeSchedule, programme: Programme) -> Json:
    """When it comes again, in the terms of RFC 5545.

    The format knows weeks and months only: every day is every weekday of a week, and what comes
    every second day stands in words.
    """
    last = times.ends_on if times.frequency else times.starts_on
    rule = _rule(times)
    return filled(
        {
            "id": times.public_id,
            "service_id": programme.public_id,
            "valid_from": day(times.starts_on),
            "valid_to": day(last),
            "dtstart": day(times.starts_on),
            **rule,
            "until": day(last) if times.frequency else "",
            "opens_at": clock(times.opens_at),
            "closes_at": clock(times.closes_at),
            "description": sentence(times) if times.frequency and not rule else "",
            "notes": times.note,
        }
    )


def _rule(times: ProgrammeSchedule) -> Json:
    if times.frequency is None:
        return {}
    rule = {"freq": times.frequency.value.upper(), "interval": times.interval}
    if times.frequency is not Frequency.DAILY:
        return rule | {"byday": times.weekdays}
    if times.interval == 1:
        return {"freq": "WEEKLY", "interval": 1, "byday": times.weekdays or ",".join(WEEKDAYS)}
    if times.interval % 7 == 0:
        return {"freq": "WEEKLY", "interval": times.interval // 7, "byday": times.weekdays}
    return {}
