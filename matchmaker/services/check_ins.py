"""Asking both sides how it goes, 3, 6 and 12 months after they were introduced.

A check-in is open until it is answered, the next one is asked, or the introduction is over. Each
side answers for itself, and its answer moves the introduction on: the later answer counts.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from types import MappingProxyType

from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from matchmaker.extensions import db
from matchmaker.models import (
    CameOfIt,
    CheckIn,
    EndReason,
    Going,
    Introduction,
    IntroductionState,
    Outcome,
    Professional,
    Programme,
    Side,
    User,
    WouldHelp,
)
from matchmaker.models.introduction import WORKING_STATES
from matchmaker.services import audit, partnership_mail, partnerships
from matchmaker.services.clock import add_months, london_date, london_midnight
from matchmaker.services.errors import AlreadyAnswered, FieldError
from matchmaker.services.introduction_locks import lock_introduction
from matchmaker.services.policy import Actor

MONTHS = (3, 6, 12)
NOTE_MAX_LENGTH = 2000
# Answers after which it is over, so that it can no longer be too early to say.
CLOSING = frozenset({Going.DONE, Going.ENDED})
# What would have helped says why it ended, as near as three taps can.
END_REASONS = MappingProxyType(
    {
        WouldHelp.GETTING_IN_TOUCH: EndReason.NO_CONTACT,
        WouldHelp.FUNDING: EndReason.FUNDING_ENDED,
    }
)


def ask_due(*, now: datetime) -> int:
    """Ask whoever is due to be asked; returns about how many introductions.

    Of several check-ins that fell due while nobody asked, only the last is asked.
    """
    asked = 0
    for months in sorted(MONTHS, reverse=True):
        for each in _list_due(months, now):
            introduction = lock_introduction(each)
            if introduction.state in WORKING_STATES and not _is_asked(introduction, months):
                _ask(introduction, months, now)
                asked += 1
    db.session.flush()
    return asked


def find_check_in(check_in_id: int) -> CheckIn | None:
    """One check-in with its introduction, or None."""
    return db.session.scalar(
        select(CheckIn)
        .where(CheckIn.id == check_in_id)
        .options(joinedload(CheckIn.introduction).joinedload(Introduction.programme))
    )


def list_open(actor: Actor) -> list[CheckIn]:
    """The check-ins that wait for this person, on whichever side, the oldest first."""
    later = aliased(CheckIn)
    is_overtaken = (
        select(later.id)
        .where(
            later.introduction_id == CheckIn.introduction_id,
            later.side == CheckIn.side,
            later.months > CheckIn.months,
        )
        .exists()
    )
    is_mine = or_(
        and_(
            CheckIn.side == Side.PROFESSIONAL,
            Introduction.professional_id == actor.professional_id,
        ),
        and_(
            CheckIn.side == Side.PROGRAMME,
            Programme.organisation_id.in_(actor.organisation_ids),
        ),
    )
    return list(
        db.session.scalars(
            select(CheckIn)
            .join(CheckIn.introduction)
            .join(Introduction.programme)
            .where(
                is_mine,
                ~is_overtaken,
                CheckIn.answered_at.is_(None),
                Introduction.state.in_(WORKING_STATES),
            )
            .options(
                contains_eager(CheckIn.introduction)
                .contains_eager(Introduction.programme)
                .joinedload(Programme.organisation),
                contains_eager(CheckIn.introduction)
                .joinedload(Introduction.professional)
                .joinedload(Professional.user),
            )
            .order_by(CheckIn.asked_at, CheckIn.id)
        )
    )


def list_of(introduction: Introduction, side: Side) -> list[CheckIn]:
    """What one side was asked so far, the first first."""
    return list(
        db.session.scalars(
            select(CheckIn)
            .where(CheckIn.introduction_id == introduction.id, CheckIn.side == side)
            .order_by(CheckIn.months)
        )
    )


def check_open(check_in: CheckIn) -> None:
    """See that `check_in` can be answered.

    Raises:
        AlreadyAnswered: It was, or the next one has been asked, or the introduction is over.
    """
    if check_in.answered_at is not None:
        raise AlreadyAnswered(_("This check-in has already been answered. Thank you."))
    if check_in.introduction.state not in WORKING_STATES:
        raise AlreadyAnswered(
            _("This introduction is not under way any more. Nothing has been changed.")
        )
    newest = db.session.scalar(
        select(func.max(CheckIn.months)).where(
            CheckIn.introduction_id == check_in.introduction_id, CheckIn.side == check_in.side
        )
    )
    if newest != check_in.months:
        raise AlreadyAnswered(_("We have asked you again since. Please answer the later check-in."))


def answer(
    check_in: CheckIn,
    *,
    going: Going,
    came_of_it: CameOfIt,
    would_help: WouldHelp,
    note: str,
    actor: User,
    now: datetime,
) -> CheckIn:
    """Say for one side how it goes, and move the introduction to where that puts it.

    Args:
        check_in: The check-in of the side that answers.
        going: Whether the two are still at it.
        came_of_it: What has come of it so far.
        would_help: What would help the two along.
        note: What changed, in their own words; where it is over, both sides read this.
        actor: Who answers.
        now: The moment, in UTC.

    Raises:
        AlreadyAnswered: It is not, or no longer, open.
        FieldError: It is over, and yet too early to say what came of it; or the note is too long.
    """
    note = note.strip()
    if len(note) > NOTE_MAX_LENGTH:
        raise FieldError("note", _("Use %(longest)s characters or fewer", longest=NOTE_MAX_LENGTH))
    if going in CLOSING and came_of_it is CameOfIt.TOO_EARLY:
        raise FieldError("came_of_it", _("Choose what came of it, now that it is over"))
    introduction = lock_introduction(check_in.introduction)
    check_in = _lock(check_in)
    check_open(check_in)
    check_in.going = going
    check_in.came_of_it = came_of_it
    check_in.would_help = would_help
    check_in.note = note
    check_in.answered_at = now
    check_in.answered_by_user_id = actor.id
    audit.record(
        "check_in.answered",
        check_in,
        actor=actor,
        now=now,
        side=str(check_in.side),
        going=str(going),
        came_of_it=str(came_of_it),
        would_help=str(would_help),
    )
    _move_on(introduction, check_in, actor=actor, now=now)
    db.session.flush()
    return check_in


def _move_on(introduction: Introduction, check_in: CheckIn, *, actor: User, now: datetime) -> None:
    going, state = check_in.going, introduction.state
    if going is Going.GOING and state is not IntroductionState.ACTIVE:
        partnerships.start(introduction, actor=actor, now=now)
    elif going is Going.PAUSED and state is not IntroductionState.ON_HOLD:
        partnerships.hold(introduction, actor=actor, now=now)
    elif going is Going.DONE:
        outcome = Outcome(str(check_in.came_of_it))
        partnerships.complete(
            introduction, outcome=outcome, note=check_in.note, actor=actor, now=now
        )
    elif going is Going.ENDED:
        would_help = check_in.would_help or WouldHelp.OTHER
        reason = END_REASONS.get(would_help, EndReason.OTHER)
        partnerships.end(introduction, reason=reason, note=check_in.note, actor=actor, now=now)


def _list_due(months: int, now: datetime) -> list[Introduction]:
    day_after = _last_day_due(london_date(now), months) + timedelta(days=1)
    is_asked = (
        select(CheckIn.id)
        .where(CheckIn.introduction_id == Introduction.id, CheckIn.months >= months)
        .exists()
    )
    return list(
        db.session.scalars(
            select(Introduction)
            .where(
                Introduction.state.in_(WORKING_STATES),
                Introduction.released_at < london_midnight(day_after),
                ~is_asked,
            )
            # Every worker takes the locks in one order, so that two never wait for each other.
            .order_by(Introduction.programme_id, Introduction.id)
        )
    )


def _last_day_due(today: date, months: int) -> date:
    """The last day of release that is so many months ago today.

    On the last of a month those are due, too, whose day this month does not have.
    """
    day = add_months(today, -months)
    if (today + timedelta(days=1)).day == 1:
        return day.replace(day=monthrange(day.year, day.month)[1])
    return day


def _is_asked(introduction: Introduction, months: int) -> bool:
    found = select(CheckIn.id).where(
        CheckIn.introduction_id == introduction.id, CheckIn.months >= months
    )
    return db.session.scalar(found.limit(1)) is not None


def _ask(introduction: Introduction, months: int, now: datetime) -> None:
    check_ins = [
        CheckIn(introduction=introduction, months=months, side=side, asked_at=now) for side in Side
    ]
    db.session.add_all(check_ins)
    db.session.flush()
    audit.record("introduction.checked_on", introduction, actor=None, now=now, months=months)
    for check_in in check_ins:
        partnership_mail.ask_how_it_goes(check_in, now=now)


def _lock(check_in: CheckIn) -> CheckIn:
    return db.session.scalars(
        select(CheckIn)
        .where(CheckIn.id == check_in.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
