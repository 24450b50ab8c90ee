"""What becomes of an introduction after both said yes: messages, agreements, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    EndReason,
    Introduction,
    IntroductionMessage,
    IntroductionState,
    MoveNotAllowed,
    Outcome,
    Side,
    User,
)
from matchmaker.models.introduction import WORKING_STATES
from matchmaker.services import audit, partnership_mail
from matchmaker.services.errors import AlreadyAnswered, FieldError, StaleVersion
from matchmaker.services.introduction_locks import lock_introduction

MESSAGE_MAX_LENGTH = 4000
AGREEMENT_MAX_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach one side of an introduction."""

    name: str
    role: str
    email: str
    phone: str


def contact_of(introduction: Introduction, side: Side) -> Contact | None:
    """How to reach `side`: known to the other side exactly while the introduction is released.

    This is the only place that hands out contact details; pages and mails go through it. Nobody is
    reached who has had themselves erased.
    """
    if not introduction.is_released:
        return None
    if side is Side.PROFESSIONAL:
        user = introduction.professional.user
        if user.erased_at is not None:
            return None
        return Contact(
            name=user.name,
            role=introduction.professional.employer,
            email=user.email,
            phone=user.phone or "",
        )
    programme = introduction.programme
    organisation = programme.organisation
    people = (each.user for each in organisation.memberships)
    owner = next((user for user in people if user.erased_at is None), None)
    return Contact(
        name=programme.contact_name or (owner.name if owner else ""),
        role=organisation.name,
        email=programme.contact_email or (owner.email if owner else organisation.email),
        phone=programme.contact_phone or organisation.phone,
    )


def newest_message_id(introduction: Introduction) -> int:
    """The id of the last message on the page, 0 before the first."""
    return max((message.id for message in introduction.messages), default=0)


def send_message(
    introduction: Introduction,
    side: Side,
    body: str,
    *,
    seen_id: int,
    actor: User,
    now: datetime,
) -> IntroductionMessage:
    """Write to the other side, who gets the words by mail with a link to reply by.

    The same words sent twice from one page are one message: a button was pressed twice.

    Args:
        introduction: An introduction under way.
        side: The side that writes.
        body: The words.
        seen_id: The newest message on the page the words were written on; see `newest_message_id`.
        actor: Who writes.
        now: The moment, in UTC.

    Raises:
        FieldError: The message is empty or too long.
        AlreadyAnswered: The introduction is not, or no longer, under way.
    """
    body = body.strip()
    if not body:
        raise FieldError("body", _("Write a message"))
    if len(body) > MESSAGE_MAX_LENGTH:
        raise FieldError(
            "body", _("The message must be %(most)s characters or fewer", most=MESSAGE_MAX_LENGTH)
        )
    introduction = lock_introduction(introduction)
    _check_working(introduction)
    sent_already = db.session.scalar(
        select(IntroductionMessage).where(
            IntroductionMessage.introduction_id == introduction.id,
            IntroductionMessage.author_user_id == actor.id,
            IntroductionMessage.id > seen_id,
            IntroductionMessage.body == body,
        )
    )
    if sent_already is not None:
        return sent_already
    message = IntroductionMessage(
        introduction_id=introduction.id,
        author_user_id=actor.id,
        side=side,
        body=body,
        created_at=now,
    )
    db.session.add(message)
    db.session.flush()
    audit.record("introduction.message_sent", introduction, actor=actor, now=now, side=str(side))
    partnership_mail.tell_of_message(introduction, message, now=now)
    return message


