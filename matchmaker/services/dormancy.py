"""Accounts that nobody uses: warned after 12 months, erased after 18.

What is kept of somebody who has gone is of no use to anybody, and can only be stolen.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, or_, select

from matchmaker.extensions import db
from matchmaker.models import AuditEvent, User
from matchmaker.services import audit, erasure, mail
from matchmaker.services.clock import add_months, london_date, london_midnight

WARNED_AFTER_MONTHS = 12
ERASED_AFTER_MONTHS = 18
# Nobody is erased sooner than this after the warning, however late the warning was written.
LEAST_NOTICE = timedelta(days=30)
# So many at a time: an erasure locks what the person had together with others.
AT_ONCE = 20
WARNED = "user.warned_of_erasure"


def warn_due(*, now: datetime) -> bool:
    """Write to those who have not been here for 12 months; returns whether there are more."""
    found = _unused_since(add_months(london_date(now), -WARNED_AFTER_MONTHS))
    warnings = _last_warnings(found)
    due = [user for user in found if not _is_warned(user, warnings)]
    for user in due[:AT_ONCE]:
        on = max(add_months(_last_seen(user), ERASED_AFTER_MONTHS), london_date(now + LEAST_NOTICE))
        event = audit.record(WARNED, user, actor=None, now=now)
        db.session.flush()
        mail.send("account_unused", f"account-unused:{event.id}", to=user, now=now, erased_on=on)
    return len(due) > AT_ONCE


def erase_due(*, now: datetime) -> bool:
    """Erase those who have not been here for 18 months and were warned; whether there are more.

    The last administrator stays: nobody could look after the service any more.
    """
    found = _unused_since(add_months(london_date(now), -ERASED_AFTER_MONTHS))
    warnings = _last_warnings(found)
    due = [
        user
        for user in found
        if _is_warned(user, warnings)
        and warnings[user.id] <= now - LEAST_NOTICE
        and not erasure.is_only_administrator(user)
    ]
    for user in due[:AT_ONCE]:
        erasure.erase(user, now=now, was_unused=True)
    return len(due) > AT_ONCE


def _last_seen(user: User) -> date:
    return user.last_active_on or london_date(user.created_at)


def _is_warned(user: User, warnings: dict[int, datetime]) -> bool:
    """Whether somebody was warned and has not been here since."""
    warned_at = warnings.get(user.id)
    return warned_at is not None and london_date(warned_at) > _last_seen(user)


def _unused_since(day: date) -> list[User]:
    """Those who were last here on `day` or before, by number."""
    end_of_day = london_midnight(day + timedelta(days=1))
    found = db.session.scalars(
        select(User)
        .where(
            User.erased_at.is_(None),
            or_(
                User.last_active_on <= day,
                and_(User.last_active_on.is_(None), User.created_at < end_of_day),
            ),
        )
        .order_by(User.id)
    )
    return list(found)


def _last_warnings(users: list[User]) -> dict[int, datetime]:
    found = db.session.execute(
        select(AuditEvent.subject_id, func.max(AuditEvent.at))
        .where(
            AuditEvent.action == WARNED,
            AuditEvent.subject_type == User.__tablename__,
            AuditEvent.subject_id.in_([user.id for user in users]),
        )
        .group_by(AuditEvent.subject_id)
    )
    return dict(found.all())
