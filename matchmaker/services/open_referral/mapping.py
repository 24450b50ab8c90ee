"""Programmes and organisations as Open Referral UK v3 writes them: our rows in, JSON out.

Only what everybody may know is read here: never a user, a professional, or a programme's
`contact_*`, which are told to a professional once both have said yes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from flask_babel import gettext as _

from matchmaker.models import (
    Delivery,
    Organisation,
    Programme,
    ProgrammeLocation,
    ProgrammeStatus,
)
from matchmaker.services.clock import london_date
from matchmaker.services.open_referral.names import name_of
from matchmaker.services.open_referral.places_and_times import (
    Authorities,
    location,
    location_in_short,
    schedule,
)
from matchmaker.services.open_referral.sources import Origins, Source
from matchmaker.services.open_referral.taxonomies import (
    Taxonomy,
    Term,
    delivery_terms,
    source_term,
    term_of,
    title_of,
)
from matchmaker.services.open_referral.values import (
    Json,
    area_uri,
    day,
    email_address,
    filled,
    moment,
    web_address,
)
from matchmaker.vocabulary import load_vocabulary

STATUSES = MappingProxyType(
    {
        ProgrammeStatus.OPEN: "active",
        ProgrammeStatus.PAUSED: "temporarily closed",
        ProgrammeStatus.CLOSED: "inactive",
    }
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known about programmes beside their own rows."""

    origins: Origins
    authorities: Authorities


def service(programme: Programme, around: Surroundings) -> Json:
    """A programme with everything that belongs to it."""
    phone = _phone("service", programme.public_id, programme.public_phone)
    return service_in_short(programme) | filled(
        {
            "organization": organization(programme.organisation, around),
            "phones": [phone] if phone else [],
            "contacts": [_contact(programme, phone)] if phone else [],
            "cost_options": _cost_options(programme),
            "funding": _funding(programme),
            "service_areas": [_service_area(programme, each.area_code) for each in programme.areas],
            "service_at_locations": [
                service_at_location(each, programme, around) for each in programme.locations
            ],
            "schedules": [schedule(each, programme) for each in programme.schedules],
            "attributes": [
                _attribute("service", programme.public_id, term)
                for term in _terms(programme, around)
            ],
        }
    )


def service_in_short(programme: Programme) -> Json:
    """A programme without the lists that belong to it."""
    checked = programme.last_checked_at
    return filled(
        {
            "id": programme.public_id,
            "organization_id": programme.organisation.public_id,
            "name": programme.name,
            "description": programme.description,
            "url": web_address(programme.website),
            "email": email_address(programme.public_email),
            "status": STATUSES[programme.status],
            "fees": programme.cost or (_("Free") if programme.is_free else ""),
            "minimum_age": programme.min_age,
            "maximum_age": programme.max_age,
            "assured_date": day(None if checked is None else london_date(checked)),
            "last_modified": moment(changed_at(programme)),
            "organization": organization_in_short(programme.organisation),
        }
    )


def organization(organisation: Organisation, around: Surroundings) -> Json:
    """An organisation with everything that belongs to it."""
    phone = _phone("organization", organisation.public_id, organisation.phone)
    sources = around.origins.of_organisation(organisation)
    return organization_in_short(organisation) | filled(
        {
            "phones": [phone] if phone else [],
            "organization_identifiers": _identifiers(organisation),
            "attributes": [
                _attribute("organization", organisation.public_id, source_term(source))
                for source in sources
            ],
        }
    )


def organization_in_short(organisation: Organisation) -> Json:
    """An organisation without the lists that belong to it. The format wants a description."""
    return filled(
        {
            "id": organisation.public_id,
            "name": organisation.name,
            "description": organisation.description or organisation.name,
            "email": email_address(organisation.email),
            "website": web_address(organisation.website),
        }
    )


def service_at_location(
    place: ProgrammeLocation, programme: Programme, around: Surroundings
) -> Json:
    """A place of a programme, as part of it.

    A place belongs to one programme here, so the two share a name.
    """
    return _link(place, programme) | {"location": location(place, around.authorities)}


def service_at_location_in_short(place: ProgrammeLocation, programme: Programme) -> Json:
    """A place of a programme without the lists that belong to it, beside what it is called."""
    return (
        _link(place, programme)
        | {"name": programme.name, "status": STATUSES[programme.status]}
        | {"location": location_in_short(place)}
    )


def service_at_location_by_itself(
    place: ProgrammeLocation, programme: Programme, around: Surroundings
) -> Json:
    """A place of a programme with all of it, and the programme that it belongs to."""
    return service_at_location_in_short(place, programme) | {
        "location": location(place, around.authorities),
        "service": service_in_short(programme),
    }


