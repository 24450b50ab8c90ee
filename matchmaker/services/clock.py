"""Times people read: the London calendar over the UTC clock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_date(moment: datetime) -> date:
    """The calendar day in London at an aware `moment`."""
    return moment.astimezone(LONDON).date()


def london_month(moment: datetime) -> str:
    """The calendar month in London at an aware `moment`, as ``YYYY-MM``."""
    return f"{london_date(moment):%Y-%m}"
