"""What an open proposal waits for while its clock stands still: one thing at a time.

It is worked out from what is so at the moment, so that whatever ends or begins in between, the
proposal waits for what stands in its way now. Callers hold the locks of the programme and of the
introduction (see `matchmaker.services.introductions`).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    IntroductionQuestion,
    ProgrammeStatus,
    Side,
    User,
    Waiting,
)
from matchmaker.services import audit, capacity


def reconsider(
    introduction: Introduction, *, now: datetime, actor: User | None = None
) -> Waiting | None:
    """Stop the clock of a proposal, or let it run on, as things are now.

    Args:
        introduction: A proposal that has not been settled.
        now: The moment, in UTC.
        actor: Who changed things; None when time did.

    Returns:
        What the proposal waits for from now on; None when its clock runs.
    """
    wanted = what_it_must_wait_for(introduction, now)
    if wanted is introduction.waiting_for:
        return wanted
    if introduction.waiting_for is not None:
        resume(introduction, now=now)
    if wanted is None:
        audit.record("introduction.resumed", introduction, actor=actor, now=now)
    else:
        wait(introduction, wanted, now=now)
        audit.record(
            "introduction.waiting", introduction, actor=actor, now=now, waiting_for=wanted.value
        )
    db.session.flush()
    return wanted


def what_it_must_wait_for(introduction: Introduction, now: datetime) -> Waiting | None:
    """What stands in the way of an answer, the longest lasting first."""
    programme = introduction.programme
    if not programme.organisation.is_claimed:
        return Waiting.CLAIM
    if is_somebody_away(introduction):
        return Waiting.AWAY
    if find_open_question(introduction) is not None:
        return Waiting.QUESTION
    if capacity.free_places(programme, now) == 0:
        return Waiting.PLACES
    return None


def is_somebody_away(introduction: Introduction) -> bool:
    """Whether the professional takes no introductions for a while, or the programme is paused."""
    is_paused = introduction.programme.status is ProgrammeStatus.PAUSED
    return is_paused or not introduction.professional.is_available


def wait(introduction: Introduction, waiting_for: Waiting, *, now: datetime) -> None:
    """Stop the clock of a proposal."""
    introduction.waiting_for = waiting_for
    introduction.waiting_since_at = now
    introduction.version += 1


def resume(introduction: Introduction, *, now: datetime) -> None:
    """Let the clock of a waiting proposal run on; the time it stood still is added back."""
    if introduction.waiting_since_at is not None:
        introduction.answer_due_at += now - introduction.waiting_since_at
    introduction.waiting_for = None
    introduction.waiting_since_at = None
    introduction.version += 1


def find_open_question(introduction: Introduction) -> IntroductionQuestion | None:
    """The question that waits for a reply, if there is one."""
    return db.session.scalar(
        select(IntroductionQuestion).where(
            IntroductionQuestion.introduction_id == introduction.id,
            IntroductionQuestion.closed_at.is_(None),
        )
    )


def find_question_of(introduction: Introduction, side: Side) -> IntroductionQuestion | None:
    """What `side` has asked, open or not; each side asks once."""
    return db.session.scalar(
        select(IntroductionQuestion).where(
            IntroductionQuestion.introduction_id == introduction.id,
            IntroductionQuestion.side == side,
        )
    )


def close_question(
    introduction: Introduction, *, now: datetime, of_side: Side | None = None
) -> IntroductionQuestion | None:
    """Close the open question, if there is one (and `of_side` asked it), as it stands."""
    question = find_open_question(introduction)
    if question is None or of_side not in (None, question.side):
        return None
    question.closed_at = now
    db.session.flush()
    return question
