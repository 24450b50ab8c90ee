"""Figures as a page shows them: a table with bars, a sentence that says what it shows, and its CSV.

The page, the file and the sentence are made of the same cells, so that they cannot differ. What may
be shown at all has been decided before: whoever makes a chart hands over figures, not counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from flask_babel import gettext as _

from matchmaker.services import csv_export

UNKNOWN = "–"  # noqa: RUF001 - a dash, as tables have it


class Shown(Protocol):
    """A figure that may be read: what it says, and its size where that is not hidden."""

    @property
    def shown(self) -> int | None:
        """Its size, or None where it is hidden."""

    @property
    def text(self) -> str:
        """What is read in its place, such as ``1,235``, ``*`` or ``x``."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell says, and the size of its bar; None is for no bar.

    A bar of the size `out_of` fills its place; 0 is for the same scale as in the rest of the chart.
    """

    text: str
    size: int | None = None
    out_of: int = 0

    @property
    def csv(self) -> str:
        """What stands in a file: a number without its commas, which a spreadsheet may not know."""
        bare = self.text.replace(",", "")
        return bare if bare.isdigit() else self.text


@dataclass(frozen=True, slots=True)
class Row:
    """What a row is about, and its cells.

    `is_total` sets it apart and gives it no bars; `short` is its name where there is little room.
    """

    label: str
    cells: tuple[Cell, ...]
    is_total: bool = False
    short: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A table of figures.

    `key` names it in addresses; `headings` stand over the label and each cell; `note` says under it
    what is counted.
    """

    key: str
    title: str
    sentence: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def scale(self) -> int:
        """The size of a bar that fills its place, unless its cell says another."""
        sizes = [
            each.size
            for row in self.rows
            for each in row.cells
            if each.size and not each.out_of and not row.is_total
        ]
        return max(sizes, default=1)

    @property
    def has_bars(self) -> bool:
        """Whether there is anything to draw."""
        return any(
            each.size is not None for row in self.rows if not row.is_total for each in row.cells
        )

    @property
    def is_empty(self) -> bool:
        """Whether it shows nothing but 0."""
        return self.texts <= {"", "0", "0%", UNKNOWN}

    @property
    def texts(self) -> frozenset[str]:
        """Everything its cells say, so that a page can explain the signs among it."""
        return frozenset(each.text for row in self.rows for each in row.cells)


def cell(figure: Shown) -> Cell:
    """A figure with its bar."""
    return Cell(figure.text, figure.shown)


def text_cell(figure: Shown) -> Cell:
    """A figure without a bar."""
    return Cell(figure.text)


def share_of(part: Shown, whole: Shown) -> int | None:
    """How many of a hundred, from figures that are shown; None where one is hidden, or 0 of 0."""
    if part.shown is None or not whole.shown:
        return None
    # Rounding may make the part larger than the whole.
    return min(100, round(100 * part.shown / whole.shown))


def share_cell(part: Shown, whole: Shown) -> Cell:
    """A share with its bar, such as ``40%``, or a dash where there is none to show."""
    share = share_of(part, whole)
    return Cell(UNKNOWN) if share is None else Cell(f"{share}%", share, out_of=100)


def as_csv(chart: Chart) -> str:
    """The same table for a spreadsheet."""
    rows = [(row.label, *(each.csv for each in row.cells)) for row in chart.rows]
    return csv_export.as_csv(chart.headings, rows)


def signs(charts: Iterable[Chart]) -> list[tuple[str, str]]:
    """The signs that stand in some charts in the place of a figure, each with what it means."""
    seen = frozenset[str]().union(*(each.texts for each in charts))
    meanings = {
        "*": _("1 to 7"),
        "x": _("a figure that is kept back, because it would give another one away"),
        UNKNOWN: _("what cannot be worked out, because a figure it needs is 0, * or x"),
    }
    return [(sign, meaning) for sign, meaning in meanings.items() if sign in seen]
