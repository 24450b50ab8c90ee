"""Profiles of one side turned into arrays, one row each, ready to be compared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaker.engine.profiles import Professional, Programme, Status
from matchmaker.engine.statements import Profile, Statement

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Years = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the gates look at: arrays with one entry for each profile."""

    is_open: Flags
    has_room: Flags
    youngest: Years
    oldest: Years
    is_in_person: Flags
    is_online: Flags
    is_located: Flags

    @classmethod
    def of(
        cls, profiles: Sequence[Professional | Programme], offers: Sequence[Statement]
    ) -> "Facts":
        """Return the facts of some profiles."""

        def flags(test: Callable[[Professional | Programme], bool]) -> Flags:
            return np.fromiter(map(test, profiles), dtype=np.bool_, count=len(profiles))

        return cls(
            is_open=flags(lambda p: isinstance(p, Professional) or p.status is Status.OPEN),
            has_room=flags(lambda p: p.capacity != 0),
            youngest=np.array([p.people.youngest for p in profiles], dtype=np.int64),
            oldest=np.array([p.people.oldest for p in profiles], dtype=np.int64),
            is_in_person=flags(lambda p: p.delivery.is_in_person),
            is_online=flags(lambda p: p.delivery.is_online),
            is_located=np.array([bool(offer.areas) for offer in offers], dtype=np.bool_),
        )

    def row(self, index: int) -> "Facts":
        """Return the facts of one profile."""
        here = slice(index, index + 1)
        return Facts(
            self.is_open[here],
            self.has_room[here],
            self.youngest[here],
            self.oldest[here],
            self.is_in_person[here],
            self.is_online[here],
            self.is_located[here],
        )


@dataclass(frozen=True, slots=True)
class Table(Generic[Profile]):
    """The profiles of one side, encoded.

    Attributes:
        seeking: Shape (n, width): w_f·ω_t over the columns of all fields but place and people.
        offering: Shape (n, width): how well each column is answered, in [0, 1].
        place_seeking: Shape (n, n_areas): w_f·ω_t of the areas.
        place_offering: Shape (n, n_areas): reach into each area.
        weights: Shape (n,) for each field: w_f, scaled so that what a profile does not seek leaves
            the sum as it is; 0 where the field is not sought.
    """

    profiles: tuple[Profile, ...]
    offers: tuple[Statement, ...]
    seeks: tuple[Statement, ...]
    seeking: csr_array
    offering: csr_array
    place_seeking: csr_array
    place_offering: csr_array
    weights: Mapping[str, Floats]
    facts: Facts

    def __len__(self) -> int:
        """Return how many profiles there are."""
        return len(self.profiles)

    def row(self, index: int) -> "Table[Profile]":
        """Return the table of one profile."""
        here = slice(index, index + 1)
        return Table(
            profiles=self.profiles[here],
            offers=self.offers[here],
            seeks=self.seeks[here],
            seeking=self.seeking[here],
            offering=self.offering[here],
            place_seeking=self.place_seeking[here],
            place_offering=self.place_offering[here],
            weights={field: values[here] for field, values in self.weights.items()},
            facts=self.facts.row(index),
        )


AnyTable = Table[Professional] | Table[Programme]
