"""What the first page shows somebody who has signed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from matchmaker.extensions import db
from matchmaker.models import (
    CheckIn,
    Claim,
    Introduction,
    IntroductionState,
    Membership,
    Organisation,
    Side,
    SurveyWave,
    User,
)
from matchmaker.models.introduction import WORKING_STATES
from matchmaker.services import check_ins, claims, professionals, questions
from matchmaker.services.introduction_lookups import list_introductions
from matchmaker.services.policy import Actor, actor_for, sides_of
from matchmaker.services.surveys import audience


@dataclass(frozen=True, slots=True)
class Home:
    """What waits for a person, what is under way, and what they look after."""

    to_answer: tuple[Introduction, ...]
    check_ins: tuple[CheckIn, ...]
    claims: tuple[Claim, ...]
    surveys: tuple[SurveyWave, ...]
    asked: tuple[Introduction, ...]
    working: tuple[Introduction, ...]
    organisations: tuple[Organisation, ...]
    tasks_done: int
    tasks: int


def gather_home(user: User, *, now: datetime) -> Home:
    """Sort a person's introductions by whose turn it is; nothing is there twice."""
    actor = actor_for(user)
    mine = list_introductions(actor)
    done = () if user.professional is None else professionals.completed_tasks(user.professional)
    proposed = [each for each in mine if each.state is IntroductionState.PROPOSED]
    asked_by = questions.sides_that_asked(proposed)
    to_answer = tuple(each for each in proposed if _awaits(actor, each, asked_by))
    return Home(
        to_answer=to_answer,
        check_ins=tuple(check_ins.list_open(actor)),
        claims=tuple(claims.list_waiting(actor)),
        surveys=tuple(audience.list_waiting(actor, now=now)),
        asked=tuple(each for each in proposed if each not in to_answer),
        working=tuple(each for each in mine if each.state in WORKING_STATES),
        organisations=tuple(_list_organisations(user)),
        tasks_done=len(done),
        tasks=len(professionals.Task),
    )


def _awaits(actor: Actor, introduction: Introduction, asked_by: Mapping[int, Side]) -> bool:
    """Whether this person can answer, or reply to a question, now."""
    return any(
        questions.is_turn_of(introduction, side, asked_by) for side in sides_of(actor, introduction)
    )


def _list_organisations(user: User) -> list[Organisation]:
    """The organisations somebody looks after, with their programmes, in order of joining."""
    return list(
        db.session.scalars(
            select(Organisation)
            .join(Membership)
            .where(Membership.user_id == user.id)
            .options(selectinload(Organisation.programmes))
            .order_by(Membership.id)
        )
    )
