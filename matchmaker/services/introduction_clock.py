"""What time does to proposals: reminders after 7 and 12 days, expiry after 14, waiting, resuming.

The worker calls these; each is safe to call again and again, because it looks at states and not at
when it last ran. Days are days of the running clock: what a proposal waits for does not count.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    Introduction,
    IntroductionState,
    Programme,
    Side,
    Waiting,
)
from matchmaker.services import (
    audit,
    interruptions,
    introduction_mail,
    other_suggestions,
    questions,
)
from matchmaker.services.introduction_locks import (
    list_open_proposals,
    lock_introduction,
    lock_programme,
)
from matchmaker.services.introductions import move
from matchmaker.services.other_suggestions import OtherSuggestion

# How long before the end the first and the second reminder go out: on day 7 and on day 12.
REMIND_BEFORE = (timedelta(days=7), timedelta(days=2))

FindOthers = Callable[..., list[OtherSuggestion]]


def remind_due(*, now: datetime) -> int:
    """Remind those who have not answered after 7 and after 12 days; returns how many proposals.

    Where the worker was late for both, one reminder does.
    """
    due = _running_proposals().where(
        Introduction.reminders < len(REMIND_BEFORE),
        Introduction.answer_due_at <= now + REMIND_BEFORE[0],
        Introduction.answer_due_at > now,
    )
    reminded = 0
    for each in list(db.session.scalars(due)):
        lock_programme(each.programme)
        introduction = lock_introduction(each)
        reminders = sum(introduction.answer_due_at - now <= before for before in REMIND_BEFORE)
        if not _is_running(introduction) or introduction.reminders >= reminders:
            continue
        introduction.reminders = reminders
        introduction.reminded_at = now
        audit.record(
            "introduction.reminded", introduction, actor=None, now=now, reminders=reminders
        )
        introduction_mail.remind(introduction, now=now)
        reminded += 1
    db.session.flush()
    return reminded


def expire_due(*, now: datetime, find_others: FindOthers = other_suggestions.find_others) -> int:
    """Close the proposals nobody answered within 14 days; returns how many there were.

    Args:
        now: The moment, in UTC.
        find_others: Finds whom else a proposer could ask; see `other_suggestions.find_others`.
    """
    due = list(db.session.scalars(_running_proposals().where(Introduction.answer_due_at <= now)))
    expired = 0
    for each in due:
        lock_programme(each.programme)
        introduction = lock_introduction(each)
        if not _is_running(introduction) or introduction.answer_due_at > now:
            continue
        move(introduction, IntroductionState.EXPIRED, "expired", actor=None, now=now)
        others = {
            side: find_others(introduction, side, now=now)
            for side in Side
            if introduction.answer_of(side) is Answer.YES
        }
        introduction_mail.tell_of_expiry(introduction, others=others, now=now)
        expired += 1
    db.session.flush()
    return expired


def close_unanswered_questions(*, now: datetime) -> int:
    """Let proposals go on whose question got no reply in 7 days; returns how many there were."""
    closed = 0
    for each in list(db.session.scalars(_proposals_waiting_for(Waiting.QUESTION))):
        lock_programme(each.programme)
        closed += questions.close_if_unanswered(lock_introduction(each), now=now)
    return closed


def reopen_waiting(*, now: datetime) -> int:
    """Resume proposals that wait for places, or for somebody's return, where there is no need to.

    Returns:
        How many go on.
    """
    programmes = db.session.scalars(
        select(Programme)
        .join(Introduction, Introduction.programme_id == Programme.id)
        .where(Introduction.waiting_for.in_((Waiting.PLACES, Waiting.AWAY)))
        .order_by(Programme.id)
        .distinct()
    )
    return sum(_resume_where_free(programme, now=now) for programme in list(programmes))


def supersede_long_absences(*, now: datetime) -> int:
    """Close the proposals that waited over 60 days for somebody; returns how many there were."""
    superseded = 0
    for each in list(db.session.scalars(_proposals_waiting_for(Waiting.AWAY))):
        lock_programme(each.programme)
        introduction = lock_introduction(each)
        superseded += interruptions.supersede_after_long_absence(introduction, now=now)
    return superseded


def _resume_where_free(programme: Programme, *, now: datetime) -> int:
    lock_programme(programme)
    resumed = 0
    for introduction in list_open_proposals(programme):
        if introduction.waiting_for in (Waiting.PLACES, Waiting.AWAY):
            resumed += interruptions.reconsider_and_tell(introduction, actor=None, now=now)
    return resumed


def _running_proposals() -> Select[Introduction]:
    return _proposals().where(Introduction.waiting_for.is_(None))


def _proposals_waiting_for(waiting_for: Waiting) -> Select[Introduction]:
    return _proposals().where(Introduction.waiting_for == waiting_for)


def _proposals() -> Select[Introduction]:
    return (
        select(Introduction)
        .where(Introduction.state == IntroductionState.PROPOSED)
        # Every worker takes the locks in one order, so that two never wait for each other.
        .order_by(Introduction.programme_id, Introduction.id)
    )


def _is_running(introduction: Introduction) -> bool:
    return introduction.state is IntroductionState.PROPOSED and introduction.waiting_for is None
