"""Which lists a search reads, in which order, and what those not read yet can still add."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaker.engine.features import Features, Floats, Rows
from matchmaker.engine.index import COMMON, N_TIERS, Index
from matchmaker.engine.parameters import TOPICS
from matchmaker.engine.postings import Postings, Shares

Numbers = NDArray[np.integer]


class Reading(NamedTuple):
    """The lists that add to one side's z, tier by tier.

    Attributes:
        postings: Where the lists are.
        columns: Shape (n,): the columns of the lists.
        weights: Shape (n,): what the values of each list are multiplied with.
        ends: Shape (N_TIERS + 1,): where each tier begins, and where the last ends.
        n_left: Shape (N_TIERS + 1,): how many postings there are from each tier on.
        most_left: Shape (N_TIERS + 1, n_topics): the most that the lists from each tier on can add
            in each topic.
        loudest: Shape (N_TIERS + 1,): the largest weight from each tier on among common words.
    """

    postings: Postings
    columns: Rows
    weights: Shares
    ends: Numbers
    n_left: Floats
    most_left: Floats
    loudest: Floats

    @classmethod
    def of(cls, row: csr_array, postings: Postings, index: Index) -> "Reading":
        """Return the lists of topics for one row of weights."""
        lengths = postings.lengths(row.indices)
        kept = np.flatnonzero(lengths)
        tiers = index.tiers[row.indices[kept]]
        order = np.argsort(tiers, kind="stable")
        kept, tiers = kept[order], tiers[order]
        columns, weights = row.indices[kept], row.data[kept]
        cells = len(TOPICS) * tiers.astype(np.intp) + index.topics[columns]
        most = np.bincount(
            cells, weights=weights * postings.most[columns], minlength=N_TIERS * len(TOPICS)
        )
        loudest = np.zeros(N_TIERS + 1)
        is_common = tiers >= COMMON
        np.maximum.at(loudest, tiers[is_common], weights[is_common])
        return cls(
            postings=postings,
            columns=columns,
            weights=weights.astype(np.float32),
            ends=np.searchsorted(tiers, np.arange(N_TIERS + 1)),
            n_left=_from_each_on(
                np.bincount(tiers, weights=lengths[kept], minlength=N_TIERS).reshape(N_TIERS, 1)
            )[:, 0],
            most_left=_from_each_on(most.reshape(N_TIERS, len(TOPICS))),
            loudest=np.maximum.accumulate(loudest[::-1])[::-1],
        )

    def add(self, tier: int, sums: Shares) -> None:
        """Add the lists of a tier to the sums of the rows."""
        chosen = slice(self.ends[tier], self.ends[tier + 1])
        self.postings.add(sums, self.columns[chosen], self.weights[chosen])


def readings(seeker: Features, index: Index) -> tuple[Reading, Reading]:
    """Return the lists of a seeker, one row: for its own z, and for that of offerers."""
    return (
        Reading.of(seeker.seeking, index.lists.offered, index),
        Reading.of(seeker.offering, index.lists.sought, index),
    )


def _from_each_on(by_tier: NDArray[Any]) -> Floats:
    """Return the sums from each tier on, and 0 after the last."""
    sums = np.zeros((len(by_tier) + 1, by_tier.shape[1]))
    sums[:-1] = np.cumsum(by_tier[::-1], axis=0)[::-1]
    return sums
