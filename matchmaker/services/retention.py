"""Forgetting what has served its purpose."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, update

from matchmaker.extensions import db
from matchmaker.models import LinkToken, OutboxMail, UserSession
from matchmaker.services import sessions, throttle

# A link is kept for a while after its end, so that its page can say why it no longer works.
LINKS_KEPT = timedelta(days=14)
SESSIONS_KEPT = timedelta(days=90)
COUNTS_KEPT = timedelta(days=1)
# A sent mail's text may hold a link; the row itself keeps the same mail from being sent twice.
MAIL_TEXTS_KEPT = timedelta(days=14)
MAIL_KEPT = timedelta(days=90)


def forget_expired(*, now: datetime) -> None:
    """Delete expired links, ended sessions, old counts of failures, and old mail."""
    db.session.execute(
        delete(LinkToken).where(
            func.coalesce(LinkToken.used_at, LinkToken.expires_at) < now - LINKS_KEPT,
        )
    )
    db.session.execute(
        delete(UserSession).where(
            or_(
                UserSession.ended_at < now - SESSIONS_KEPT,
                UserSession.created_at < now - SESSIONS_KEPT - sessions.ABSOLUTE,
            )
        )
    )
    throttle.forget(before=now - COUNTS_KEPT)
    is_over = or_(OutboxMail.sent_at.is_not(None), OutboxMail.failed_at.is_not(None))
    db.session.execute(delete(OutboxMail).where(is_over, OutboxMail.created_at < now - MAIL_KEPT))
    db.session.execute(
        update(OutboxMail)
        .where(is_over, OutboxMail.created_at < now - MAIL_TEXTS_KEPT, OutboxMail.body != "")
        .values(body="")
    )
