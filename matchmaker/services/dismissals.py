"""Putting a suggestion aside, by either side: not now, or not for us; and bringing it back."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import (
    Dismissal,
    DismissalKind,
    Professional,
    Programme,
    Side,
    User,
)
from matchmaker.services import audit

NOT_NOW_LASTS = timedelta(days=90)


class DismissalReason(enum.StrEnum):
    """Why a suggestion is not for somebody; the other side is never told."""

    TOO_FAR = "too_far"
    OTHER_PEOPLE = "other_people"
    OTHER_WORK = "other_work"
    ALREADY_IN_TOUCH = "already_in_touch"
    OTHER = "other"


def put_aside(
    side: Side,
    professional: Professional,
    programme: Programme,
    *,
    kind: DismissalKind,
    actor: User,
    now: datetime,
    reason: DismissalReason | None = None,
) -> Dismissal:
    """Stop suggesting the two to each other: for 90 days, or for good with a reason.

    Putting the same suggestion aside once more replaces what was said before.
    """
    lock(side, professional, programme)
    dismissal = _find(side, professional, programme)
    if dismissal is None:
        dismissal = Dismissal(
            side=side, professional_id=professional.id, programme_id=programme.id, created_at=now
        )
        db.session.add(dismissal)
    dismissal.kind = kind
    dismissal.reason = "" if reason is None else reason.value
    dismissal.until_at = now + NOT_NOW_LASTS if kind is DismissalKind.NOT_NOW else None
    dismissal.created_at = now
    db.session.flush()
    audit.record(
        "suggestion.put_aside",
        dismissal,
        actor=actor,
        now=now,
        side=side.value,
        kind=kind.value,
        programme_id=programme.id,
    )
    return dismissal


def bring_back(
    side: Side, professional: Professional, programme: Programme, *, actor: User, now: datetime
) -> None:
    """Undo putting a suggestion aside; without one there is nothing to undo."""
    lock(side, professional, programme)
    dismissal = _find(side, professional, programme)
    if dismissal is None:
        return
    audit.record(
        "suggestion.brought_back",
        dismissal,
        actor=actor,
        now=now,
        side=side.value,
        programme_id=programme.id,
    )
    db.session.delete(dismissal)
    db.session.flush()


def list_put_aside(
    side: Side, *, own: Professional | Programme, now: datetime
) -> list[tuple[Dismissal, Professional, Programme]]:
    """What a side has put aside and what is still in force, the latest first."""
    is_own = (
        Dismissal.professional_id == own.id
        if isinstance(own, Professional)
        else Dismissal.programme_id == own.id
    )
    rows = db.session.execute(
        select(Dismissal, Professional, Programme)
        .join(Professional, Professional.id == Dismissal.professional_id)
        .join(Programme, Programme.id == Dismissal.programme_id)
        .where(
            Dismissal.side == side,
            is_own,
            or_(Dismissal.until_at.is_(None), Dismissal.until_at > now),
        )
        .options(joinedload(Programme.organisation))
        .order_by(Dismissal.created_at.desc(), Dismissal.id.desc())
    )
    return [(dismissal, professional, programme) for dismissal, professional, programme in rows]


def lock(side: Side, professional: Professional, programme: Programme) -> None:
    """Hold the row of the side that acts: a button pressed twice acts once, and then again."""
    own = (
        select(Professional.id).where(Professional.id == professional.id)
        if side is Side.PROFESSIONAL
        else select(Programme.id).where(Programme.id == programme.id)
    )
    # Whoever refers to the row, such as a new introduction, need not wait for this.
    db.session.execute(own.with_for_update(key_share=side is Side.PROFESSIONAL))


def _find(side: Side, professional: Professional, programme: Programme) -> Dismissal | None:
    return db.session.scalar(
        select(Dismissal).where(
            Dismissal.side == side,
            Dismissal.professional_id == professional.id,
            Dismissal.programme_id == programme.id,
        )
    )
