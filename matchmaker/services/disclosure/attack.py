"""The search for what somebody could work out who has all the figures.

For every hidden figure two values are looked for that are far enough apart and that agree with
everything
published: each sum, each pair, each rounded figure. That is integer programming, and too slow to do
    for each of thousands of figures. So solutions that push many figures up at once, and then down,
    come first, and only what they leave open is looked at one by one. Whatever the solver says is
    checked in whole numbers before it counts, so that a figure is safe only if it truly can have
    both values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from matchmaker.services.disclosure.knowledge import (
    INFINITE,
    Flags,
    Floats,
    Integers,
    Key,
    Knowledge,
)
from matchmaker.services.disclosure.narrowing import Contradiction, narrowing_of

# The highest value less the lowest, at least: a hidden figure then has five values or more that it
# may have, as many as a rounded one has. With 3 it would be "bounded within 3".
WIDE_ENOUGH = 4

# How far above everything else a withheld figure is tried.
ROOM_ABOVE = 100.0
# How often many are pushed at once, and how often in a row that may bring nothing.
MOST_PUSHES = 40
FRUITLESS_PUSHES = 4
# The solver gives up after so many branches, always the same, and the figure counts as at risk.
BRANCHES_OF_PUSHES = 20
MOST_BRANCHES = 2000
NO_LIMIT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Range:
    """Between which values a hidden figure lies, for somebody who knows all the others."""

    lowest: int
    highest: int | None


@dataclass(frozen=True, slots=True)
class Program:
    """Figures that have to do with one another, and the sums that tie them together.

    `low` and `high` limit the figures, `least` and `most` the rows of the matrix.
    """

    matrix: csr_array
    least: Floats
    most: Floats
    low: Floats
    high: Floats

    def solve(self, objective: Floats, low: Floats, high: Floats, branches: int) -> Floats | None:
        """Figures in whole numbers with the smallest objective that was found, if any was."""
        result = milp(
            objective,
            integrality=np.ones(len(objective), dtype=np.int64),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(self.matrix, self.least, self.most),
            options={"node_limit": branches},
        )
        values = None if result.x is None else np.rint(result.x)
        return None if values is None or not self.holds(values) else values

    def holds(self, values: Floats) -> bool:
        """Whether figures agree with everything published."""
        sums = self.matrix @ values
        is_within = (values >= self.low) & (values <= self.high)
        return bool(is_within.all() and (sums >= self.least).all() and (sums <= self.most).all())


class Attack(Generic[Key]):
    """An attack on what is known.

    Raises:
        Contradiction: The figures cannot all be true.
    """

    def __init__(self, knowledge: Knowledge[Key], truth: Mapping[Key, int] | None = None) -> None:
        self._knowledge = knowledge
        self.low, self.high = narrowing_of(knowledge).narrow(knowledge.low, knowledge.high)
        size = len(knowledge.keys)
        self._whole = Program(
            knowledge.matrix,
            np.where(knowledge.is_sum, 0.0, -INFINITE),
            np.zeros(len(knowledge.is_sum)),
            self.low,
            self.high,
        )
        # The lowest and the highest value that a solution gave to each figure.
        self.seen_low = np.full(size, INFINITE)
        self.seen_high = np.full(size, -INFINITE)
        # What turned out to have too few values, one by one.
        self._narrow: dict[int, Range] = {}
        self._begin_with(truth or {})

    def _begin_with(self, truth: Mapping[Key, int]) -> None:
        values = np.array([truth.get(key, np.nan) for key in self._knowledge.keys])
        if self._whole.holds(values):
            self._note(np.arange(len(values)), values)

    def run(self) -> dict[Key, Range]:
        """The hidden figures with too few values, in their order.

        Raises:
            Contradiction: The figures cannot all be true.
        """
        for figures in self._list_groups():
            program = self._program_of(figures)
            if np.isinf(self.seen_low[figures]).any():
                self._push(program, figures, np.zeros(len(figures)), NO_LIMIT)
            if np.isinf(self.seen_low[figures]).any():
                raise Contradiction
            self._push_many(program, figures)
            self._push_each(program, figures)
        return self._list_findings()

    def list_pending(self) -> Flags:
        """The hidden figures of which nothing is certain yet."""
        is_certain = self.seen_high - self.seen_low >= WIDE_ENOUGH
        is_narrow = self.high - self.low < WIDE_ENOUGH
        pending = self._knowledge.is_hidden & ~is_certain & ~is_narrow
        pending[list(self._narrow)] = False
        return np.asarray(pending, dtype=np.bool_)

    def _list_findings(self) -> dict[Key, Range]:
        narrow = self._knowledge.is_hidden & (self.high - self.low < WIDE_ENOUGH)
        found = {
            number: Range(int(self.low[number]), int(self.high[number]))
            for number in np.flatnonzero(narrow).tolist()
        }
        found |= self._narrow
        return {self._knowledge.keys[number]: found[number] for number in sorted(found)}

    def _list_groups(self) -> list[Integers]:
        """Figures that have to do with one another, group by group, where something is pending."""
        free = np.flatnonzero(self.high > self.low)
        if not len(free):
            return []
        links = self._whole.matrix[:, free].tocoo()
        size = len(free) + links.shape[0]
        ties = csr_array((links.data, (links.col, len(free) + links.row)), shape=(size, size))
        label = connected_components(ties, directed=False)[1][: len(free)]
        return [free[label == each] for each in np.unique(label[self.list_pending()[free]])]

    def _program_of(self, figures: Integers) -> Program:
        """The sums among some figures; every other figure in these has one value only."""
        columns = self._whole.matrix[:, figures]
        rows = np.flatnonzero(np.diff(columns.indptr))
        fixed = np.where(self.low == self.high, self.low, 0.0)
        taken = (self._whole.matrix @ fixed)[rows]
        low, high = self.low[figures], self.high[figures]
        seen = np.where(np.isfinite(self.seen_high[figures]), self.seen_high[figures], 0.0)
        top = np.maximum(low + high[np.isfinite(high)].sum(), seen) + ROOM_ABOVE
        return Program(
            columns[rows],
            self._whole.least[rows] - taken,
            self._whole.most[rows] - taken,
            low,
            np.where(np.isfinite(high), high, top),
        )

    def _push_many(self, program: Program, figures: Integers) -> None:
        """Push all pending figures at once, some up and some down, and then the other way."""
        random = np.random.default_rng(len(figures))
        fruitless = 0
        for _push in range(MOST_PUSHES):
            before = int(self.list_pending()[figures].sum())
            if not before or fruitless == FRUITLESS_PUSHES:
                return
            way = random.choice((-1.0, 1.0), len(figures)) * random.uniform(0.5, 1.5, len(figures))
            for objective in (way, -way):
                pending = self.list_pending()[figures]
                self._push(program, figures, np.where(pending, objective, 0.0), BRANCHES_OF_PUSHES)
            is_fruitless = int(self.list_pending()[figures].sum()) == before
            fruitless = fruitless + 1 if is_fruitless else 0

    def _push_each(self, program: Program, figures: Integers) -> None:
        """Look at what is left one by one."""
        for place in np.flatnonzero(self.list_pending()[figures]).tolist():
            number = int(figures[place])
            if not self.list_pending()[number]:
                continue
            objective = np.zeros(len(figures))
            objective[place] = -1.0
            self._push(program, figures, objective, MOST_BRANCHES)
            self._push(program, figures, -objective, MOST_BRANCHES)
            if self.list_pending()[number]:
                # What was seen is all there is; where the solver gave up, it counts as all.
                seen = int(self.seen_low[number]), int(self.seen_high[number])
                self._narrow[number] = Range(*seen)

    def _push(self, program: Program, figures: Integers, objective: Floats, branches: int) -> None:
        """Note a solution in which the figures go as far as they must to be safe, not farther."""
        is_known = np.isfinite(self.seen_low[figures])
        low, high = program.low, program.high
        down = (objective > 0) & is_known
        low = np.where(down, np.maximum(low, self.seen_high[figures] - WIDE_ENOUGH), low)
        up = (objective < 0) & is_known
        high = np.where(up, np.minimum(high, self.seen_low[figures] + WIDE_ENOUGH), high)
        values = program.solve(objective, low, high, branches)
        if values is not None:
            self._note(figures, values)

    def _note(self, figures: Integers, values: Floats) -> None:
        self.seen_low[figures] = np.minimum(self.seen_low[figures], values)
        self.seen_high[figures] = np.maximum(self.seen_high[figures], values)
