"""Finding programmes: ranked by the engine, then narrowed down by what is asked of them.

The engine says who suits and how well, exactly as it does for suggestions; where neither words nor
terms were given, everything that reaches the place suits. The columns of the catalogue narrow,
count and sort, an old entry below a fresh one as good. Only what a page shows is explained, and
read from the database.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from matchmaker.engine.profiles import OLDEST
from matchmaker.models import Delivery, TermField
from matchmaker.services.clock import london_date
from matchmaker.services.directory.catalogue import NEVER, Catalogue, days_since_epoch
from matchmaker.services.directory.listing import current_listing
from matchmaker.services.directory.ranking import Ranked, alphabetical, ranked, unranked
from matchmaker.services.directory.wishes import Within
from matchmaker.services.freshness import STALE_AFTER_MONTHS, WEIGHT_WHEN_STALE, checked_before
from matchmaker.services.matching.standing import LEAST_RELEVANCE
from matchmaker.services.places import SERVED_FROM

if TYPE_CHECKING:
    from datetime import datetime

    from matchmaker import engine
    from matchmaker.services.directory.catalogue import Flags, Floats, Places
    from matchmaker.services.directory.wishes import Wishes


class Sort(enum.StrEnum):
    """In which order programmes are listed."""

    RELEVANCE = "relevance"
    DISTANCE = "distance"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many programmes there would be with one more filter, all others as they are."""

    in_person: int
    online: int
    free: int
    with_places: int


