"""Telling the administrators that something on a page, or in a message, is not right."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import IntroductionMessage, Report, ReportReason, User
from matchmaker.services import audit, throttle
from matchmaker.services.errors import FieldError
from matchmaker.services.throttle import Key

NOTE_MAX_LENGTH = 2000
# The same words about the same thing, so soon after: a button was pressed twice.
SAME_WITHIN = timedelta(hours=1)


def report_page(
    path: str,
    *,
    reason: ReportReason,
    note: str,
    reporter: User | None,
    address: str,
    now: datetime,
) -> Report:
    """Report a page; somebody without an account can do so, too.

    Args:
        path: The page's path, without anything secret; empty when it is not known.
        reason: What is wrong with it.
        note: In the reporter's words.
        reporter: Who reports it, if they have signed in.
        address: The IP address it comes from.
        now: The moment, in UTC.

    Raises:
        FieldError: The note is missing or too long.
        Throttled: Too many reports came from there; roll back.
    """
    network = Key(throttle.REPORT_ADDRESS, throttle.network_of(address))
    return _report(path, None, reason, note, reporter=reporter, network=network, now=now)


def report_message(
    message: IntroductionMessage,
    path: str,
    *,
    reason: ReportReason,
    note: str,
    reporter: User,
    now: datetime,
) -> Report:
    """Report a message to somebody who may read it. Its text is copied, and nothing around it.

    Raises:
        FieldError: The note is missing or too long.
        Throttled: The person reported too much; roll back.
    """
    return _report(path, message, reason, note, reporter=reporter, network=None, now=now)


def _report(
    path: str,
    message: IntroductionMessage | None,
    reason: ReportReason,
    note: str,
    *,
    reporter: User | None,
    network: Key | None,
    now: datetime,
) -> Report:
    note = _checked_note(note, reason)
    who = [] if reporter is None else [Key(throttle.REPORTER, str(reporter.id))]
    where = [] if network is None else [network]
    throttle.take([*who, *where, Key(throttle.REPORT_EVERYONE)], now=now)
    report = Report(
        reporter_user_id=None if reporter is None else reporter.id,
        address=path,
        message_id=None if message is None else message.id,
        quoted="" if message is None else message.body,
        reason=reason,
        note=note,
        reported_at=now,
    )
    earlier = _find_same(report)
    if earlier is not None:
        return earlier
    db.session.add(report)
    db.session.flush()
    audit.record(
        "report.made",
        report,
        actor=reporter,
        now=now,
        reason=reason.value,
        is_message=message is not None,
    )
    return report


def _checked_note(note: str, reason: ReportReason) -> str:
    note = note.strip()
    if not note and reason is ReportReason.OTHER:
        raise FieldError("note", _("Say in a sentence what is wrong"))
    if len(note) > NOTE_MAX_LENGTH:
        raise FieldError(
            "note", _("Your note must be %(most)s characters or fewer", most=NOTE_MAX_LENGTH)
        )
    return note


def _find_same(report: Report) -> Report | None:
    return db.session.scalar(
        select(Report).where(
            Report.reporter_user_id.is_not_distinct_from(report.reporter_user_id),
            Report.message_id.is_not_distinct_from(report.message_id),
            Report.address == report.address,
            Report.reason == report.reason,
            Report.note == report.note,
            Report.resolved_at.is_(None),
            Report.reported_at > report.reported_at - SAME_WITHIN,
        )
    )
