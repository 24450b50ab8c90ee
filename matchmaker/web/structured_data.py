"""Programmes and organisations as search engines read them: schema.org terms in JSON-LD.

Only what their pages show to everybody. Templates write it with `tojson`, which lets nothing in it
end the script element; it is data and not a script, so the content security policy has no say.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import Flask

from matchmaker.models import (
    Frequency,
    Organisation,
    OrganisationKind,
    Programme,
    ProgrammeLocation,
    ProgrammeSchedule,
)
from matchmaker.services.mail import page_address
from matchmaker.services.public_record import PublicFacts, facts_of
from matchmaker.vocabulary import load_vocabulary

DAYS = MappingProxyType(
    {
        "MO": "Monday",
        "TU": "Tuesday",
        "WE": "Wednesday",
        "TH": "Thursday",
        "FR": "Friday",
        "SA": "Saturday",
        "SU": "Sunday",
    }
)
NOT_GOVERNMENTAL = frozenset(
    {OrganisationKind.CHARITY, OrganisationKind.COMMUNITY_GROUP, OrganisationKind.FAITH_GROUP}
)


def data_of_programme(programme: Programme) -> Mapping[str, Any]:
    """A programme as a Service (https://schema.org/Service) of its organisation."""
    facts = facts_of(programme)
    address = page_address("programmes.show", programme_id=programme.id)
    organisation = programme.organisation
    areas = load_vocabulary().areas
    return _known(
        {
            "@context": "https://schema.org",
            "@type": "Service",
            "@id": address,
            "url": address,
            "identifier": programme.public_id,
            "name": programme.name,
            "description": programme.description,
            "provider": _known(
                {
                    "@type": _type_of(organisation),
                    "@id": _address_of(organisation),
                    "name": organisation.name,
                    "url": organisation.website,
                }
            ),
            "areaServed": [
                {
                    "@type": "AdministrativeArea",
                    "name": areas.label(each.area_code),
                    "identifier": each.area_code,
                }
                for each in programme.areas
            ],
            "availableChannel": _channels(programme, facts),
            "hoursAvailable": [
                _hours(each) for each in programme.schedules if _is_every_week(each)
            ],
            "offers": {"@type": "Offer", "price": "0", "priceCurrency": "GBP"}
            if programme.is_free
            else None,
        }
    )


def data_of_organisation(organisation: Organisation) -> Mapping[str, Any]:
    """An organisation (https://schema.org/NGO, or another kind of Organization)."""
    address = _address_of(organisation)
    return _known(
        {
            "@context": "https://schema.org",
            "@type": _type_of(organisation),
            "@id": address,
            # Its own page, where it has one; the entry here is what `@id` names.
            "url": organisation.website or address,
            "name": organisation.name,
            "description": organisation.description,
            "identifier": organisation.registration,
            "email": organisation.email,
            "telephone": organisation.phone,
        }
    )


def _channels(programme: Programme, facts: PublicFacts) -> list[dict[str, Any]]:
    """How to reach it: one for each place, or a single one where there is none."""
    contact = _known(
        {"@type": "ContactPoint", "telephone": facts.phone, "email": facts.email},
    )
    reached = _known(
        {
            "@type": "ServiceChannel",
            "serviceUrl": facts.website,
            "servicePhone": contact if len(contact) > 1 else None,
        }
    )
    places = [{"serviceLocation": _place(each)} for each in programme.locations]
    return [{**reached, **place} for place in places] or ([reached] if len(reached) > 1 else [])


def _place(location: ProgrammeLocation) -> dict[str, Any]:
    has_point = location.latitude is not None
    return _known(
        {
            "@type": "Place",
            "name": location.name,
            "address": _known(
                {
                    "@type": "PostalAddress",
                    "streetAddress": location.address,
                    "addressLocality": location.town,
                    "postalCode": location.postcode,
                    "addressCountry": "GB",
                }
            ),
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": location.latitude,
                "longitude": location.longitude,
            }
            if has_point
            else None,
        }
    )


def _is_every_week(schedule: ProgrammeSchedule) -> bool:
    """Whether opening hours can say it; they know days of the week and nothing rarer."""
    return (
        schedule.frequency is Frequency.WEEKLY
        and schedule.interval == 1
        and bool(schedule.weekdays)
        and schedule.opens_at is not None
        and schedule.closes_at is not None
    )


def _hours(schedule: ProgrammeSchedule) -> dict[str, Any]:
    return _known(
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [DAYS[each[-2:]] for each in schedule.weekdays.split(",")],
            "opens": f"{schedule.opens_at:%H:%M}",
            "closes": f"{schedule.closes_at:%H:%M}",
            "validFrom": schedule.starts_on.isoformat() if schedule.starts_on else None,
            "validThrough": schedule.ends_on.isoformat() if schedule.ends_on else None,
        }
    )


def _type_of(organisation: Organisation) -> str:
    return "NGO" if organisation.kind in NOT_GOVERNMENTAL else "Organization"


def _address_of(organisation: Organisation) -> str:
    return page_address("organisations.show", organisation_id=organisation.id)


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def init_app(app: Flask) -> None:
    """Let the pages of programmes and organisations say it."""
    app.jinja_env.globals.update(
        data_of_programme=data_of_programme, data_of_organisation=data_of_organisation
    )
