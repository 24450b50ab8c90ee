"""What the open API sends, as JSON Schema: the parts of Open Referral UK v3 that are used here."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

UUID: Schema = {"type": "string", "format": "uuid"}
TEXT: Schema = {"type": "string", "minLength": 1}
ADDRESS_LINE: Schema = {"type": "string"}
WEB_ADDRESS: Schema = {"type": "string", "format": "uri"}
EMAIL: Schema = {"type": "string", "format": "email"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
CLOCK: Schema = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
AGE: Schema = {"type": "integer", "minimum": 0}
COUNT: Schema = {"type": "integer", "minimum": 0}
YES_OR_NO: Schema = {"type": "boolean"}
STATUS: Schema = {"type": "string", "enum": ["active", "inactive", "temporarily closed"]}


def schemas() -> dict[str, Schema]:
    """Every schema by the name under which the others refer to it."""
    return {
        **_services(),
        **_places_and_times(),
        **_organizations(),
        **_taxonomies(),
        **_pages(),
    }


def ref(name: str) -> Schema:
    """A reference to one of the schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


def _list_of(name: str) -> Schema:
    return {"type": "array", "minItems": 1, "items": ref(name)}


def _thing(description: str, needed: str, /, **properties: Schema) -> Schema:
    """An object; `needed` names, with spaces, what is always there. What is empty is left out."""
    return {
        "type": "object",
        "description": description,
        "required": needed.split(),
        "properties": properties,
    }


def _services() -> dict[str, Schema]:
    short = {
        "id": UUID,
        "organization_id": UUID,
        "name": TEXT,
        "description": TEXT,
        "url": WEB_ADDRESS,
        "email": EMAIL,
        "status": STATUS,
        "fees": TEXT,
        "minimum_age": AGE,
        "maximum_age": AGE,
        "assured_date": DAY | {"description": "The day on which it was last checked."},
        "last_modified": MOMENT,
        "organization": ref("OrganizationInShort"),
    }
    full = short | {
        "organization": ref("Organization"),
        "phones": _list_of("Phone"),
        "contacts": _list_of("Contact"),
        "cost_options": _list_of("CostOption"),
        "funding": _list_of("Funding"),
        "service_areas": _list_of("ServiceArea"),
        "service_at_locations": _list_of("PartOfService"),
        "schedules": _list_of("Schedule"),
        "attributes": _list_of("Attribute"),
    }
    needed = "id organization_id name status last_modified organization"
    return {
        "Service": _thing("A programme with all that belongs to it.", needed, **full),
        "ServiceInShort": _thing("A programme without its lists.", needed, **short),
        "Phone": _thing(
            "A telephone number for everybody.", "id number", id=UUID, contact_id=UUID, number=TEXT
        ),
        "Contact": _thing(
            "How to reach the service; never a person.",
            "id service_id phones",
            id=UUID,
            service_id=UUID,
            phones=_list_of("Phone"),
        ),
        "CostOption": _thing(
            "Free where the amount is 0.",
            "id service_id",
            id=UUID,
            service_id=UUID,
            amount={"type": "number", "minimum": 0},
            amount_description=TEXT,
        ),
        "Funding": _thing(
            "Who pays for it.", "id service_id source", id=UUID, service_id=UUID, source=TEXT
        ),
        "ServiceArea": _thing(
            "An area that it serves; uri is that of the Office for National Statistics.",
            "id service_id name",
            id=UUID,
            service_id=UUID,
            name=TEXT,
            uri=WEB_ADDRESS,
        ),
    }


def _places_and_times() -> dict[str, Schema]:
    short = {
        "id": UUID,
        "location_type": {"type": "string", "const": "physical"},
        "name": TEXT,
        "latitude": {"type": "number", "minimum": -90, "maximum": 90},
        "longitude": {"type": "number", "minimum": -180, "maximum": 180},
    }
    link = {"id": UUID, "service_id": UUID, "location_id": UUID}
    beside = link | {"name": TEXT, "status": STATUS}
    needed = "id service_id location_id location"
    return {
        "LocationInShort": _thing("A place without its address.", "id location_type", **short),
        "Location": _thing(
            "A place that people come to.",
            "id location_type",
            **short,
            addresses=_list_of("Address"),
        ),
        "Address": _thing(
            "An address. A line that nobody knows is an empty text.",
            "id location_id address_1 city state_province postal_code country address_type",
            id=UUID,
            location_id=UUID,
            address_1=ADDRESS_LINE,
            city=ADDRESS_LINE,
            state_province=ADDRESS_LINE | {"description": "The council around it."},
            postal_code=ADDRESS_LINE,
            country={"type": "string", "const": "GB"},
            address_type={"type": "string", "const": "physical"},
        ),
        "PartOfService": _thing(
            "A place of the service.", needed, **link, location=ref("Location")
        ),
        "ServiceAtLocationInShort": _thing(
            "A place of a service, with the service's name and status.",
            f"{needed} name status",
            **beside,
            location=ref("LocationInShort"),
        ),
        "ServiceAtLocation": _thing(
            "A place of a service with its address, and the service.",
            f"{needed} name status service",
            **beside,
            location=ref("Location"),
            service=ref("ServiceInShort"),
        ),
        "Schedule": _thing(
            "When it takes place, in the terms of RFC 5545. Times are local (Europe/London). "
            "Without freq, it is on the day dtstart only.",
            "id service_id",
            id=UUID,
            service_id=UUID,
            valid_from=DAY,
            valid_to=DAY,
            dtstart=DAY,
            until=DAY,
            freq={"type": "string", "enum": ["WEEKLY", "MONTHLY"]},
            interval={"type": "integer", "minimum": 1},
            byday={
                "type": "string",
                "pattern": "^-?[0-9]*(MO|TU|WE|TH|FR|SA|SU)(,-?[0-9]*(MO|TU|WE|TH|FR|SA|SU))*$",
            },
            opens_at=CLOCK,
            closes_at=CLOCK,
            description=TEXT,
            notes=TEXT,
        ),
    }


