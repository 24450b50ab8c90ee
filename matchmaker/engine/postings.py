"""An inverted index: for each topic column, the profiles that have something in it.

A posting holds what the profile offers in the column and what it seeks there, because a search
wants both: one sum for each side of the score.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaker.engine.features import Features, Flags, Rows

Shares = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Postings:
    """Lists of postings, one list after the other, in the order of the columns.

    Values are rounded to float32: they only serve to find out which profiles are worth an exact
    score.

    Attributes:
        starts: Shape (width + 1,): where the list of each column begins and ends.
        rows: Shape (n_postings,): the profile of each posting, ascending within a list.
        offered: Shape (n_postings,): what it offers in the column.
        sought: Shape (n_postings,): what it seeks there.
        most_offered: Shape (width,): the largest value in each list.
        most_sought: Shape (width,): the same of what is sought.
    """

    starts: NDArray[np.int64]
    rows: Rows
    offered: Shares
    sought: Shares
    most_offered: Shares
    most_sought: Shares

    @classmethod
    def of(cls, features: Features, is_topic: Flags) -> "Postings":
        """Invert the topic columns of some features; the lists of other columns stay empty."""
        n_rows, width = features.offering.shape
        offering = _places(features.offering, is_topic)
        seeking = _places(features.seeking, is_topic)
        places = np.union1d(offering.places, seeking.places)
        offered, sought = offering.at(places), seeking.at(places)
        starts = np.searchsorted(places, np.arange(width + 1) * n_rows)
        return cls(
            starts=starts,
            rows=(places % max(n_rows, 1)).astype(np.int32),
            offered=offered,
            sought=sought,
            most_offered=_largest(offered, starts),
            most_sought=_largest(sought, starts),
        )


@dataclass(frozen=True, slots=True)
class _Entries:
    """The entries of a matrix, each with its place when the columns are written one by one."""

    places: NDArray[np.int64]
    values: Shares

    def at(self, places: NDArray[np.int64]) -> Shares:
        """Return the values at some places, which hold all of ours; 0 where there is no entry."""
        values = np.zeros(len(places), dtype=np.float32)
        values[np.searchsorted(places, self.places)] = self.values
        return values


def _places(matrix: csr_array, is_topic: Flags) -> _Entries:
    n_rows = matrix.shape[0]
    rows = np.repeat(np.arange(n_rows), np.diff(matrix.indptr))
    kept = is_topic[matrix.indices]
    places = matrix.indices[kept].astype(np.int64) * n_rows + rows[kept]
    return _Entries(places, matrix.data[kept].astype(np.float32))


def _largest(values: Shares, starts: NDArray[np.int64]) -> Shares:
    largest = np.zeros(len(starts) - 1, dtype=np.float32)
    is_filled = starts[1:] > starts[:-1]
    if is_filled.any():
        # The lists that hold nothing take no room between the others.
        largest[is_filled] = np.maximum.reduceat(values, starts[:-1][is_filled])
    return largest
