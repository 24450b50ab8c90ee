"""What each sum alone says of its figures, until nothing more follows.

A part is at least its total less the most that the other parts can be, and so on. This is quick,
and what it rules out is truly impossible. What it leaves may still be ruled out by several sums
together; that is for `auditing`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from matchmaker.services.disclosure.knowledge import INFINITE, Floats, Integers, Knowledge

# What is left after so many rounds is wider than it could be, and that does no harm.
MOST_ROUNDS = 60


class Contradiction(Exception):
    """The figures cannot all be true."""


class Narrowing:
    """The rows of a matrix, laid out so that all of them are read at once."""

    def __init__(self, row: Integers, column: Integers, sign: Floats, is_sum: Any) -> None:
        self._row, self._column = row, column
        self._is_plus = sign > 0
        self._row_count = len(is_sum)
        self._row_low = np.where(is_sum, 0.0, -INFINITE)[row]
        # By figure, so that the narrowest of what its rows say is found in one go.
        self._order = np.argsort(column, kind="stable")
        ordered = column[self._order]
        is_first = np.ones(len(ordered), dtype=np.bool_)
        is_first[1:] = ordered[1:] != ordered[:-1]
        self._starts = np.flatnonzero(is_first)
        self._columns = ordered[self._starts]

    def narrow(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """The ranges that are left of the given ones.

        Raises:
            Contradiction: Nothing is left of one of them.
        """
        return self.narrow_in_rounds(low, high)[-1]

    def narrow_in_rounds(self, low: Floats, high: Floats) -> list[tuple[Floats, Floats]]:
        """The given ranges, and what is left of them after each round.

        Raises:
            Contradiction: Nothing is left of one of them.
        """
        rounds = [(low, high)]
        while len(self._row) and len(rounds) <= MOST_ROUNDS:
            least, most = self._implied(low, high)
            is_better = (least > low[self._columns]) | (most < high[self._columns])
            if not is_better.any():
                break
            low, high = low.copy(), high.copy()
            low[self._columns] = np.maximum(low[self._columns], least)
            high[self._columns] = np.minimum(high[self._columns], most)
            if (low > high).any():
                raise Contradiction
            rounds.append((low, high))
        return rounds

    def _implied(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """For each figure in a row, the narrowest range that one of its rows leaves it."""
        lows, highs = low[self._column], high[self._column]
        # What each figure adds to its row: at least `less`, at most `more`.
        less = np.where(self._is_plus, lows, -highs)
        more = np.where(self._is_plus, highs, -lows)
        upper = -self._rest(less)
        lower = self._row_low + self._rest(-more)
        least = np.where(self._is_plus, lower, -upper)[self._order]
        most = np.where(self._is_plus, upper, -lower)[self._order]
        return np.maximum.reduceat(least, self._starts), np.minimum.reduceat(most, self._starts)

    def _rest(self, part: Floats) -> Floats:
        """For each entry, the sum of the others in its row."""
        is_infinite = np.isinf(part)
        finite = np.where(is_infinite, 0.0, part)
        total = np.bincount(self._row, finite, self._row_count)[self._row]
        infinite = np.bincount(self._row, is_infinite, self._row_count)[self._row]
        return np.where(infinite - is_infinite > 0, -INFINITE, total - finite)


def narrowing_of(knowledge: Knowledge[Any]) -> Narrowing:
    """All rows of what is known."""
    return Narrowing(knowledge.row, knowledge.column, knowledge.sign, knowledge.is_sum)
