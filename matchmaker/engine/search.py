"""The exact top of a long list without scoring all of it.

A profile can only be among the best if it shares something weighty with the seeker. So the lists of
the weightiest and rarest columns are read first and summed for both sides of the score. What the
lists left unread can still add is bounded by their largest values, and what place, ages and
profession add is known for each kind of profile. The score m = sigmoid(z_seeker) ·
sigmoid(z_offerer) grows with both sums, so m is bounded for everyone, met in a list or not. Once
the k-th best exact score is above the bound of all who were not met, only those met whose own bound
reaches it are scored, and the list is exact, ties by id included. The idea is that of MaxScore
(Turtle and Flood, "Query Evaluation: Strategies and Optimizations", 1995), with two sums for one.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from matchmaker.engine.features import Flags, Floats
from matchmaker.engine.query import Query
from matchmaker.engine.score import Scores

# About how many postings the first round reads; each further round reads this many times more.
FIRST_ROUND = 8_000
GROWTH = 4
# Scoring a profile exactly takes about as long as reading this many postings.
POSTINGS_FOR_A_SCORE = 50
# How many profiles are scored exactly at a time.
BLOCK = 128
# Sums of float32 postings are off by less than this, in units of z.
ROUNDING = 1e-4

Numbers = NDArray[np.intp]


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
    sums = _Sums(query)
    while True:
        sums.read_on()
        rows = np.flatnonzero(sums.is_met & ~found.is_settled)
        bounds = sums.bounds(rows)
        found.score(rows[_largest(bounds.sum(axis=0), 2 * top)])
        if sums.most_unmet() >= found.least:
            if not sums.is_complete:
                continue
            rows = np.flatnonzero(~found.is_settled)
            bounds = sums.bounds(rows)
        worth = _that_reach(found.least, bounds)
        if sums.is_complete or len(worth) * POSTINGS_FOR_A_SCORE <= sums.n_unread:
            break
    found.score_in_order(rows[worth], bounds[:, worth])
    return found.best()


class _Sums:
    """What has been read of the lists of a query.

    Attributes:
        is_met: Shape (n,): who stands in a list that was read.
        n_read: How many lists were read.
    """

    def __init__(self, query: Query) -> None:
        self._query = query
        self._ends = np.cumsum(query.lists.lengths)
        self._round = FIRST_ROUND
        # For the seeker's z and for the offerer's, from topics alone.
        self._sums = np.zeros((2, len(query.index)), dtype=np.float32)
        self.is_met = np.zeros(len(query.index), dtype=np.bool_)
        self.n_read = 0

    @property
    def is_complete(self) -> bool:
        """Whether every list was read."""
        return self.n_read == len(self._ends)

    @property
    def n_unread(self) -> int:
        """How many postings are left."""
        return int(self._ends[-1] - self._ends[self.n_read - 1])

    def read_on(self) -> None:
        """Read the lists of the next round, at least one if one is left."""
        lists, postings = self._query.lists, self._query.index.postings
        upto = max(int(np.searchsorted(self._ends, self._round, side="right")), self.n_read + 1)
        for column, seeking, offering in zip(
            lists.columns[self.n_read : upto],
            lists.seeking[self.n_read : upto].astype(np.float32),
            lists.offering[self.n_read : upto].astype(np.float32),
            strict=True,
        ):
            here = slice(postings.starts[column], postings.starts[column + 1])
            rows = postings.rows[here]
            self.is_met[rows] = True
            if seeking:
                self._sums[0][rows] += seeking * postings.offered[here]
            if offering:
                self._sums[1][rows] += offering * postings.sought[here]
        self.n_read = min(upto, len(self._ends))
        self._round *= GROWTH

    def bounds(self, rows: Numbers) -> Floats:
        """Return, shape (2, n_rows), the most that the z of the seeker and of each row can be."""
        still: Floats = self._query.lists.still[:, self.n_read, np.newaxis] + ROUNDING
        return self._query.added(rows) + self._sums[:, rows] + still

    def most_unmet(self) -> float:
        """Return the most that the score of a row that was not met can be."""
        still = self._query.lists.still[:, self.n_read, np.newaxis] + ROUNDING
        return float(expit(self._query.most_added() + still).prod())


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
        rows = np.concatenate(self._rows)
        order = np.lexsort((self._query.index.ranks[rows], -self._mutual))[: self._top]
        return Best(rows[order], Scores.joined(self._scores).take(order))


def _largest(values: Floats, n_wanted: int) -> Numbers:
    """Return where the largest values are that are not minus infinity, in no order."""
    if len(values) > n_wanted:
        places = np.argpartition(values, -n_wanted)[-n_wanted:]
    else:
        places = np.arange(len(values))
    return places[values[places] > -np.inf]


def _that_reach(least: float, bounds: Floats) -> Numbers:
    """Return the columns of bounds on two z whose score may reach ``least``."""
    # Neither probability is above 1, so that each z alone must reach the least.
    places = np.flatnonzero((bounds >= logit(least)).all(axis=0) & (bounds > -np.inf).all(axis=0))
    reached: Numbers = places[expit(bounds[:, places]).prod(axis=0) >= least]
    return reached