def _organizations() -> dict[str, Schema]:
    short = {"id": UUID, "name": TEXT, "description": TEXT, "email": EMAIL, "website": WEB_ADDRESS}
    return {
        "OrganizationInShort": _thing("Who runs it.", "id name description", **short),
        "Organization": _thing(
            "Who runs it, with all that belongs to it.",
            "id name description",
            **short,
            phones=_list_of("Phone"),
            organization_identifiers=_list_of("OrganizationIdentifier"),
            attributes=_list_of("Attribute"),
        ),
        "OrganizationIdentifier": _thing(
            "Its number in a register; the scheme is a code of org-id.guide.",
            "id organization_id identifier_type identifier",
            id=UUID,
            organization_id=UUID,
            identifier_scheme=TEXT,
            identifier_type=TEXT,
            identifier=TEXT,
        ),
    }


def _taxonomies() -> dict[str, Schema]:
    return {
        "Taxonomy": _thing(
            "A list of words that services are tagged with.",
            "id name description",
            id=UUID,
            name=TEXT,
            description=TEXT,
            version=TEXT,
        ),
        "TaxonomyTerm": _thing(
            "One of the words. In the taxonomy of sources, the description is the attribution "
            "that must be shown wherever the entry is.",
            "id name description taxonomy taxonomy_id",
            id=UUID,
            name=TEXT,
            description=TEXT,
            parent_id=UUID,
            taxonomy=TEXT,
            taxonomy_id=UUID,
            term_uri=WEB_ADDRESS,
        ),
        "Attribute": _thing(
            "A word that a service or an organisation is tagged with.",
            "id link_id link_type link_entity taxonomy_term_id taxonomy_term",
            id=UUID,
            link_id=UUID,
            link_type={
                "type": "string",
                "enum": ["condition", "approach", "delivery", "source"],
            },
            link_entity={"type": "string", "enum": ["service", "organization"]},
            taxonomy_term_id=UUID,
            taxonomy_term=ref("TaxonomyTerm"),
        ),
    }


def _pages() -> dict[str, Schema]:
    pages = {
        "Services": {"anyOf": [ref("Service"), ref("ServiceInShort")]},
        "ServiceAtLocations": {
            "anyOf": [ref("ServiceAtLocation"), ref("ServiceAtLocationInShort")]
        },
        "Taxonomies": ref("Taxonomy"),
        "TaxonomyTerms": ref("TaxonomyTerm"),
    }
    return {
        **{name: _page_of(item) for name, item in pages.items()},
        "Attribution": _thing(
            "A source of what is on the page. Show the attribution wherever you show an entry.",
            "name attribution",
            name=TEXT,
            attribution=TEXT,
            licence=TEXT,
            url=TEXT,
        ),
        "Api": _thing(
            "Which version of the format this is, and where it is described.",
            "version profile openapi_url",
            version={"type": "string", "const": "HSDS-UK-3.0"},
            profile=WEB_ADDRESS,
            openapi_url=WEB_ADDRESS,
        ),
        "Problem": _thing(
            "Why there is no answer (RFC 9457).",
            "type title status detail",
            type=TEXT,
            title=TEXT,
            status={"type": "integer", "minimum": 400, "maximum": 599},
            detail=TEXT,
            parameter=TEXT | {"description": "Which parameter cannot be used."},
        ),
    }


def _page_of(item: Schema) -> Schema:
    return _thing(
        "A page of a list.",
        "total_items total_pages page_number size first_page last_page empty contents",
        total_items=COUNT,
        total_pages=COUNT,
        page_number={"type": "integer", "minimum": 1},
        size=COUNT,
        first_page=YES_OR_NO,
        last_page=YES_OR_NO,
        empty=YES_OR_NO,
        contents={"type": "array", "maxItems": 100, "items": item},
        attribution=_list_of("Attribution"),
    )
