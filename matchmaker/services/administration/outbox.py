"""Mail that waits, has failed or was sent, and trying again what failed.

Only what a mail is and where it goes is read here. Its text may hold a link that acts for somebody,
or what one person wrote to another.
"""

from __future__ import annotations

import enum
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import load_only

from matchmaker.extensions import db
from matchmaker.models import OutboxMail, User
from matchmaker.services import audit
from matchmaker.services.administration.pages import Page, fetch_page
from matchmaker.services.errors import DomainError


class Standing(enum.StrEnum):
    """What has become of a mail."""

    FAILED = "failed"
    WAITING = "waiting"
    SENT = "sent"


WHERE = {
    # One without an address was taken back, and is nobody's to look into.
    Standing.FAILED: (OutboxMail.failed_at.is_not(None), OutboxMail.recipient != ""),
    Standing.WAITING: (OutboxMail.sent_at.is_(None), OutboxMail.failed_at.is_(None)),
    Standing.SENT: (OutboxMail.sent_at.is_not(None),),
}
ORDER = {
    Standing.FAILED: OutboxMail.failed_at.desc(),
    Standing.WAITING: OutboxMail.send_after_at,
    Standing.SENT: OutboxMail.sent_at.desc(),
}


def list_mails(standing: Standing, number: int) -> Page[OutboxMail]:
    """Mails that stand like this: those that wait by when they are due, the others latest first."""
    query = (
        select(OutboxMail)
        .where(*WHERE[standing])
        .order_by(ORDER[standing], OutboxMail.id)
        .options(
            load_only(
                OutboxMail.kind,
                OutboxMail.recipient,
                OutboxMail.created_at,
                OutboxMail.send_after_at,
                OutboxMail.attempts,
                OutboxMail.sent_at,
                OutboxMail.failed_at,
                OutboxMail.last_error,
                raiseload=True,
            )
        )
    )
    return fetch_page(query, number)


def find_mail(mail_id: int) -> OutboxMail | None:
    """One mail, or None."""
    return db.session.get(OutboxMail, mail_id)


def retry(mail: OutboxMail, *, actor: User, now: datetime) -> None:
    """Let the worker send a failed mail as if for the first time.

    Raises:
        DomainError: It has not failed, or its text is forgotten.
    """
    retried = db.session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == mail.id, OutboxMail.failed_at.is_not(None), OutboxMail.body != "")
        .values(failed_at=None, attempts=0, send_after_at=now, last_error=None)
        .returning(OutboxMail.id)
    ).scalar_one_or_none()
    if retried is None:
        raise DomainError(_("This mail cannot be sent again. It has not failed, or is too old."))
    audit.record("outbox_mail.retried", mail, actor=actor, now=now, kind=mail.kind)
    db.session.flush()
