"""What a reader knows: between which values each published figure lies, and which add up to which.

This side knows nothing of the true counts, and takes nothing over from `rule`: what a reader makes
of ``*`` and of a rounded figure is told here a second time, on purpose. If the rule is weakened one
day, what it shows no longer reads as this says, and nothing is published.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaker.services.disclosure.figures import NONE_AT_ALL, Shown

Key = TypeVar("Key", bound=Hashable)
Sums = Iterable[tuple[Key, Iterable[Key]]]
Pairs = Iterable[tuple[Key, Key]]
Floats = NDArray[np.float64]
Integers = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.bool_]

INFINITE = float("inf")
SMALL_FROM, SMALL_TO = 1, 7
ROUNDED_TO = 5
ROUNDED_OFF = 2

# The highest value less the lowest, at least: a hidden figure then has five values or more that it
# may have, as many as a rounded one has. With 3 it would be "bounded within 3".
WIDE_ENOUGH = 4


def known_of(figure: Shown) -> tuple[float, float]:
    """The lowest and the highest value that a figure may stand for.

    A figure that the rule would not have let through is taken for exact, as a reader would.
    """
    if figure.is_withheld:
        return 0, INFINITE
    if figure.value is None:
        return SMALL_FROM, SMALL_TO
    if not follows_rule(figure):
        return figure.value, figure.value
    if figure.value == 0:
        return 0, 0
    return max(SMALL_TO + 1, figure.value - ROUNDED_OFF), figure.value + ROUNDED_OFF


def follows_rule(figure: Shown) -> bool:
    """Whether the rule could have shown this: nothing, a hidden figure, or a rounded one."""
    value = figure.value
    return not value or (value % ROUNDED_TO == 0 and value > SMALL_TO)


@dataclass(frozen=True, slots=True)
class Knowledge(Generic[Key]):
    """Everything that is known of the figures that are not 0, as arrays.

    `low` and `high` say between which values each figure lies. The sums and the pairs are the rows
    of a sparse matrix (`row`, `column`, `sign`): the parts of a sum less its total make exactly 0,
    a part less its whole 0 at most (`is_sum` tells which).
    """

    keys: tuple[Key, ...]
    low: Floats
    high: Floats
    is_hidden: Flags
    row: Integers
    column: Integers
    sign: Floats
    is_sum: Flags

    @property
    def matrix(self) -> csr_array:
        """The sums and the pairs, one a row."""
        shape = (len(self.is_sum), len(self.keys))
        return csr_array((self.sign, (self.row, self.column)), shape=shape)


def gather(shown: Mapping[Key, Shown], sums: Sums[Key], at_most: Pairs[Key] = ()) -> Knowledge[Key]:
    """Put together what the figures say; one that is not published at all is 0."""
    keys = tuple(key for key, figure in shown.items() if figure != NONE_AT_ALL)
    number = {key: position for position, key in enumerate(keys)}
    rows: list[int] = []
    columns: list[int] = []
    signs: list[float] = []
    is_sum: list[bool] = []
    told = chain(
        ((total, tuple(parts), True) for total, parts in sums),
        ((whole, (part,), False) for part, whole in at_most),
    )
    for total, parts, adds_up in told:
        present = [number[part] for part in parts if part in number]
        if not present and total not in number:
            continue
        entries = [(each, 1.0) for each in present]
        if total in number:
            entries.append((number[total], -1.0))
        for column, sign in entries:
            rows.append(len(is_sum))
            columns.append(column)
            signs.append(sign)
        is_sum.append(adds_up)
    known = np.array([known_of(shown[key]) for key in keys], dtype=np.float64).reshape(-1, 2)
    return Knowledge(
        keys,
        known[:, 0].copy(),
        known[:, 1].copy(),
        np.array([shown[key].is_hidden for key in keys], dtype=np.bool_),
        np.array(rows, dtype=np.int64),
        np.array(columns, dtype=np.int64),
        np.array(signs, dtype=np.float64),
        np.array(is_sum, dtype=np.bool_),
    )


def reached(matrix: csr_array, rows: Integers) -> Integers:
    """The columns in which some rows of a matrix have an entry."""
    return np.unique(matrix[rows].indices)
