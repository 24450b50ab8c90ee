"""The columns that a directory is narrowed and sorted by, of every public programme, in memory.

A search ranks tens of thousands of programmes and then asks of each whether it is free, for whom,
where and how. Fetching that from the database for every search would take far longer than the
search, so that each process keeps these few columns and follows what changes, as it does with the
index. What a page shows is read from the database, as it is that moment.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, select

from matchmaker.engine import Ages, Delivery
from matchmaker.models import (
    Programme,
    ProgrammeArea,
    ProgrammeLocation,
    ProgrammeStatus,
)
from matchmaker.services.clock import london_date
from matchmaker.services.places import EARTH_RADIUS_MILES, Centre
from matchmaker.services.public_record import is_public
from matchmaker.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Places = NDArray[np.intp]
"""Where programmes stand in a catalogue."""

NEVER = -1
"""Day of the check of an entry that nobody has checked."""

# Reach from which an area around a place is near: an authority's or a board's, not a nation's.
NEAR_FROM = 0.9
# How many ids one statement asks for: both databases limit the parameters of a statement.
IDS_AT_ONCE = 1000

_EPOCH = date(1970, 1, 1)
_ROW = np.dtype(
    [
        ("id", np.int64),
        ("youngest", np.int16),
        ("oldest", np.int16),
        ("is_in_person", np.bool_),
        ("is_online", np.bool_),
        ("is_free", np.bool_),
        ("takes_nobody", np.bool_),
        ("is_limited", np.bool_),
        ("checked", np.int32),
        ("area_set", np.int32),
        ("name", "U40"),
    ]
)
_POINT = np.dtype([("id", np.int64), ("latitude", np.float64), ("longitude", np.float64)])


@dataclass(frozen=True)
class Catalogue:
    """Every public programme that takes people on, in the order of the ids; never altered.

    Attributes:
        rows: One for each programme. `checked` is in days since 1970, or `NEVER`; `takes_nobody`
            says that its places a month are none, `is_limited` that their number is known;
            `area_set` is a place in `area_sets`; `name` is
            the beginning of its name, to sort by.
        area_sets: The different sets of areas that programmes serve, as current codes.
        points: Where people come to, of those programmes that say so, by programme.
    """

    rows: NDArray[np.void]
    area_sets: tuple[tuple[str, ...], ...]
    points: NDArray[np.void]

    @classmethod
    def read(cls, session: Session) -> Catalogue:
        """Read every public programme."""
        return cls._of(*_load(session, None))

    @classmethod
    def _of(
        cls,
        rows: NDArray[np.void],
        area_sets: Sequence[tuple[str, ...]],
        points: NDArray[np.void],
    ) -> Catalogue:
        """Put in order what was read."""
        points = points[np.argsort(points["id"], kind="stable")]
        return cls(rows[np.argsort(rows["id"])], tuple(area_sets), points)

    def with_changes(self, session: Session, ids: Collection[int]) -> Catalogue:
        """The same catalogue with some programmes read anew, or gone."""
        rows, area_sets, points = _load(session, ids)
        rows["area_set"] += len(self.area_sets)
        changed = np.array(sorted(ids), dtype=np.int64)
        kept_rows = self.rows[~np.isin(self.rows["id"], changed)]
        kept_points = self.points[~np.isin(self.points["id"], changed)]
        return self._of(
            np.concatenate((kept_rows, rows)),
            (*self.area_sets, *area_sets),
            np.concatenate((kept_points, points)),
        )

    def __len__(self) -> int:
        """How many programmes there are."""
        return len(self.rows)

    def prepare(self) -> None:
        """Work out now what searches would work out when they first need it."""
        _ = self.columns, self.by_name, self.is_located, self._members, self._programmes_of_points

    @cached_property
    def columns(self) -> Mapping[str, NDArray[Any]]:
        """The fields of `rows` but the name, each by itself.

        Among all the others a field is spread over ten megabytes, and a search looks at a dozen.
        """
        names = (name for name in _ROW.names or () if name != "name")
        return {name: np.ascontiguousarray(self.rows[name]) for name in names}

    def places_of(self, ids: NDArray[np.int64]) -> Places:
        """Where some programmes stand; -1 for each that is not here."""
        if not len(self):
            return np.full(len(ids), -1, dtype=np.intp)
        places = np.minimum(np.searchsorted(self.columns["id"], ids), len(self) - 1)
        return np.where(self.columns["id"][places] == ids, places, -1)

    @cached_property
    def by_name(self) -> Places:
        """The place of each programme in the order of their names, ties by id."""
        ranks = np.empty(len(self), dtype=np.intp)
        ranks[np.argsort(self.rows["name"], kind="stable")] = np.arange(len(self))
        return ranks

    @cached_property
    def is_located(self) -> Flags:
        """Whether it is known where a programme works."""
        has_areas = np.array([bool(each) for each in self.area_sets], dtype=np.bool_)
        located: Flags = has_areas[self.columns["area_set"]]
        return located

    def reach(self, area_codes: Iterable[str]) -> Floats:
        """How well each programme serves the nearest of some areas; see `Areas.reach`."""
        areas = load_vocabulary().areas
        best: dict[str, float] = {}
        for sought in area_codes:
            for offered, reach in areas.reach_map(sought).items():
                best[offered] = max(reach, best.get(offered, 0.0))
        of_codes = np.array([*(best.get(code, 0.0) for code in self._codes), 0.0])
        return self._of_sets(np.maximum, of_codes)

    def miles(self, centre: Centre | None, reach: Floats) -> Floats:
        """How far people go to each programme; infinity where nobody knows, or it is online only.

        From the nearest of its points. One that names none is at hand where it serves the area,
        and otherwise as far as the middle of the nearest area that it serves.
        """
        if centre is None:
            far = np.full(len(self), np.inf)
        else:
            areas = load_vocabulary().areas
            middles = [(areas[code].latitude, areas[code].longitude) for code in self._codes]
            degrees = np.array(middles, dtype=np.float64).reshape(-1, 2)
            to_codes = np.append(_miles_between(centre, degrees[:, 0], degrees[:, 1]), np.inf)
            # A middle that is not known is not a number, which no comparison chooses.
            far = self._of_sets(np.fmin, to_codes)
        far[np.isnan(far)] = np.inf
        far[reach >= NEAR_FROM] = 0.0
        if centre is not None and len(self.points):
            own = _miles_between(centre, self.points["latitude"], self.points["longitude"])
            programmes, starts = self._programmes_of_points
            far[programmes] = np.minimum.reduceat(own, starts)
        far[~self.columns["is_in_person"]] = np.inf
        return far

    @cached_property
    def _programmes_of_points(self) -> tuple[Places, Places]:
        """The programmes that have points, by their place, and where the points of each begin."""
        programmes, starts = np.unique(self.places_of(self.points["id"]), return_index=True)
        return programmes, starts

    @cached_property
    def _codes(self) -> tuple[str, ...]:
        return tuple(sorted({code for areas in self.area_sets for code in areas}))

    @cached_property
    def _members(self) -> tuple[Places, Places]:
        """The codes of all sets one after the other, by their place, and where each set begins.

        An empty set has one code, which is none.
        """
        places = {code: place for place, code in enumerate(self._codes)}
        none = (len(places),)
        members = [tuple(places[code] for code in areas) or none for areas in self.area_sets]
        starts = np.cumsum([0, *map(len, members)])[:-1]
        return np.array([each for some in members for each in some], dtype=np.intp), starts

    def _of_sets(self, best: np.ufunc, of_codes: Floats) -> Floats:
        """The best value among the areas of each programme."""
        if not self.area_sets:
            return np.zeros(len(self))
        members, starts = self._members
        of_sets = best.reduceat(of_codes[members], starts)
        of_programmes: Floats = of_sets[self.columns["area_set"]]
        return of_programmes


def days_since_epoch(day: date) -> int:
    """A day as a catalogue writes it."""
    return (day - _EPOCH).days


def _miles_between(centre: Centre, latitudes: Floats, longitudes: Floats) -> Floats:
    """Great-circle distances, as `Centre.miles_to` has one."""
    here, there = math.radians(centre.latitude), np.radians(latitudes)
    across = np.radians(longitudes - centre.longitude)
    half_chords = (
        np.sin((there - here) / 2) ** 2 + math.cos(here) * np.cos(there) * np.sin(across / 2) ** 2
    )
    miles: Floats = 2 * EARTH_RADIUS_MILES * np.arcsin(np.sqrt(half_chords))
    return miles


def _load(
    session: Session, ids: Collection[int] | None
) -> tuple[NDArray[np.void], list[tuple[str, ...]], NDArray[np.void]]:
    """All public programmes, or those among `ids`; 3 queries for each 1,000."""
    rows: list[tuple[Any, ...]] = []
    points: list[tuple[int, float, float]] = []
    sets: dict[tuple[str, ...], int] = {}
    for some in _in_portions(ids):
        areas = _areas(session, some)
        for row in session.execute(_those(some, *_COLUMNS)):
            served = areas.get(row.id, ())
            rows.append((*_plain(row), sets.setdefault(served, len(sets)), row.name.casefold()))
        located = _those(
            some, Programme.id, ProgrammeLocation.latitude, ProgrammeLocation.longitude
        )
        points += [
            (programme_id, latitude, longitude)
            for programme_id, latitude, longitude in session.execute(
                located.join(ProgrammeLocation, ProgrammeLocation.programme_id == Programme.id)
                .where(ProgrammeLocation.latitude.is_not(None))
                .order_by(ProgrammeLocation.id)
            )
        ]
    return np.array(rows, dtype=_ROW), list(sets), np.array(points, dtype=_POINT)


_COLUMNS = (
    Programme.id,
    Programme.name,
    Programme.min_age,
    Programme.max_age,
    Programme.delivery,
    Programme.is_free,
    Programme.places_per_month,
    Programme.last_checked_at,
)


def _plain(row: Any) -> tuple[Any, ...]:
    """The fields of a row of the catalogue, up to the set of areas."""
    ages, delivery = Ages(row.min_age, row.max_age), Delivery(row.delivery)
    checked = row.last_checked_at
    return (
        row.id,
        ages.youngest,
        ages.oldest,
        delivery.is_in_person,
        delivery.is_online,
        bool(row.is_free),
        row.places_per_month == 0,
        row.places_per_month is not None,
        NEVER if checked is None else days_since_epoch(london_date(checked)),
    )


def _areas(session: Session, ids: Sequence[int] | None) -> dict[int, tuple[str, ...]]:
    """The current codes of the areas that programmes serve, in order."""
    resolve = load_vocabulary().areas.resolve
    codes: defaultdict[int, set[str]] = defaultdict(set)
    areas = _those(ids, Programme.id, ProgrammeArea.area_code).join(
        ProgrammeArea, ProgrammeArea.programme_id == Programme.id
    )
    for programme_id, code in session.execute(areas):
        codes[programme_id] |= resolve(code)
    return {programme_id: tuple(sorted(some)) for programme_id, some in codes.items()}


def _those(ids: Sequence[int] | None, *columns: Any) -> Select[Any]:
    """Select columns of the public programmes that take people on, all or those among `ids`."""
    chosen = (
        select(*columns)
        .select_from(Programme)
        .join(Programme.organisation)
        .where(is_public(), Programme.status == ProgrammeStatus.OPEN)
    )
    return chosen if ids is None else chosen.where(Programme.id.in_(ids))


def _in_portions(ids: Collection[int] | None) -> Iterable[Sequence[int] | None]:
    if ids is None:
        return (None,)
    ordered = sorted(ids)
    return [ordered[at : at + IDS_AT_ONCE] for at in range(0, len(ordered), IDS_AT_ONCE)]
