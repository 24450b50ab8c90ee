"""Introductions, and what the two sides said in them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, or_, select

from matchmaker.extensions import Base
from matchmaker.models import (
    Answer,
    CheckIn,
    Introduction,
    IntroductionMessage,
    IntroductionQuestion,
    Side,
)
from matchmaker.services.personal_data.part import (
    INTRODUCTION,
    PROGRAMME,
    SIDE,
    WRITTEN,
    Part,
    Person,
)


def _as_professional(person: Person) -> ColumnElement[bool]:
    return Introduction.professional_id == person.professional_id


def own_introductions(person: Person) -> ColumnElement[bool]:
    """For tables that lean on introductions."""
    return select(Introduction.id).where(_as_professional(person)).scalar_subquery()


def _messages(person: Person) -> ColumnElement[bool]:
    """What the person wrote, and what was written to them while they may read it."""
    readable = select(Introduction.id).where(
        _as_professional(person), Introduction.released_at.is_not(None)
    )
    return or_(
        IntroductionMessage.author_user_id == person.user_id,
        IntroductionMessage.introduction_id.in_(readable),
    )


def _questions(person: Person) -> ColumnElement[bool]:
    return or_(
        IntroductionQuestion.author_user_id == person.user_id,
        IntroductionQuestion.replied_by_user_id == person.user_id,
        IntroductionQuestion.introduction_id.in_(own_introductions(person)),
    )


def _check_ins(person: Person) -> ColumnElement[bool]:
    return or_(
        CheckIn.answered_by_user_id == person.user_id,
        and_(
            CheckIn.side == Side.PROFESSIONAL,
            CheckIn.introduction_id.in_(own_introductions(person)),
        ),
    )


def _not_for_the_professional(row: Base) -> frozenset[str]:
    """A refusal of the other side is private, and what was shared is hidden once it is over."""
    if not isinstance(row, Introduction):
        raise TypeError(row)
    hidden = set()
    if row.professional_answer is not Answer.NO:
        hidden |= {"decline_reason", "decline_note", "passed_to_programme_id"}
    if not row.is_released:
        hidden |= {"shared_purpose", "next_step", "next_step_on", "closing_note"}
    return frozenset(hidden)


INTRODUCTIONS: tuple[Part, ...] = (
    Part(
        "introductions",
        _l("Your introductions"),
        Introduction,
        _as_professional,
        {
            "id": INTRODUCTION,
            "programme_id": PROGRAMME,
            "proposed_by": _l("Who asked"),
            "state": _l("How it stands"),
            "professional_answer": _l("Your answer"),
            "professional_answered_at": _l("You answered"),
            "purpose": _l("What for"),
            "lead_note": _l("Note of a lead"),
            "proposed_at": _l("Asked for"),
            "answer_due_at": _l("To be answered by"),
            "reminded_at": _l("Reminded"),
            "waiting_for": _l("Waits for"),
            "waiting_since_at": _l("Waits since"),
            "released_at": _l("Introduced"),
            "began_at": _l("Began to work together"),
            "state_changed_at": _l("Changed"),
            "closed_at": _l("Closed"),
            "decline_reason": _l("Why you said no"),
            "decline_note": _l("Your note"),
            "superseded_because": _l("Why it could not go on"),
            "passed_to_programme_id": _l("Passed on to"),
            "end_reason": _l("Why it ended"),
            "outcome": _l("What came of it"),
            "closing_note": _l("What was said at the end"),
            "shared_purpose": _l("What you agreed to achieve"),
            "next_step": _l("Next step"),
            "next_step_on": _l("Next step on"),
            "example_offered_at": _l("Offered as an example"),
        },
        _not_for_the_professional,
    ),
    Part(
        "proposals",
        _l("Introductions you asked for or suggested, for an organisation or as a lead"),
        Introduction,
        lambda person: and_(
            Introduction.proposer_user_id == person.user_id,
            Introduction.professional_id != person.professional_id,
        ),
        {
            "id": INTRODUCTION,
            "programme_id": PROGRAMME,
            "proposed_by": _l("Who asked"),
            "purpose": _l("What for"),
            "lead_note": _l("Note of a lead"),
            "proposed_at": _l("Asked for"),
        },
    ),
    Part(
        "messages",
        _l("Messages"),
        IntroductionMessage,
        _messages,
        {
            "introduction_id": INTRODUCTION,
            "side": _l("Written by"),
            "body": _l("Text"),
            "created_at": WRITTEN,
        },
    ),
    Part(
        "questions",
        _l("Questions before an answer"),
        IntroductionQuestion,
        _questions,
        {
            "introduction_id": INTRODUCTION,
            "side": _l("Asked by"),
            "body": _l("Question"),
            "asked_at": _l("Asked"),
            "reply": _l("Reply"),
            "replied_at": _l("Replied"),
            "closed_at": _l("Over"),
        },
    ),
    Part(
        "check_ins",
        _l("How it is going"),
        CheckIn,
        _check_ins,
        {
            "introduction_id": INTRODUCTION,
            "months": _l("After so many months"),
            "side": SIDE,
            "asked_at": _l("Asked"),
            "answered_at": _l("Answered"),
            "going": _l("Still going"),
            "came_of_it": _l("What came of it"),
            "would_help": _l("What would help"),
            "note": _l("Note"),
        },
    ),
)
