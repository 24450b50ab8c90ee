"""The Monday mail: what waits for somebody, what they agreed to do, and who is new.

It is written on Monday mornings in London, to nobody more than once in seven days, and not at all
to somebody it has nothing to say to. Several workers may write at once: each takes people of its
own, and the moment it was written is kept with the person in the same transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import (
    CheckIn,
    Introduction,
    IntroductionState,
    MutedNotification,
    NotificationKind,
    Professional,
    Programme,
    ProgrammeStatus,
    ShownSuggestion,
    Side,
    User,
)
from matchmaker.models.introduction import OPEN_STATES, WORKING_STATES
from matchmaker.services import check_ins, mail, matching, questions
from matchmaker.services.clock import LONDON, london_date
from matchmaker.services.limited_view import LimitedView, limited_view
from matchmaker.services.matching import SuggestedProgramme
from matchmaker.services.policy import Actor, actor_for, sides_of

logger = logging.getLogger(__name__)

MONDAY = 0
FROM_HOUR, UNTIL_HOUR = 7, 12
EVERY = timedelta(days=7)
# So many people in one transaction, in which nobody else can write on SQLite.
AT_ONCE = 10
# How much of each thing a mail names; the pages show all of it.
MOST_NAMED = 5
MOST_SUGGESTIONS = 3
# Among so many of the best, a professional's new suggestions are looked for.
WORTH_SEEING = 10
# A national charity may run more programmes than one mail can tell of.
MOST_PROGRAMMES = 10
# What was agreed for a day that is this near, or only just past.
DAYS_AHEAD, DAYS_PAST = timedelta(days=14), timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Turn:
    """A proposal that waits for this person: for an answer, or for a reply to a question."""

    introduction: Introduction
    is_professional: bool
    is_question: bool
    professional: LimitedView


@dataclass(frozen=True, slots=True)
class NewPeople:
    """How many professionals are new to one of somebody's programmes."""

    programme: Programme
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What there is to say to one person."""

    turns: Sequence[Turn] = ()
    check_ins: Sequence[CheckIn] = ()
    agreed: Sequence[Introduction] = ()
    programmes: Sequence[SuggestedProgramme] = ()
    people: Sequence[NewPeople] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not any(getattr(self, each.name) for each in fields(self))

    @property
    def n_waiting(self) -> int:
        """How many things wait for this person."""
        return len(self.turns) + len(self.check_ins)


def is_time(now: datetime) -> bool:
    """Whether it is Monday morning in London."""
    local = now.astimezone(LONDON)
    return local.weekday() == MONDAY and FROM_HOUR <= local.hour < UNTIL_HOUR


def write_due(*, now: datetime) -> bool:
    """Write to the next few people whose week is over.

    Returns:
        Whether there may be more.
    """
    if not is_time(now) or not _has_index():
        return False
    users = _take_due(now)
    for user, before in users:
        try:
            with db.session.begin_nested():
                _write(user, before, now=now)
        except Exception:
            # One person's mail must not keep back everybody else's.
            logger.exception("digest not written", extra={"user_id": user.id})
    return len(users) == AT_ONCE


def gather(user: User, *, since: datetime, now: datetime) -> Digest:
    """Put together what to say to somebody; of what is new, what is so since then."""
    actor = actor_for(user)
    mine = _list_open_introductions(actor)
    return Digest(
        turns=_turns(actor, [each for each in mine if each.state is IntroductionState.PROPOSED]),
        check_ins=check_ins.list_open(actor),
        agreed=_agreed([each for each in mine if each.state in WORKING_STATES], now),
        programmes=_new_programmes(user.professional, now=now),
        people=_new_people(actor, since=since, now=now),
    )


def _has_index() -> bool:
    """Whether suggestions can be found; where they cannot, the mail is better late than without."""
    try:
        matching.keeper().view()
    except Exception:
        logger.exception("no digest is written while there is no index")
        return False
    return True


def _take_due(now: datetime) -> list[tuple[User, datetime | None]]:
    """The next people whose turn it is, each with when they were last written to.

    Whoever is taken is not due again, whatever becomes of the mail; rows another worker has taken
    are left to it.
    """
    is_muted = (
        select(MutedNotification.user_id)
        .where(
            MutedNotification.user_id == User.id,
            MutedNotification.kind == NotificationKind.DIGEST,
        )
        .exists()
    )
    due = db.session.scalars(
        select(User)
        .where(
            or_(User.digest_sent_at.is_(None), User.digest_sent_at <= now - EVERY),
            User.erased_at.is_(None),
            User.bounced_at.is_(None),
            ~is_muted,
        )
        .options(
            joinedload(User.professional),
            selectinload(User.memberships),
            selectinload(User.lead_scopes),
        )
        .order_by(User.id)
        .limit(AT_ONCE)
        .with_for_update(of=User, key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    taken = [(user, user.digest_sent_at) for user in due]
    for user in due:
        user.digest_sent_at = now
    db.session.flush()
    return taken


def _write(user: User, before: datetime | None, *, now: datetime) -> None:
    digest = gather(user, since=before or now - EVERY, now=now)
    if digest.is_empty:
        return
    mail.send(
        "digest",
        f"digest:{london_date(now)}:user:{user.id}",
        to=user,
        now=now,
        digest=digest,
        most_named=MOST_NAMED,
        today=london_date(now),
    )
    matching.record_shown(digest.programmes, shown_to=Side.PROFESSIONAL, now=now)


def _list_open_introductions(actor: Actor) -> list[Introduction]:
    """What is proposed or under way with this person, the oldest first."""
    return list(
        db.session.scalars(
            select(Introduction)
            .join(Introduction.programme)
            .where(
                or_(
                    Introduction.professional_id == actor.professional_id,
                    Programme.organisation_id.in_(actor.organisation_ids),
                ),
                Introduction.state.in_(OPEN_STATES),
            )
            .options(
                joinedload(Introduction.programme).joinedload(Programme.organisation),
                joinedload(Introduction.programme).selectinload(Programme.terms),
                joinedload(Introduction.professional).selectinload(Professional.areas),
                joinedload(Introduction.professional).selectinload(Professional.terms),
            )
            .order_by(Introduction.answer_due_at, Introduction.id)
        )
    )


def _turns(actor: Actor, proposals: Sequence[Introduction]) -> list[Turn]:
    """The proposals in which it is this person's turn."""
    asked_by = questions.sides_that_asked(proposals)
    turns = []
    for each in proposals:
        for side in sorted(sides_of(actor, each)):
            if questions.is_turn_of(each, side, asked_by):
                seen = limited_view(each.professional, each.programme)
                turns.append(Turn(each, side is Side.PROFESSIONAL, each.id in asked_by, seen))
    return turns


