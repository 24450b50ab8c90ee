"""Reading what was written down of who did what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from matchmaker.extensions import db
from matchmaker.models import AuditEvent, User
from matchmaker.services.clock import LONDON

EVENTS_SHOWN = 50
EVENTS_EXPORTED = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which events: all that is None, or empty, leaves open. Days are London's, both included."""

    person: User | None = None
    action: str = ""
    subject_type: str = ""
    subject_id: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An event, and who did it: None for the system itself, or for somebody who is gone."""

    event: AuditEvent
    actor: User | None


def list_events(filters: Filters, *, before_id: int | None, most: int = EVENTS_SHOWN) -> list[Line]:
    """The latest `most` events, of those that were written down before one (by its number)."""
    conditions = list(_conditions(filters))
    if before_id is not None:
        conditions.append(AuditEvent.id < before_id)
    rows = db.session.execute(
        select(AuditEvent, User)
        .outerjoin(User, User.id == AuditEvent.actor_user_id)
        .where(*conditions)
        .order_by(AuditEvent.id.desc())
        .limit(most)
    )
    return [Line(event, actor) for event, actor in rows]


def export_rows(filters: Filters) -> Iterator[tuple[str, ...]]:
    """The latest events as rows of text; people are numbers, as nobody need be named on a disk."""
    query = select(AuditEvent).where(*_conditions(filters)).order_by(AuditEvent.id.desc())
    for event in db.session.scalars(query.limit(EVENTS_EXPORTED)):
        yield (
            event.at.astimezone(UTC).isoformat(timespec="seconds"),
            "" if event.actor_user_id is None else str(event.actor_user_id),
            event.action,
            event.subject_type,
            str(event.subject_id),
            json.dumps(event.details, sort_keys=True) if event.details else "",
        )


def _conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.person is not None:
        about_them = and_(
            AuditEvent.subject_type == "user", AuditEvent.subject_id == filters.person.id
        )
        yield or_(AuditEvent.actor_user_id == filters.person.id, about_them)
    if filters.action:
        yield AuditEvent.action.startswith(filters.action, autoescape=True)
    if filters.subject_type:
        yield AuditEvent.subject_type == filters.subject_type
    if filters.subject_id is not None:
        yield AuditEvent.subject_id == filters.subject_id
    if filters.since is not None:
        yield AuditEvent.at >= _beginning_of(filters.since)
    # Python's last day has no day after it, and nothing after it to leave out.
    if filters.until is not None and filters.until < date.max:
        yield AuditEvent.at < _beginning_of(filters.until + timedelta(days=1))


def _beginning_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)
