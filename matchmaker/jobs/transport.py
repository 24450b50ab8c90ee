"""Handing one mail over: to an SMTP server, or in development to the console."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import click

from matchmaker.config import MailSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What of an outbox row is sent; a copy, so that no transaction is open while it travels."""

    mail_id: int
    message_id: str
    recipient: str
    subject: str
    body: str
    written_at: datetime


class RefusedForGood(Exception):
    """The server will never take this mail; trying again is pointless."""


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
        RefusedForGood: The server answered with a permanent error (5xx).
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
            _raise_if_permanent(next(iter(refused.recipients.values()))[0], refused)
            raise
        except smtplib.SMTPResponseException as refused:
            _raise_if_permanent(refused.smtp_code, refused)
            raise


def build_message(letter: Letter, sender: str) -> EmailMessage:
    """The mail as it travels: UTF-8 text, its own fixed Message-ID, and marked as automatic.

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
    message.set_content(letter.body)
    return message


def _raise_if_permanent(code: int, refused: smtplib.SMTPException) -> None:
    if 500 <= code < 600:
        raise RefusedForGood(f"{type(refused).__name__} {code}") from refused
