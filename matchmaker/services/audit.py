"""Writing down what happened, in the transaction in which it happens."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from matchmaker.extensions import db
from matchmaker.models import AuditEvent, User

if TYPE_CHECKING:
    from matchmaker.extensions import Base


def record(
    action: str,
    subject: Base,
    *,
    actor: User | None,
    now: datetime,
    **details: str | int | bool | None,
) -> AuditEvent:
    """Add an audit event about `subject`, a row that has been flushed.

    `actor` is None for what the system does by itself. `details` must hold codes and figures only,
    never free text, names or contact details.
    """
    subject_id: int = subject.id  # type: ignore[attr-defined]
    event = AuditEvent(
        at=now,
        actor_user_id=None if actor is None else actor.id,
        action=action,
        subject_type=subject.__tablename__,
        subject_id=subject_id,
        details=details,
    )
    db.session.add(event)
    return event
