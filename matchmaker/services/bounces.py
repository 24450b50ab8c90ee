"""Addresses that take no mail: noticed when a server refuses, or when a report comes back.

What a server says is classified by its enhanced status code (RFC 3463), such as 5.1.1: the figure
in the middle says what the refusal is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, message_from_string
from email.message import EmailMessage, Message
from email.policy import default

from sqlalchemy import select, update

from matchmaker.extensions import db
from matchmaker.models import OutboxMail, User
from matchmaker.services.errors import DomainError

_STATUS = re.compile(r"\b5\.(\d{1,3})\.\d{1,3}\b")
# Addressing, the mailbox, and the way to it. The others are about the server, the text of the mail
# or who sent it, and say nothing of the address.
ABOUT_ADDRESS = frozenset({1, 2, 4})
ABOUT_NOTHING = 0


class NoReport(DomainError):
    """What was read is no report about a mail of ours."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What a report said of a mail of ours."""

    mail_id: int
    is_bounce: bool


def is_about_address(reply: str, *, otherwise: bool) -> bool:
    """Whether a permanent refusal is about the address; `otherwise` when it does not say."""
    status = _STATUS.search(reply)
    subject = ABOUT_NOTHING if status is None else int(status[1])
    return otherwise if subject == ABOUT_NOTHING else subject in ABOUT_ADDRESS


def note_refused(mail_id: int, *, now: datetime) -> None:
    """The address of a mail took nothing: its person, if it is still theirs, has bounced."""
    db.session.execute(
        update(User).where(User.id == _person_of(mail_id)).values(bounced_at=now),
    )


def note_taken(mail_id: int) -> None:
    """The address of a mail took it: what was noted of it before holds no more."""
    db.session.execute(
        update(User)
        .where(User.id == _person_of(mail_id), User.bounced_at.is_not(None))
        .values(bounced_at=None)
    )


def note_report(report: bytes, *, now: datetime) -> Noted:
    """Take in a delivery status notification (RFC 3464), as a mail server sends it back.

    Only a report that names a mail of ours by its Message-ID counts, since anybody can write to
    the address that reports go to and say that somebody's mail does not arrive.

    Raises:
        NoReport: It is no such report, or about no mail that we know.
    """
    message = message_from_bytes(report, policy=default)
    if message.get_content_type() != "multipart/report":
        raise NoReport("This is no report about a mail that could not be delivered (RFC 3464).")
    mail = _find_mail(message)
    if mail is None:
        raise NoReport("The report names no mail of ours by its Message-ID.")
    status = next((each for each in map(_failed_status, _recipients(message)) if each), None)
    if status is None:
        return Noted(mail.id, is_bounce=False)
    is_bounce = is_about_address(status, otherwise=True)
    # The person first and then the mail, in the order in which the sender locks them.
    if is_bounce:
        note_refused(mail.id, now=now)
    mail.last_error = f"returned {status}"
    db.session.flush()
    return Noted(mail.id, is_bounce=is_bounce)


def _person_of(mail_id: int) -> object:
    """The id of whoever a mail went to, while they still have that address."""
    return (
        select(OutboxMail.user_id)
        .join(User, User.id == OutboxMail.user_id)
        .where(OutboxMail.id == mail_id, User.email == OutboxMail.recipient)
        .scalar_subquery()
    )


def _find_mail(report: EmailMessage) -> OutboxMail | None:
    """The mail whose headers the report gives back, in whole or in part."""
    for part in report.walk():
        if part.get_content_type() == "text/rfc822-headers":
            returned: Message = message_from_string(part.get_content())
        elif part.get_content_type() == "message/rfc822":
            returned = part.get_content()
        else:
            continue
        message_id = str(returned.get("Message-ID", "")).strip()
        if message_id:
            return db.session.scalar(select(OutboxMail).where(OutboxMail.message_id == message_id))
    return None


def _recipients(report: EmailMessage) -> list[Message]:
    """What the report says of each address, as groups of fields."""
    groups: list[Message] = []
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            groups += [each for each in payload if isinstance(each, Message)]
    return groups


def _failed_status(fields: Message) -> str | None:
    """The status of an address that mail was given up for, or None."""
    if str(fields.get("Action", "")).strip().lower() != "failed":
        return None
    status = _STATUS.search(str(fields.get("Status", "")))
    return status[0] if status else "5.0.0"
