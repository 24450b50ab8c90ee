"""Whom an introduction is told to, and when: one mail an event and person, through the outbox.

Before acceptance a mail says no more of a professional than `limited_view` does. No mail holds
contact details, even afterwards: they are hidden again when somebody withdraws, and a mail that has
been sent cannot be. A lead who proposed sees how it stands on their own page, without mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from matchmaker.models import (
    Answer,
    DeclineReason,
    Introduction,
    IntroductionQuestion,
    LinkPurpose,
    Side,
    User,
    Waiting,
)
from matchmaker.services import mail, waiting
from matchmaker.services.limited_view import limited_view
from matchmaker.services.other_suggestions import OtherSuggestion
from matchmaker.services.side_mail import make_link, people_of, write

# The mail to somebody whose address is kept no longer than it takes to send it.
TO_COLLEAGUE = "introduction_colleague"


def tell_of_proposal(introduction: Introduction, *, now: datetime) -> None:
    """Ask each side that has still to answer; while it waits for something, say so instead."""
    if introduction.waiting_for is Waiting.PLACES:
        tell_of_waiting(introduction, now=now)
    elif introduction.waiting_for is Waiting.AWAY:
        tell_of_absence(introduction, actor=None, now=now)
    else:
        _ask_pending(introduction, "introduction_asked", "asked", now=now)


def remind(introduction: Introduction, *, now: datetime) -> None:
    """Ask once more whoever has not answered."""
    event = f"reminded:{introduction.reminders}"
    _ask_pending(introduction, "introduction_reminder", event, now=now)


def tell_of_question(
    introduction: Introduction, question: IntroductionQuestion, *, now: datetime
) -> None:
    """Pass a question on, each person with a link to reply by."""
    side = question.side.other
    for user in people_of(introduction, side):
        details = {"side": str(side), "question_id": question.id}
        token = make_link(LinkPurpose.REPLY_TO_QUESTION, introduction, user, details, now=now)
        event = f"question:{question.id}"
        _send(
            introduction,
            side,
            user,
            "introduction_question",
            event,
            now=now,
            token=token,
            question=question,
        )


def tell_of_reply(
    introduction: Introduction, question: IntroductionQuestion, *, now: datetime
) -> None:
    """Pass a reply on to whoever asked, who can answer now."""
    event = f"replied:{question.id}"
    _ask(introduction, question.side, "introduction_replied", event, now=now, question=question)


def tell_of_no_reply(
    introduction: Introduction, question: IntroductionQuestion, *, now: datetime
) -> None:
    """No reply came in time: whoever asked is asked to answer without one."""
    event = f"no-reply:{question.id}"
    _ask(introduction, question.side, "introduction_no_reply", event, now=now, question=question)


def tell_of_reopening(introduction: Introduction, *, now: datetime) -> None:
    """There are places again: whoever has not answered can do so now."""
    event = f"reopened:{introduction.version}"
    _ask_pending(introduction, "introduction_reopened", event, now=now)
    for side in Side:
        if introduction.answer_of(side) is Answer.YES:
            _tell(introduction, side, "introduction_places_again", event, now=now)


def tell_of_waiting(introduction: Introduction, *, now: datetime) -> None:
    """The programme is full: both are told that the proposal waits and its clock stands still."""
    for side in Side:
        _tell(
            introduction, side, "introduction_waiting", f"waiting:{introduction.version}", now=now
        )


def tell_of_absence(introduction: Introduction, *, actor: User | None, now: datetime) -> None:
    """Somebody is away for a while: both are told that the proposal waits."""
    event = f"away:{introduction.version}"
    for side in Side:
        _tell(introduction, side, "introduction_away", event, now=now, leave_out=actor)


def tell_of_return(introduction: Introduction, *, actor: User | None, now: datetime) -> None:
    """Whoever was away is back: whoever has not answered can do so now."""
    event = f"back:{introduction.version}"
    _ask_pending(introduction, "introduction_back", event, now=now)
    for side in Side:
        if introduction.answer_of(side) is Answer.YES:
            _tell(introduction, side, "introduction_goes_on", event, now=now, leave_out=actor)


def tell_of_absence_without_end(
    introduction: Introduction, *, actor: User | None, now: datetime
) -> None:
    """Nobody knows when it could go on, so it has closed; whoever left knows that already."""
    for side in Side:
        _tell(
            introduction, side, "introduction_closed_away", "superseded", now=now, leave_out=actor
        )


def tell_of_acceptance(introduction: Introduction, *, now: datetime) -> None:
    """Both have said yes: each side can now see how to reach the other."""
    for side in Side:
        _tell(introduction, side, "introduction_accepted", "accepted", now=now)


def tell_of_decline(introduction: Introduction, *, declined_by: Side, now: datetime) -> None:
    """The other side, if it has said yes, reads that it was not taken forward, and no reason."""
    if introduction.answer_of(declined_by.other) is Answer.YES:
        _tell(
            introduction,
            declined_by.other,
            "introduction_not_taken_forward",
            "declined",
            now=now,
            passed_to=introduction.passed_to_programme,
            told_colleague=introduction.decline_reason is DeclineReason.COLLEAGUE,
        )


def tell_colleague(introduction: Introduction, address: str, *, now: datetime) -> None:
    """Show the programme's public page to a colleague of the professional who said no."""
    mail.send(
        TO_COLLEAGUE,
        f"introduction:{introduction.id}:colleague",
        to=address,
        now=now,
        programme=introduction.programme,
        organisation=introduction.programme.organisation,
    )


