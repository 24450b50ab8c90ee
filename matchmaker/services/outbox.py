"""The outbox: a mail is a row, written in the transaction of what it tells about."""

from __future__ import annotations

from datetime import datetime
from email.utils import make_msgid
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import OutboxMail, User


def enqueue(
    dedupe_key: str,
    *,
    recipient: str,
    subject: str,
    body: str,
    now: datetime,
    user: User | None = None,
) -> OutboxMail:
    """Put one mail in the outbox, or return the one that is there under the same `dedupe_key`.

    Args:
        dedupe_key: Names the event and the person, such as ``introduction-accepted:12:user:3``.
        recipient: The address.
        subject: One line, without names of patients or anything secret.
        body: Plain text, links included.
        now: The moment of the event, in UTC.
        user: The person, when they have an account.
    """
    existing = db.session.scalar(select(OutboxMail).where(OutboxMail.dedupe_key == dedupe_key))
    if existing is not None:
        return existing
    host = urlsplit(current_app.extensions["settings"].public_url).hostname
    mail = OutboxMail(
        dedupe_key=dedupe_key,
        message_id=make_msgid(domain=host),
        user_id=None if user is None else user.id,
        recipient=recipient,
        subject=" ".join(subject.split()),
        body=body,
        created_at=now,
        send_after_at=now,
    )
    db.session.add(mail)
    db.session.flush()
    return mail
