"""The queue of what people reported, and what was done about it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from matchmaker.extensions import db
from matchmaker.models import IntroductionMessage, Report, ReportResolution, User
from matchmaker.services import audit, withheld_mail
from matchmaker.services.administration.pages import Page, fetch_page
from matchmaker.services.errors import DomainError

NOTE_MAX_LENGTH = 1000


class AlreadyResolved(DomainError):
    """Somebody else dealt with the report in the meantime."""


def list_reports(number: int, *, is_resolved: bool) -> Page[Report]:
    """Reports that wait, the oldest first; or those that were dealt with, the latest first."""
    query = select(Report)
    if is_resolved:
        query = query.where(Report.resolved_at.is_not(None)).order_by(
            Report.resolved_at.desc(), Report.id.desc()
        )
    else:
        query = query.where(Report.resolved_at.is_(None)).order_by(Report.reported_at, Report.id)
    return fetch_page(query, number)


def find_report(report_id: int) -> Report | None:
    """One report, or None."""
    return db.session.get(Report, report_id)


def resolve(
    report: Report, resolution: ReportResolution, *, note: str, actor: User, now: datetime
) -> None:
    """Write down what was done about a report. "Removed" takes a reported message away.

    Raises:
        AlreadyResolved: Of two who resolve it at once, the second.
    """
    resolved = db.session.execute(
        update(Report)
        .where(Report.id == report.id, Report.resolved_at.is_(None))
        .values(
            resolution=resolution,
            resolution_note=note.strip(),
            resolved_by_user_id=actor.id,
            resolved_at=now,
        )
        .returning(Report.id)
    ).scalar_one_or_none()
    if resolved is None:
        raise AlreadyResolved(_("Somebody has dealt with this report already."))
    if resolution is ReportResolution.REMOVED and report.message_id is not None:
        message = db.session.get_one(IntroductionMessage, report.message_id)
        withheld_mail.withhold_message(message.introduction_id, message.id, now=now)
        db.session.execute(delete(IntroductionMessage).where(IntroductionMessage.id == message.id))
    audit.record(
        "report.resolved",
        report,
        actor=actor,
        now=now,
        resolution=resolution.value,
        reason=report.reason.value,
    )
    db.session.flush()
