"""Publishing the figures of a month, once and for all.

A release is built in three steps, each in a transaction of its own so that nobody waits for it:
`begin` says that it is being built, `prepare` counts and protects, `publish` stores the figures.
Two that build the same month at once do not disturb each other: only one of them gets through.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, insert, or_, select, update

from matchmaker.extensions import db, insert_into
from matchmaker.models import (
    Introduction,
    ShownSuggestion,
    StatisticCount,
    StatisticFigure,
    StatisticsRelease,
)
from matchmaker.services.clock import london_date, long_date
from matchmaker.services.disclosure import Shown
from matchmaker.services.errors import DomainError
from matchmaker.services.statistics.counting import Counts, count_month
from matchmaker.services.statistics.periods import Period, find_period, month_of
from matchmaker.services.statistics.protecting import FigureKey, protect_month
from matchmaker.services.statistics.supply import SupplyCounts, count_supply, store_supply

logger = logging.getLogger(__name__)

# Whoever began and has not finished by then was killed, and another may begin anew.
TIME_TO_BUILD = timedelta(minutes=30)
# What could not be published is tried again by itself, for the case that it was mended.
PAUSE_AFTER_FAILURE = timedelta(days=1)
FAILURE_MAX_LENGTH = 1000


class NotDue(DomainError):
    """The figures of a month cannot be made yet."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be stored of a month: its true counts, the figures, and what is offered."""

    month: Period
    begun_at: datetime
    counts: Counts
    figures: dict[FigureKey, Shown]
    supply: SupplyCounts


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand: the releases so far, the newest first, and the month that comes next."""

    releases: tuple[StatisticsRelease, ...]
    unpublished: tuple[Period, ...]
    next_month: Period


def list_unpublished(*, now: datetime, until: Period | None = None) -> list[Period]:
    """The months whose figures are due and not published, the oldest first.

    The first month of all is that of the first suggestion or introduction here.

    Raises:
        NotDue: `until` is not over, or was not over for long enough.
    """
    last = until or month_of(london_date(now)).previous
    if until is not None and not until.is_due(now):
        raise NotDue(
            _(
                "The figures for %(month)s can be made from %(day)s on.",
                month=until.label,
                day=long_date(until.due_on),
            )
        )
    if not last.is_due(now):
        last = last.previous
    month = _first_month()
    published = set(_list_published())
    found = []
    while month is not None and month.first <= last.first:
        if month.key not in published:
            found.append(month)
        month = month.next
    return found


def may_begin(*, now: datetime) -> bool:
    """Whether there is something to build that nobody is building, and that did not just fail."""
    due = list_unpublished(now=now)
    if not due:
        return False
    release = _find(due[0])
    if release is None:
        return True
    pause = PAUSE_AFTER_FAILURE if release.failure else TIME_TO_BUILD
    return release.begun_at < now - pause


def begin(month: Period, *, now: datetime) -> bool:
    """Say that a month is being built.

    Returns:
        Whether it is this one's to build: False if it is published, or another is at it.
    """
    values = {"month": month.key, "begun_at": now, "failure": ""}
    inserted = (
        insert_into(StatisticsRelease)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(StatisticsRelease.id)
    )
    if db.session.scalar(inserted) is not None:
        return True
    is_left = or_(StatisticsRelease.begun_at < now - TIME_TO_BUILD, StatisticsRelease.failure != "")
    taken = db.session.scalar(
        update(StatisticsRelease)
        .where(
            StatisticsRelease.month == month.key,
            StatisticsRelease.published_at.is_(None),
            is_left,
        )
        .values(begun_at=now, failure="")
        .returning(StatisticsRelease.id)
    )
    return taken is not None


def prepare(month: Period, *, begun_at: datetime) -> Prepared:
    """Count a month and protect what comes of it; nothing is written.

    Raises:
        NotPublishable: It must not be published as it is.
    """
    counts = count_month(month)
    figures = protect_month(month, counts)
    return Prepared(month, begun_at, counts, figures, count_supply(now=begun_at))


def publish(prepared: Prepared, *, now: datetime) -> bool:
    """Store what was prepared, for good.

    Returns:
        Whether it was published: False if another took over meanwhile, and nothing is stored.
    """
    month = prepared.month.key
    release_id = db.session.scalar(
        update(StatisticsRelease)
        .where(
            StatisticsRelease.month == month,
            StatisticsRelease.published_at.is_(None),
            StatisticsRelease.begun_at == prepared.begun_at,
        )
        .values(published_at=now, failure="")
        .returning(StatisticsRelease.id)
    )
    if release_id is None:
        return False
    counts = [
        {
            "month": month,
            "area_code": area_code,
            "table_key": cell.table,
            "row_key": cell.row,
            "column_key": cell.column,
            "count": count,
        }
        for (area_code, cell), count in sorted(prepared.counts.items())
    ]
    figures = [
        {
            "period_key": key.period_key,
            "area_code": key.area_code,
            "table_key": key.cell.table,
            "row_key": key.cell.row,
            "column_key": key.cell.column,
            "release_id": release_id,
            "shown": figure.value,
            "is_withheld": figure.is_withheld,
        }
        for key, figure in sorted(prepared.figures.items(), key=lambda item: item[0])
    ]
    for table, rows in ((StatisticCount, counts), (StatisticFigure, figures)):
        if rows:
            db.session.execute(insert(table), rows)
    store_supply(release_id, prepared.supply)
    logger.info("figures published", extra={"month": month, "figures": len(figures)})
    return True


def note_failure(month: Period, reason: str, *, begun_at: datetime) -> None:
    """Write down why a month was not published."""
    logger.error("figures not published", extra={"month": month.key, "reason": reason})
    db.session.execute(
        update(StatisticsRelease)
        .where(
            StatisticsRelease.month == month.key,
            StatisticsRelease.published_at.is_(None),
            StatisticsRelease.begun_at == begun_at,
        )
        .values(failure=reason[:FAILURE_MAX_LENGTH] or _("Nobody knows why."))
    )


def build(month: Period, *, now: datetime) -> None:
    """Publish a month and what is missing before it, all in the transaction there is.

    Raises:
        NotDue: The month is not over, or was not over for long enough.
        NotPublishable: A month must not be published as it is.
    """
    for each in list_unpublished(now=now, until=month):
        if begin(each, now=now):
            publish(prepare(each, begun_at=now), now=now)


def start_build() -> subprocess.Popen[bytes]:
    """Begin to build what is due in a process of its own, so that mail need not wait for it."""
    command = [sys.executable, "-m", "matchmaker.cli", "statistics", "build", "--quiet"]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603


def status(*, now: datetime) -> Status:
    """How things stand, for whoever runs this."""
    releases = db.session.scalars(
        select(StatisticsRelease).order_by(StatisticsRelease.month.desc())
    ).all()
    unpublished = list_unpublished(now=now)
    month = month_of(london_date(now))
    if not month.previous.is_due(now):
        month = month.previous
    return Status(tuple(releases), tuple(unpublished), month)


def _find(month: Period) -> StatisticsRelease | None:
    return db.session.scalar(select(StatisticsRelease).filter_by(month=month.key))


def _list_published() -> list[str]:
    return list(
        db.session.scalars(
            select(StatisticsRelease.month)
            .where(StatisticsRelease.published_at.is_not(None))
            .order_by(StatisticsRelease.month)
        )
    )


def _first_month() -> Period | None:
    """The month in which figures begin; once there are some, nothing is put before them."""
    published = _list_published()
    if published:
        return find_period(published[0])
    moments = (
        db.session.scalar(select(func.min(Introduction.proposed_at))),
        db.session.scalar(select(func.min(ShownSuggestion.shown_at))),
    )
    days: list[date] = [london_date(each) for each in moments if each is not None]
    return month_of(min(days)) if days else None
