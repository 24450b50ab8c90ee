"""The exact top of a long list without scoring all of it.

A profile can only be among the best if it shares something weighty with the seeker. So the lists of
the weightiest and rarest columns are read first and summed for both sides of the score. What the
lists left unread can still add is bounded by their largest values and by the weight of each field;
what place, ages and profession add is known for each kind of profile. The score m =
sigmoid(z_seeker) · sigmoid(z_offerer) grows with both sums, so that m is bounded for everyone. Only
those whose bound reaches the k-th best exact score found are scored, the most promising first, and
the list is exact, ties by id included. The idea is that of MaxScore (Turtle and Flood, "Query
Evaluation: Strategies and Optimizations", 1995), with two sums for one.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from matchmaker.engine.features import Flags, Floats
from matchmaker.engine.postings import Shares
from matchmaker.engine.query import OFFERER, SEEKER, Query
from matchmaker.engine.score import Scores

# About how many postings the first round reads; each further round reads this many times more.
FIRST_ROUND = 600_000
GROWTH = 3
# Scoring a profile exactly takes about as long as reading this many postings.
POSTINGS_FOR_A_SCORE = 400
# Bounding a profile exactly takes about as long as reading this many postings.
POSTINGS_FOR_A_BOUND = 10
# How many profiles are scored exactly at a time.
BLOCK = 128
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
            found.score(sums.most_promising(2 * top, ~found.is_settled))
        rows = sums.rows_that_may_reach(found.least, ~found.is_settled)
        if len(rows) * POSTINGS_FOR_A_BOUND > sums.n_unread and not sums.is_complete:
            continue
        bounds = sums.bounds(rows)
        worth = _that_reach(found.least, bounds)
        if len(worth) > BLOCK:
            best = worth[_largest(bounds[:, worth].sum(axis=0), 2 * top)]
            found.score(rows[best])
            worth = worth[_that_reach(found.least, bounds[:, worth])]
        if sums.is_complete or len(worth) * POSTINGS_FOR_A_SCORE <= sums.n_unread:
            found.score_in_order(rows[worth], bounds[:, worth])
            return found.best()


class _Sums:
    """What has been read of the lists of a query, and what it says about every row."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._ends = np.concatenate(([0], np.cumsum(query.reading.lengths)))
        self._round = FIRST_ROUND
        self._n_read = 0
        # For the seeker's z and for the offerer's, from topics alone.
        self._sums = np.zeros((2, len(query.index)), dtype=np.float32)
        self._own_still, self._theirs_still = query.still_unread(0)

    @property
    def is_complete(self) -> bool:
        """Whether every list was read."""
        return self._n_read == len(self._query.reading.columns)

    @property
    def n_unread(self) -> int:
        """How many postings are left."""
        return int(self._ends[-1] - self._ends[self._n_read])

    def read_on(self) -> None:
        """Read the lists of the next round, at least one if one is left."""
        reading, lists = self._query.reading, self._query.index.lists
        upto = int(np.searchsorted(self._ends, self._round, side="right")) - 1
        upto = min(max(upto, self._n_read + 1), len(reading.columns))
        chosen = slice(self._n_read, upto)
        for owner, postings in ((SEEKER, lists.offered), (OFFERER, lists.sought)):
            is_owned = reading.owners[chosen] == owner
            columns = reading.columns[chosen][is_owned]
            postings.add(self._sums[owner], columns, reading.weights[chosen][is_owned])
        self._n_read = upto
        self._round *= GROWTH
        self._own_still, self._theirs_still = self._query.still_unread(upto)

    def most_promising(self, n_wanted: int, is_free: Flags) -> Numbers:
        """Return some rows with large sums, good for finding out what the best can reach."""
        total = self._reachable(SEEKER) + self._reachable(OFFERER)
        # A sample tells how large the sums of the best are.
        sample = np.sort(total[:: max(1, len(total) // SAMPLE)])
        enough = sample[-min(n_wanted // 2, len(sample))] if len(sample) else 0.0
        rows = self._rows(total >= enough)
        rows = rows[is_free[rows]]
        return rows[_largest(self.bounds(rows).sum(axis=0), n_wanted)]

    def rows_that_may_reach(self, least: float, is_free: Flags) -> Numbers:
        """Return the rows that may reach a score, judged by their sums alone."""
        query = self._query
        best = query.parameters.base + query.by_place.max(axis=1, initial=-np.inf)
        own = query.by_circumstances[SEEKER] + self._own_still
        theirs = query.by_circumstances[OFFERER] + self._theirs_still
        best += (own.max(initial=-np.inf), theirs.max(initial=-np.inf))
        # Neither probability is above 1, so that each z alone must reach the score.
        floor = logit(least) if least else -np.finfo(np.float64).max
        lacking = floor - best - ROUNDING
        rows = self._rows(self._reachable(SEEKER) >= lacking[SEEKER])
        rows = rows[self._sums[OFFERER][rows] >= lacking[OFFERER]]
        free: Numbers = rows[is_free[rows]]
        return free

    def _reachable(self, owner: int) -> Shares:
        """Return the sums of the rows that there is a route to, or of all if those are many."""
        reachable = self._query.reachable
        sums: Shares = self._sums[owner]
        return sums if reachable is None else sums[reachable]

    def _rows(self, is_wanted: Flags) -> Numbers:
        """Return the rows where something is true of what `_reachable` gave."""
        reachable, places = self._query.reachable, np.flatnonzero(is_wanted)
        return places if reachable is None else reachable[places]

    def bounds(self, rows: Numbers) -> Floats:
        """Return, shape (2, n_rows), the most that the z of the seeker and of each row can be."""
        query = self._query
        places = query.index.place.kinds[rows]
        circumstances = query.index.circumstances.kinds[rows]
        # In float64, for a probability near 1 tells nothing in less.
        bounds = query.by_place[:, places].astype(np.float64)
        bounds += self._sums[:, rows]
        bounds += query.by_circumstances[:, circumstances]
        bounds[SEEKER] += self._own_still
        bounds[OFFERER] += self._theirs_still[circumstances]
        bounds += query.parameters.base + ROUNDING
        return bounds


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
        if not self._rows:
            self.score(np.arange(0))
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
    lowest = max(float(logit(least)), -np.finfo(np.float64).max)
    places = np.flatnonzero((bounds[SEEKER] >= lowest) & (bounds[OFFERER] >= lowest))
    own, theirs = bounds[SEEKER][places], bounds[OFFERER][places]
    reached: Numbers = places[expit(own) * expit(theirs) >= least]
    return reached
