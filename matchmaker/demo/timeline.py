"""What happens when: days before today become moments, and things happen in their order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from matchmaker.services import mail
from matchmaker.services.clock import LONDON, london_date

MINUTES_A_DAY = 24 * 60
LAST_HOURS = timedelta(hours=5)
LAST_MAILS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days before `now`, as London counts them."""

    now: datetime

    def day(self, days_ago: int) -> date:
        """The date so many days ago; a negative number is to come."""
        return london_date(self.now) - timedelta(days=days_ago)

    def moment(self, days_ago: int, minutes: int) -> datetime:
        """So many `minutes` after midnight of a day; day 0 is earlier today and in this month."""
        if days_ago == 0:
            return self._earlier_this_month(minutes)
        midnight = datetime.combine(self.day(days_ago), time(), tzinfo=LONDON)
        return (midnight + timedelta(minutes=minutes)).astimezone(UTC)

    def _earlier_this_month(self, minutes: int) -> datetime:
        """Squeeze a day into the last hours, or into what there is of the month if that is less."""
        first = self.day(0).replace(day=1)
        month_began = datetime.combine(first, time(), tzinfo=LONDON).astimezone(UTC)
        span = min(LAST_HOURS, self.now - month_began)
        return self.now - span * (1 - minutes / MINUTES_A_DAY)


@dataclass(slots=True)
class Timeline:
    """Things to be done, each at its moment; of two at one moment the one added first."""

    calendar: Calendar
    _happenings: list[tuple[datetime, int, Callable[[datetime], None]]] = field(
        default_factory=list
    )

    def add(self, days_ago: int, minutes: int, happen: Callable[[datetime], None]) -> None:
        """Let something happen so many days ago, `minutes` after midnight in London."""
        moment = self.calendar.moment(days_ago, minutes)
        self._happenings.append((moment, len(self._happenings), happen))

    def run(self) -> None:
        """Let everything happen that is not still to come, the earliest first.

        Only the last mails are written: a third of the time would go into those before.
        """
        mails_begin = self.calendar.now - LAST_MAILS
        for moment, _, happen in sorted(self._happenings, key=lambda each: each[:2]):
            if moment <= self.calendar.now:
                with mail.unwritten() if moment < mails_begin else nullcontext():
                    happen(moment)
