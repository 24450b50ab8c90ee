"""From true counts to figures: everything that is published at once is protected at once.

What readers can add up goes into the sums: areas to wider ones, months to quarters, and what the
catalogue says of each table. What earlier releases have published of a quarter stays as it is, and
counts among what readers know.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import StatisticCount, StatisticFigure
from matchmaker.services import disclosure
from matchmaker.services.disclosure import NotPublishable, Shown
from matchmaker.services.statistics.catalogue import list_tables_of
from matchmaker.services.statistics.counting import Counts, Place
from matchmaker.services.statistics.periods import Period, PeriodKind, list_released_with
from matchmaker.services.statistics.scope import StatisticalArea, list_areas, list_parts
from matchmaker.services.statistics.shapes import Cell, Sum, Table

logger = logging.getLogger(__name__)

HIDDEN_FIGURE = Shown(None, is_withheld=True)
# How often more is withheld, and how far around what would be given away.
MOST_ROUNDS = 2
MOST_STEPS = 4
MOST_LOGGED = 1000
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
        The figures of the month, and of the quarter that ends with it; what is 0 is left out.

    Where no way is found to hide what must be hidden, the tables that only a quarter has are
    withheld as a whole.

    Raises:
        NotPublishable: That was not enough.
    """
    released = list_released_with(month)
    by_month = _read_counts(released[-1].months[:-1])
    by_month[month.key] = counts
    quarters = [each for each in released if each.kind is PeriodKind.QUARTER]
    try:
        return _protect(released, by_month, [])
    except NotPublishable as error:
        if not quarters:
            raise
        logger.warning(
            "tables left out", extra={"month": month.key, "reason": str(error)[:MOST_LOGGED]}
        )
        return _protect(released, by_month, quarters)


def _protect(
    released: tuple[Period, ...], by_month: Mapping[str, Counts], left_out: Iterable[Period]
) -> dict[FigureKey, Shown]:
    """Protect what is released; of the periods that are left out only what months have, too."""
    known = _list_known(released)
    earlier = [each for each in known if each not in released]
    told = _Told()
    for period in known:
        tables = list_tables_of(PeriodKind.MONTH if period in left_out else period.kind)
        _tell_period(told, period, by_month, tables)
    for period in known:
        _tell_parts_of(told, period)
    told.frozen |= _read_figures(earlier, told.counts)
    small = _hide_small(told, [each for each in released if each.kind is PeriodKind.MONTH])
    shown = _publish(told)
    shown = {key: figure for key, figure in shown.items() if figure.value != 0}
    return shown | small | _leave_out(left_out)


def _publish(told: _Told) -> dict[FigureKey, Shown]:
    """Let figures be protected; where no way is found at once, withhold what is new around them.

    Raises:
        NotPublishable: No way was found even so.
    """
    withheld: dict[FigureKey, Shown] = {}
    for _round in range(MOST_ROUNDS):
        try:
            shown = disclosure.publish(told.counts, told.sums, told.at_most, told.frozen | withheld)
        except NotPublishable as error:
            around = _list_around(told, set(withheld), error.findings)
            if not around:
                raise
            withheld |= dict.fromkeys(around, HIDDEN_FIGURE)
        else:
            return shown | withheld
    raise NotPublishable([f"No way was found in {MOST_ROUNDS} rounds."])


def _list_around(told: _Told, withheld: set[FigureKey], findings: Iterable[str]) -> set[FigureKey]:
    """What is not withheld yet, and nearest to what would be given away.

    A finding begins with the name of its figure.
    """
    named = {finding.partition(" is ")[0] for finding in findings}
    rows = [(total, *parts) for total, parts in told.sums] + [*told.at_most]
    rows_of: defaultdict[FigureKey, list[tuple[FigureKey, ...]]] = defaultdict(list)
    for row in rows:
        for key in row:
            rows_of[key].append(row)
    found: set[FigureKey] = set()
    for start in told.counts:
        if str(start) not in named:
            continue
        near = {start}
        for _step in range(MOST_STEPS):
            near = {other for key in near for row in rows_of[key] for other in row}
            new = {each for each in near if each in told.counts} - told.frozen.keys() - withheld
            if new:
                found |= new
                break
    return found


def _hide_small(told: _Told, months: Iterable[Period]) -> dict[FigureKey, Shown]:
    """Withhold small figures of months from the first.

    A quarter says later how many of its parts are not 0, and so how great they are together at
    least. Whoever had read that a month is 7 at most might then know what it is.
    """
    keys = {each.key for each in months}
    small = {
        key: HIDDEN_FIGURE
        for key, count in told.counts.items()
        if key.period_key in keys and disclosure.protect(count) is None
    }
    told.frozen |= small
    return {key: figure for key, figure in small.items() if key.cell.row != COVERED}


def _leave_out(periods: Iterable[Period]) -> dict[FigureKey, Shown]:
    """Say nothing of the tables that months do not have: what is 0 in them is withheld as well."""
    return {
        FigureKey(period.key, area.code, cell): HIDDEN_FIGURE
        for period in periods
        for table in list_tables_of(period.kind)
        if PeriodKind.MONTH not in table.kinds
        for area in list_areas()
        if table.is_for(area.code)
        for cell in table.cells()
    }


def _list_known(released: tuple[Period, ...]) -> list[Period]:
    """The periods released now, and those released before that a longer one of these is made of."""
    parts = (part for period in released for part in period.parts)
    return list(dict.fromkeys((*released, *parts)))


def _tell_period(
    told: _Told, period: Period, by_month: Mapping[str, Counts], tables: Sequence[Table]
) -> None:
    counts = _add_up(period, tables, by_month)
    have_parts = {each.key for each in tables if not each.is_national}
    of_cells: defaultdict[Cell, set[str]] = defaultdict(set)
    for place, count in counts.items():
        told.counts[FigureKey(period.key, place.area_code, place.cell)] = count
        if place.cell.table in have_parts:
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
            if table.is_for(area.code):
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
    told.frozen[everything] = HIDDEN_FIGURE
    told.sums.append((everything, tuple(parts)))
    told.at_most.append((key(covering.total), everything))


def _tell_parts_of(told: _Told, period: Period) -> None:
    """What adds up over time."""
    if period.kind is PeriodKind.MONTH:
        return
    tables = {
        each.key
        for each in list_tables_of(period.kind)
        if PeriodKind.MONTH in each.kinds and not each.is_stock
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
    # Of a table that was left out, what is 0 counts as known to be: nobody can know more.
    found = {key: figure for key, figure in found.items() if key in counts}
    missing = {
        key: Shown(0)
        for key in counts
        if key.period_key in keys and key not in found and key.cell.row != COVERED
    }
    return found | missing