def taxonomy(kind: Taxonomy) -> Json:
    """A taxonomy."""
    name, description = title_of(kind)
    version = "" if kind is Taxonomy.SOURCE else load_vocabulary().version[:12]
    return filled(
        {"id": kind.public_id, "name": name, "description": description, "version": version}
    )


def taxonomy_term(term: Term) -> Json:
    """A term of a taxonomy."""
    name, _description = title_of(term.taxonomy)
    return filled(
        {
            "id": term.public_id,
            "name": term.name,
            "description": term.description,
            "parent_id": term.parent_id,
            "taxonomy": name,
            "taxonomy_id": term.taxonomy.public_id,
            "term_uri": web_address(term.uri),
        }
    )


def envelope(total: int, *, size: int, page: int, per_page: int) -> Json:
    """What stands beside the `contents` of a page: where it is in a list of `total`."""
    pages = -(-total // per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": size,
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": size == 0,
    }


def attribution(source: Source) -> Json:
    """How a source wants to be named, for the end of a list with something of it."""
    return filled(
        {
            "name": source.name,
            "attribution": source.attribution,
            "licence": source.licence,
            "url": source.url,
        }
    )


def changed_at(programme: Programme) -> datetime:
    """When something of what is published about a programme last changed."""
    moments = (
        programme.updated_at,
        programme.published_at,
        programme.last_checked_at,
        programme.organisation.updated_at,
    )
    return max(each for each in moments if each is not None)


def _terms(programme: Programme, around: Surroundings) -> Iterable[Term]:
    """Every tag of a programme, each once."""
    found = [term_of(term.field, term.code, term.wording) for term in programme.terms]
    both = programme.delivery is Delivery.BOTH
    found += [term for term in delivery_terms() if both or term.code == programme.delivery.value]
    found += [source_term(source) for source in around.origins.of_programme(programme)]
    return {term.public_id: term for term in found}.values()


def _attribute(entity: str, public_id: str, term: Term) -> Json:
    return {
        "id": name_of("attribute", public_id, term.public_id),
        "link_id": public_id,
        "link_type": term.taxonomy.value,
        "link_entity": entity,
        "taxonomy_term_id": term.public_id,
        "taxonomy_term": taxonomy_term(term),
    }


def _service_area(programme: Programme, code: str) -> Json:
    return filled(
        {
            "id": name_of("service area", programme.public_id, code),
            "service_id": programme.public_id,
            "name": load_vocabulary().areas.label(code),
            "uri": area_uri(code),
        }
    )


def _link(place: ProgrammeLocation, programme: Programme) -> Json:
    return {
        "id": place.public_id,
        "service_id": programme.public_id,
        "location_id": place.public_id,
    }


def _phone(entity: str, public_id: str, number: str) -> Json | None:
    """A telephone number; a programme's belongs to its one contact, which is nobody in person."""
    if not number:
        return None
    contact = name_of("contact", public_id) if entity == "service" else ""
    return filled(
        {"id": name_of("phone", public_id), "contact_id": contact, "number": number.strip()}
    )


def _contact(programme: Programme, phone: Json) -> Json:
    return {
        "id": name_of("contact", programme.public_id),
        "service_id": programme.public_id,
        "phones": [phone],
    }


def _cost_options(programme: Programme) -> list[Json]:
    """Free, or not; nothing where nobody has said."""
    if programme.is_free is None:
        return []
    option = {"id": name_of("cost", programme.public_id), "service_id": programme.public_id}
    if programme.is_free:
        return [{**option, "amount": 0}]
    return [{**option, "amount_description": programme.cost or _("There is something to pay")}]


def _funding(programme: Programme) -> list[Json]:
    if not programme.funded_by:
        return []
    return [
        {
            "id": name_of("funding", programme.public_id),
            "service_id": programme.public_id,
            "source": programme.funded_by,
        }
    ]


def _identifiers(organisation: Organisation) -> list[Json]:
    """The number in a register, under the scheme's code of org-id.guide."""
    if not organisation.registration:
        return []
    *register, number = organisation.registration.split("-", 2)
    scheme = "-".join(register)
    names = {
        "GB-SC": _("Scottish charity number"),
        "GB-CHC": _("Charity number in England and Wales"),
        "GB-NIC": _("Charity number in Northern Ireland"),
        "GB-COH": _("Company number"),
    }
    return [
        filled(
            {
                "id": name_of("identifier", organisation.public_id),
                "organization_id": organisation.public_id,
                "identifier_scheme": scheme,
                "identifier_type": names.get(scheme, _("Registration number")),
                "identifier": number,
            }
        )
    ]
