"""The only periods that figures are for: calendar months, quarters and financial years in London.

Two periods either lie apart or one is made of whole others: with periods that overlap, what
happened on a single day could be worked out from their difference.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from flask_babel import format_date
from flask_babel import gettext as _

from matchmaker.services.clock import add_months, london_date, london_midnight

# Whatever was asked for on the last day of a month has had its 14 days before this one.
DAY_OF_RELEASE = 15
APRIL = 4
# Before and after these a financial year (2011-12) would read like a month.
FIRST_YEAR, LAST_YEAR = 2013, 2098

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"([0-9]{4})-q([1-4])")
_YEAR = re.compile(r"([0-9]{4})-([0-9]{2})")


class PeriodKind(enum.StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


LENGTH = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """A period, known by its kind and its first day."""

    kind: PeriodKind
    first: date

    @cached_property
    def key(self) -> str:
        """How addresses and tables name it: 2026-10, 2026-q4 or 2026-27."""
        year = self.first.year
        if self.kind is PeriodKind.MONTH:
            return f"{self.first:%Y-%m}"
        if self.kind is PeriodKind.QUARTER:
            return f"{year}-q{(self.first.month + 2) // 3}"
        return f"{year}-{(year + 1) % 100:02}"

    @cached_property
    def last(self) -> date:
        """Its last day."""
        return add_months(self.first, LENGTH[self.kind]) - timedelta(days=1)

    @property
    def begins_at(self) -> datetime:
        """The moment at which it begins in London."""
        return london_midnight(self.first)

    @property
    def ends_at(self) -> datetime:
        """The first moment that is not in it any more."""
        return london_midnight(self.last + timedelta(days=1))

    @property
    def label(self) -> str:
        """The period in words."""
        if self.kind is PeriodKind.MONTH:
            return str(format_date(self.first, "MMMM y"))
        is_in_one_year = self.first.year == self.last.year
        return _(
            "%(first)s to %(last)s",
            first=format_date(self.first, "MMMM" if is_in_one_year else "MMMM y"),
            last=format_date(self.last, "MMMM y"),
        )

    @property
    def months(self) -> tuple[Period, ...]:
        """The months it is made of; a month is made of itself."""
        return tuple(
            Period(PeriodKind.MONTH, add_months(self.first, each))
            for each in range(LENGTH[self.kind])
        )

    @property
    def parts(self) -> tuple[Period, ...]:
        """The periods one size smaller that it is made of; none for a month."""
        if self.kind is PeriodKind.MONTH:
            return ()
        if self.kind is PeriodKind.QUARTER:
            return self.months
        return tuple(
            Period(PeriodKind.QUARTER, add_months(self.first, each)) for each in (0, 3, 6, 9)
        )

    @property
    def last_month(self) -> Period:
        """The month whose release holds it."""
        return self.months[-1]

    @property
    def previous(self) -> Period:
        """The period of the same kind before it."""
        return Period(self.kind, add_months(self.first, -LENGTH[self.kind]))

    @property
    def next(self) -> Period:
        """The period of the same kind after it."""
        return Period(self.kind, add_months(self.first, LENGTH[self.kind]))

    @property
    def year_before(self) -> Period:
        """The same months one year earlier."""
        return Period(self.kind, add_months(self.first, -12))

    @property
    def due_on(self) -> date:
        """The day in London from which its figures can be made."""
        return (self.last + timedelta(days=1)).replace(day=DAY_OF_RELEASE)

    def is_due(self, now: datetime) -> bool:
        """Whether it has been over for long enough."""
        return london_date(now) >= self.due_on


def month_of(day: date) -> Period:
    """The calendar month a day lies in."""
    return Period(PeriodKind.MONTH, day.replace(day=1))


def quarter_of(day: date) -> Period:
    """The calendar quarter a day lies in."""
    return Period(PeriodKind.QUARTER, day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1))


def year_of(day: date) -> Period:
    """The financial year, April to March, that a day lies in."""
    year = day.year if day.month >= APRIL else day.year - 1
    return Period(PeriodKind.YEAR, date(year, APRIL, 1))


def period_of(kind: PeriodKind, day: date) -> Period:
    """The period of a kind that a day lies in."""
    return {
        PeriodKind.MONTH: month_of,
        PeriodKind.QUARTER: quarter_of,
        PeriodKind.YEAR: year_of,
    }[kind](day)


def find_period(key: str) -> Period | None:
    """The period that a key names, or None for anything else."""
    if found := _MONTH.fullmatch(key):
        period = Period(PeriodKind.MONTH, date(int(found[1]) or 1, int(found[2]), 1))
    elif found := _QUARTER.fullmatch(key):
        period = Period(PeriodKind.QUARTER, date(int(found[1]) or 1, int(found[2]) * 3 - 2, 1))
    elif found := _YEAR.fullmatch(key):
        period = Period(PeriodKind.YEAR, date(int(found[1]) or 1, APRIL, 1))
    else:
        return None
    is_known = FIRST_YEAR <= period.first.year <= LAST_YEAR
    return period if is_known and period.key == key else None


def list_released_with(month: Period) -> tuple[Period, ...]:
    """The month itself, and the quarter that ends with it.

    There are no figures for years: beside those of their months and quarters, few could be shown.
    """
    quarter = quarter_of(month.first)
    return (month, quarter) if quarter.last == month.last else (month,)
