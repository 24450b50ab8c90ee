"""Profiles turned into arrays, one row each, ready to be compared."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Generic

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaker.engine.profiles import Professional, Programme, Status
from matchmaker.engine.statements import Profile, Reading

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Years = NDArray[np.int64]
Rows = NDArray[np.int32]
Topics = NDArray[np.int8]
"""Which topic each column belongs to, by its place in `parameters.TOPICS`, or ``NO_TOPIC``."""

NO_TOPIC = -1


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
    def of(cls, readings: Sequence[Reading[Profile]]) -> "Facts":
        """Return the facts of some profiles."""
        profiles = [reading.profile for reading in readings]

        def flags(test: Callable[[Professional | Programme], bool]) -> Flags:
            return np.fromiter(map(test, profiles), dtype=np.bool_, count=len(profiles))

        return cls(
            is_open=flags(lambda p: isinstance(p, Professional) or p.status is Status.OPEN),
            has_room=flags(lambda p: p.capacity != 0),
            youngest=np.array([p.people.youngest for p in profiles], dtype=np.int64),
            oldest=np.array([p.people.oldest for p in profiles], dtype=np.int64),
            is_in_person=flags(lambda p: p.delivery.is_in_person),
            is_online=flags(lambda p: p.delivery.is_online),
            is_located=np.array([bool(each.offers.areas) for each in readings], dtype=np.bool_),
        )

    def take(self, rows: Rows) -> "Facts":
        """Return the facts of some rows."""
        return Facts(*(getattr(self, field.name)[rows] for field in fields(self)))


def share_of_ages(seeking: Facts, offering: Facts) -> Floats:
    """Return the share of the sought years of age that is offered; the two broadcast."""
    common = (
        np.minimum(seeking.oldest, offering.oldest)
        - np.maximum(seeking.youngest, offering.youngest)
        + 1
    )
    share: Floats = np.maximum(common, 0) / (seeking.oldest - seeking.youngest + 1)
    return share


@dataclass(frozen=True, slots=True)
class Features:
    """The numbers of some profiles of one side, one row each; all that scoring looks at.

    Attributes:
        seeking: Shape (n, width): w_f·ω_t over the columns of all fields but place and people.
        offering: Shape (n, width): how well each column is answered, in [0, 1].
        place_seeking: Shape (n, n_areas): w_f·ω_t of the areas.
        place_offering: Shape (n, n_areas): reach into each area.
        weights: Shape (n,) for each field: w_f, scaled so that what a profile does not seek leaves
            the sum as it is; 0 where the field is not sought.
    """

    seeking: csr_array
    offering: csr_array
    place_seeking: csr_array
    place_offering: csr_array
    weights: Mapping[str, Floats]
    facts: Facts

    def __len__(self) -> int:
        """Return how many profiles there are."""
        return len(self.facts.is_open)

    def take(self, rows: Rows) -> "Features":
        """Return the features of some rows, in the order given."""
        return Features(
            seeking=self.seeking[rows],
            offering=self.offering[rows],
            place_seeking=self.place_seeking[rows],
            place_offering=self.place_offering[rows],
            weights={field: values[rows] for field, values in self.weights.items()},
            facts=self.facts.take(rows),
        )

    def row(self, index: int) -> "Features":
        """Return the features of one row, its matrices parts of these."""
        one = slice(index, index + 1)
        return Features(
            seeking=_row(self.seeking, index),
            offering=_row(self.offering, index),
            place_seeking=_row(self.place_seeking, index),
            place_offering=_row(self.place_offering, index),
            weights={field: values[one] for field, values in self.weights.items()},
            facts=Facts(*(getattr(self.facts, field.name)[one] for field in fields(Facts))),
        )

    def alike(self) -> Rows:
        """Return all rows in an order in which a search finds what it looks at close together.

        Those who work online come first, and within them those with the same first conditions.
        """
        lengths = np.diff(self.seeking.indptr)
        columns = np.append(self.seeking.indices, -1)
        first, second = (
            columns[np.where(lengths > nth, self.seeking.indptr[:-1] + nth, -1)] for nth in (0, 1)
        )
        return np.lexsort((second, first, ~self.facts.is_online)).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Table(Generic[Profile]):
    """Profiles of one side: what they say, and their numbers.

    ``readings`` may be stored and read one by one.
    """

    readings: Sequence[Reading[Profile]]
    features: Features

    def __len__(self) -> int:
        """Return how many profiles there are."""
        return len(self.readings)

    def take(self, rows: Rows) -> "Table[Profile]":
        """Return the table of some rows, in the order given."""
        return Table(tuple(self.readings[row] for row in rows.tolist()), self.features.take(rows))


AnyTable = Table[Professional] | Table[Programme]


def as_matrix(values: Floats, columns: Rows, starts: Rows, *, shape: tuple[int, int]) -> csr_array:
    """Return a matrix whose numbers stay where they are, unchecked.

    The constructor would check them, and copy arrays that are parts of larger ones, such as those
    of a file. That takes longer than a search.
    """
    matrix = csr_array(shape, dtype=np.float64)
    matrix.data, matrix.indices, matrix.indptr = values, columns, starts
    return matrix


def _row(matrix: csr_array, index: int) -> csr_array:
    first, last = matrix.indptr[index], matrix.indptr[index + 1]
    # A copy of an empty one takes a tenth of the time of a new one, and a page explains dozens.
    row = copy(_empty_row(matrix.shape[1]))
    row.data, row.indices = matrix.data[first:last], matrix.indices[first:last]
    row.indptr = np.array([0, last - first], dtype=np.int32)
    return row


@lru_cache(maxsize=8)
def _empty_row(n_columns: int) -> csr_array:
    return csr_array((1, n_columns), dtype=np.float64)


def only_columns(matrix: csr_array, is_kept: Flags) -> csr_array:
    """Return a matrix of the same shape with the entries of some columns only."""
    kept = is_kept[matrix.indices]
    starts = np.concatenate(([0], np.cumsum(kept)))[matrix.indptr].astype(np.int32)
    return csr_array((matrix.data[kept], matrix.indices[kept], starts), shape=matrix.shape)
