"""Blocking somebody, quietly: what the two had together ends, and nobody is told why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    Block,
    DeclineReason,
    Introduction,
    Organisation,
    Professional,
    Programme,
    Side,
    User,
)
from matchmaker.models.introduction import OPEN_STATES
from matchmaker.services import audit, blocks, introductions


def block(
    side: Side,
    professional: Professional,
    organisation: Organisation,
    *,
    actor: User,
    now: datetime,
) -> Block:
    """Keep the two apart: never suggested, no proposal, and what is open between them ends.

    The other side reads what it would read after any other no or withdrawal.

    Args:
        side: Who wants it so.
        professional: One of the two.
        organisation: The other, with all its programmes.
        actor: Who does it for `side`.
        now: The moment, in UTC.
    """
    # Whoever proposes holds the programme's row while they ask whether the two are kept apart.
    _lock_programmes(organisation)
    found = blocks.find_block(side, professional, organisation)
    if found is not None:
        return found
    made = Block(
        side=side,
        professional_id=professional.id,
        organisation_id=organisation.id,
        created_by_user_id=actor.id,
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("block.made", made, actor=actor, now=now, side=side.value)
    for introduction in _open_between(professional, organisation):
        leave(introduction, side, actor=actor, now=now)
    return made


def unblock(made: Block, *, actor: User, now: datetime) -> None:
    """Undo a block; what ended with it stays ended."""
    audit.record("block.undone", made, actor=actor, now=now, side=made.side.value)
    db.session.delete(made)
    db.session.flush()


def leave(introduction: Introduction, side: Side, *, actor: User, now: datetime) -> None:
    """End an open introduction for `side`, without a reason: a no, or taking back a yes."""
    if introduction.answer_of(side) is Answer.PENDING:
        introductions.decline(
            introduction, side, reason=DeclineReason.OTHER, note="", actor=actor, now=now
        )
    else:
        introductions.withdraw(introduction, side, actor=actor, now=now)


def _lock_programmes(organisation: Organisation) -> None:
    db.session.execute(
        select(Programme.id)
        .where(Programme.organisation_id == organisation.id)
        .order_by(Programme.id)
        .with_for_update()
    )


def _open_between(professional: Professional, organisation: Organisation) -> list[Introduction]:
    return list(
        db.session.scalars(
            select(Introduction)
            .join(Introduction.programme)
            .where(
                Introduction.professional_id == professional.id,
                Programme.organisation_id == organisation.id,
                Introduction.state.in_(OPEN_STATES),
            )
            .order_by(Introduction.programme_id, Introduction.id)
        )
    )
