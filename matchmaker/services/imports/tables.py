"""A table from a CSV file or from JSON Lines: its columns, its rows, and which column is which."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _

from matchmaker.services.imports.csv_file import CsvRow, parse_csv
from matchmaker.services.imports.json_feed import check_count, read_json_lines
from matchmaker.services.imports.records import Limits
from matchmaker.services.imports.report import BrokenFile

MOST_COLUMNS = 200

# What a column may mean, and the headings by which we guess that it does.
FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": ("name", "title", "programme", "programme name", "service", "project", "activity"),
        "description": ("description", "summary", "about", "details", "activities", "text"),
        "organisation": (
            *("organisation", "organization", "organisation name", "provider", "charity"),
            *("recipient", "run by", "who runs it"),
        ),
        "registration": (
            *("registration", "charity number", "charity no", "registered number", "org id"),
        ),
        "id": ("id", "identifier", "reference", "ref"),
        "conditions": ("conditions", "condition", "health conditions"),
        "approaches": ("approaches", "approach", "kinds of support", "support"),
        "categories": ("categories", "category", "topics", "tags", "type"),
        "areas": ("areas", "area", "area served", "areas served", "council", "region", "location"),
        "min_age": ("min age", "minimum age", "age from", "youngest", "youngest age"),
        "max_age": ("max age", "maximum age", "age to", "oldest", "oldest age"),
        "delivery": ("delivery", "how it happens", "online or in person"),
        "cost": ("cost", "price", "fees", "what it costs"),
        "website": ("website", "web", "url", "web address", "link"),
        "email": ("email", "e mail", "email address", "public email"),
        "phone": ("phone", "telephone", "tel", "phone number", "public phone"),
        "venue": ("venue", "place", "location name"),
        "address": ("address", "street", "street address"),
        "town": ("town", "city"),
        "postcode": ("postcode", "post code", "postal code"),
        "last_checked": ("last checked", "checked on", "last reviewed", "assured date"),
    }
)
REQUIRED = ("name", "description", "organisation")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns in the order of the file, and rows."""

    columns: Sequence[str]
    rows: Sequence[CsvRow]


def read_table(data: bytes, name: str, limits: Limits) -> Table:
    """Read a CSV file, or JSON Lines whose objects may hold others (then "ages.from").

    Args:
        data: UTF-8.
        name: What messages call the file.
        limits: How much is read at most.

    Raises:
        BrokenFile: It cannot be read as a whole.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _read_json_lines(data, name, limits)
    columns, rows = parse_csv(data, name, limits)
    if len(columns) > MOST_COLUMNS:
        raise _too_many_columns(name)
    return Table([column for column in columns if column], rows)


def guess_columns(columns: Sequence[str]) -> dict[str, str]:
    """Which column holds what, as far as its heading says; the first that fits is taken."""
    by_heading: dict[str, str] = {}
    for column in columns:
        by_heading.setdefault(_words(column), column)
        by_heading.setdefault(_words(column.rpartition(".")[2]), column)
    guessed: dict[str, str] = {}
    for field, headings in FIELDS.items():
        found = [by_heading[heading] for heading in headings if heading in by_heading]
        free = [column for column in found if column not in guessed.values()]
        if free:
            guessed[field] = free[0]
    return guessed


def _words(heading: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", heading.casefold()))


def _read_json_lines(data: bytes, name: str, limits: Limits) -> Table:
    columns: dict[str, None] = {}
    rows = []
    for number, content in read_json_lines(data, name, limits):
        if not isinstance(content, dict):
            raise BrokenFile(name, number, "row", _("it is not an object with names and values"))
        cells = _cells(content, "")
        columns.update(dict.fromkeys(cells))
        if len(columns) > MOST_COLUMNS:
            raise _too_many_columns(name)
        rows.append(CsvRow(number, cells))
    check_count(len(rows), name, limits)
    return Table(list(columns), rows)


def _cells(content: Mapping[str, Any], prefix: str) -> dict[str, str]:
    """What an object holds as text, also inside its parts, as deep as they go."""
    cells: dict[str, str] = {}
    waiting: list[tuple[str, Any]] = [(f"{prefix}{key}", part) for key, part in content.items()]
    while waiting:
        key, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting += [(f"{key}.{inner}", part) for inner, part in value.items()]
        elif isinstance(value, list):
            cells[key] = "; ".join(str(part) for part in value if isinstance(part, (str, int)))
        elif value is not None:
            cells[key] = str(value)
    return cells


def _too_many_columns(name: str) -> BrokenFile:
    return BrokenFile(
        name, None, "header", _("it has more than %(most)s columns", most=MOST_COLUMNS)
    )
