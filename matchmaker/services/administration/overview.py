"""What waits for an administrator, counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.models import Introduction, OutboxMail, Programme, Report, User, Waiting
from matchmaker.services.administration.outbox import WHERE, Standing

# The worker looks for mail every two seconds; what has been due for this long tells that it is not
# running, or that the mail server takes nothing.
MAIL_IS_LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Overview:
    """How many of each there are now."""

    open_reports: int
    asked_for_organisations: int
    bounced_addresses: int
    failed_mails: int
    waiting_mails: int
    late_mails: int


def take_stock(*, now: datetime) -> Overview:
    """Count what waits, in one query."""
    late = now - MAIL_IS_LATE_AFTER
    counts = (
        select(func.count(Report.id)).where(Report.resolved_at.is_(None)),
        select(func.count(Programme.organisation_id.distinct()))
        .join(Introduction, Introduction.programme_id == Programme.id)
        .where(Introduction.waiting_for == Waiting.CLAIM),
        select(func.count(User.id)).where(User.bounced_at.is_not(None)),
        select(func.count(OutboxMail.id)).where(*WHERE[Standing.FAILED]),
        select(func.count(OutboxMail.id)).where(*WHERE[Standing.WAITING]),
        select(func.count(OutboxMail.id)).where(
            *WHERE[Standing.WAITING], OutboxMail.send_after_at < late, OutboxMail.attempts == 0
        ),
    )
    found = db.session.execute(select(*(each.scalar_subquery() for each in counts))).one()
    return Overview(*found)
