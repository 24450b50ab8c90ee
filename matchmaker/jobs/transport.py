"""Handing one mail over: to an SMTP server, or in development to the console."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import format_datetime

import click

from matchmaker.config import MailSettings
from matchmaker.services import bounces

# RFC 5322, section 2.1.1, without the end of the line.
LONGEST_LINE = 998


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What of an outbox row is sent; a copy, so that no transaction is open while it travels."""

    mail_id: int
    message_id: str
    recipient: str
    subject: str
    body: str
    html: str = ""
    unsubscribe_url: str = ""
    written_at: datetime


class RefusedForGood(Exception):
    """The server will never take this mail; trying again is pointless."""


class AddressRefused(RefusedForGood):
    """The server will take no mail for this address."""


Transport = Callable[[Letter], None]


def transport_for(settings: MailSettings) -> Transport:
    """How mail leaves: the console when no SMTP host is set."""
    if settings.host is None:
        return print_on_console
    host = settings.host
    return lambda letter: send_by_smtp(letter, settings, host)


def print_on_console(letter: Letter) -> None:
    """Show a mail where the worker runs."""
    line = "-" * 72
    click.echo(f"{line}\nTo: {letter.recipient}\nSubject: {letter.subject}\n\n{letter.body}{line}")


def send_by_smtp(letter: Letter, settings: MailSettings, host: str) -> None:
    """Give a mail to the SMTP server, on a connection of its own.

    Raises:
        RefusedForGood: The server answered with a permanent error (5xx); an `AddressRefused` if
            that was about the address.
        OSError: It could not be reached, or refused for now; `smtplib`'s errors are these.
    """
    message = build_message(letter, settings.sender)
    with smtplib.SMTP(host, settings.port, timeout=settings.timeout_seconds) as server:
        if settings.use_starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.username is not None:
            server.login(settings.username, settings.password or "")
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code, reply = next(iter(refused.recipients.values()))
            _raise_if_permanent(code, reply, refused, is_about_recipient=True)
            raise
        except smtplib.SMTPResponseException as refused:
            _raise_if_permanent(refused.smtp_code, refused.smtp_error, refused)
            raise


def build_message(letter: Letter, sender: str) -> EmailMessage:
    """The mail as it travels: text and HTML, its own fixed Message-ID, and marked as automatic.

    With an address to unsubscribe at, it says so in the way of RFC 2369 and RFC 8058, which mail
    programs show as a button of their own.

    Raises:
        RefusedForGood: The address or subject cannot stand in a header.
    """
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = sender
        message["To"] = letter.recipient
        message["Subject"] = letter.subject
    except ValueError as error:
        raise RefusedForGood(type(error).__name__) from error
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Short lines of ASCII pass every server unchanged, however old.
    message.set_content(letter.body, cte="quoted-printable")
    if letter.html:
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    for part in message.walk():
        _hide_from(part)
    # A header with a long address must not be folded: Python would encode it beyond recognition.
    message.policy = SMTP.clone(max_line_length=LONGEST_LINE)
    return message


def _hide_from(part: Message) -> None:
    """Write "From" at the start of a line so that nobody takes it for the start of a mail."""
    if not part.is_multipart():
        written = str(part.get_payload())
        part.set_payload(re.sub("^From ", "=46rom ", written, flags=re.MULTILINE))


def _raise_if_permanent(
    code: int,
    reply: bytes | str,
    refused: smtplib.SMTPException,
    *,
    is_about_recipient: bool = False,
) -> None:
    if not 500 <= code < 600:
        return
    text = reply.decode("ascii", "replace") if isinstance(reply, bytes) else reply
    sentence = f"{type(refused).__name__} {code}"
    if bounces.is_about_address(text, otherwise=is_about_recipient):
        raise AddressRefused(sentence) from refused
    raise RefusedForGood(sentence) from refused
