"""Closing a wave: by hand, or on the day that was chosen when it was opened."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import SurveyWave, User, WaveState
from matchmaker.services import audit
from matchmaker.services.clock import london_date
from matchmaker.services.errors import DomainError
from matchmaker.services.surveys import results


def close_wave(wave: SurveyWave, *, actor: User | None, now: datetime) -> None:
    """Take no more answers, and freeze what may be shown of those that were sent.

    Raises:
        DomainError: It is not open.
    """
    db.session.refresh(wave, with_for_update={"of": SurveyWave})
    if wave.state is not WaveState.OPEN:
        raise DomainError(_("This survey is not open, so there is nothing to close."))
    wave.figures = results.freeze(wave)
    wave.state = WaveState.CLOSED
    wave.closed_at = now
    wave.version += 1
    audit.record("survey.closed", wave, actor=actor, now=now)
    db.session.flush()


def close_due(*, now: datetime) -> int:
    """Close every wave whose last day is over; returns how many."""
    today = london_date(now)
    due = db.session.scalars(
        select(SurveyWave)
        .where(
            SurveyWave.state == WaveState.OPEN,
            SurveyWave.closes_on <= today - timedelta(days=1),
        )
        .order_by(SurveyWave.id)
        .with_for_update(skip_locked=True)
    ).all()
    for wave in due:
        close_wave(wave, actor=None, now=now)
    return len(due)
