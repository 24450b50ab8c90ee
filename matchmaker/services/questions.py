"""A question before the answer: asked once by each side, and the clock stands still meanwhile.

Neither knows who the other is yet, so questions and replies may not hold an e-mail address or a
telephone number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    IntroductionQuestion,
    IntroductionState,
    Side,
    User,
    Waiting,
)
from matchmaker.services import audit, introduction_mail, waiting
from matchmaker.services.errors import AlreadyAnswered, DomainError, FieldError
from matchmaker.services.introduction_locks import lock_introduction, lock_programme
from matchmaker.services.introductions import check_awaits_answer_of

QUESTION_MAX_LENGTH = 1000
TIME_TO_REPLY = timedelta(days=7)

_EMAIL_ADDRESS = re.compile(r"\S@\S+\.\S")
_TELEPHONE_NUMBER = re.compile(r"(?:\d[ ().-]{0,2}){9}\d")


def ask(
    introduction: Introduction, side: Side, body: str, *, actor: User, now: datetime
) -> IntroductionQuestion:
    """Ask the other side something before answering. The clock stands still until they reply.

    The same question sent twice is one question: a button was pressed twice.

    Raises:
        FieldError: The question is empty, too long, or tells how to reach somebody.
        AlreadyAnswered: The side has answered or asked already, or the introduction has moved on.
        DomainError: The proposal waits for something else.
    """
    body = _checked(body, _("Write your question"))
    lock_programme(introduction.programme)
    introduction = lock_introduction(introduction)
    check_awaits_answer_of(introduction, side)
    asked_before = waiting.find_question_of(introduction, side)
    if asked_before is not None:
        if (asked_before.body, asked_before.closed_at) == (body, None):
            return asked_before
        raise AlreadyAnswered(_("Your side has asked its question already. You can say yes or no."))
    if introduction.waiting_for is Waiting.QUESTION:
        raise AlreadyAnswered(
            _("The other side has asked you something first. Please reply to it.")
        )
    if introduction.waiting_for is not None:
        raise DomainError(_("This introduction waits. You can ask when it goes on."))
    question = IntroductionQuestion(
        introduction_id=introduction.id,
        side=side,
        author_user_id=actor.id,
        body=body,
        asked_at=now,
    )
    db.session.add(question)
    db.session.flush()
    audit.record("introduction.question_asked", introduction, actor=actor, now=now, side=str(side))
    waiting.reconsider(introduction, now=now, actor=actor)
    introduction_mail.tell_of_question(introduction, question, now=now)
    db.session.flush()
    return question


def reply(
    introduction: Introduction, side: Side, body: str, *, actor: User, now: datetime
) -> IntroductionQuestion:
    """Reply for `side` to what the other side asked; the clock runs on, and the asker is told.

    A reply that comes after the time for it is still passed on, as long as the asker has not
    answered.

    Raises:
        FieldError: The reply is empty, too long, or tells how to reach somebody.
        AlreadyAnswered: There is nothing, or no longer anything, to reply to.
    """
    body = _checked(body, _("Write your reply"))
    lock_programme(introduction.programme)
    introduction = lock_introduction(introduction)
    question = waiting.find_question_of(introduction, side.other)
    if question is None:
        raise AlreadyAnswered(_("There is no question to reply to. Nothing has been changed."))
    if question.reply is not None:
        if (question.reply, question.replied_by_user_id) == (body, actor.id):
            return question
        raise AlreadyAnswered(_("Your side has replied already. Nothing has been changed."))
    if not is_wanted(introduction, question):
        raise AlreadyAnswered(
            _("The other side has answered without waiting for a reply. Nothing has been changed.")
        )
    question.reply = body
    question.replied_by_user_id = actor.id
    question.replied_at = now
    if question.closed_at is None:
        question.closed_at = now
    db.session.flush()
    audit.record("introduction.question_replied", introduction, actor=actor, now=now)
    _let_go_on(introduction, actor=actor, now=now)
    introduction_mail.tell_of_reply(introduction, question, now=now)
    db.session.flush()
    return question


def close_if_unanswered(introduction: Introduction, *, now: datetime) -> bool:
    """Let a locked proposal go on whose question got no reply in 7 days; returns whether it did."""
    question, since = waiting.find_open_question(introduction), introduction.waiting_since_at
    if introduction.waiting_for is not Waiting.QUESTION or question is None or since is None:
        return False
    if now < since + TIME_TO_REPLY:
        return False
    waiting.close_question(introduction, now=now)
    _let_go_on(introduction, actor=None, now=now)
    audit.record("introduction.question_closed", introduction, actor=None, now=now)
    introduction_mail.tell_of_no_reply(introduction, question, now=now)
    db.session.flush()
    return True


def list_questions(introduction: Introduction) -> list[IntroductionQuestion]:
    """What was asked before the answers, the oldest first."""
    return list(
        db.session.scalars(
            select(IntroductionQuestion)
            .where(IntroductionQuestion.introduction_id == introduction.id)
            .order_by(IntroductionQuestion.id)
        )
    )


def find_question_for(introduction: Introduction, side: Side) -> IntroductionQuestion | None:
    """The question that `side` can reply to, in time or late; None when there is none."""
    question = waiting.find_question_of(introduction, side.other)
    if question is None or question.reply is not None or not is_wanted(introduction, question):
        return None
    return question


def may_ask(introduction: Introduction, side: Side) -> bool:
    """Whether `side` can ask something now, for pages that offer it."""
    return (
        introduction.state is IntroductionState.PROPOSED
        and introduction.waiting_for is None
        and introduction.answered_at(side) is None
        and waiting.find_question_of(introduction, side) is None
    )


def sides_that_asked(introductions: Iterable[Introduction]) -> dict[int, Side]:
    """Which side asked the question that an introduction waits for, by its id, in one query."""
    waiting_for_a_reply = [
        each.id for each in introductions if each.waiting_for is Waiting.QUESTION
    ]
    if not waiting_for_a_reply:
        return {}
    found = db.session.scalars(
        select(IntroductionQuestion).where(
            IntroductionQuestion.introduction_id.in_(waiting_for_a_reply),
            IntroductionQuestion.closed_at.is_(None),
        )
    )
    return {each.introduction_id: each.side for each in found}


def is_turn_of(introduction: Introduction, side: Side, asked_by: Mapping[int, Side]) -> bool:
    """Whether a proposal waits for `side` now: for its answer, or for its reply to a question.

    `asked_by` is what `sides_that_asked` says of the whole list the proposal is from.
    """
    if introduction.state is not IntroductionState.PROPOSED:
        return False
    if introduction.waiting_for is Waiting.QUESTION:
        return asked_by.get(introduction.id) is side.other
    return introduction.waiting_for is None and introduction.answered_at(side) is None


def is_wanted(introduction: Introduction, question: IntroductionQuestion) -> bool:
    """Whether whoever asked could still make use of a reply: they have not answered."""
    return (
        introduction.state is IntroductionState.PROPOSED
        and introduction.answered_at(question.side) is None
    )


def _let_go_on(introduction: Introduction, *, actor: User | None, now: datetime) -> None:
    """Let the clock run on, unless the programme has filled up in the meantime."""
    waited_for = introduction.waiting_for
    if waiting.reconsider(introduction, now=now, actor=actor) is not Waiting.PLACES:
        return
    if waited_for is not Waiting.PLACES:
        introduction_mail.tell_of_waiting(introduction, now=now)


def _checked(body: str, when_empty: str) -> str:
    body = body.strip()
    if not body:
        raise FieldError("body", when_empty)
    if len(body) > QUESTION_MAX_LENGTH:
        raise FieldError("body", _("Use %(most)s characters or fewer", most=QUESTION_MAX_LENGTH))
    if _EMAIL_ADDRESS.search(body) or _TELEPHONE_NUMBER.search(body):
        raise FieldError(
            "body",
            _(
                "Leave out e-mail addresses and telephone numbers. You see how to reach each other"
                " when both of you have said yes."
            ),
        )
    return body
