"""Find an area by what people call it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from matchmaker.vocabulary.area_files import HEALTH_KINDS, Area, AreaTables, Group, level_of
from matchmaker.vocabulary.errors import VocabularyError

_COUNCILS: Final = frozenset({"authority", "county"})
_BOARDS: Final = frozenset({"health_board", "local_health_board"})

# A bare name shared by several levels means the council, then the health body.
_PRECEDENCE: Final = (
    *("authority", "county", "icb", "health_board", "local_health_board", "trust"),
    *("partnership", "region", "nation", "country_group"),
)

_PREFIXES: Final = {
    "nhs": HEALTH_KINDS,
    "council of": _COUNCILS,
    "city and county of": _COUNCILS,
    "city of": _COUNCILS,
    "county of": _COUNCILS,
    "county borough of": _COUNCILS,
    "royal borough of": _COUNCILS,
    "london borough of": _COUNCILS,
    "metropolitan borough of": _COUNCILS,
    "borough of": _COUNCILS,
    "district of": _COUNCILS,
}
_SUFFIXES: Final = {
    "council": _COUNCILS,
    "city council": _COUNCILS,
    "city and district council": _COUNCILS,
    "county council": _COUNCILS,
    "county borough council": _COUNCILS,
    "county borough": _COUNCILS,
    "metropolitan borough council": _COUNCILS,
    "metropolitan district council": _COUNCILS,
    "metropolitan borough": _COUNCILS,
    "borough council": _COUNCILS,
    "borough": _COUNCILS,
    "district council": _COUNCILS,
    "district": _COUNCILS,
    "council area": _COUNCILS,
    "local authority": _COUNCILS,
    "unitary authority": _COUNCILS,
    "city of": _COUNCILS,
    "county of": _COUNCILS,
    "city": _COUNCILS,
    "county": _COUNCILS,
    "integrated care board": frozenset({"icb"}),
    "integrated care system": frozenset({"icb"}),
    "icb": frozenset({"icb"}),
    "ics": frozenset({"icb"}),
    "health board": _BOARDS,
    "nhs board": _BOARDS,
    "university health board": _BOARDS,
    "university": frozenset({"local_health_board"}),
    "teaching health board": _BOARDS,
    "teaching": frozenset({"local_health_board"}),
    "local health board": _BOARDS,
    "uhb": _BOARDS,
    "thb": _BOARDS,
    "lhb": _BOARDS,
    "health and social care trust": frozenset({"trust"}),
    "hsc trust": frozenset({"trust"}),
    "hsct": frozenset({"trust"}),
    "trust": frozenset({"trust"}),
    "health and social care partnership": frozenset({"partnership"}),
    "integration joint board": frozenset({"partnership"}),
    "hscp": frozenset({"partnership"}),
    "ijb": frozenset({"partnership"}),
    "region": frozenset({"region"}),
}

# The cores of Northern Ireland's trusts: "Southern" alone says nothing, "Southern Trust" does.
_BARE_DIRECTIONS: Final = frozenset({"northern", "southern", "south eastern", "western"})


# Nothing people call an area is longer; a pasted page is not peeled word by word.
_LONGEST_NAME: Final = 200


def normalise(wording: str) -> str:
    """Reduce a name to lower-case words without accents, punctuation or a leading "the"."""
    plain = unicodedata.normalize("NFKD", wording.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"[.'\u2019]", "", plain.replace("&", " and "))
    words = re.sub(r"[^a-z0-9]+", " ", plain).split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)


def peel(name: str) -> Iterator[tuple[str, frozenset[str] | None]]:
    """Take words such as "council" or "nhs" off a normalised name, one after another.

    Yields:
        What remains, the whole name first, and the kinds the words taken off allow: None before
        any was. Words that contradict earlier ones ("Dundee City HSCP") narrow nothing.
    """
    kinds: frozenset[str] | None = None
    yield name, kinds
    while peeled := _peel_longest(name):
        name, allowed = peeled
        kinds = allowed if kinds is None else kinds & allowed or kinds
        yield name, kinds


def _peel_longest(name: str) -> tuple[str, frozenset[str]] | None:
    for phrase, kinds in _LONGEST_FIRST:
        if phrase in _SUFFIXES and name.endswith(f" {phrase}"):
            return name.removesuffix(f" {phrase}"), kinds
        if phrase in _PREFIXES and name.startswith(f"{phrase} "):
            return name.removeprefix(f"{phrase} ").removeprefix("the "), kinds
    return None


_LONGEST_FIRST: Final = sorted(
    {**_SUFFIXES, **_PREFIXES}.items(), key=lambda item: (-len(item[0]), item[0])
)


class _Index:
    """The names of some areas, as they stand and without their qualifiers."""

    def __init__(self, areas: Iterable[Area], rows: Mapping[str, int]) -> None:
        self._stated: dict[str, dict[str, Area]] = {}
        self._cores: dict[str, dict[str, Area]] = {}
        for area in areas:
            for name in (area.name, *area.aliases):
                key = normalise(name)
                self._add(self._stated, key, area, rows)
                for core, _ in peel(key):
                    self._add(self._cores, core, area, rows)

    @staticmethod
    def _add(
        names: dict[str, dict[str, Area]], key: str, area: Area, rows: Mapping[str, int]
    ) -> None:
        other = names.setdefault(key, {}).setdefault(level_of(area.kind), area)
        if other is not area:
            problem = f"{key!r} also means {other.name} in row {rows[other.code]}"
            raise VocabularyError("areas.csv", f"row {rows[area.code]}, name or aliases", problem)

    def find_stated(self, name: str) -> Area | None:
        return _first(self._stated.get(name, {}).values(), None)

    def find_core(self, name: str) -> Area | None:
        for core, kinds in peel(name):
            if kinds is None and core in _BARE_DIRECTIONS:
                continue
            if area := _first(self._cores.get(core, {}).values(), kinds):
                return area
        return None


def _first(areas: Iterable[Area], kinds: frozenset[str] | None) -> Area | None:
    allowed = [area for area in areas if kinds is None or area.kind in kinds]
    return min(allowed, key=lambda area: _PRECEDENCE.index(area.kind), default=None)


class AreaNames:
    """Names of areas and of groups of areas, resolved without regard to case or punctuation.

    The order of trust: a name or alias of a current area as it stands, a group, a current area
    without qualifiers ("Fife Council", "Belfast Trust", "NHS Devon ICB"), then the names of
    superseded areas in the same two ways.
    """

    def __init__(self, tables: AreaTables) -> None:
        """Index the names.

        Raises:
            VocabularyError: one name means two areas of the same level, or an area and a group.
        """
        areas = tables.areas.values()
        self._current = _Index((area for area in areas if area.is_current), tables.rows)
        self._old = _Index((area for area in areas if not area.is_current), tables.rows)
        self._groups: dict[str, Group] = {}
        for group in tables.groups:
            for name in (group.name, *group.aliases):
                key = normalise(name)
                if self._current.find_stated(key) or key in self._groups:
                    problem = f"{name!r} means something else already"
                    raise VocabularyError(
                        "groups.csv", f"row {group.row}, name or aliases", problem
                    )
                self._groups[key] = group

    def find(self, wording: str) -> tuple[str, ...]:
        """Return the codes a name stands for, superseded ones as they are; empty when unknown."""
        if len(wording) > _LONGEST_NAME:
            return ()
        name = normalise(wording)
        if area := self._current.find_stated(name):
            return (area.code,)
        if group := self._groups.get(name):
            return group.areas
        area = (
            self._current.find_core(name)
            or self._old.find_stated(name)
            or self._old.find_core(name)
        )
        return (area.code,) if area else ()
