"""Reading what was published: the only way in which pages come by figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import format_decimal
from sqlalchemy import ColumnElement, select

from matchmaker.extensions import db
from matchmaker.models import StatisticFigure, StatisticsRelease
from matchmaker.services.statistics.periods import (
    Period,
    PeriodKind,
    find_period,
    list_released_with,
)

HIDDEN = "*"
WITHHELD = "x"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as it may be read.

    Where `shown` is None it is hidden: it is from 1 to 7, or, where `is_withheld`, any number at
    all, since it would give another figure away.
    """

    shown: int | None
    is_withheld: bool = False

    @property
    def text(self) -> str:
        """What stands in a table: ``0``, ``*``, ``x`` or ``1,235``."""
        if self.shown is None:
            return WITHHELD if self.is_withheld else HIDDEN
        return str(format_decimal(self.shown))

    @property
    def csv(self) -> str:
        """What stands in a file: the same without a comma."""
        return self.text if self.shown is None else str(self.shown)

    @property
    def is_hidden(self) -> bool:
        """Whether nobody may know what it is."""
        return self.shown is None


ZERO = Figure(0)


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """The published figures of one table, for one area and one period; what is not there is 0."""

    table_key: str
    area_code: str
    period: Period
    figures: Mapping[tuple[str, str], Figure] = field(default_factory=dict)

    def figure(self, row: str, column: str) -> Figure:
        """The figure of a row and a column."""
        return self.figures.get((row, column), ZERO)


def list_periods(kind: PeriodKind) -> list[Period]:
    """The periods of a kind whose figures were published, the newest first."""
    months = db.session.scalars(
        select(StatisticsRelease.month)
        .where(StatisticsRelease.published_at.is_not(None))
        .order_by(StatisticsRelease.month.desc())
    )
    return [
        period
        for month in months
        for period in list_released_with(_period(month))
        if period.kind is kind
    ]


def latest(kind: PeriodKind) -> Period | None:
    """The newest period of a kind whose figures were published, if any were."""
    return next(iter(list_periods(kind)), None)


def read_table(table_key: str, area_code: str, period: Period) -> PublishedTable:
    """One table for one area and period; one query."""
    return read_series(table_key, area_code, [period])[0]


def read_series(table_key: str, area_code: str, periods: Sequence[Period]) -> list[PublishedTable]:
    """One table for one area, period by period in the order given; one query."""
    found = _read([table_key], [area_code], periods)
    return [found[table_key, area_code, each.key] for each in periods]


def read_tables(
    table_keys: Collection[str], area_code: str, period: Period
) -> dict[str, PublishedTable]:
    """Several tables for one area and period, by the table's key; one query."""
    found = _read(table_keys, [area_code], [period])
    return {each: found[each, area_code, period.key] for each in table_keys}


def read_areas(
    table_key: str, area_codes: Collection[str], period: Period
) -> dict[str, PublishedTable]:
    """One table for several areas, by the area's code; one query."""
    found = _read([table_key], area_codes, [period])
    return {each: found[table_key, each, period.key] for each in area_codes}


def read_figure(
    table_key: str, row: str, column: str, area_codes: Collection[str], period: Period
) -> dict[str, Figure]:
    """One figure of a table for several areas, by the area's code; one query."""
    found = _read([table_key], area_codes, [period], StatisticFigure.row_key == row)
    return {each: found[table_key, each, period.key].figure(row, column) for each in area_codes}


def _read(
    table_keys: Collection[str],
    area_codes: Collection[str],
    periods: Collection[Period],
    *conditions: ColumnElement[bool],
) -> dict[tuple[str, str, str], PublishedTable]:
    """Every wanted table, with the figures that were published with its period."""
    figures: dict[tuple[str, str, str], dict[tuple[str, str], Figure]] = {
        (table_key, area_code, period.key): {}
        for table_key in table_keys
        for area_code in area_codes
        for period in periods
    }
    rows = db.session.execute(
        select(
            StatisticFigure.table_key,
            StatisticFigure.area_code,
            StatisticFigure.period_key,
            StatisticFigure.row_key,
            StatisticFigure.column_key,
            StatisticFigure.shown,
            StatisticFigure.is_withheld,
        )
        .join(StatisticsRelease, StatisticsRelease.id == StatisticFigure.release_id)
        .where(
            StatisticsRelease.published_at.is_not(None),
            StatisticFigure.period_key.in_([each.key for each in periods]),
            StatisticFigure.table_key.in_(table_keys),
            StatisticFigure.area_code.in_(area_codes),
            *conditions,
        )
    )
    for table_key, area_code, period_key, row, column, shown, is_withheld in rows:
        figures[table_key, area_code, period_key][row, column] = Figure(shown, is_withheld)
    by_key = {each.key: each for each in periods}
    return {
        (table_key, area_code, period_key): PublishedTable(
            table_key, area_code, by_key[period_key], found
        )
        for (table_key, area_code, period_key), found in figures.items()
    }


def _period(key: str) -> Period:
    period = find_period(key)
    if period is None:
        raise ValueError(f"{key!r} is no period.")
    return period
