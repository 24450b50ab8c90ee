"""Read the area tables and refuse them, with file, row and field, when they are wrong."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from matchmaker.vocabulary.errors import VocabularyError

KINDS: Final = (
    "country_group",
    "nation",
    "region",
    "health_board",
    "local_health_board",
    "trust",
    "icb",
    "partnership",
    "county",
    "authority",
)
"""Every kind of area, widest first. `health_board` is Scotland's, `local_health_board` is Wales's,
`trust` is Northern Ireland's, `icb` is England's; `partnership` is Scotland's health and social
care partnership, and `county` is an English county council with districts inside it."""

HEALTH_KINDS: Final = frozenset({"health_board", "local_health_board", "trust", "icb"})
"""The bodies that run a nation's health services in one part of it."""

LINKS: Final = frozenset({"border", "bridge", "tunnel", "ferry"})

_COLUMNS: Final = {
    "areas.csv": (
        *("code", "name", "kind", "parents", "latitude", "longitude"),
        *("valid_from", "valid_to", "aliases"),
    ),
    "adjacency.csv": ("a", "b", "kind", "note"),
    "successors.csv": ("code", "successor", "from"),
    "groups.csv": ("name", "areas", "aliases"),
    "rural.csv": ("code", "name"),
}
_BOUNDS: Final = {"latitude": (49.0, 61.5), "longitude": (-9.0, 2.5)}
_CODE: Final = re.compile(r"[A-Z0-9]{4,9}")


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the United Kingdom that people work in or that a programme serves.

    Attributes:
        code: the official (GSS) code; Northern Ireland's trusts have none and keep their letters.
        name: what a person reads.
        kind: one of `KINDS`.
        parents: codes of the areas directly around it; an English district has its county, its
            region and its integrated care board.
        latitude: degrees north of the centre (WGS 84); None where the tables have no centre.
        longitude: degrees east of the centre.
        valid_from: the day the code came into force, None for before the tables begin.
        valid_to: the day its successors took over, None while it is current.
        aliases: other names people use.
    """

    code: str
    name: str
    kind: str
    parents: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    valid_from: str | None
    valid_to: str | None
    aliases: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Whether no successor has taken over."""
        return self.valid_to is None


@dataclass(frozen=True, slots=True)
class Group:
    """A place people name that is no area of its own, such as Merseyside, and its areas' codes."""

    row: int
    name: str
    areas: tuple[str, ...]
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaTables:
    """The checked content of the five files.

    Attributes:
        areas: every area, superseded ones included, by code in file order.
        neighbours: for each current authority, the authorities it can be travelled to from.
        successors: for each superseded code, the codes that took over, which may be superseded too.
        groups: named groups of current areas.
        rural: the current authorities in which many live far from a town.
        rows: the row of `areas.csv` each code stands in, for messages.
    """

    areas: Mapping[str, Area]
    neighbours: Mapping[str, frozenset[str]]
    successors: Mapping[str, tuple[str, ...]]
    groups: tuple[Group, ...]
    rural: frozenset[str]
    rows: Mapping[str, int]


def level_of(kind: str) -> str:
    """Return the level a kind belongs to: the four kinds of health body are one level."""
    return "health" if kind in HEALTH_KINDS else kind


def read_tables(folder: Path) -> AreaTables:
    """Read `areas.csv` and the four files about the areas in it from `folder`.

    Raises:
        VocabularyError: a file is missing or wrong; the message says file, row, field and why.
    """
    areas, rows = _read_areas(folder)
    _check_hierarchy(areas, rows)
    return AreaTables(
        areas=areas,
        neighbours=_read_adjacency(folder, areas),
        successors=_read_successors(folder, areas, rows),
        groups=_read_groups(folder, areas),
        rural=_read_rural(folder, areas),
        rows=rows,
    )


