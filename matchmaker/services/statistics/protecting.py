"""From true counts to figures: everything that is published at once is protected at once.

What readers can add up goes into the sums: areas to wider ones, months to quarters, quarters to
years, and what the catalogue says of each table. What earlier releases have published of a quarter
or a year stays as it is, and counts among what readers know.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import StatisticCount, StatisticFigure
from matchmaker.services import disclosure
from matchmaker.services.disclosure import Shown
from matchmaker.services.statistics.catalogue import list_tables_of
from matchmaker.services.statistics.counting import Counts, Place
from matchmaker.services.statistics.periods import Period, PeriodKind, list_released_with
from matchmaker.services.statistics.scope import StatisticalArea, list_areas, list_parts
from matchmaker.services.statistics.shapes import Cell, Sum, Table

# How much all parts of a covering come to is nobody's to know, and no figure of a table.
COVERED = "covered"


class FigureKey(NamedTuple):
    """A figure: of when, of where, and which."""

    period_key: str
    area_code: str
    cell: Cell

    def __str__(self) -> str:
        """Name it for whoever has to find out why it cannot be published."""
        return " ".join((self.period_key, self.area_code, *self.cell))


_KeyOf = Callable[[Cell], FigureKey]


@dataclass(slots=True)
class _Told:
    """All that is told to readers, and the true counts behind it."""

    counts: dict[FigureKey, int] = field(default_factory=dict)
    sums: list[tuple[FigureKey, tuple[FigureKey, ...]]] = field(default_factory=list)
    at_most: list[tuple[FigureKey, FigureKey]] = field(default_factory=list)
    frozen: dict[FigureKey, Shown] = field(default_factory=dict)

    def add_sum(self, total: FigureKey, parts: Iterable[FigureKey]) -> None:
        """Tell that something adds up; where all of it is 0 that says nothing."""
        present = tuple(part for part in parts if part in self.counts)
        if present or total in self.counts:
            self.sums.append((total, present))


def protect_month(month: Period, counts: Counts) -> dict[FigureKey, Shown]:
    """Protect everything that is published with a month.

    Args:
        month: The month.
        counts: Its true counts.

    Returns:
        The figures of the month, and of the quarter and year that end with it; what is 0 is left
        out.

    Raises:
        NotPublishable: No way was found to hide what must be hidden.
    """
    released = list_released_with(month)
    known = _list_known(released)
    earlier = [each for each in known if each not in released]
    by_month = _read_counts(released[-1].months[:-1])
    by_month[month.key] = counts
    told = _Told()
    for period in known:
        _tell_period(told, period, by_month)
    for period in known:
        _tell_parts_of(told, period)
    told.frozen |= _read_figures(earlier, told.counts)
    shown = disclosure.publish(told.counts, told.sums, told.at_most, told.frozen)
    return {key: figure for key, figure in shown.items() if figure.value != 0}


def _list_known(released: tuple[Period, ...]) -> list[Period]:
    """The periods released now, and those released before that a longer one of these is made of."""
    known = dict.fromkeys(released)
    for period in released:
        for part in period.parts:
            known |= dict.fromkeys((part, *part.parts))
    return list(known)


def _tell_period(told: _Told, period: Period, by_month: Mapping[str, Counts]) -> None:
    tables = list_tables_of(period.kind)
    counts = _add_up(period, tables, by_month)
    of_cells: defaultdict[Cell, set[str]] = defaultdict(set)
    for place, count in counts.items():
        told.counts[FigureKey(period.key, place.area_code, place.cell)] = count
        of_cells[place.cell].add(place.area_code)
    for cell, area_codes in of_cells.items():
        for whole, parts in _list_wholes():
            if whole.code in area_codes:
                told.add_sum(
                    FigureKey(period.key, whole.code, cell),
                    (FigureKey(period.key, each.code, cell) for each in parts),
                )
    for area in list_areas():
        for table in tables:
            _tell_table(told, period, area.code, table)


@lru_cache(maxsize=1)
def _list_wholes() -> tuple[tuple[StatisticalArea, tuple[StatisticalArea, ...]], ...]:
    """The areas that have parts, with these."""
    wholes = ((each, tuple(list_parts(each.code))) for each in list_areas())
    return tuple((whole, parts) for whole, parts in wholes if parts)


def _add_up(period: Period, tables: Iterable[Table], by_month: Mapping[str, Counts]) -> Counts:
    """The counts of a period, of all areas."""
    is_stock = {each.key: each.is_stock for each in tables}
    wider = {each.code: each.parent_code for each in list_areas()}
    counts: Counts = Counter()
    for month in period.months:
        is_last = month == period.last_month
        for (area_code, cell), count in by_month.get(month.key, {}).items():
            if cell.table not in is_stock or (is_stock[cell.table] and not is_last):
                continue
            code: str | None = area_code
            while code is not None:
                counts[Place(code, cell)] += count
                code = wider[code]
    return counts


def _tell_table(told: _Told, period: Period, area_code: str, table: Table) -> None:
    """What adds up within an area and a period."""

    def key(cell: Cell) -> FigureKey:
        return FigureKey(period.key, area_code, cell)

    for each in table.sums:
        told.add_sum(key(each.total), map(key, each.parts))
    for part, whole in table.at_most:
        if key(part) in told.counts:
            told.at_most.append((key(part), key(whole)))
    for each in table.coverings:
        _tell_covering(told, key, table, each)


def _tell_covering(told: _Told, key: _KeyOf, table: Table, covering: Sum) -> None:
    """What the parts come to is unknown, and at least the total."""
    parts = [key(part) for part in covering.parts if key(part) in told.counts]
    if not parts:
        return
    everything = key(Cell(table.key, COVERED, covering.total.column))
    told.counts[everything] = sum(told.counts[part] for part in parts)
    told.frozen[everything] = Shown(None, is_withheld=True)
    told.sums.append((everything, tuple(parts)))
    told.at_most.append((key(covering.total), everything))


def _tell_parts_of(told: _Told, period: Period) -> None:
    """What adds up over time."""
    if period.kind is PeriodKind.MONTH:
        return
    kind_of_parts = period.parts[0].kind
    tables = {
        each.key
        for each in list_tables_of(period.kind)
        if kind_of_parts in each.kinds and not each.is_stock
    }
    for key in list(told.counts):
        if key.period_key == period.key and key.cell.table in tables and key.cell.row != COVERED:
            told.add_sum(key, (key._replace(period_key=part.key) for part in period.parts))


def _read_counts(months: Iterable[Period]) -> dict[str, Counts]:
    """The true counts of earlier months, as they were when these were published."""
    found: defaultdict[str, Counts] = defaultdict(Counter)
    rows = db.session.execute(
        select(
            StatisticCount.month,
            StatisticCount.area_code,
            StatisticCount.table_key,
            StatisticCount.row_key,
            StatisticCount.column_key,
            StatisticCount.count,
        ).where(StatisticCount.month.in_([each.key for each in months]))
    )
    for month, area_code, table, row, column, count in rows:
        found[month][Place(area_code, Cell(table, row, column))] = count
    return found


def _read_figures(
    periods: Iterable[Period], counts: Mapping[FigureKey, int]
) -> dict[FigureKey, Shown]:
    """What was published of earlier periods; a figure that was not there then is 0."""
    keys = {each.key for each in periods}
    rows = db.session.execute(
        select(
            StatisticFigure.period_key,
            StatisticFigure.area_code,
            StatisticFigure.table_key,
            StatisticFigure.row_key,
            StatisticFigure.column_key,
            StatisticFigure.shown,
            StatisticFigure.is_withheld,
        ).where(StatisticFigure.period_key.in_(keys))
    )
    found = {
        FigureKey(period_key, area_code, Cell(table, row, column)): Shown(shown, is_withheld)
        for period_key, area_code, table, row, column, shown, is_withheld in rows
    }
    missing = {
        key: Shown(0)
        for key in counts
        if key.period_key in keys and key not in found and key.cell.row != COVERED
    }
    return found | missing
