"""How long ago somebody checked an entry, and what follows from that.

After 6 months a programme is shown lower and says so; after 12 it is not suggested any more, but
keeps its page, which says so. What nobody has ever checked, such as an imported entry, is not old:
it says that nobody has checked it. These are rules of the calendar in London, so an entry changes
its place at midnight, without anybody writing anything.
"""

from __future__ import annotations

import enum
from datetime import date, datetime, timedelta

from matchmaker.services.clock import add_months, london_date, london_midnight

# The caution that the engine adds begins after as many months.
STALE_AFTER_MONTHS = 6
HIDDEN_AFTER_MONTHS = 12
# So long before that, somebody is asked to check it.
ASKED_AHEAD = timedelta(days=15)
# What an old entry's score counts for, where suggestions are put in order.
WEIGHT_WHEN_STALE = 0.5


class Freshness(enum.StrEnum):
    """How much an entry can be relied on."""

    UNCHECKED = "unchecked"
    FRESH = "fresh"
    STALE = "stale"
    HIDDEN = "hidden"


def freshness_of(checked_at: datetime | None, *, now: datetime) -> Freshness:
    """How fresh something is that was last checked then; None is never."""
    if checked_at is None:
        return Freshness.UNCHECKED
    if checked_at < checked_before(HIDDEN_AFTER_MONTHS, now=now):
        return Freshness.HIDDEN
    if checked_at < checked_before(STALE_AFTER_MONTHS, now=now):
        return Freshness.STALE
    return Freshness.FRESH


def weight_of(checked_at: datetime | None, *, now: datetime) -> float:
    """What a score counts for, where programmes are put in order; 0 is not suggested at all."""
    return {Freshness.STALE: WEIGHT_WHEN_STALE, Freshness.HIDDEN: 0.0}.get(
        freshness_of(checked_at, now=now), 1.0
    )


def checked_before(months: int, *, now: datetime, ahead: timedelta = timedelta()) -> datetime:
    """The moment before which a check is so many months old today, or `ahead` of today."""
    return london_midnight(add_months(london_date(now) + ahead, -months) + timedelta(days=1))


def is_due(checked_at: datetime | None, *, now: datetime) -> bool:
    """Whether somebody should look at the entry now: soon, or as soon as may be."""
    return checked_at is None or checked_at < checked_before(
        STALE_AFTER_MONTHS, now=now, ahead=ASKED_AHEAD
    )


def check_by(checked_at: datetime) -> date:
    """The day, in London, by which somebody should look at the entry again."""
    return add_months(london_date(checked_at), STALE_AFTER_MONTHS)


def hidden_from(checked_at: datetime) -> date:
    """The day, in London, from which the entry is not suggested unless somebody has checked it."""
    return add_months(london_date(checked_at), HIDDEN_AFTER_MONTHS)
