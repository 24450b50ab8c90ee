"""What a table of figures consists of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel.speaklater import LazyString

from matchmaker.services.statistics.periods import PeriodKind
from matchmaker.services.statistics.scope import UNITED_KINGDOM

Words = str | LazyString

EVERY_PERIOD = frozenset(PeriodKind)
# Whoever has the months of a quarter and the quarter in detail can work out too much of either.
QUARTERS = frozenset({PeriodKind.QUARTER})


class Cell(NamedTuple):
    """One figure of an area and period: its table, row and column."""

    table: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A row or a column: how it is named in files, and what people read."""

    key: str
    label: Words


@dataclass(frozen=True, slots=True)
class Sum:
    """What adds up: everybody who sees the parts knows the total, and the other way round."""

    total: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        key: How addresses and files name it.
        title: What stands above it.
        description: What is counted, in a sentence or two.
        rows: Its rows, in order.
        columns: Its columns, in order.
        row_heading: What the rows are.
        kinds: For which periods there is one.
        sums: What adds up within an area and a period, also with figures of other tables.
        at_most: A figure, and another that it cannot be greater than.
        coverings: A total of which everything is in one of the parts at least, so that these add
            up to it or to more.
        is_stock: It counts what is there at the end of the period. Otherwise it counts what
            happened in it, so that the months of a quarter add up to the quarter.
        is_national: There is one for the United Kingdom as a whole, and for no smaller area.
    """

    key: str
    title: Words
    description: Words
    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]
    row_heading: Words = ""
    kinds: frozenset[PeriodKind] = QUARTERS
    sums: tuple[Sum, ...] = ()
    at_most: tuple[tuple[Cell, Cell], ...] = ()
    coverings: tuple[Sum, ...] = ()
    is_stock: bool = False
    is_national: bool = False

    def is_for(self, area_code: str) -> bool:
        """Whether there is one for an area."""
        return not self.is_national or area_code == UNITED_KINGDOM

    def cells(self) -> Iterator[Cell]:
        """Every figure of it, row by row."""
        return (Cell(self.key, row.key, each.key) for row in self.rows for each in self.columns)
