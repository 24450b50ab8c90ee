"""A seeker as a query to an index: which lists it reads, and what the rest can add at most."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaker.engine.features import Features, Flags, Floats
from matchmaker.engine.gates import passes
from matchmaker.engine.index import Index
from matchmaker.engine.parameters import Parameters
from matchmaker.engine.score import (
    Parts,
    Routes,
    Scores,
    Sides,
    ages,
    products,
    relevance,
    routes,
    total,
)

Numbers = NDArray[np.integer]


class Lists(NamedTuple):
    """The posting lists of a query, those that add most for each posting first.

    Attributes:
        columns: Shape (n,).
        seeking: Shape (n,): what the seeker seeks in each column.
        offering: Shape (n,): what it offers there.
        lengths: Shape (n,): how many postings there are.
        still: Shape (2, n + 1): the most that the lists from each one on can still add to the z of
            the seeker and of an offerer.
    """

    columns: Numbers
    seeking: Floats
    offering: Floats
    lengths: Numbers
    still: Floats

    @classmethod
    def of(cls, seeker: Features, index: Index) -> "Lists":
        """Return the lists of a seeker, one row of features."""
        postings = index.postings
        columns = np.union1d(seeker.seeking.indices, seeker.offering.indices)
        lengths = postings.starts[columns + 1] - postings.starts[columns]
        columns, lengths = columns[lengths > 0], lengths[lengths > 0]
        seeking, offering = _at(seeker.seeking, columns), _at(seeker.offering, columns)
        most = np.stack(
            (seeking * postings.most_offered[columns], offering * postings.most_sought[columns])
        )
        order = np.argsort(-most.sum(axis=0) / lengths, kind="stable")
        still = np.zeros((2, len(columns) + 1))
        still[:, :-1] = np.cumsum(most[:, order[::-1]], axis=1)[:, ::-1]
        return cls(columns[order], seeking[order], offering[order], lengths[order], still)


@dataclass(frozen=True, slots=True)
class Query:
    """A seeker against the kinds of profiles of an index.

    Attributes:
        index: The profiles.
        seeker: One row.
        seeks_programmes: Whether the seeker is a professional.
        parameters: The constants of the model.
        lists: What the seeker shares with anybody.
        ways: The routes to each kind of place.
        ages: What each kind of circumstances adds by age.
        is_let_through: Which circumstances no gate keeps from the seeker.
        by_place: Shape (2, n_kinds): the most that each kind of place adds to the z of the seeker
            and of the offerer; minus infinity where there is no route.
        by_circumstances: Shape (2, n_kinds): the same of circumstances.
    """

    index: Index
    seeker: Features
    seeks_programmes: bool
    parameters: Parameters
    lists: Lists
    ways: Routes
    ages: Sides[Floats]
    is_let_through: Flags
    by_place: Floats
    by_circumstances: Floats

    @classmethod
    def of(
        cls, seeker: Features, index: Index, parameters: Parameters, *, seeks_programmes: bool
    ) -> "Query":
        """Return the query that a seeker, one row of features, is to an index."""
        places = (seeker, index.places) if seeks_programmes else (index.places, seeker)
        plain = (seeker, index.plain) if seeks_programmes else (index.plain, seeker)
        ways = routes(*places, parameters)
        by_age = ages(*plain)
        is_let_through = passes(plain[0].facts, plain[1].facts)
        by_place = np.maximum(
            np.where(ways.in_person, ways.near, -np.inf), np.where(ways.online, ways.far, -np.inf)
        )
        by_circumstances = np.where(is_let_through, np.add(by_age, products(*plain)), -np.inf)
        own_first = slice(None) if seeks_programmes else slice(None, None, -1)
        return cls(
            index=index,
            seeker=seeker,
            seeks_programmes=seeks_programmes,
            parameters=parameters,
            lists=Lists.of(seeker, index),
            ways=ways,
            ages=by_age,
            is_let_through=is_let_through,
            by_place=by_place[own_first],
            by_circumstances=by_circumstances[own_first],
        )

    def added(self, rows: Numbers) -> Floats:
        """Return, shape (2, n_rows), the most that place and circumstances add, and the base."""
        index = self.index
        return (
            self.parameters.base
            + self.by_place[:, index.place.kinds[rows]]
            + self.by_circumstances[:, index.circumstances.kinds[rows]]
        )

    def most_added(self) -> Floats:
        """Return, shape (2, 1), the most that place and circumstances add to anyone."""
        best: Floats = self.by_place.max(axis=1, initial=-np.inf) + self.by_circumstances.max(
            axis=1, initial=-np.inf
        )
        return self.parameters.base + best[:, np.newaxis]

    def score(self, rows: Numbers) -> Scores:
        """Return the exact scores of some rows, to the last bit those of `score.score`."""
        index, features = self.index, self.index.features
        seeking, offering = self.seeker.seeking.toarray()[0], self.seeker.offering.toarray()[0]
        own = _row_products(features.offering, rows, seeking)
        theirs = _row_products(features.seeking, rows, offering)
        place, circumstances = index.place.kinds[rows], index.circumstances.kinds[rows]
        parts = Parts(
            products=Sides(own, theirs) if self.seeks_programmes else Sides(theirs, own),
            ages=Sides(*(values[circumstances] for values in self.ages)),
            ways=self.ways.take(place),
            is_let_through=self.is_let_through[circumstances],
        )
        return total(parts, self.parameters)

    def relevance(self, rows: Numbers) -> Floats:
        """Return how relevant some rows are; see `matchmaker.engine.score.relevance`."""
        offering = self.index.features.offering[rows]
        return relevance(self.seeker, offering, self.index.is_topic)


def _row_products(matrix: csr_array, rows: Numbers, dense: Floats) -> Floats:
    """Return the product of some rows of a matrix with a vector, each summed from left to right."""
    starts = matrix.indptr[rows]
    lengths = matrix.indptr[rows + 1] - starts
    ends = np.cumsum(lengths)
    entries = np.arange(ends[-1] if len(ends) else 0) + np.repeat(
        starts - (ends - lengths), lengths
    )
    terms = matrix.data[entries] * dense[matrix.indices[entries]]
    owners = np.repeat(np.arange(len(rows)), lengths)
    # The stubs do not know that weighted counts are floats.
    return np.bincount(owners, weights=terms, minlength=len(rows)).astype(np.float64, copy=False)


def _at(row: csr_array, columns: Numbers) -> Floats:
    """Return the values that a single row has in some columns, which are ascending."""
    values = np.zeros(len(columns) + 1)
    places = np.searchsorted(columns, row.indices)
    is_among = np.append(columns, -1)[places] == row.indices
    values[places[is_among]] = row.data[is_among]
    return values[:-1]
