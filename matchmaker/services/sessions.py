"""Signed-in browsers as rows: idle for 30 minutes or 12 hours old, a session is over."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import User, UserSession
from matchmaker.services.clock import london_date

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# How often a session's last use is written down; more often would make every page a write.
RECORDED_EVERY = timedelta(minutes=1)


def start_session(user: User, *, now: datetime, browser: str = "") -> str:
    """Begin a session and return its token, which only the browser keeps (128 random bits).

    `browser` names it in a few words for the person's own list; empty for one that is not known.
    """
    token = secrets.token_urlsafe(16)
    db.session.add(
        UserSession(
            user=user,
            token_digest=_digest(token),
            browser=browser,
            created_at=now,
            last_used_at=now,
        )
    )
    db.session.flush()
    _record_day(user.id, now)
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
        select(func.count()).select_from(UserSession).where(_is_live(user, now))
    )
    return count or 0


def list_live_sessions(user: User, *, now: datetime) -> list[UserSession]:
    """Where a person is signed in at `now`, the latest use first."""
    return list(
        db.session.scalars(
            select(UserSession)
            .where(_is_live(user, now))
            .order_by(UserSession.last_used_at.desc(), UserSession.id.desc())
        )
    )


def is_behind(token: str, session: UserSession) -> bool:
    """Whether `session` is the one that `token` opens."""
    return secrets.compare_digest(session.token_digest, _digest(token))


def is_due_for_recording(session: UserSession, *, now: datetime) -> bool:
    """Whether the last use is old enough to be written down again."""
    return now - session.last_used_at >= RECORDED_EVERY


def record_use(session_id: int, *, now: datetime) -> None:
    """Write down that a session was used, unless it ended in the meantime."""
    user_id = db.session.scalar(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(last_used_at=now)
        .returning(UserSession.user_id)
    )
    if user_id is not None:
        _record_day(user_id, now)


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


def _is_live(user: User, now: datetime) -> ColumnElement[bool]:
    return and_(
        UserSession.user_id == user.id,
        UserSession.ended_at.is_(None),
        UserSession.last_used_at >= now - IDLE,
        UserSession.created_at >= now - ABSOLUTE,
    )


def _record_day(user_id: int, now: datetime) -> None:
    """Write down, once a day, that a person was here; others read it in coarse words only."""
    today = london_date(now)
    db.session.execute(
        update(User)
        .where(
            User.id == user_id,
            or_(User.last_active_on.is_(None), User.last_active_on < today),
        )
        .values(last_active_on=today)
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
