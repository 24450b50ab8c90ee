"""Sending what is in the outbox.

A row is claimed by a conditional UPDATE for longer than sending can take, sent with no transaction
open, and marked as sent. Nothing is lost; a crash between the server's "yes" and our mark repeats
the mail, with the same Message-ID.
"""

from __future__ import annotations

import logging
import os
import socket
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, and_, or_, select, update

from matchmaker.extensions import db
from matchmaker.jobs.transport import AddressRefused, Letter, RefusedForGood, transport_for
from matchmaker.models import OutboxMail
from matchmaker.services import bounces

logger = logging.getLogger(__name__)

# The SMTP timeout is for each step of the conversation, of which there are about ten.
LEASE = timedelta(minutes=10)
# How long to wait after each failed attempt; after the last, the mail has failed.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)


def send_next(now: datetime) -> bool:
    """Send one mail that is due. Commits by itself.

    Returns:
        Whether there was one, so that there may be more.
    """
    letter = claim_next(now)
    if letter is None:
        return False
    transport = transport_for(current_app.extensions["settings"].mail)
    try:
        transport(letter)
    except RefusedForGood as refused:
        if isinstance(refused, AddressRefused):
            bounces.note_refused(letter.mail_id, now=now)
        _record_failure(letter, str(refused), now=now, is_final=True)
    except (OSError, ValueError) as error:
        # A ValueError is a text or an address that Python cannot write down.
        _record_failure(letter, type(error).__name__, now=now, is_final=False)
    else:
        _record_sent(letter, now)
    return True


def claim_next(now: datetime) -> Letter | None:
    """Claim the mail that has waited longest, for `LEASE`; None when nothing is due."""
    while True:
        candidate = db.session.scalar(
            select(OutboxMail.id)
            .where(_is_free(now), OutboxMail.send_after_at <= now)
            .order_by(OutboxMail.send_after_at, OutboxMail.id)
            .limit(1)
        )
        if candidate is None:
            db.session.rollback()
            return None
        claimed = db.session.execute(
            update(OutboxMail)
            .where(OutboxMail.id == candidate, _is_free(now))
            .values(
                claimed_by=_own_name(),
                claimed_until=now + LEASE,
                attempts=OutboxMail.attempts + 1,
            )
            .returning(OutboxMail)
            .execution_options(populate_existing=True)
        ).scalar_one_or_none()
        db.session.commit()
        if claimed is not None:
            return _letter(claimed)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return and_(
        OutboxMail.sent_at.is_(None),
        OutboxMail.failed_at.is_(None),
        or_(OutboxMail.claimed_until.is_(None), OutboxMail.claimed_until <= now),
    )


def _letter(mail: OutboxMail) -> Letter:
    return Letter(
        mail_id=mail.id,
        message_id=mail.message_id,
        recipient=mail.recipient,
        subject=mail.subject,
        body=mail.body,
        html=mail.html,
        unsubscribe_url=mail.unsubscribe_url,
        written_at=mail.created_at,
    )


def _record_sent(letter: Letter, now: datetime) -> None:
    bounces.note_taken(letter.mail_id)
    _update(letter, sent_at=now, claimed_by=None, claimed_until=None, last_error=None)
    logger.info("mail sent", extra={"mail_id": letter.mail_id})


def _record_failure(letter: Letter, error: str, *, now: datetime, is_final: bool) -> None:
    attempts = db.session.scalars(
        select(OutboxMail.attempts).where(OutboxMail.id == letter.mail_id)
    ).one()
    values = {"claimed_by": None, "claimed_until": None, "last_error": error}
    if is_final or attempts > len(WAITS):
        _update(letter, failed_at=now, **values)
    else:
        _update(letter, send_after_at=now + WAITS[attempts - 1], **values)
    logger.warning(
        "mail not sent",
        extra={"mail_id": letter.mail_id, "error": error, "attempts": attempts},
    )


def _update(letter: Letter, **values: object) -> None:
    db.session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == letter.mail_id, OutboxMail.sent_at.is_(None))
        .values(**values)
    )
    db.session.commit()


def _own_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