def _agreed(working: Iterable[Introduction], now: datetime) -> list[Introduction]:
    """Next steps that are near, by day."""
    first, last = london_date(now) - DAYS_PAST, london_date(now) + DAYS_AHEAD
    near = [
        (each.next_step_on, each.id, each)
        for each in working
        if each.next_step and each.next_step_on and first <= each.next_step_on <= last
    ]
    return [each for _day, _id, each in sorted(near)]


def _new_programmes(
    professional: Professional | None, *, now: datetime
) -> list[SuggestedProgramme]:
    """The best suggestions that a professional has not been shown yet."""
    if professional is None or not professional.is_available:
        return []
    found = matching.suggest_for_professional(professional, now=now, top=WORTH_SEEING)
    seen = db.session.scalars(
        select(ShownSuggestion.programme_id).where(
            ShownSuggestion.shown_to == Side.PROFESSIONAL,
            ShownSuggestion.professional_id == professional.id,
            ShownSuggestion.programme_id.in_([each.programme.id for each in found]),
        )
    ).all()
    return [each for each in found if each.programme.id not in seen][:MOST_SUGGESTIONS]


def _new_people(actor: Actor, *, since: datetime, now: datetime) -> list[NewPeople]:
    """How many of the best for each programme came or changed since then, and were never shown.

    Several people look after a programme, and a mail to one of them shows nothing to the others; so
    what was told cannot be written down as shown.
    """
    programmes = db.session.scalars(
        select(Programme)
        .where(
            Programme.organisation_id.in_(actor.organisation_ids),
            Programme.status == ProgrammeStatus.OPEN,
            Programme.published_at.is_not(None),
        )
        .order_by(Programme.id)
        .limit(MOST_PROGRAMMES)
    ).all()
    counted = (NewPeople(each, _count_new(each, since=since, now=now)) for each in programmes)
    return [each for each in counted if each.count]


def _count_new(programme: Programme, *, since: datetime, now: datetime) -> int:
    found = matching.suggest_for_programme(programme, now=now, top=WORTH_SEEING)
    new = {each.professional.id for each in found if each.professional.updated_at >= since}
    seen = db.session.scalars(
        select(ShownSuggestion.professional_id).where(
            ShownSuggestion.shown_to == Side.PROGRAMME,
            ShownSuggestion.programme_id == programme.id,
            ShownSuggestion.professional_id.in_(new),
        )
    ).all()
    return len(new.difference(seen))
