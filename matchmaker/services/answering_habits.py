"""How soon somebody usually answers, and when they were last here: shown before anybody asks them.

Both are coarse on purpose, and somebody new has neither. What a proposal waited for does not count:
its clock stood still. Where a first yes to a lead's proposal came before such a wait, that answer
counts as given at once, which is never to anybody's harm.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import and_, func, or_, select

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    Introduction,
    IntroductionState,
    Membership,
    Professional,
    Programme,
    Side,
    User,
)
from matchmaker.services.clock import london_date
from matchmaker.services.introductions import TIME_TO_ANSWER

# The figure is the median of this long, and of no fewer proposals.
LOOKED_BACK = timedelta(days=365)
FEWEST_PROPOSALS = 3
WEEK, MONTH, QUARTER = timedelta(days=7), timedelta(days=31), timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Habits:
    """How soon somebody usually answers, if enough asked them, and when they were last here."""

    usual_time: timedelta | None
    last_active_on: date | None
    today: date

    @property
    def sentences(self) -> list[str]:
        """Both in words; what is not known is left out."""
        return [each for each in (self.usual_time_sentence, self.last_active_sentence) if each]

    @property
    def usual_time_sentence(self) -> str:
        """Such as "Usually answers in 3 days"; begun days count, so that it is kept."""
        if self.usual_time is None:
            return ""
        if self.usual_time >= TIME_TO_ANSWER:
            return _("Often does not answer in time")
        days = max(1, math.ceil(self.usual_time / timedelta(days=1)))
        sentence: str = ngettext(
            "Usually answers within a day", "Usually answers in %(num)d days", days
        )
        return sentence

    @property
    def last_active_sentence(self) -> str:
        """Such as "Active this week"; nothing for somebody who has not been here for long."""
        if self.last_active_on is None:
            return ""
        ago = self.today - self.last_active_on
        if ago < WEEK:
            return _("Active this week")
        if ago < MONTH:
            return _("Active this month")
        return _("Active in the last three months") if ago < QUARTER else ""


def habits_of(side: Side, ids: Collection[int], *, now: datetime) -> dict[int, Habits]:
    """The habits of professionals, or of programmes, by their ids."""
    times = _usual_times(side, ids, now)
    last = _last_active(side, ids)
    today = london_date(now)
    return {each: Habits(times.get(each), last.get(each), today) for each in ids}


def _usual_times(side: Side, ids: Collection[int], now: datetime) -> dict[int, timedelta]:
    is_professional = side is Side.PROFESSIONAL
    own = Introduction.professional_id if is_professional else Introduction.programme_id
    answer = Introduction.professional_answer if is_professional else Introduction.programme_answer
    answered_at = (
        Introduction.professional_answered_at
        if is_professional
        else Introduction.programme_answered_at
    )
    ran_out = and_(Introduction.state == IntroductionState.EXPIRED, answer == Answer.PENDING)
    rows = db.session.execute(
        select(own, answered_at, Introduction.answer_due_at).where(
            own.in_(ids),
            # Asking is an answer, too, but not to anybody.
            Introduction.proposed_by != side.value,
            Introduction.proposed_at > now - LOOKED_BACK,
            or_(answered_at.is_not(None), ran_out),
        )
    )
    times: dict[int, list[timedelta]] = defaultdict(list)
    for own_id, answered, due_at in rows:
        times[own_id].append(_time_taken(answered, due_at))
    return {
        own_id: timedelta(seconds=median(each.total_seconds() for each in taken))
        for own_id, taken in times.items()
        if len(taken) >= FEWEST_PROPOSALS
    }


def _time_taken(answered_at: datetime | None, due_at: datetime) -> timedelta:
    if answered_at is None:
        return TIME_TO_ANSWER
    return max(answered_at - (due_at - TIME_TO_ANSWER), timedelta())


def _last_active(side: Side, ids: Collection[int]) -> dict[int, date]:
    """When somebody was last here; of a programme, whoever of its organisation was here last."""
    if side is Side.PROFESSIONAL:
        found = (
            select(Professional.id, User.last_active_on)
            .join(User, User.id == Professional.user_id)
            .where(Professional.id.in_(ids), User.last_active_on.is_not(None))
        )
    else:
        found = (
            select(Programme.id, func.max(User.last_active_on))
            .join(Membership, Membership.organisation_id == Programme.organisation_id)
            .join(User, User.id == Membership.user_id)
            .where(Programme.id.in_(ids), User.last_active_on.is_not(None))
            .group_by(Programme.id)
        )
    return {own_id: last for own_id, last in db.session.execute(found) if last is not None}
