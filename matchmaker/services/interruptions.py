"""What becomes of open proposals when somebody goes away, pauses, closes, comes back or joins.

A short absence with an end lets proposals wait; a long one, or one without an end, closes them, so
that nobody waits for months without knowing. Both sides are told, and whoever did it is not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    IntroductionState,
    Organisation,
    Professional,
    Programme,
    SupersededReason,
    User,
    Waiting,
)
from matchmaker.services import audit, introduction_mail, waiting
from matchmaker.services.clock import london_date
from matchmaker.services.introduction_locks import list_open_proposals, lock_programme
from matchmaker.services.introductions import move

# A proposal waits no longer than this for somebody who is away.
LONGEST_ABSENCE = timedelta(days=60)


def supersede_for(programme: Programme, *, actor: User | None, now: datetime) -> int:
    """Close the open proposals of a programme that has closed; returns how many there were."""
    proposals = list_open_proposals(lock_programme(programme))
    for introduction in proposals:
        _supersede(introduction, SupersededReason.PROGRAMME_CLOSED, actor=actor, now=now)
        introduction_mail.tell_of_closed_programme(introduction, now=now)
    return len(proposals)


def programme_changed(programme: Programme, *, actor: User, now: datetime) -> None:
    """Let a programme's open proposals wait while it is paused, and go on when it is open again."""
    for introduction in list_open_proposals(lock_programme(programme)):
        reconsider_and_tell(introduction, actor=actor, now=now)


def availability_changed(professional: Professional, *, actor: User | None, now: datetime) -> None:
    """Let a professional's open proposals wait while they are away, or close them.

    They wait for somebody who says when they are back, if that is within 60 days.
    """
    is_away_long = not professional.is_available and _is_long(professional, now)
    for introduction in _lock_open_proposals_of(professional):
        if is_away_long:
            _supersede(introduction, SupersededReason.AWAY, actor=actor, now=now)
            introduction_mail.tell_of_absence_without_end(introduction, actor=actor, now=now)
        else:
            reconsider_and_tell(introduction, actor=actor, now=now)


def resume_after_claim(organisation: Organisation, *, now: datetime) -> int:
    """Pass on the requests that waited for someone at `organisation` to answer them.

    They have their full 14 days from now, and wait if something else stands in the way.
    """
    passed_on = 0
    for programme in organisation.programmes:
        lock_programme(programme)
        for introduction in list_open_proposals(programme):
            if introduction.waiting_for is not Waiting.CLAIM:
                continue
            waiting.reconsider(introduction, now=now)
            audit.record("introduction.passed_on", introduction, actor=None, now=now)
            introduction_mail.tell_of_proposal(introduction, now=now)
            passed_on += 1
    db.session.flush()
    return passed_on


def reconsider_and_tell(introduction: Introduction, *, actor: User | None, now: datetime) -> bool:
    """Stop a proposal's clock or let it run on, as things are now, and tell both sides of a change.

    Args:
        introduction: A proposal, locked with its programme.
        actor: Who changed things, and need not be told; None when time did.
        now: The moment, in UTC.

    Returns:
        Whether the proposal goes on now and did not before.
    """
    before = introduction.waiting_for
    after = waiting.reconsider(introduction, now=now, actor=actor)
    if after is before:
        return False
    if after is Waiting.AWAY:
        introduction_mail.tell_of_absence(introduction, actor=actor, now=now)
    elif after is Waiting.PLACES:
        introduction_mail.tell_of_waiting(introduction, now=now)
    elif after is None and before is Waiting.PLACES:
        introduction_mail.tell_of_reopening(introduction, now=now)
    elif after is None and before is Waiting.AWAY:
        introduction_mail.tell_of_return(introduction, actor=actor, now=now)
    return after is None


def supersede_after_long_absence(introduction: Introduction, *, now: datetime) -> bool:
    """Close a locked proposal that has waited too long for somebody; returns whether it had."""
    since = introduction.waiting_since_at
    if introduction.waiting_for is not Waiting.AWAY or since is None:
        return False
    # Whole days in London: whoever comes back on the last of them is not too late.
    if london_date(now) <= london_date(since) + LONGEST_ABSENCE:
        return False
    _supersede(introduction, SupersededReason.AWAY, actor=None, now=now)
    introduction_mail.tell_of_absence_without_end(introduction, actor=None, now=now)
    return True


def _is_long(professional: Professional, now: datetime) -> bool:
    back_on = professional.available_again_on
    return back_on is None or back_on > london_date(now) + LONGEST_ABSENCE


def _supersede(
    introduction: Introduction, because: SupersededReason, *, actor: User | None, now: datetime
) -> None:
    introduction.superseded_because = because
    move(introduction, IntroductionState.SUPERSEDED, "superseded", actor=actor, now=now)


def _lock_open_proposals_of(professional: Professional) -> list[Introduction]:
    """A professional's proposals that have not been settled, locked after their programmes."""
    programmes = db.session.scalars(
        select(Programme)
        .join(Introduction, Introduction.programme_id == Programme.id)
        .where(
            Introduction.professional_id == professional.id,
            Introduction.state == IntroductionState.PROPOSED,
        )
        .order_by(Programme.id)
        .distinct()
    )
    return [
        introduction
        for programme in list(programmes)
        for introduction in list_open_proposals(lock_programme(programme))
        if introduction.professional_id == professional.id
    ]