def tell_of_withdrawal(
    introduction: Introduction, *, withdrawn_by: Side, was_accepted: bool, now: datetime
) -> None:
    """The other side was asked or had accepted, so it is told that this has been taken back."""
    kind = "introduction_withdrawn" if was_accepted else "introduction_taken_back"
    _tell(introduction, withdrawn_by.other, kind, "withdrawn", now=now)


def tell_of_expiry(
    introduction: Introduction,
    *,
    others: Mapping[Side, list[OtherSuggestion]],
    now: datetime,
) -> None:
    """Whoever said yes hears that no answer came, kindly, and whom else they could ask."""
    for side in Side:
        if introduction.answer_of(side) is Answer.YES:
            _tell(
                introduction,
                side,
                "introduction_expired",
                "expired",
                now=now,
                others=others.get(side, []),
            )


def tell_of_closed_programme(introduction: Introduction, *, now: datetime) -> None:
    """The programme has closed: the professional hears of it if they were asked or had asked."""
    _tell(introduction, Side.PROFESSIONAL, "introduction_programme_closed", "superseded", now=now)


def _ask_pending(introduction: Introduction, kind: str, event: str, *, now: datetime) -> None:
    for side in Side:
        if introduction.answer_of(side) is Answer.PENDING:
            _ask(introduction, side, kind, event, now=now)


def _ask(
    introduction: Introduction,
    side: Side,
    kind: str,
    event: str,
    *,
    now: datetime,
    **context: Any,
) -> None:
    """Write to everybody of a side, each with a link to answer by."""
    may_ask = waiting.find_question_of(introduction, side) is None
    for user in people_of(introduction, side):
        details = {"side": str(side)}
        token = make_link(LinkPurpose.ANSWER_INTRODUCTION, introduction, user, details, now=now)
        _send(
            introduction, side, user, kind, event, now=now, token=token, may_ask=may_ask, **context
        )


def _tell(
    introduction: Introduction,
    side: Side,
    kind: str,
    event: str,
    *,
    now: datetime,
    leave_out: User | None = None,
    **context: Any,
) -> None:
    for user in people_of(introduction, side):
        if leave_out is None or user.id != leave_out.id:
            _send(introduction, side, user, kind, event, now=now, **context)


def _send(
    introduction: Introduction,
    side: Side,
    user: User,
    kind: str,
    event: str,
    *,
    now: datetime,
    **context: Any,
) -> None:
    """Write to somebody on `side`, with what they may know of the professional."""
    write(
        introduction,
        side,
        user,
        kind,
        event,
        now=now,
        professional=limited_view(introduction.professional, introduction.programme),
        **context,
    )
