"""The periods that an organisation can report on: the twelve months up to the end of a quarter.

Quarters by themselves are not reported. Of a small organisation they would hide nearly everything,
and beside them, more would have to be kept back in the years.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from matchmaker.services.clock import london_date, long_date
from matchmaker.services.statistics.periods import Period, PeriodKind, find_period, quarter_of

N_QUARTERS = 4
PREFIX = "year-to-"


@dataclass(frozen=True, slots=True)
class Year:
    """Four quarters in a row, known by the last of them."""

    last_quarter: Period

    @property
    def key(self) -> str:
        """How addresses and tables name it: year-to-2026-q3."""
        return PREFIX + self.last_quarter.key

    @property
    def quarters(self) -> tuple[Period, ...]:
        """The quarters it is made of, the first one first."""
        found = [self.last_quarter]
        while len(found) < N_QUARTERS:
            found.insert(0, found[0].previous)
        return tuple(found)

    @property
    def label(self) -> str:
        """The period in words."""
        first, last = self.quarters[0].first, self.last_quarter.last
        return _("%(first)s to %(last)s", first=long_date(first), last=long_date(last))


def find_year(key: str) -> Year | None:
    """The year that a key names, or None for anything else."""
    quarter = find_period(key.removeprefix(PREFIX)) if key.startswith(PREFIX) else None
    return Year(quarter) if quarter and quarter.kind is PeriodKind.QUARTER else None


def list_years(first: Period, *, now: datetime) -> list[Year]:
    """The years that end with a quarter, or later, and are over for long enough; newest first."""
    found = []
    quarter = latest_due(now)
    while quarter.first >= first.first:
        found.append(Year(quarter))
        quarter = quarter.previous
    return found


def latest_due(now: datetime) -> Period:
    """The last quarter whose figures can be made."""
    quarter = quarter_of(london_date(now))
    while not quarter.is_due(now):
        quarter = quarter.previous
    return quarter


def next_due_on(now: datetime) -> date:
    """From which day on the quarter after that one can be counted."""
    return latest_due(now).next.due_on
