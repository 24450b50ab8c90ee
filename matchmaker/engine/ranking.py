"""Everybody who suits a seeker, in order, and not only the best of them.

A search for the best leaves most profiles unscored. Somebody who looks through a directory wants to
know how many there are, to narrow them down and to sort them in other ways, so that each of them is
scored; what shares nothing with the seeker's topics is left out before that.
"""

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.features import NO_TOPIC, Flags
from matchmaker.engine.query import Query
from matchmaker.engine.score import has_topics
from matchmaker.engine.search import Best

Numbers = NDArray[np.integer]


def rank(query: Query, *, hidden: Flags | None = None, least_relevance: float) -> Best:
    """Return every row that suits a query, best first, ties by id.

    The same rows, scores and order as `matchmaker.engine.search.search` with no end to its list.

    Args:
        query: What is sought.
        hidden: Shape (n,): rows that are not to be found.
        least_relevance: Above 0; see `matchmaker.engine.score.relevance`.
    """
    rows = _that_share_a_topic(query)
    if hidden is not None:
        rows = rows[~hidden[rows]]
    rows = rows[query.relevance(rows) >= least_relevance]
    scores = query.score(rows)
    order = np.lexsort((query.index.ranks[rows], -scores.mutual))
    order = order[scores.is_possible[order]]
    return Best(rows[order], scores.take(order))


def _that_share_a_topic(query: Query) -> Numbers:
    """Return the rows that offer anything of what is sought in topics; all where nothing is."""
    index = query.index
    if not has_topics(query.seeker):
        return np.arange(len(index))
    sought = query.seeker.seeking.indices
    shares = np.zeros(len(index), dtype=np.bool_)
    for column in sought[index.topics[sought] != NO_TOPIC].tolist():
        shares[index.lists.offered.rows_of(column)] = True
    return np.flatnonzero(shares)