def agree(
    introduction: Introduction,
    *,
    shared_purpose: str,
    next_step: str,
    next_step_on: date | None,
    version: int,
    actor: User,
    now: datetime,
) -> Introduction:
    """Write down what the two have agreed: a purpose in common, the next step, and its day.

    Everybody else on both sides is told. What stands there already is not written again: a button
    was pressed twice.

    Args:
        introduction: An introduction under way.
        shared_purpose: What both want to achieve.
        next_step: What happens next; it may be empty.
        next_step_on: The day of the next step, if one is agreed.
        version: The version of the introduction that the form was filled in from.
        actor: Who writes it down.
        now: The moment, in UTC.

    Raises:
        StaleVersion: The other side wrote something down in the meantime.
        FieldError: A text is too long, or a day is given without a step.
        AlreadyAnswered: The introduction is not, or no longer, under way.
    """
    for field, text in (("shared_purpose", shared_purpose), ("next_step", next_step)):
        if len(text) > AGREEMENT_MAX_LENGTH:
            raise FieldError(
                field, _("This must be %(most)s characters or fewer", most=AGREEMENT_MAX_LENGTH)
            )
    if next_step_on is not None and not next_step.strip():
        raise FieldError("next_step", _("Say what will happen on that day"))
    introduction = lock_introduction(introduction)
    _check_working(introduction)
    agreed = (shared_purpose.strip(), next_step.strip(), next_step_on)
    if agreed == _agreed(introduction):
        return introduction
    if introduction.version != version:
        raise StaleVersion(
            _("The other side changed this while you were writing. Check both, then save again.")
        )
    introduction.shared_purpose, introduction.next_step, introduction.next_step_on = agreed
    introduction.version += 1
    audit.record("introduction.agreed", introduction, actor=actor, now=now)
    partnership_mail.tell_of_agreement(introduction, actor=actor, now=now)
    db.session.flush()
    return introduction


def start(introduction: Introduction, *, actor: User, now: datetime) -> Introduction:
    """Say that the two have begun, or gone on after a pause."""
    return _move(introduction, IntroductionState.ACTIVE, "active", actor=actor, now=now)


def hold(introduction: Introduction, *, actor: User, now: datetime) -> Introduction:
    """Say that the two have paused."""
    return _move(introduction, IntroductionState.ON_HOLD, "on_hold", actor=actor, now=now)


def complete(
    introduction: Introduction, *, outcome: Outcome, note: str, actor: User, now: datetime
) -> Introduction:
    """Say that it is done, and what came of it."""

    def _write_outcome(locked: Introduction) -> None:
        locked.outcome = outcome
        locked.closing_note = note.strip()

    return _move(
        introduction,
        IntroductionState.COMPLETED,
        "completed",
        actor=actor,
        now=now,
        change=_write_outcome,
    )


def end(
    introduction: Introduction, *, reason: EndReason, note: str, actor: User, now: datetime
) -> Introduction:
    """Say that it has ended without being completed, and why."""

    def _write_reason(locked: Introduction) -> None:
        locked.end_reason = reason
        locked.closing_note = note.strip()

    return _move(
        introduction, IntroductionState.ENDED, "ended", actor=actor, now=now, change=_write_reason
    )


def _move(
    introduction: Introduction,
    state: IntroductionState,
    event: str,
    *,
    actor: User,
    now: datetime,
    change: Callable[[Introduction], None] = lambda _locked: None,
) -> Introduction:
    introduction = lock_introduction(introduction)
    try:
        introduction.move_to(state, now)
    except MoveNotAllowed as error:
        raise AlreadyAnswered(
            _("This introduction has moved on in the meantime. Nothing has been changed.")
        ) from error
    change(introduction)
    introduction.version += 1
    audit.record(f"introduction.{event}", introduction, actor=actor, now=now)
    partnership_mail.tell_of_progress(introduction, actor=actor, now=now)
    db.session.flush()
    return introduction


def _agreed(introduction: Introduction) -> tuple[str, str, date | None]:
    return introduction.shared_purpose, introduction.next_step, introduction.next_step_on


def _check_working(introduction: Introduction) -> None:
    if introduction.state not in WORKING_STATES:
        raise AlreadyAnswered(
            _("This introduction is not under way any more. Nothing has been changed.")
        )
