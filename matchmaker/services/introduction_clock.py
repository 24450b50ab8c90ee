"""What time does to proposals: reminders after 7 days, expiry after 14, waiting and resuming.

The worker calls these; each is safe to call again and again, because it looks at states and not at
when it last ran.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, select

from matchmaker.extensions import db
from matchmaker.models import Introduction, IntroductionState, Organisation, Programme, Waiting
from matchmaker.services import audit, capacity, introduction_mail
from matchmaker.services.introductions import (
    TIME_TO_ANSWER,
    list_open_proposals,
    lock_introduction,
    lock_programme,
    resume,
)

REMIND_AFTER = timedelta(days=7)


def remind_due(*, now: datetime) -> int:
    """Remind, once, those who have not answered after 7 days; returns how many were reminded."""
    due = _running_proposals().where(
        Introduction.reminded_at.is_(None),
        Introduction.answer_due_at <= now + (TIME_TO_ANSWER - REMIND_AFTER),
        Introduction.answer_due_at > now,
    )
    reminded = 0
    for each in list(db.session.scalars(due)):
        lock_programme(each.programme)
        introduction = lock_introduction(each)
        if not _is_running(introduction) or introduction.reminded_at is not None:
            continue
        introduction.reminded_at = now
        audit.record("introduction.reminded", introduction, actor=None, now=now)
        introduction_mail.remind(introduction, now=now)
        reminded += 1
    db.session.flush()
    return reminded


def expire_due(*, now: datetime) -> int:
    """Close the proposals nobody answered within 14 days; returns how many there were."""
    due = list(db.session.scalars(_running_proposals().where(Introduction.answer_due_at <= now)))
    expired = 0
    for each in due:
        lock_programme(each.programme)
        introduction = lock_introduction(each)
        if not _is_running(introduction) or introduction.answer_due_at > now:
            continue
        introduction.move_to(IntroductionState.EXPIRED, now)
        introduction.version += 1
        audit.record("introduction.expired", introduction, actor=None, now=now)
        introduction_mail.tell_of_expiry(introduction, now=now)
        expired += 1
    db.session.flush()
    return expired


def reopen_waiting(*, now: datetime) -> int:
    """Resume proposals that wait for places where there are places again; returns how many."""
    programmes = db.session.scalars(
        select(Programme)
        .join(Introduction, Introduction.programme_id == Programme.id)
        .where(Introduction.waiting_for == Waiting.PLACES)
        .order_by(Programme.id)
        .distinct()
    )
    return sum(_resume_where_free(programme, now=now) for programme in list(programmes))


def resume_after_claim(organisation: Organisation, *, now: datetime) -> int:
    """Pass on the requests that waited for someone at `organisation` to answer them.

    They have their full 14 days from now, and wait for places if there are none.
    """
    passed_on = 0
    for programme in organisation.programmes:
        lock_programme(programme)
        is_full = capacity.free_places(programme, now) == 0
        for introduction in list_open_proposals(programme):
            if introduction.waiting_for is not Waiting.CLAIM:
                continue
            resume(introduction, now=now)
            if is_full:
                introduction.waiting_for = Waiting.PLACES
                introduction.waiting_since_at = now
            audit.record("introduction.passed_on", introduction, actor=None, now=now)
            introduction_mail.tell_of_proposal(introduction, now=now)
            passed_on += 1
    db.session.flush()
    return passed_on


def _resume_where_free(programme: Programme, *, now: datetime) -> int:
    lock_programme(programme)
    if capacity.free_places(programme, now) == 0:
        return 0
    resumed = 0
    for introduction in list_open_proposals(programme):
        if introduction.waiting_for is Waiting.PLACES:
            resume(introduction, now=now)
            audit.record("introduction.resumed", introduction, actor=None, now=now)
            introduction_mail.tell_of_reopening(introduction, now=now)
            resumed += 1
    db.session.flush()
    return resumed


def _running_proposals() -> Select[Introduction]:
    return (
        select(Introduction)
        .where(Introduction.state == IntroductionState.PROPOSED, Introduction.waiting_for.is_(None))
        # Every worker takes the locks in one order, so that two never wait for each other.
        .order_by(Introduction.programme_id, Introduction.id)
    )


def _is_running(introduction: Introduction) -> bool:
    return introduction.state is IntroductionState.PROPOSED and introduction.waiting_for is None
