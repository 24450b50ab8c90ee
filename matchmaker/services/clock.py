"""Times people read: the London calendar over the UTC clock."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import format_date

LONDON = ZoneInfo("Europe/London")


def london_date(moment: datetime) -> date:
    """The calendar day in London at an aware `moment`."""
    return moment.astimezone(LONDON).date()


def london_month(moment: datetime) -> str:
    """The calendar month in London at an aware `moment`, as ``YYYY-MM``."""
    return f"{london_date(moment):%Y-%m}"


def london_midnight(day: date) -> datetime:
    """The moment, in UTC, at which `day` begins in London."""
    return datetime.combine(day, time(), tzinfo=LONDON).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The same day so many calendar months later, or the last of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def long_date(moment: date | datetime) -> str:
    """A day in full, as pages and mails write it: 21 November 2026."""
    return str(format_date(_day(moment), "d MMMM y"))


def day_month(moment: date | datetime) -> str:
    """A day without its year: 21 November."""
    return str(format_date(_day(moment), "d MMMM"))


def clock_time(moment: datetime) -> str:
    """The time in London by the clock: 09:30."""
    return f"{moment.astimezone(LONDON):%H:%M}"


def _day(moment: date | datetime) -> date:
    return london_date(moment) if isinstance(moment, datetime) else moment
