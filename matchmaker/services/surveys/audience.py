"""Who is asked: opening a wave to an area, the mails, and reminding those who have not answered.

Everybody with an account who works in the area as a professional, or belongs to an organisation
that is there or has a programme there. They are chosen when the wave is opened: who comes later is
asked the next time. Mails are written by the worker, a few at a time.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from flask_babel import gettext as _
from sqlalchemy import Select, false, func, insert, literal, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import (
    Membership,
    Organisation,
    Professional,
    ProfessionalArea,
    Programme,
    ProgrammeArea,
    ProgrammeStatus,
    SurveyInvitation,
    SurveyWave,
    User,
    WaveState,
)
from matchmaker.services import audit, mail
from matchmaker.services.clock import add_months, london_date
from matchmaker.services.disclosure import protect
from matchmaker.services.errors import DomainError, FieldError
from matchmaker.services.policy import Actor
from matchmaker.services.statistics.figures import Figure
from matchmaker.services.surveys import keys
from matchmaker.services.surveys.waves import lock_draft
from matchmaker.vocabulary import load_vocabulary

BETWEEN_REMINDERS = timedelta(days=7)
LONGEST_MONTHS = 12
MAILS_AT_ONCE = 50


def count_audience(wave: SurveyWave) -> int:
    """How many would be asked if the wave were opened now."""
    found = select(func.count()).select_from(_audience(wave.area_code).subquery())
    return db.session.scalar(found) or 0


def shown_audience(wave: SurveyWave) -> Figure:
    """The same as a lead may know it; where it is hidden or 0, nothing will ever be shown."""
    return Figure(protect(count_audience(wave)))


def open_wave(
    wave: SurveyWave, *, closes_on: date | None, version: int, actor: User, now: datetime
) -> int:
    """Open a draft to everybody in its area; returns how many are asked.

    Raises:
        NotADraft: It has been opened.
        StaleVersion: Somebody else changed it in the meantime.
        FieldError: It would close before tomorrow, or more than a year from now.
        DomainError: It asks nothing, or there is nobody to ask.
    """
    lock_draft(wave, version)
    _check_last_day(closes_on, london_date(now))
    if not wave.questions:
        raise DomainError(_("Add a question before you open the survey."))
    asked = count_audience(wave)
    if asked == 0:
        raise DomainError(_("Nobody with an account works in this area yet."))
    wave.state = WaveState.OPEN
    wave.opened_at = now
    wave.closes_on = closes_on
    wave.key_mark = keys.key_mark()
    wave.version += 1
    db.session.flush()
    people = _audience(wave.area_code).add_columns(literal(wave.id), false())
    columns = ["user_id", "wave_id", "has_answered"]
    db.session.execute(insert(SurveyInvitation).from_select(columns, people))
    audit.record("survey.opened", wave, actor=actor, now=now)
    db.session.flush()
    return asked


def may_be_reminded_at(wave: SurveyWave) -> datetime | None:
    """From when on those who have not answered can be reminded; None unless it is open."""
    last = wave.reminded_at or wave.opened_at
    return None if wave.state is not WaveState.OPEN or last is None else last + BETWEEN_REMINDERS


def remind(wave: SurveyWave, *, actor: User, now: datetime) -> None:
    """Have everybody reminded who has not answered.

    Raises:
        DomainError: The wave is not open, or they were asked less than a week ago.
    """
    db.session.refresh(wave, with_for_update={"of": SurveyWave})
    earliest = may_be_reminded_at(wave)
    if earliest is None:
        raise DomainError(_("This survey is not open, so nobody can be reminded."))
    if now < earliest:
        raise DomainError(_("People are reminded once a week at most. Please wait a few days."))
    wave.reminded_at = now
    audit.record("survey.reminded", wave, actor=actor, now=now)
    db.session.flush()


def write_mails(*, now: datetime) -> bool:
    """Write some of the invitations and reminders that are due; whether there may be more."""
    due = _list_due()
    for invitation, user in due:
        wave = invitation.wave
        area = load_vocabulary().areas.label(wave.area_code)
        if invitation.mailed_at is None:
            key = f"survey:{wave.id}:user:{user.id}"
            mail.send("survey_invitation", key, to=user, now=now, wave=wave, area=area)
            invitation.mailed_at = invitation.reminded_at = now
        else:
            key = f"survey-reminder:{wave.id}:{wave.reminded_at:%Y-%m-%d}:user:{user.id}"
            mail.send("survey_reminder", key, to=user, now=now, wave=wave, area=area)
            invitation.reminded_at = now
    db.session.flush()
    return len(due) == MAILS_AT_ONCE


def list_waiting(actor: Actor, *, now: datetime) -> list[SurveyWave]:
    """The open waves that somebody has not answered yet, those that close first first."""
    waves = db.session.scalars(
        select(SurveyWave)
        .join(SurveyInvitation)
        .where(
            SurveyInvitation.user_id == actor.user_id,
            SurveyInvitation.has_answered.is_(False),
            SurveyWave.state == WaveState.OPEN,
        )
        .order_by(SurveyWave.closes_on.is_(None), SurveyWave.closes_on, SurveyWave.id)
    )
    return [each for each in waves if is_open(each, now=now)]


def list_asked(actor: Actor) -> list[SurveyInvitation]:
    """Every wave somebody was asked to answer, the newest first."""
    return list(
        db.session.scalars(
            select(SurveyInvitation)
            .join(SurveyInvitation.wave)
            .where(SurveyInvitation.user_id == actor.user_id)
            .options(joinedload(SurveyInvitation.wave))
            .order_by(SurveyWave.opened_at.desc(), SurveyWave.id.desc())
        )
    )


def find_invitation(wave_id: int, user_id: int | None) -> SurveyInvitation | None:
    """Somebody's invitation to a wave, or None."""
    return db.session.scalar(
        select(SurveyInvitation)
        .where(SurveyInvitation.wave_id == wave_id, SurveyInvitation.user_id == user_id)
        .options(joinedload(SurveyInvitation.wave))
    )


