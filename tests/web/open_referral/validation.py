"""Holding answers of the open API to its own description, and to nothing besides it."""

from __future__ import annotations

import copy
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

FORMATS = FormatChecker(["uuid", "date", "email"])


def validator_for(document: dict[str, Any], name: str) -> Draft202012Validator:
    """A validator for the schema `name`, which allows no field that is not described."""
    components = copy.deepcopy(document["components"])
    for schema in components["schemas"].values():
        if schema.get("type") == "object":
            schema["additionalProperties"] = False
    whole = {"$ref": f"#/components/schemas/{name}", "components": components}
    return Draft202012Validator(whole, format_checker=FORMATS)
