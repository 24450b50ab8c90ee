"""Random sets of figures as leads get them, and a plain attack on them.

A set has boards and their nation, a breakdown by row, groups that overlap, and three months with
their quarter. The attack shares no code with the audit: one integer program for each end of each
hidden figure, over everything published, with nothing simplified before.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from matchmaker.services.disclosure import publish

MONTHS = ("month 1", "month 2", "month 3")
QUARTER, NATION, ALL = "quarter", "nation", "all"
COLUMNS = ("asked", "accepted")


@dataclass
class PublishedSet:
    """The true counts of a quarter, and how they add up."""

    counts: Counter = field(default_factory=Counter)
    sums: list = field(default_factory=list)
    at_most: list = field(default_factory=list)

    def release(self, periods, frozen):
        """What is published of some periods, those before being out already."""
        known = {*periods, *(key[0] for key in frozen)}
        return publish(
            {key: count for key, count in self.counts.items() if key[0] in known},
            [each for each in self.sums if {key[0] for key in (each[0], *each[1])} <= known],
            [each for each in self.at_most if each[0][0] in known],
            frozen=frozen,
        )

    def publish(self):
        """Everything that is out once the quarter is: a month after the other."""
        frozen = {}
        for periods in ((MONTHS[0],), (MONTHS[1],), (MONTHS[2], QUARTER)):
            frozen |= self.release(periods, frozen)
        return frozen


def random_set(seed):
    """A set of its own size and business for each seed."""
    chance = random.Random(seed)
    boards = [f"board {number}" for number in range(chance.randint(2, 4))]
    rows = [f"row {number}" for number in range(chance.randint(2, 3))]
    groups = [f"group {number}" for number in range(chance.randint(1, 2))]
    busy = {each: chance.choice((0.5, 2, 6, 20)) for each in boards}
    made = PublishedSet()
    for month, board, row in product(MONTHS, boards, rows):
        for _introduction in range(round(chance.expovariate(1 / busy[board]))):
            columns = COLUMNS[: chance.choice((1, 2))]
            of = [ALL, row, *(each for each in groups if chance.random() < 0.4)]
            for column, area in product(columns, (board, NATION)):
                made.counts[month, area, ALL, column] += 1
                made.counts.update((QUARTER, area, each, column) for each in of)
    for column in COLUMNS:
        _tie_together(made, column, boards, rows, groups)
    made.counts = Counter({key: made.counts[key] for key in sorted(made.counts)})
    return made


def _tie_together(made, column, boards, rows, groups):
    for area in (*boards, NATION):
        whole = (QUARTER, area, ALL, column)
        made.sums.append((whole, [(QUARTER, area, each, column) for each in rows]))
        made.sums.append((whole, [(month, area, ALL, column) for month in MONTHS]))
        made.at_most += [((QUARTER, area, each, column), whole) for each in groups]
    published = [(month, ALL) for month in MONTHS]
    published += [(QUARTER, each) for each in (ALL, *rows, *groups)]
    for period, row in published:
        areas = [(period, board, row, column) for board in boards]
        made.sums.append(((period, NATION, row, column), areas))
        if column == "accepted":
            pairs = [((period, area, row, column), (period, area, row, "asked")) for area in boards]
            made.at_most += pairs


class Attacker:
    """Somebody who reads everything, and knows what a star, an x and a rounded figure may be."""

    def __init__(self, ranges, sums, at_most):
        """`ranges` gives the lowest and the highest value of each figure; others are 0."""
        self.keys = list(ranges)
        number = {key: place for place, key in enumerate(self.keys)}
        rows = [(parts, total, 0) for total, parts in sums]
        rows += [([part], whole, -np.inf) for part, whole in at_most]
        matrix = np.zeros((len(rows), len(self.keys)))
        for place, (parts, total, _least) in enumerate(rows):
            for part in parts:
                if part in number:
                    matrix[place, number[part]] += 1
            if total in number:
                matrix[place, number[total]] -= 1
        self._constraints = LinearConstraint(matrix, [least for *_rest, least in rows], 0)
        low, high = np.array(list(ranges.values()), dtype=float).T
        self._bounds = Bounds(low, np.minimum(high, 10_000))

    def reach(self, key):
        """The lowest and the highest value of a figure that agree with everything."""
        objective = np.zeros(len(self.keys))
        objective[self.keys.index(key)] = 1
        ends = [self._best(objective), -self._best(-objective)]
        return tuple(round(each) for each in ends)

    def _best(self, objective):
        found = milp(
            objective,
            integrality=np.ones(len(objective)),
            bounds=self._bounds,
            constraints=self._constraints,
            # With it, the solver calls solutions the best that are not.
            options={"presolve": False},
        )
        assert found.success, found.message
        return found.fun


def attack(shown, made):
    """What the hidden figures of a published set may be, for somebody who reads all of it."""
    ranges = {key: known_range(figure) for key, figure in shown.items() if figure.value != 0}
    attacker = Attacker(ranges, made.sums, made.at_most)
    return {key: attacker.reach(key) for key in ranges if shown[key].is_hidden}


def known_range(figure):
    if figure.is_withheld:
        return 0, np.inf
    if figure.value is None:
        return 1, 7
    return max(8, figure.value - 2), figure.value + 2


def attack_fewer_than_5(made):
    """The same where 1 to 4 are hidden and everything else is exact."""
    ranges = {key: (1, 4) if count < 5 else (count,) * 2 for key, count in made.counts.items()}
    attacker = Attacker(ranges, made.sums, made.at_most)
    return {key: attacker.reach(key) for key, count in made.counts.items() if count < 5}
