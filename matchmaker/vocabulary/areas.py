"""The areas of the United Kingdom: which is inside which, which are next door, and reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from matchmaker.vocabulary.area_files import (
    HEALTH_KINDS,
    KINDS,
    Area,
    AreaTables,
    ancestors,
    level_of,
    read_tables,
)
from matchmaker.vocabulary.area_names import AreaNames, normalise

__all__ = ["HEALTH_KINDS", "KINDS", "LOCAL_KINDS", "Area", "Areas", "load_areas"]

LOCAL_KINDS: Final = frozenset(KINDS) - {"country_group", "nation", "region"}
"""Kinds small enough to have somebody next door."""

_SERVED: Final = 1.0
_SERVED_FROM_AROUND: Final = {
    **dict.fromkeys(LOCAL_KINDS, 0.9),
    "region": 0.8,
    "nation": 0.7,
    # What serves the whole United Kingdom serves each nation as much as its own would.
    "country_group": 0.7,
}
_SAME_BOARD: Final = 0.5
_NEXT_DOOR: Final = 0.4


class Areas:
    """Every area, current and superseded, and how they lie to one another.

    Iteration and `in` cover every known code. All other methods answer in current codes: a
    superseded code stands for its successors. A code that is not known raises KeyError
    everywhere but in `resolve`.
    """

    def __init__(self, tables: AreaTables) -> None:
        """Take checked tables; see `load_areas` for the shipped ones.

        Raises:
            VocabularyError: a name is ambiguous.
        """
        self._areas = tables.areas
        self._successors = tables.successors
        self._neighbours = tables.neighbours
        self._rural = tables.rural
        self._names = AreaNames(tables)
        self._reach: dict[str, Mapping[str, float]] = {}
        self._around = {area.code: ancestors(tables.areas, area.code) for area in self.current}
        self._inside: dict[str, set[str]] = {area.code: {area.code} for area in self.current}
        for code, around in self._around.items():
            for parent in around:
                self._inside[parent].add(code)

    def __getitem__(self, code: str) -> Area:
        """Return the area of exactly this code, superseded or not; KeyError when unknown."""
        return self._areas[code]

    def __contains__(self, code: object) -> bool:
        """Whether exactly this code is known, superseded or not."""
        return code in self._areas

    def __iter__(self) -> Iterator[str]:
        """Iterate over every known code, superseded ones last."""
        return iter(self._areas)

    def __len__(self) -> int:
        """Return the number of known codes."""
        return len(self._areas)

    @cached_property
    def current(self) -> tuple[Area, ...]:
        """The areas that no successor has taken over, in file order: widest kinds first."""
        return tuple(area for area in self._areas.values() if area.is_current)

    def by_kind(self, kind: str) -> tuple[Area, ...]:
        """Return the current areas of one of `KINDS`, sorted by name, as for a drop-down list.

        Raises:
            ValueError: there is no such kind.
        """
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is none of {', '.join(KINDS)}")
        found = (area for area in self.current if area.kind == kind)
        return tuple(sorted(found, key=lambda area: normalise(area.name)))

    def label(self, code: str) -> str:
        """Return the name a person reads, such as "NHS Fife"."""
        return self._areas[code].name

    def resolve(self, wording: str) -> frozenset[str]:
        """Return the current codes that a code, a name or an ONS address of an area stands for.

        Case and punctuation do not matter, nor do words such as "Council", "City of",
        "Integrated Care Board" or "Health and Social Care Partnership", which narrow the choice
        where they are given. A bare name shared by several levels means the council: "Fife" is
        the council, "NHS Fife" the board. A superseded area gives its successors; one that was
        split gives the authorities it had, because no successor covers the same ground. A place
        that is no single area, such as Merseyside or Great Britain, gives its parts.

        Returns:
            The codes; empty when the wording is not known.
        """
        code = wording.strip()
        if "://" in code:
            code = code.rstrip("/").rsplit("/", 1)[-1]
        code = code.upper()
        found = (code,) if code in self._areas else self._names.find(wording)
        return frozenset(current for each in found for current in self._current_codes(each))

    def within(self, code: str) -> frozenset[str]:
        """Return every area that contains this one, itself not included."""
        return self._union(self._around, code)

    def authorities(self, code: str) -> frozenset[str]:
        """Return the authorities inside an area; an authority is inside itself."""
        inside = self._union(self._inside, code)
        return frozenset(each for each in inside if self._areas[each].kind == "authority")

    def is_rural(self, code: str) -> bool | None:
        """Whether an area is mostly rural; None where it is wider than an authority.

        An authority that was split or merged is rural if one of its successors is.
        """
        current = self._current_codes(code)
        if any(self._areas[each].kind != "authority" for each in current):
            return None
        return not self._rural.isdisjoint(current)

    def adjacent(self, code: str) -> frozenset[str]:
        """Return the areas of the same level that share no authority but border, bridge or ferry.

        Boards, trusts and integrated care boards are one level, so that Powys has Shropshire's
        board next door.
        """
        found: set[str] = set()
        for current in self._current_codes(code):
            level = level_of(self._areas[current].kind)
            own = self.authorities(current)
            for near in self._beside(own):
                for other in (near, *self._around[near]):
                    same_level = level_of(self._areas[other].kind) == level
                    if same_level and own.isdisjoint(self.authorities(other)):
                        found.add(other)
        return frozenset(found)

    def reach(self, sought: str, offered: str) -> float:
        """Say how well a programme that serves `offered` reaches somebody who seeks `sought`.

        The first line that holds decides:

        - 1.0: `offered` is `sought` or lies inside it.
        - 0.9 where `offered` is a county, partnership, board, trust or integrated care board,
          0.8 a region, 0.7 a nation or the United Kingdom: `offered` lies around `sought`, or
          shares an authority with it (a board across the border of two regions). The United
          Kingdom is not below a nation, because what serves all of it serves each nation.
        - 0.5: both are local (no region, nor wider) and `offered` lies inside a board, trust or
          integrated care board that has an authority of `sought`.
        - 0.4: both are local, and an authority of one borders an authority of the other, or is
          joined to it by a bridge, tunnel or ferry.
        - 0.0 otherwise: no way to reach each other in person.

        A superseded code counts as its successors, and the best pair of alternatives is taken.
        """
        reach = self.reach_map(sought)
        return max(reach.get(each, 0.0) for each in self._current_codes(offered))

    def reach_map(self, sought: str) -> Mapping[str, float]:
        """Return `reach` from `sought` to every current code where it is above 0."""
        found = self._reach.get(sought)
        if found is None:
            best: dict[str, float] = {}
            for current in self._current_codes(sought):
                for offered, value in self._reach_from(current).items():
                    best[offered] = max(value, best.get(offered, 0.0))
            found = self._reach[sought] = MappingProxyType(best)
        return found

    def _reach_from(self, sought: str) -> dict[str, float]:
        """Write the weakest ties first, so that stronger ones replace them."""
        own = self.authorities(sought)
        around = {code for each in own for code in self._around[each]}
        reach: dict[str, float] = {}
        if self._areas[sought].kind in LOCAL_KINDS:
            for near in self._beside(own):
                local = {code for code in self._around[near] if self._is_local(code)}
                reach.update(dict.fromkeys((near, *local), _NEXT_DOOR))
            for board in around:
                if self._areas[board].kind in HEALTH_KINDS:
                    reach.update(dict.fromkeys(self._inside[board], _SAME_BOARD))
        for code in around:
            reach[code] = _SERVED_FROM_AROUND[self._areas[code].kind]
        reach.update(dict.fromkeys(self._inside[sought], _SERVED))
        return reach

    def _beside(self, authorities: frozenset[str]) -> frozenset[str]:
        return frozenset().union(*(self._neighbours[code] for code in authorities)) - authorities

    def _is_local(self, code: str) -> bool:
        return self._areas[code].kind in LOCAL_KINDS

    def _union(self, sets: Mapping[str, frozenset[str] | set[str]], code: str) -> frozenset[str]:
        return frozenset().union(*(sets[current] for current in self._current_codes(code)))

    def _current_codes(self, code: str) -> tuple[str, ...]:
        if self._areas[code].is_current:
            return (code,)
        found = (
            current
            for successor in self._successors[code]
            for current in self._current_codes(successor)
        )
        return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1)
def load_areas() -> Areas:
    """Load the shipped tables once a process.

    Raises:
        VocabularyError: a table is wrong; the message says file, row, field and why.
    """
    return Areas(read_tables(Path(__file__).with_name("data")))