class Search:
    """The programmes for some wishes, at one moment."""

    def __init__(self, wishes: Wishes, *, now: datetime) -> None:
        self.wishes = wishes
        self._listing = current_listing(now)
        fresh_from = checked_before(STALE_AFTER_MONTHS, now=now)
        checked = self._catalogue.columns["checked"]
        self._is_stale = (checked != NEVER) & (checked < days_since_epoch(london_date(fresh_from)))
        self._ranked = self._all_that_suit()
        self._kept = self._positions_kept()

    @property
    def total(self) -> int:
        """How many programmes there are."""
        return len(self._kept)

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """The orders that make sense, the first unless another is asked for."""
        place = self.wishes.place
        return (
            Sort.RELEVANCE if self.wishes.has_topics else Sort.CHECKED,
            *([Sort.DISTANCE] if place is not None and place.centre is not None else []),
            *([Sort.CHECKED] if self.wishes.has_topics else []),
        )

    @cached_property
    def counts(self) -> Counts:
        """What further filters would leave."""
        columns = self._catalogue.columns
        return Counts(
            in_person=self._count_with("delivery", columns["is_in_person"]),
            online=self._count_with("delivery", columns["is_online"]),
            free=self._count_with("free", self._is_free),
            with_places=self._count_with("places", self._has_places),
        )

    def count_of_conditions(self, codes: Iterable[str]) -> Mapping[str, int]:
        """How many programmes there would be for one condition alone, the filters as they are."""
        others = self._all_but("conditions") & self._is_reached
        return {
            code: int(np.count_nonzero(others & self._offers(TermField.CONDITION, [code])))
            for code in codes
        }

    def ids(self, sort: Sort, *, first: int = 0, count: int) -> list[tuple[int, int]]:
        """Part of the list in some order: ids, each with its place for `why`."""
        order = self._kept[self._in_order(sort)][first : first + count]
        ids = self._catalogue.columns["id"][self._ranked.places[order]]
        return list(zip(ids.tolist(), order.tolist(), strict=True))

    def why(self, which: int) -> engine.Why | None:
        """Why one of the list suits; None where nothing was said that it could suit."""
        return self._ranked.why(which)

    def is_stale(self, which: int) -> bool:
        """Whether nobody has checked one of the list for months."""
        return bool(self._is_stale[self._ranked.places[which]])

    def is_out_of_reach(self, which: int) -> bool:
        """Whether one of the list is too far from the place to meet in person, as areas go."""
        at = self._ranked.places[which]
        is_known = self.wishes.place is not None and self._catalogue.is_located[at]
        return bool(is_known and self._reach[at] == 0)

    @property
    def _catalogue(self) -> Catalogue:
        return self._listing.catalogue

    def _all_that_suit(self) -> Ranked:
        if self.wishes.has_topics:
            return ranked(self.wishes, self._listing)
        return unranked(np.flatnonzero(self._is_reached))

    def _positions_kept(self) -> Places:
        """Where those stand among all that suit whom the filters leave, best first."""
        found = self._ranked
        kept = np.flatnonzero(self._all_but()[found.places])
        scores = np.where(self._is_stale[found.places], WEIGHT_WHEN_STALE, 1.0) * found.scores
        ids = alphabetical(self._catalogue.columns["id"][found.places])
        return kept[np.lexsort((ids[kept], -scores[kept], found.tiers[kept]))]

    def _in_order(self, sort: Sort) -> Places:
        """An order of what is kept, which is best first."""
        places = self._ranked.places[self._kept]
        if sort is Sort.RELEVANCE:
            return np.arange(len(places))
        if sort is Sort.DISTANCE:
            return np.argsort(self._miles[places], kind="stable")
        checked = self._catalogue.columns["checked"][places]
        return np.lexsort((self._catalogue.by_name[places], -checked))

    @cached_property
    def _filters(self) -> dict[str, Flags]:
        """What each filter lets through, of the whole catalogue; only those that are set."""
        wishes, columns = self.wishes, self._catalogue.columns
        filters: dict[str, Flags] = {}
        for name, field in (
            ("conditions", TermField.CONDITION),
            ("approaches", TermField.APPROACH),
        ):
            codes = wishes.codes(field)
            if codes:
                filters[name] = self._offers(field, codes)
        if wishes.place is not None and wishes.within not in {Within.REACH, Within.ANYWHERE}:
            filters["within"] = self._is_within
        if wishes.delivery is not None:
            is_online = wishes.delivery is Delivery.ONLINE
            filters["delivery"] = columns["is_online" if is_online else "is_in_person"]
        if wishes.age is not None:
            age = min(wishes.age, OLDEST)
            filters["age"] = (columns["youngest"] <= age) & (age <= columns["oldest"])
        if wishes.is_free:
            filters["free"] = self._is_free
        if wishes.has_places:
            filters["places"] = self._has_places
        return filters

    def _all_but(self, *left_out: str) -> Flags:
        """What all filters but some let through."""
        through = np.ones(len(self._catalogue), dtype=np.bool_)
        for name, flags in self._filters.items():
            if name not in left_out:
                through &= flags
        return through

    def _count_with(self, name: str, flags: Flags) -> int:
        through = self._all_but(name) & flags
        return int(np.count_nonzero(through[self._ranked.places]))

    @property
    def _is_free(self) -> Flags:
        flags: Flags = self._catalogue.columns["is_free"]
        return flags

    @property
    def _has_places(self) -> Flags:
        return ~self._listing.is_full

    def _offers(self, field: TermField, codes: Iterable[str]) -> Flags:
        """Which programmes answer one of some terms as well as a suggestion has to."""
        offers = np.zeros(len(self._catalogue), dtype=np.bool_)
        for source in self._listing.sources:
            for code in codes:
                rows = source.snapshot.programmes_that_offer(field, code, least=LEAST_RELEVANCE)
                places = source.places[rows]
                offers[places[places >= 0]] = True
        return offers

    @cached_property
    def _reach(self) -> Floats:
        place = self.wishes.place
        return self._catalogue.reach(place.area_codes if place else ())

    @cached_property
    def _miles(self) -> Floats:
        place = self.wishes.place
        return self._catalogue.miles(place.centre if place else None, self._reach)

    @cached_property
    def _is_reached(self) -> Flags:
        """Who can be reached from the place in person or online, as the engine's gates have it."""
        if self.wishes.place is None or self.wishes.within is Within.ANYWHERE:
            return np.ones(len(self._catalogue), dtype=np.bool_)
        columns = self._catalogue.columns
        is_near = (self._reach > 0) | ~self._catalogue.is_located
        reached: Flags = (columns["is_in_person"] & is_near) | columns["is_online"]
        return reached

    @property
    def _is_within(self) -> Flags:
        miles = self.wishes.within.miles
        if miles is None:
            return self._reach >= SERVED_FROM
        return self._miles <= miles
