"""The outbox: a mail is a row, written in the transaction of what it tells about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import OutboxMail, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a mail may have besides its text.

    `kind` names its template, `html` says the same once more for mail programs that show it, one
    request to `unsubscribe_url` switches mails like it off, and it is not sent before
    `send_after_at`.
    """

    kind: str = ""
    html: str = ""
    unsubscribe_url: str = ""
    send_after_at: datetime | None = None


NONE = Extras()


def enqueue(
    dedupe_key: str,
    *,
    recipient: str,
    subject: str,
    body: str,
    now: datetime,
    user: User | None = None,
    extras: Extras = NONE,
) -> OutboxMail:
    """Put one mail in the outbox, or return the one that is there under the same `dedupe_key`.

    Args:
        dedupe_key: Names the event and the person, such as ``introduction-accepted:12:user:3``.
        recipient: The address.
        subject: One line, without names of patients or anything secret.
        body: Plain text, links included.
        now: The moment of the event, in UTC.
        user: The person, when they have an account.
        extras: What a mail made from a template has besides.
    """
    existing = db.session.scalar(select(OutboxMail).where(OutboxMail.dedupe_key == dedupe_key))
    if existing is not None:
        return existing
    host = urlsplit(current_app.extensions["settings"].public_url).hostname
    mail = OutboxMail(
        dedupe_key=dedupe_key,
        message_id=make_msgid(domain=host),
        user_id=None if user is None else user.id,
        kind=extras.kind,
        recipient=recipient,
        subject=" ".join(subject.split()),
        body=body,
        html=extras.html,
        unsubscribe_url=extras.unsubscribe_url,
        created_at=now,
        send_after_at=extras.send_after_at or now,
    )
    db.session.add(mail)
    db.session.flush()
    return mail
