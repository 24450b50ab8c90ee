"""The exact top of a long list without scoring all of it.

A profile can only be among the best if it shares something weighty with the seeker. So the lists of
conditions and of rare words are read first and summed for both sides of the score. What the lists
left unread can still add is bounded by their largest values and by what each row seeks in common
words; what place, ages and profession add is known for each kind of profile. The score m =
sigmoid(z_seeker) · sigmoid(z_offerer) grows with both sums, so that m is bounded for everyone.
Bounds are made in three steps, each for those whom the one before left: on both z together, on each
of them, and with the approaches looked up. Only those whose bound reaches the k-th best exact score
found are scored, the most promising first, and the list is exact, ties by id included. The idea is
that of MaxScore (Turtle and Flood, "Query Evaluation: Strategies and Optimizations", 1995), with
two sums for one.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from matchmaker.engine.features import Flags, Floats
from matchmaker.engine.index import APPROACHES, RARE
from matchmaker.engine.kernels import row_products
from matchmaker.engine.parameters import APPROACH, TEXT, TOPICS
from matchmaker.engine.postings import Shares
from matchmaker.engine.query import OFFERER, SEEKER, Query
from matchmaker.engine.reading import readings
from matchmaker.engine.score import Scores

# Scoring a profile exactly takes about as long as reading this many postings.
POSTINGS_FOR_A_SCORE = 200
# Bounding a profile exactly takes about as long as reading this many postings.
POSTINGS_FOR_A_BOUND = 20
# How many profiles are looked at more closely for a first idea of what the best can reach.
PROMISING = 256
# How many profiles are scored exactly at a time.
BLOCK = 256
# How many rows tell how large sums are.
SAMPLE = 4_000
# Sums of float32 postings are off by less than this, in units of z.
ROUNDING = 1e-4

Numbers = NDArray[np.integer]


class Best(NamedTuple):
    """The best rows, best first, and their scores in the same order."""

    rows: Numbers
    scores: Scores


def search(
    query: Query, *, top: int, hidden: Flags | None = None, least_relevance: float = 0.0
) -> Best:
    """Return the ``top`` best rows for a query, ties by id.

    ``hidden``, shape (n,), marks rows that are not to be found; ``least_relevance`` is explained at
    `matchmaker.engine.score.relevance`.
    """
    found = _Found(query, top, hidden, least_relevance)
    if not len(query.index):
        return found.best()
    sums = _Sums(query)
    while True:
        sums.read_on()
        if not found.least:
            rows = sums.most_promising(max(PROMISING, 4 * top))
            rows, bounds = sums.closer(rows[~found.is_settled[rows]], found.least)
            found.score_best(rows, bounds, 4 * top)
        rows = sums.rows_that_may_reach(found.least)
        if len(rows) * POSTINGS_FOR_A_BOUND > sums.n_unread and not sums.is_complete:
            continue
        rows, bounds = sums.closer(rows[~found.is_settled[rows]], found.least)
        if len(rows) > BLOCK:
            found.score_best(rows, bounds, 2 * top)
            worth = _that_reach(found.least, bounds)
            rows, bounds = rows[worth], bounds[:, worth]
        if sums.is_complete or len(rows) * POSTINGS_FOR_A_SCORE <= sums.n_unread:
            found.score_in_order(rows, bounds)
            return found.best()


class _Sums:
    """What has been read of the lists of a query, and what it says about every row."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._own, self._theirs = readings(query.seeker, query.index)
        self._tier = RARE
        # For the seeker's z and for the offerer's, from topics alone.
        self._sums = np.zeros((2, len(query.index)), dtype=np.float32)

    @property
    def is_complete(self) -> bool:
        """Whether every list was read."""
        return not self.n_unread

    @property
    def n_unread(self) -> int:
        """How many postings are left."""
        return int(self._own.n_left[self._tier] + self._theirs.n_left[self._tier])

    def read_on(self) -> None:
        """Read the lists of the next tier."""
        self._own.add(self._tier, self._sums[SEEKER])
        self._theirs.add(self._tier, self._sums[OFFERER])
        self._tier += 1
        self._rest = self._bounds_but_for_place()
        self._both = self._bounds_on_both()

    def most_promising(self, n_wanted: int) -> Numbers:
        """Return some rows whose two sums are large, to find out what the best can reach."""
        both = self._both
        # A sample tells how large the sums of the best are.
        sample = np.sort(both[:: max(1, len(both) // SAMPLE)])
        if not len(both):
            return both.astype(np.intp)
        n_best = min(math.ceil(n_wanted * len(sample) / len(both)), len(sample))
        enough = sample[-n_best]
        return self._query.reachable.rows(np.flatnonzero(both >= enough)[: 2 * n_wanted])

    def rows_that_may_reach(self, least: float) -> Numbers:
        """Return the rows that may reach a score, judged by the sum of their two bounds.

        The logarithm of the logistic curve is concave, so that no two z with the same sum have a
        larger product of probabilities than two that are equal.
        """
        enough = 2 * logit(math.sqrt(least)) if least else -np.inf
        return self._query.reachable.rows(np.flatnonzero(self._both >= enough))

    def closer(self, rows: Numbers, least: float) -> tuple[Numbers, Floats]:
        """Return those rows that may reach a score when looked at one by one, and their bounds."""
        bounds = self.bounds(rows)
        worth = _that_reach(least, bounds)
        rows, bounds = rows[worth], bounds[:, worth]
        if self._tier > APPROACHES:
            return rows, bounds
        # There are few approaches to a profile: they are looked up sooner than read.
        query = self._query
        still = self._approaches[:, query.index.circumstances.kinds[rows]]
        bounds -= still
        bounds[SEEKER] += row_products(query.index.common.approaches_offered, rows, query.seeking)
        bounds[OFFERER] += row_products(query.index.common.approaches_sought, rows, query.offering)
        worth = _that_reach(least, bounds)
        return rows[worth], bounds[:, worth]

    def bounds(self, rows: Numbers) -> Floats:
        """Return, shape (2, n_rows), the most that the z of the seeker and of each row can be."""
        query = self._query
        places = query.index.place.kinds[rows]
        circumstances = query.index.circumstances.kinds[rows]
        # In float64, for a probability near 1 tells nothing in less.
        bounds = np.maximum(query.ways.near[:, places], query.ways.far[:, circumstances])
        bounds += self._rest[:, circumstances]
        bounds += self._sums[:, rows]
        bounds[OFFERER] += self._common * query.index.common.words_sought[rows]
        return bounds

    @property
    def _common(self) -> float:
        """The most that an unread word adds to an offerer's z, as a share of what it seeks."""
        return float(self._theirs.loudest[self._tier])

    def _bounds_but_for_place(self) -> Floats:
        """Return, shape (2, n_kinds of circumstances), all that bounds z but place and sums.

        Whatever is in the lists that are unread, a topic never adds more than its weight.
        """
        query = self._query
        weights = query.index.plain.weights
        still = np.zeros((2, len(TOPICS), len(query.index.plain)))
        for place, topic in enumerate(TOPICS):
            still[SEEKER, place] = min(
                float(query.seeker.weights[topic][0]), self._own.most_left[self._tier, place]
            )
            if topic != TEXT:
                still[OFFERER, place] = np.minimum(
                    weights[topic], self._theirs.most_left[self._tier, place]
                )
        self._approaches = still[:, TOPICS.index(APPROACH)]
        rest: Floats = still.sum(axis=1) + (query.parameters.base + ROUNDING)
        return rest + query.by_circumstances

    def _bounds_on_both(self) -> Shares:
        """Return the sum of the bounds on both z for all whom `Query.reachable` names."""
        query, index = self._query, self._query.index
        n_online, in_person = query.reachable
        rest = self._rest.sum(axis=0)
        online = (rest + query.ways.far.sum(axis=0)).astype(np.float32)
        near = query.ways.near.sum(axis=0).astype(np.float32)
        both = np.empty(n_online + len(in_person), dtype=np.float32)
        first, others = both[:n_online], both[n_online:]
        first[:] = online.take(index.circumstances.kinds[:n_online])
        others[:] = rest.take(index.circumstances.kinds.take(in_person))
        others += near.take(index.place.kinds.take(in_person))
        for sums in self._sums:
            first += sums[:n_online]
            others += sums.take(in_person)
        if self._common:
            common, sought = np.float32(self._common), index.common.words_sought
            first += common * sought[:n_online]
            others += common * sought.take(in_person)
        return both


class _Found:
    """The rows that were scored exactly.

    Attributes:
        is_settled: Shape (n,): the rows that were scored, or must not be found.
        least: The score that a row must reach to be among the best; 0 as long as any does.
    """

    def __init__(
        self, query: Query, top: int, hidden: Flags | None, least_relevance: float
    ) -> None:
        self._query = query
        self._top = top
        self._least_relevance = least_relevance
        self._rows: list[Numbers] = []
        self._scores: list[Scores] = []
        self._mutual = np.empty(0)
        self.is_settled = (
            np.zeros(len(query.index), dtype=np.bool_) if hidden is None else hidden.copy()
        )
        self.least = 0.0

    def score(self, rows: Numbers) -> None:
        """Score some rows that are not settled."""
        scores = self._query.score(rows)
        is_kept = scores.is_possible
        if self._least_relevance:
            is_kept = is_kept & (self._query.relevance(rows) >= self._least_relevance)
        kept = np.flatnonzero(is_kept)
        self.is_settled[rows] = True
        self._rows.append(rows[kept])
        self._scores.append(scores.take(kept))
        self._mutual = np.concatenate((self._mutual, scores.mutual[kept]))
        if len(self._mutual) >= self._top:
            self.least = float(np.partition(self._mutual, -self._top)[-self._top])

    def score_best(self, rows: Numbers, bounds: Floats, n_wanted: int) -> None:
        """Score those rows that have the largest bounds, more of them until enough are kept."""
        order = np.argsort(-bounds.sum(axis=0), kind="stable")
        start = 0
        while start < len(order):
            block = rows[order[start : start + n_wanted]]
            self.score(block[~self.is_settled[block]])
            if self.least:
                return
            start, n_wanted = start + n_wanted, 2 * n_wanted

    def score_in_order(self, rows: Numbers, bounds: Floats) -> None:
        """Score rows by their bounds on the two z, until the others cannot be among the best."""
        most = expit(bounds).prod(axis=0)
        order = np.argsort(-most)
        for start in range(0, len(order), BLOCK):
            block = order[start : start + BLOCK]
            block = block[most[block] >= self.least]
            if not len(block):
                return
            chosen = rows[block]
            self.score(chosen[~self.is_settled[chosen]])

    def best(self) -> Best:
        """Return the best of the rows scored, ties by id."""
        if not self._rows:
            self.score(np.arange(0))
        rows = np.concatenate(self._rows)
        order = np.lexsort((self._query.index.ranks[rows], -self._mutual))[: self._top]
        return Best(rows[order], Scores.joined(self._scores).take(order))


def _floors(least: float, best: Floats) -> Floats:
    """Return what each z must be for a score to be reached, given the most that each can be."""
    lowest = -np.finfo(np.float64).max
    needed = least / np.maximum(expit(best[::-1]), np.finfo(np.float64).tiny)
    return np.maximum(logit(np.minimum(needed, 1.0)), lowest)


def _that_reach(least: float, bounds: Floats) -> Numbers:
    """Return the columns of bounds on two z whose score may reach ``least``."""
    floor = _floors(least, bounds.max(axis=1, initial=-np.inf))
    places = np.flatnonzero((bounds[SEEKER] >= floor[SEEKER]) & (bounds[OFFERER] >= floor[OFFERER]))
    own, theirs = bounds[:, places]
    reached: Numbers = places[expit(own) * expit(theirs) >= least]
    return reached
