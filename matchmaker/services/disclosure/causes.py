"""Why a figure has too few values left: what is known of which others leads to it.

Each narrowed range comes from a row, and there from the ranges of the others in it, and so on,
until what remains is what was published. Only what stands at such an end can help if it is
withheld.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from matchmaker.services.disclosure.knowledge import (
    INFINITE,
    SMALL_FROM,
    WIDE_ENOUGH,
    Integers,
    Knowledge,
    reached,
)
from matchmaker.services.disclosure.narrowing import Narrowing

# Where more rows lead to it, the nearest of them are looked at.
MOST_ROWS = 150


@dataclass(frozen=True, slots=True)
class Cause:
    """What makes a figure too narrow.

    Attributes:
        figures: The figures whose published values do it.
        floors: The hidden figures that do it by not being 0.
        rows: The rows by which they do.
    """

    figures: frozenset[int]
    floors: frozenset[int]
    rows: tuple[int, ...]


class _End(NamedTuple):
    """The lowest or the highest value of a figure."""

    figure: int
    is_upper: bool


class Causes:
    """Follows narrowed ranges back to what was published."""

    def __init__(self, knowledge: Knowledge[Any]) -> None:
        self._knowledge = knowledge
        self._rows = knowledge.matrix
        self._columns = self._rows.T.tocsr()
        self._narrowing = Narrowing(
            knowledge.row, knowledge.column, knowledge.sign, knowledge.is_sum
        )
        by_column = np.argsort(knowledge.column, kind="stable")
        ends = np.cumsum(np.bincount(knowledge.column, minlength=len(knowledge.keys)))
        self._entries_of_figure = np.split(by_column, ends[:-1])
        by_row = np.argsort(knowledge.row, kind="stable")
        ends = np.cumsum(np.bincount(knowledge.row, minlength=len(knowledge.is_sum)))
        self._entries_of_row = np.split(by_row, ends[:-1])

    def narrow(self) -> list[int]:
        """Narrow all ranges, and give the hidden figures with too few values left.

        Raises:
            Contradiction: The figures cannot all be true.
        """
        known = self._knowledge
        self._rounds = self._narrowing.narrow_in_rounds(known.low, known.high)
        low, high = self._rounds[-1]
        is_narrow = known.is_hidden & (high - low < WIDE_ENOUGH)
        return [int(number) for number in np.flatnonzero(is_narrow)]

    def explain(self, number: int) -> Cause:
        """What makes a figure as narrow as it is."""
        last = len(self._rounds) - 1
        waiting = deque([_End(number, is_upper=True), _End(number, is_upper=False)])
        rounds = dict.fromkeys(waiting, last)
        rows: dict[int, None] = {}
        figures: set[int] = set()
        floors: set[int] = set()
        while waiting and len(rows) < MOST_ROWS:
            end = waiting.popleft()
            round_ = self._round_of(end, rounds[end])
            if not round_:
                value = self._value(end, 0)
                if value == SMALL_FROM:
                    floors.add(end.figure)
                elif 0 < value < INFINITE:
                    figures.add(end.figure)
                continue
            entry = self._entry_behind(end, round_)
            rows[int(self._knowledge.row[entry])] = None
            for other in self._list_others(end, entry):
                # What was known before is where it comes from, and not what followed.
                if rounds.get(other, last + 1) >= round_:
                    rounds[other] = round_ - 1
                    waiting.append(other)
        return Cause(frozenset(figures), frozenset(floors), tuple(rows))

    def _value(self, end: _End, round_: int) -> float:
        low, high = self._rounds[round_]
        return float((high if end.is_upper else low)[end.figure])

    def _round_of(self, end: _End, latest: int) -> int:
        """The round in which an end came to where it is; 0 if that is what was published."""
        value = self._value(end, latest)
        while latest and self._value(end, latest - 1) == value:
            latest -= 1
        return latest

    def _list_others(self, end: _End, entry: int) -> list[_End]:
        """The ends of the other figures in a row that limit one of its figures."""
        known = self._knowledge
        # A part is at most what its total can be at most less what the others must be at least.
        is_most = end.is_upper != (known.sign[entry] > 0)
        return [
            _End(int(known.column[each]), is_upper=bool(is_most == (known.sign[each] > 0)))
            for each in self._entries_of_row[known.row[entry]].tolist()
            if each != entry
        ]

    def _entry_behind(self, end: _End, round_: int) -> int:
        """The entry of the figure in the row that brought an end to where it is."""
        known = self._knowledge
        value = self._value(end, round_)
        for entry in map(int, self._entries_of_figure[end.figure]):
            row, sign = known.row[entry], known.sign[entry]
            entries = [each for each in self._entries_of_row[row].tolist() if each != entry]
            others = zip(self._list_others(end, entry), known.sign[entries], strict=True)
            rest = sum(self._value(other, round_ - 1) * each for other, each in others)
            can_limit = known.is_sum[row] or end.is_upper == (sign > 0)
            if can_limit and -rest * sign == value:
                return entry
        raise AssertionError("No row brought it there.")

    def list_beside(self, number: int) -> Cause:
        """The figures that share a row with one, and it, where no single row explains it."""
        rows = reached(self._columns, np.array([number]))
        beside = reached(self._rows, rows).tolist()
        figures = frozenset((*beside, number))
        return Cause(figures, figures, tuple(rows.tolist()))

    def is_relieved(self, number: int, cause: Cause, candidate: int) -> bool:
        """Whether a figure, and the candidate as well, has enough values once that is withheld."""
        known = self._knowledge
        rows = np.union1d(cause.rows, reached(self._columns, np.array([candidate]))).astype(int)
        figures = np.union1d(reached(self._rows, rows), [number, candidate])
        low, high = known.low[figures], known.high[figures]
        place = np.searchsorted(figures, candidate)
        low[place], high[place] = SMALL_FROM, INFINITE
        low, high = self._narrowing_of(rows, figures).narrow(low, high)
        both = np.searchsorted(figures, [number, candidate])
        return bool((high[both] - low[both] >= WIDE_ENOUGH).all())

    def _narrowing_of(self, rows: Integers, figures: Integers) -> Narrowing:
        entries = np.concatenate([self._entries_of_row[each] for each in rows.tolist()])
        known = self._knowledge
        row: Integers = np.searchsorted(rows, known.row[entries])
        column: Integers = np.searchsorted(figures, known.column[entries])
        return Narrowing(row, column, known.sign[entries], known.is_sum[rows])
