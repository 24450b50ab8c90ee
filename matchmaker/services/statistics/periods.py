"""The only periods that figures for leads are for: calendar months and quarters in London.

Two periods either lie apart or one is made of whole others: with periods that overlap, what
happened on a single day could be worked out from their difference. There are no years: beside the
figures of their months and quarters, few of theirs could be shown.
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
# Nothing here is older, and a calendar ends somewhere.
FIRST_YEAR, LAST_YEAR = 2000, 2100

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"([0-9]{4})-q([1-4])")


class PeriodKind(enum.StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"


LENGTH = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3}


@dataclass(frozen=True)
class Period:
    """A period, known by its kind and its first day."""

    kind: PeriodKind
    first: date

    @cached_property
    def key(self) -> str:
        """How addresses and tables name it: 2026-10 or 2026-q4."""
        if self.kind is PeriodKind.MONTH:
            return f"{self.first:%Y-%m}"
        return f"{self.first.year}-q{(self.first.month + 2) // 3}"

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
        return _(
            "%(first)s to %(last)s",
            first=format_date(self.first, "MMMM"),
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
        return () if self.kind is PeriodKind.MONTH else self.months

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


def find_period(key: str) -> Period | None:
    """The period that a key names, or None for anything else."""
    if found := _MONTH.fullmatch(key):
        kind, month = PeriodKind.MONTH, int(found[2])
    elif found := _QUARTER.fullmatch(key):
        kind, month = PeriodKind.QUARTER, int(found[2]) * 3 - 2
    else:
        return None
    year = int(found[1])
    return Period(kind, date(year, month, 1)) if FIRST_YEAR <= year <= LAST_YEAR else None


def list_released_with(month: Period) -> tuple[Period, ...]:
    """The month itself, and the quarter that ends with it."""
    quarter = quarter_of(month.first)
    return (month, quarter) if quarter.last == month.last else (month,)
