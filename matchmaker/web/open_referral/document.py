"""The description of the open API for programs, in OpenAPI 3.1."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from matchmaker.web.open_referral.answers import PREFIX
from matchmaker.web.open_referral.parameters import (
    DAYS,
    FARTHEST_METRES,
    LARGEST_PAGE,
    MOST_PER_PAGE,
    OLDEST,
    PER_PAGE,
    POSTCODE,
    SEARCH_MAX_LENGTH,
    TIME,
)
from matchmaker.web.open_referral.schemas import Schema, ref, schemas

JSON = "application/json"
PROBLEM = "application/problem+json"
CLOCK = {"type": "string", "pattern": f"^{TIME}$"}
AGE = {"type": "number", "minimum": 0, "maximum": OLDEST}
NAME = {"type": "string", "format": "uuid"}
OF_SERVICES = (
    *("search", "taxonomy_term_id", "taxonomy_id", "minimum_age", "maximum_age"),
    *("start_time", "end_time", "day"),
)
OF_PAGES = ("page", "per_page")


@lru_cache(maxsize=4)
def openapi_document(public_url: str) -> dict[str, Any]:
    """The description, for the copy that is at `public_url`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Matchmaker open data",
            "version": "3.0",
            "summary": "What voluntary organisations run, in the format of Open Referral UK v3.",
            "description": (
                "For everybody, without a key. What is empty is left out. Every answer has an "
                "ETag: send it back in If-None-Match, and what has not changed comes as 304. "
                f"In plain words: {public_url}/open-data"
            ),
        },
        "servers": [{"url": f"{public_url}{PREFIX}"}],
        "paths": {
            "/": {"get": _operation("getApi", "About this API", "Api")},
            "/services": {
                "get": _list("listServices", "A page of services", "Services", OF_SERVICES)
            },
            "/services/{id}": _one(
                "getService", "A service with all that belongs to it", "Service"
            ),
            "/service_at_locations": {
                "get": _list(
                    "listServiceAtLocations",
                    "A page of the places where services are; the nearest first, where a postcode "
                    "and a distance are given",
                    "ServiceAtLocations",
                    (*OF_SERVICES, "postcode", "proximity"),
                )
            },
            "/service_at_locations/{id}": _one(
                "getServiceAtLocation", "A place where a service is", "ServiceAtLocation"
            ),
            "/taxonomies": {
                "get": _operation("listTaxonomies", "The taxonomies", "Taxonomies", OF_PAGES)
            },
            "/taxonomies/{id}": _one("getTaxonomy", "A taxonomy", "Taxonomy"),
            "/taxonomy_terms": {
                "get": _operation(
                    "listTaxonomyTerms",
                    "The terms of all taxonomies, or of one",
                    "TaxonomyTerms",
                    (*OF_PAGES, "taxonomy_id"),
                )
            },
            "/taxonomy_terms/{id}": _one("getTaxonomyTerm", "A term", "TaxonomyTerm"),
        },
        "components": {"schemas": schemas(), "parameters": _parameters()},
    }


def _list(name: str, summary: str, schema: str, parameters: tuple[str, ...]) -> Schema:
    return _operation(name, summary, schema, (*OF_PAGES, *parameters, "full"), can_change=True)


def _one(name: str, summary: str, schema: str) -> Schema:
    identified = {"name": "id", "in": "path", "required": True, "schema": NAME}
    operation = _operation(name, summary, schema, can_change=True)
    operation["responses"]["404"] = _problem("There is nothing with this id.")
    return {"parameters": [identified], "get": operation}


def _operation(
    name: str,
    summary: str,
    schema: str,
    parameters: tuple[str, ...] = (),
    *,
    can_change: bool = False,
) -> Schema:
    """A way to read something; `can_change` says that it may tell when it last changed."""
    headers = {"ETag": {"required": True, "schema": {"type": "string"}}}
    if can_change:
        headers["Last-Modified"] = {"required": False, "schema": {"type": "string"}}
    responses = {
        "200": {
            "description": summary,
            "headers": headers,
            "content": {JSON: {"schema": ref(schema)}},
        },
        "304": {"description": "It has not changed since you asked."},
    }
    if parameters:
        responses["400"] = _problem("A parameter cannot be used.")
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [{"$ref": f"#/components/parameters/{each}"} for each in parameters],
        "responses": responses,
    }


def _problem(description: str) -> Schema:
    return {"description": description, "content": {PROBLEM: {"schema": ref("Problem")}}}


def _parameters() -> dict[str, Schema]:
    said: dict[str, tuple[str, Schema]] = {
        "search": (
            "Words that all stand in its name, text, organisation or tags; or what it is for.",
            {"type": "string", "maxLength": SEARCH_MAX_LENGTH},
        ),
        "page": (
            "Which page, from 1.",
            {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": 1},
        ),
        "per_page": (
            f"How many on a page; more than {MOST_PER_PAGE} counts as {MOST_PER_PAGE}.",
            {"type": "integer", "minimum": 1, "default": PER_PAGE},
        ),
        "taxonomy_term_id": ("Tagged with this term.", NAME),
        "taxonomy_id": ("Tagged with any term of this taxonomy.", NAME),
        "minimum_age": ("The lowest age of the service is at least this.", AGE),
        "maximum_age": ("The highest age of the service is at most this.", AGE),
        "start_time": ("Begins at this time of day or later.", CLOCK),
        "end_time": ("Ends at this time of day or earlier.", CLOCK),
        "day": (
            "Takes place on this day of the week.",
            {"type": "string", "enum": list(DAYS)},
        ),
        "postcode": (
            "A postcode or its first half. Without proximity: services for people who live there.",
            {"type": "string", "pattern": f"^{POSTCODE}$"},
        ),
        "proximity": (
            "Within so many metres of the middle of that district. Without postcode: no change.",
            {"type": "number", "minimum": 0, "maximum": FARTHEST_METRES},
        ),
        "full": (
            "Every entry with all that belongs to it, and not only its own fields.",
            {"type": "boolean", "default": False},
        ),
    }
    return {
        name: {"name": name, "in": "query", "description": description, "schema": schema}
        for name, (description, schema) in said.items()
    }
