"""A seeker as a query to an index: which lists it reads, and what anything unread can still add."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaker.engine.features import NO_TOPIC, Features, Flags, Floats, Rows
from matchmaker.engine.gates import meeting_in_person, meeting_online, passes
from matchmaker.engine.index import Index
from matchmaker.engine.parameters import PLACE, TOPICS, Parameters
from matchmaker.engine.postings import Postings, Shares
from matchmaker.engine.score import (
    Parts,
    Routes,
    Scores,
    Sides,
    ages,
    products,
    relevance,
    total,
)

Numbers = NDArray[np.integer]

# What an offerer can still gain is capped by its weights, and the logistic curve flattens it: its
# lists are worth less than the seeker's.
SHARE_OF_OFFERER = 0.05

SEEKER, OFFERER = 0, 1
"""Whose z a number belongs to, as the first axis of arrays for both."""


class Reading(NamedTuple):
    """The lists that a seeker may read, those that add most for each posting first.

    Attributes:
        owners: Shape (n,): whose z each list adds to.
        columns: Shape (n,).
        weights: Shape (n,): what the values of the list are multiplied with.
        lengths: Shape (n,): how many postings there are.
        unread: Shape (n + 1, 2, n_topics): the most that the lists from each one on can still add,
            to whom and in which topic.
    """

    owners: Numbers
    columns: Numbers
    weights: Floats
    lengths: Numbers
    unread: Floats

    @classmethod
    def of(cls, seeker: Features, index: Index) -> "Reading":
        """Return the lists of a seeker, one row of features."""
        parts = [
            _lists(owner, row, postings, index)
            for owner, row, postings in (
                (SEEKER, seeker.seeking, index.lists.offered),
                (OFFERER, seeker.offering, index.lists.sought),
            )
        ]
        owners, columns, weights, lengths, most = map(np.concatenate, zip(*parts, strict=True))
        worth = np.where(owners == SEEKER, most, SHARE_OF_OFFERER * most)
        order = np.argsort(-worth / lengths, kind="stable")
        owners, columns, most = owners[order], columns[order], most[order]
        unread = np.zeros((len(order) + 1, 2, len(TOPICS)))
        unread[np.arange(len(order)), owners, index.topics[columns]] = most
        unread = np.cumsum(unread[::-1], axis=0)[::-1]
        return cls(owners, columns, weights[order], lengths[order], unread)


@dataclass(frozen=True, slots=True)
class Query:
    """A seeker against the kinds of profiles of an index.

    Attributes:
        index: The profiles.
        seeker: One row.
        seeks_programmes: Whether the seeker is a professional.
        parameters: The constants of the model.
        seeking: Shape (width,): what the seeker seeks.
        offering: Shape (width,): what it offers.
        place_seeking, place_offering: Shape (n_areas,): the same of places.
        reading: The lists it shares with anybody.
        ages: What each kind of circumstances adds by age.
        is_let_through: Which circumstances no gate keeps from the seeker.
        by_place: Shape (2, n_kinds): the most that each kind of place adds to the z of the seeker
            and of the offerer; minus infinity where there is no route.
        by_circumstances: Shape (2, n_kinds): the same of circumstances.
        reachable: The rows that there is a route to; None where they are a large part of all.
    """

    index: Index
    seeker: Features
    seeks_programmes: bool
    parameters: Parameters
    seeking: Floats
    offering: Floats
    place_seeking: Floats
    place_offering: Floats
    reading: Reading
    ages: Sides[Floats]
    is_let_through: Flags
    by_place: Shares
    by_circumstances: Floats
    reachable: Rows | None

    @classmethod
    def of(
        cls, seeker: Features, index: Index, parameters: Parameters, *, seeks_programmes: bool
    ) -> "Query":
        """Return the query that a seeker, one row of features, is to an index."""
        plain = (seeker, index.plain) if seeks_programmes else (index.plain, seeker)
        by_age = ages(*plain)
        is_let_through = passes(plain[0].facts, plain[1].facts)
        by_circumstances = np.where(is_let_through, np.add(by_age, products(*plain)), -np.inf)
        by_place = _by_place(seeker, index, parameters)
        return cls(
            index=index,
            seeker=seeker,
            seeks_programmes=seeks_programmes,
            parameters=parameters,
            seeking=seeker.seeking.toarray()[0],
            offering=seeker.offering.toarray()[0],
            place_seeking=seeker.place_seeking.toarray()[0],
            place_offering=seeker.place_offering.toarray()[0],
            reading=Reading.of(seeker, index),
            ages=by_age,
            is_let_through=is_let_through,
            by_place=by_place,
            by_circumstances=by_circumstances if seeks_programmes else by_circumstances[::-1],
            reachable=index.place.rows_of(by_place[SEEKER] > -np.inf),
        )

    def still_unread(self, n_read: int) -> tuple[float, Floats]:
        """Return the most that the lists from ``n_read`` on can still add.

        To the seeker's z, and for each kind of circumstances to an offerer's. Whatever is in the
        lists, a topic never adds more than its weight.
        """
        unread = self.reading.unread[n_read]
        own = [
            min(most, float(self.seeker.weights[topic][0]))
            for topic, most in zip(TOPICS, unread[SEEKER], strict=True)
        ]
        theirs = [
            np.minimum(most, self.index.plain.weights[topic])
            for topic, most in zip(TOPICS, unread[OFFERER], strict=True)
        ]
        return sum(own), np.sum(theirs, axis=0)

    def score(self, rows: Numbers) -> Scores:
        """Return the exact scores of some rows, to the last bit those of `score.score`."""
        index, features = self.index, self.index.features
        own = _row_products(features.offering, rows, self.seeking)
        theirs = _row_products(features.seeking, rows, self.offering)
        circumstances = index.circumstances.kinds[rows]
        parts = Parts(
            products=self._sides(own, theirs),
            ages=Sides(*(values[circumstances] for values in self.ages)),
            ways=self._routes(rows),
            is_let_through=self.is_let_through[circumstances],
        )
        return total(parts, self.parameters)

    def relevance(self, rows: Numbers) -> Floats:
        """Return how relevant some rows are; see `matchmaker.engine.score.relevance`."""
        offering = self.index.features.offering[rows]
        return relevance(self.seeker, offering, self.index.topics)

    def _routes(self, rows: Numbers) -> Routes:
        places, kinds = self.index.places, self.index.place.kinds[rows]
        seeking, offering = self.place_seeking, self.place_offering
        near = (
            _row_products(places.place_offering, kinds, seeking),
            _row_products(places.place_seeking, kinds, offering),
        )
        far = self.parameters.online * np.stack(
            np.broadcast_arrays(self.seeker.weights[PLACE], places.weights[PLACE][kinds])
        )
        facts = places.facts.take(kinds)
        return Routes(
            near=self._sides(*near),
            far=self._sides(*far),
            in_person=meeting_in_person(self.seeker.facts, facts, is_near=near[SEEKER] > 0),
            online=meeting_online(self.seeker.facts, facts),
        )

    def _sides(self, seeker: Floats, offerer: Floats) -> Sides[Floats]:
        return Sides(seeker, offerer) if self.seeks_programmes else Sides(offerer, seeker)


def _by_place(seeker: Features, index: Index, parameters: Parameters) -> Shares:
    """Return the most that each kind of place adds, on the better route for each of the two."""
    n_kinds = len(index.places)
    near = np.zeros((2, n_kinds), dtype=np.float32)
    index.lists.areas_offered.add(
        near[SEEKER], seeker.place_seeking.indices, seeker.place_seeking.data
    )
    index.lists.areas_sought.add(
        near[OFFERER], seeker.place_offering.indices, seeker.place_offering.data
    )
    facts = index.places.facts
    # Who is near is the same seen from either side: reach is above 0 or it is not.
    near[:, ~meeting_in_person(seeker.facts, facts, is_near=near[SEEKER] > 0)] = -np.inf
    online = np.flatnonzero(meeting_online(seeker.facts, facts))
    for side, weights in (
        (SEEKER, seeker.weights[PLACE]),
        (OFFERER, index.places.weights[PLACE][online]),
    ):
        near[side][online] = np.maximum(near[side][online], parameters.online * weights)
    return near


def _lists(
    owner: int, row: csr_array, postings: Postings, index: Index
) -> tuple[Numbers, Numbers, Floats, Numbers, Floats]:
    """Return the topic lists of one row: whose, columns, weights, lengths, the most of each."""
    lengths = postings.lengths(row.indices)
    is_kept = (lengths > 0) & (index.topics[row.indices] != NO_TOPIC)
    columns, weights = row.indices[is_kept], row.data[is_kept]
    most = weights * postings.most[columns]
    return np.full(len(columns), owner), columns, weights, lengths[is_kept], most


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