def _read_rows(folder: Path, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the row number, as an editor counts lines, and the fields of each row."""
    columns = _COLUMNS[file]
    try:
        with (folder / file).open(encoding="utf-8", newline="") as lines:
            reader = csv.reader(lines)
            if tuple(next(reader, ())) != columns:
                raise VocabularyError(file, "row 1", f"columns must be {', '.join(columns)}")
            for fields in reader:
                where = f"row {reader.line_num}"
                if len(fields) != len(columns):
                    problem = f"has {len(fields)} fields, not {len(columns)}"
                    raise VocabularyError(file, where, problem)
                row = dict(zip(columns, fields, strict=True))
                for column, value in row.items():
                    if value != value.strip():
                        raise VocabularyError(file, f"{where}, {column}", "has space around it")
                yield reader.line_num, row
    except OSError as error:
        raise VocabularyError(file, "file", f"cannot be read: {error.strerror}") from error


def _read_areas(folder: Path) -> tuple[dict[str, Area], dict[str, int]]:
    areas: dict[str, Area] = {}
    rows: dict[str, int] = {}
    for number, row in _read_rows(folder, "areas.csv"):
        code = row["code"]
        where = f"row {number}"
        if not _CODE.fullmatch(code):
            raise VocabularyError("areas.csv", f"{where}, code", f"{code!r} is not a code")
        if code in areas:
            problem = f"{code} stands in row {rows[code]} already"
            raise VocabularyError("areas.csv", f"{where}, code", problem)
        if not row["name"]:
            raise VocabularyError("areas.csv", f"{where}, name", "is empty")
        if row["kind"] not in KINDS:
            problem = f"{row['kind']!r} is none of {', '.join(KINDS)}"
            raise VocabularyError("areas.csv", f"{where}, kind", problem)
        valid_from = _read_date("areas.csv", where, "valid_from", row)
        valid_to = _read_date("areas.csv", where, "valid_to", row)
        if valid_from and valid_to and valid_from >= valid_to:
            problem = f"{valid_to} is not after valid_from {valid_from}"
            raise VocabularyError("areas.csv", f"{where}, valid_to", problem)
        areas[code] = Area(
            code=code,
            name=row["name"],
            kind=row["kind"],
            parents=tuple(row["parents"].split()),
            latitude=_read_degrees(where, "latitude", row),
            longitude=_read_degrees(where, "longitude", row),
            valid_from=valid_from,
            valid_to=valid_to,
            aliases=_read_list(row["aliases"]),
        )
        rows[code] = number
    return areas, rows


def _read_list(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(";") if item.strip())


def _read_date(file: str, where: str, column: str, row: Mapping[str, str]) -> str | None:
    if not row[column]:
        return None
    try:
        return date.fromisoformat(row[column]).isoformat()
    except ValueError as error:
        problem = f"{row[column]!r} is not a date like 2026-04-01"
        raise VocabularyError(file, f"{where}, {column}", problem) from error


def _read_degrees(where: str, column: str, row: Mapping[str, str]) -> float | None:
    if not row[column]:
        return None
    low, high = _BOUNDS[column]
    try:
        degrees = float(row[column])
    except ValueError:
        degrees = float("nan")
    if not low <= degrees <= high:
        problem = f"{row[column]!r} is not a number between {low} and {high}"
        raise VocabularyError("areas.csv", f"{where}, {column}", problem)
    return degrees


def _check_hierarchy(areas: Mapping[str, Area], rows: Mapping[str, int]) -> None:
    """Hold that parents are known, current and wider, and that every area has its nation.

    A parent must be of a wider kind, which is also what rules out cycles.
    """
    for area in areas.values():
        where = f"row {rows[area.code]}, parents"
        for code in area.parents:
            parent = areas.get(code)
            if parent is None:
                raise VocabularyError("areas.csv", where, f"{code} is not known")
            if not parent.is_current:
                raise VocabularyError("areas.csv", where, f"{code} is superseded")
            if KINDS.index(parent.kind) >= KINDS.index(area.kind):
                problem = f"{code} is a {parent.kind}, which cannot be around a {area.kind}"
                raise VocabularyError("areas.csv", where, problem)
    for area in areas.values():
        if area.kind == "country_group":
            continue
        nations = {code for code in ancestors(areas, area.code) if areas[code].kind == "nation"}
        if area.kind != "nation" and len(nations) != 1:
            problem = f"{area.code} is inside {len(nations)} nations, not one"
            raise VocabularyError("areas.csv", f"row {rows[area.code]}, parents", problem)


def ancestors(areas: Mapping[str, Area], code: str) -> frozenset[str]:
    """Return the codes of every area around `code`, itself not included."""
    found: set[str] = set()
    waiting = list(areas[code].parents)
    while waiting:
        parent = waiting.pop()
        if parent not in found:
            found.add(parent)
            waiting.extend(areas[parent].parents)
    return frozenset(found)


def _find_current(
    areas: Mapping[str, Area], code: str, *, file: str, where: str, kind: str | None = None
) -> Area:
    area = areas.get(code)
    if area is None:
        raise VocabularyError(file, where, f"{code!r} is not known")
    if not area.is_current:
        raise VocabularyError(file, where, f"{code} is superseded")
    if kind is not None and area.kind != kind:
        raise VocabularyError(file, where, f"{code} is a {area.kind}, not an {kind}")
    return area


def _read_adjacency(folder: Path, areas: Mapping[str, Area]) -> dict[str, frozenset[str]]:
    """Read each pair once, from the smaller code to the larger, and return it both ways."""
    file = "adjacency.csv"
    neighbours: dict[str, set[str]] = {
        area.code: set() for area in areas.values() if area.kind == "authority" and area.is_current
    }
    for number, row in _read_rows(folder, file):
        where = f"row {number}"
        a, b = (
            _find_current(areas, row[end], file=file, where=f"{where}, {end}", kind="authority")
            for end in ("a", "b")
        )
        if row["kind"] not in LINKS:
            problem = f"{row['kind']!r} is none of {', '.join(sorted(LINKS))}"
            raise VocabularyError(file, f"{where}, kind", problem)
        if row["kind"] != "border" and not row["note"]:
            raise VocabularyError(file, f"{where}, note", f"must name the {row['kind']}")
        if a.code >= b.code:
            raise VocabularyError(file, f"{where}, b", f"{b.code} must come after {a.code}")
        if b.code in neighbours[a.code]:
            raise VocabularyError(file, where, f"{a.code} and {b.code} are linked twice")
        neighbours[a.code].add(b.code)
        neighbours[b.code].add(a.code)
    return {code: frozenset(others) for code, others in neighbours.items()}


def _read_successors(
    folder: Path, areas: Mapping[str, Area], rows: Mapping[str, int]
) -> dict[str, tuple[str, ...]]:
    file = "successors.csv"
    successors: dict[str, tuple[str, ...]] = {}
    for number, row in _read_rows(folder, file):
        where = f"row {number}"
        old, new = row["code"], row["successor"]
        for column, code in (("code", old), ("successor", new)):
            if code not in areas:
                raise VocabularyError(file, f"{where}, {column}", f"{code!r} is not known")
        taken_over = _read_date(file, where, "from", row)
        if taken_over is None or taken_over != areas[old].valid_to:
            problem = f"must be the day {old} ends in areas.csv, {areas[old].valid_to}"
            raise VocabularyError(file, f"{where}, from", problem)
        # A successor that ends later keeps time going forwards, and so rules out cycles.
        if (areas[new].valid_to or "9999") <= taken_over:
            raise VocabularyError(file, f"{where}, successor", f"{new} had ended by {taken_over}")
        if new in successors.get(old, ()):
            raise VocabularyError(file, f"{where}, successor", f"{old} has {new} already")
        successors[old] = (*successors.get(old, ()), new)
    for area in areas.values():
        if not area.is_current and area.code not in successors:
            where = f"row {rows[area.code]}, valid_to"
            raise VocabularyError("areas.csv", where, f"{area.code} has no successor")
    return successors


def _read_groups(folder: Path, areas: Mapping[str, Area]) -> tuple[Group, ...]:
    groups: list[Group] = []
    for number, row in _read_rows(folder, "groups.csv"):
        where = f"row {number}, areas"
        codes = tuple(row["areas"].split())
        for code in codes:
            _find_current(areas, code, file="groups.csv", where=where)
        if len(set(codes)) < 2:
            raise VocabularyError("groups.csv", where, "must be two different areas or more")
        groups.append(Group(number, row["name"], codes, _read_list(row["aliases"])))
    return tuple(groups)


def _read_rural(folder: Path, areas: Mapping[str, Area]) -> frozenset[str]:
    file = "rural.csv"
    rural: set[str] = set()
    for number, row in _read_rows(folder, file):
        where = f"row {number}"
        area = _find_current(
            areas, row["code"], file=file, where=f"{where}, code", kind="authority"
        )
        if row["name"] != area.name:
            problem = f"{area.code} is {area.name}, not {row['name']!r}"
            raise VocabularyError(file, f"{where}, name", problem)
        if area.code in rural:
            raise VocabularyError(file, f"{where}, code", f"{area.code} is named twice")
        rural.add(area.code)
    return frozenset(rural)
