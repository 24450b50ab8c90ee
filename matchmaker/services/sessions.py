"""Signed-in browsers as rows: idle for 30 minutes or 12 hours old, a session is over."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import User, UserSession

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# How often a session's last use is written down; more often would make every page a write.
RECORDED_EVERY = timedelta(minutes=1)


def start_session(user: User, *, now: datetime) -> str:
    """Begin a session and return its token, which only the browser keeps (128 random bits)."""
    token = secrets.token_urlsafe(16)
    db.session.add(
        UserSession(user=user, token_digest=_digest(token), created_at=now, last_used_at=now)
    )
    db.session.flush()
    return token


def find_session(token: str, *, now: datetime) -> UserSession | None:
    """The live session behind `token`, or None when there is none or it is over.

    Its person comes with all that the access rules look at.
    """
    person = joinedload(UserSession.user)
    session = (
        db.session.scalars(
            select(UserSession)
            .where(UserSession.token_digest == _digest(token))
            .options(
                person.joinedload(User.professional),
                person.joinedload(User.memberships),
                person.joinedload(User.lead_scopes),
            )
        )
        .unique()
        .one_or_none()
    )
    if session is None or session.ended_at is not None:
        return None
    if now - session.last_used_at > IDLE or now - session.created_at > ABSOLUTE:
        return None
    return session


def count_live_sessions(user: User, *, now: datetime) -> int:
    """In how many browsers a person is signed in at `now`."""
    count = db.session.scalar(
        select(func.count())
        .select_from(UserSession)
        .where(
            UserSession.user_id == user.id,
            UserSession.ended_at.is_(None),
            UserSession.last_used_at >= now - IDLE,
            UserSession.created_at >= now - ABSOLUTE,
        )
    )
    return count or 0


def is_due_for_recording(session: UserSession, *, now: datetime) -> bool:
    """Whether the last use is old enough to be written down again."""
    return now - session.last_used_at >= RECORDED_EVERY


def record_use(session_id: int, *, now: datetime) -> None:
    """Write down that a session was used, unless it ended in the meantime."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(last_used_at=now)
    )


def end_session(session: UserSession, *, now: datetime) -> None:
    """End one session: its cookie is worth nothing from now on."""
    session.ended_at = now
    db.session.flush()


def end_all_sessions(user: User, *, now: datetime) -> None:
    """End every session of a person, as after a change of password."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