def is_open(wave: SurveyWave, *, now: datetime) -> bool:
    """Whether answers are taken: until the end of its last day, and under the secret of before."""
    is_over = wave.closes_on is not None and london_date(now) > wave.closes_on
    return wave.state is WaveState.OPEN and not is_over and keys.is_known(wave)


def _list_due() -> list[tuple[SurveyInvitation, User]]:
    """Invitations whose mail is not written, and those whose reminder is not, the first first."""
    was_reminded_since = SurveyInvitation.reminded_at >= SurveyWave.reminded_at
    rows = db.session.execute(
        select(SurveyInvitation, User)
        .join(SurveyWave, SurveyInvitation.wave_id == SurveyWave.id)
        .join(User, SurveyInvitation.user_id == User.id)
        .where(
            SurveyWave.state == WaveState.OPEN,
            User.erased_at.is_(None),
            or_(
                SurveyInvitation.mailed_at.is_(None),
                SurveyInvitation.has_answered.is_(False)
                & SurveyWave.reminded_at.is_not(None)
                & ~was_reminded_since,
            ),
        )
        .options(joinedload(SurveyInvitation.wave))
        .order_by(SurveyInvitation.wave_id, SurveyInvitation.user_id)
        .limit(MAILS_AT_ONCE)
        .with_for_update(of=SurveyInvitation, skip_locked=True)
    )
    return [(invitation, user) for invitation, user in rows]


def _check_last_day(closes_on: date | None, today: date) -> None:
    if closes_on is None:
        return
    if closes_on <= today:
        raise FieldError("closes_on", _("Choose a day after today"))
    if closes_on > add_months(today, LONGEST_MONTHS):
        raise FieldError("closes_on", _("Choose a day within a year"))


def _audience(area_code: str) -> Select[int]:
    codes = codes_inside(area_code)
    professionals = (
        select(Professional.user_id)
        .join(Professional.areas)
        .where(ProfessionalArea.area_code.in_(codes))
    )
    there = (
        select(Programme.organisation_id)
        .join(Programme.areas)
        .where(
            Programme.published_at.is_not(None),
            Programme.status != ProgrammeStatus.CLOSED,
            ProgrammeArea.area_code.in_(codes),
        )
    )
    members = (
        select(Membership.user_id)
        .join(Membership.organisation)
        .where(or_(Organisation.area_code.in_(codes), Organisation.id.in_(there)))
    )
    return select(User.id).where(
        User.erased_at.is_(None), or_(User.id.in_(professionals), User.id.in_(members))
    )


@lru_cache(maxsize=256)
def codes_inside(area_code: str) -> frozenset[str]:
    """Every code, superseded ones too, of an area and of what lies inside it."""
    areas = load_vocabulary().areas
    return frozenset(each for each in areas if area_code == each or area_code in areas.within(each))
