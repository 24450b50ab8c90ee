"""The search for what somebody could work out who has all the figures.

For every hidden figure two values are looked for that are far enough apart and that agree with
everything published: each sum, each pair, each rounded figure. That is integer programming, and too
slow to do for each of thousands of figures. So solutions that push many neighbouring figures up at
once, and then down, come first, and only what they leave open is looked at one by one. Whatever the
solver says is checked in whole numbers before it counts, so that a figure is safe only if it truly
can have both values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from matchmaker.services.disclosure.knowledge import (
    INFINITE,
    WIDE_ENOUGH,
    Flags,
    Floats,
    Integers,
    Key,
    Knowledge,
    reached,
)
from matchmaker.services.disclosure.narrowing import Contradiction, narrowing_of

# How far above everything else a withheld figure is tried.
ROOM_ABOVE = 100.0
# How many figures are pushed together, and how many are looked at for a single one: more and more.
FIGURES_TOGETHER = 5000
FEWEST_FIGURES = 200
MORE_FIGURES = 5
# How often they are pushed at once, and how often in a row that may bring nothing.
MOST_PUSHES = 30
FRUITLESS_PUSHES = 3
# The solver gives up after so many branches, always the same, and the figure counts as at risk.
MOST_BRANCHES = 1000
NO_LIMIT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Range:
    """Between which values a hidden figure lies, for somebody who knows all the others."""

    lowest: int
    highest: int | None


@dataclass(frozen=True, slots=True)
class Program:
    """Some figures, and the sums that tie them together.

    `low` and `high` limit the figures, `least` and `most` the rows of the matrix.
    """

    matrix: csc_array
    least: Floats
    most: Floats
    low: Floats
    high: Floats

    def solve(
        self, objective: Floats, low: Floats, high: Floats, branches: int = MOST_BRANCHES
    ) -> Floats | None:
        """Figures with a small objective, in whole numbers; None if the solver found none."""
        # Without the demand for whole numbers it is quicker, and often they are whole all the same.
        for is_whole in (False, True):
            result = milp(
                objective,
                integrality=np.full(len(objective), int(is_whole)),
                bounds=Bounds(low, high),
                constraints=LinearConstraint(self.matrix, self.least, self.most),
                options={"node_limit": branches},
            )
            if result.x is not None and self.holds(values := np.rint(result.x)):
                return np.asarray(values, dtype=np.float64)
        return None

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

    def __init__(
        self,
        knowledge: Knowledge[Key],
        truth: Mapping[Key, int] | None = None,
        before: Attack[Key] | None = None,
    ) -> None:
        """Prepare it.

        Args:
            knowledge: What is known.
            truth: A first solution, if there is one.
            before: An attack on the same figures before some of them were withheld: what was
                possible then is possible still.
        """
        self._knowledge = knowledge
        low, high = narrowing_of(knowledge).narrow(knowledge.low, knowledge.high)
        self.low, self.high = low, high
        self._rows = knowledge.matrix
        self._columns = self._rows.T.tocsr()
        rows = len(knowledge.is_sum)
        least = np.where(knowledge.is_sum, 0.0, -INFINITE)
        self._whole = Program(self._rows.tocsc(), least, np.zeros(rows), low, high)
        # What turned out to have too few values, one by one.
        self._narrow: dict[int, Range] = {}
        if before is None:
            self._solution = self._first_solution(truth or {})
            # The lowest and the highest value that a solution gave to each figure.
            self.seen_low, self.seen_high = self._solution.copy(), self._solution.copy()
            # Among which figures pushing many at once brings nothing more.
            self._is_pushed = np.zeros(len(low), dtype=np.bool_)
        else:
            self._solution = before._solution  # noqa: SLF001
            self._is_pushed = before._is_pushed  # noqa: SLF001
            self.seen_low, self.seen_high = before.seen_low, before.seen_high

    def _first_solution(self, truth: Mapping[Key, int]) -> Floats:
        values = np.array(
            [truth.get(key, np.nan) for key in self._knowledge.keys], dtype=np.float64
        )
        if self._whole.holds(values):
            return values
        high = np.where(np.isfinite(self.high), self.high, self._top())
        found = self._whole.solve(np.zeros(len(values)), self.low, high, NO_LIMIT)
        if found is None:
            raise Contradiction
        return found

    def _top(self) -> float:
        """More than any withheld figure needs to be."""
        finite = self.high[np.isfinite(self.high)]
        return float(finite.sum() + self.low.sum() + ROOM_ABOVE)

    def run(self, most: int | None = None) -> dict[Key, Range]:
        """The hidden figures with too few values, in their order.

        Args:
            most: Stop after so many of those that the solver has to find one by one.
        """
        for number in np.flatnonzero(self.list_pending()).tolist():
            if most is not None and len(self._narrow) >= most:
                break
            if self.list_pending()[number] and not self._is_pushed[number]:
                self._push_many(self._near(number, FIGURES_TOGETHER))
            if self.list_pending()[number]:
                self._push_one(number)
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

    def _near(self, number: int, most: int) -> Integers:
        """The figures that have most to do with one, those that have one value only left out."""
        is_free = self.high > self.low
        found = np.array([number])
        while len(found) < most:
            wider = reached(self._rows, reached(self._columns, found))
            new = np.setdiff1d(wider[is_free[wider]], found, assume_unique=True)
            if not len(new):
                break
            found = np.concatenate([found, new[: most - len(found)]])
        return np.sort(found)

    def _program_of(self, figures: Integers, *, is_strict: bool = True) -> Program:
        """The sums among some figures.

        Args:
            figures: The figures that may move.
            is_strict: All others stay as they are in the last solution, so that whatever is found
                is a solution. Otherwise the sums in which others may move are left out, so that
                whatever is ruled out is impossible.
        """
        rows = reached(self._columns, figures)
        is_inside = np.zeros(len(self.low), dtype=np.bool_)
        is_inside[figures] = True
        if not is_strict:
            others = (~is_inside & (self.high > self.low)).astype(np.float64)
            rows = rows[abs(self._rows[rows]) @ others == 0]
        taken = self._rows[rows] @ np.where(is_inside, 0.0, self._solution)
        high = self.high[figures]
        top = np.maximum(self._top(), self.seen_high[figures] + WIDE_ENOUGH)
        return Program(
            self._rows[rows][:, figures].tocsc(),
            self._whole.least[rows] - taken,
            self._whole.most[rows] - taken,
            self.low[figures],
            np.where(np.isfinite(high), high, top),
        )

    def _push_many(self, figures: Integers) -> None:
        """Push all pending figures at once, some up and some down, and then the other way."""
        random = np.random.default_rng(int(figures[0]))
        program = self._program_of(figures)
        size = len(figures)
        fruitless = 0
        for _push in range(MOST_PUSHES):
            before = int(self.list_pending()[figures].sum())
            if not before or fruitless == FRUITLESS_PUSHES:
                break
            way = random.choice((-1.0, 1.0), size) * random.uniform(0.5, 1.5, size)
            for objective in (way, -way):
                pending = self.list_pending()[figures]
                self._push(program, figures, np.where(pending, objective, 0.0))
            is_fruitless = int(self.list_pending()[figures].sum()) == before
            fruitless = fruitless + 1 if is_fruitless else 0
        self._is_pushed[figures] = True

    def _push_one(self, number: int) -> None:
        """Find out about a single figure, among more and more others."""
        most = FEWEST_FIGURES
        while True:
            figures = self._near(number, most)
            place = int(np.searchsorted(figures, number))
            objective = np.zeros(len(figures))
            objective[place] = 1.0
            program = self._program_of(figures)
            self._push(program, figures, -objective)
            self._push(program, figures, objective)
            if not self.list_pending()[number]:
                return
            found = self._outer_range(figures, objective)
            if found is not None or len(figures) < most:
                # Where even all of it is too much for the solver, what was seen counts as all.
                seen = Range(int(self.seen_low[number]), int(self.seen_high[number]))
                self._narrow[number] = found or seen
                return
            most *= MORE_FIGURES

    def _outer_range(self, figures: Integers, objective: Floats) -> Range | None:
        """Where some sums alone leave a figure too few values: which ones."""
        program = self._program_of(figures, is_strict=False)
        ends = [
            program.solve(way, program.low, program.high, NO_LIMIT)
            for way in (objective, -objective)
        ]
        lowest, highest = (INFINITE if each is None else objective @ each for each in ends)
        is_narrow = highest - lowest < WIDE_ENOUGH
        return Range(int(lowest), int(highest)) if is_narrow else None

    def _push(self, program: Program, figures: Integers, objective: Floats) -> None:
        """Note a solution in which figures go as far as they must to be safe, and not farther."""
        down, up = objective > 0, objective < 0
        enough = self.seen_high[figures] - WIDE_ENOUGH
        low = np.where(down, np.maximum(program.low, enough), program.low)
        enough = self.seen_low[figures] + WIDE_ENOUGH
        high = np.where(up, np.minimum(program.high, enough), program.high)
        values = program.solve(objective, low, high)
        if values is None:
            return
        self._solution = self._solution.copy()
        self._solution[figures] = values
        self.seen_low[figures] = np.minimum(self.seen_low[figures], values)
        self.seen_high[figures] = np.maximum(self.seen_high[figures], values)
