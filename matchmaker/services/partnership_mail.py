"""What the two are told by mail once both have said yes: one mail an event and person.

No mail names anybody or says how to reach them: a mail cannot be taken back when somebody
withdraws. What the two write to each other is theirs to write, and is mailed as it stands.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from matchmaker.models import (
    CheckIn,
    Introduction,
    IntroductionMessage,
    LinkPurpose,
    Side,
    User,
)
from matchmaker.services import links, mail
from matchmaker.services.introduction_mail import people_of


def tell_of_message(
    introduction: Introduction, message: IntroductionMessage, *, now: datetime
) -> None:
    """Send the other side the words, each person with a link to reply by."""
    side = message.side.other
    for user in people_of(introduction, side):
        token = links.create_link(
            LinkPurpose.REPLY_TO_MESSAGE,
            email=user.email,
            now=now,
            user=user,
            introduction=introduction,
            details={"side": str(side), "message_id": message.id},
        )
        _send(
            introduction,
            side,
            user,
            "introduction_message",
            f"message:{message.id}",
            now=now,
            message=message,
            token=token,
        )


def tell_of_agreement(introduction: Introduction, *, actor: User, now: datetime) -> None:
    """The next step is another one: everybody but the one who wrote it down is told."""
    event = f"agreed:{introduction.version}"
    _tell_others(introduction, "introduction_agreed", event, actor=actor, now=now)


def tell_of_progress(introduction: Introduction, *, actor: User, now: datetime) -> None:
    """Somebody moved the introduction on: everybody else on both sides is told."""
    event = f"progress:{introduction.version}"
    _tell_others(introduction, "introduction_progress", event, actor=actor, now=now)


def ask_how_it_goes(check_in: CheckIn, *, now: datetime) -> None:
    """Ask one side of an introduction how it goes; whoever of them answers first, answers."""
    introduction = check_in.introduction
    for user in people_of(introduction, check_in.side):
        token = links.create_link(
            LinkPurpose.CHECK_IN,
            email=user.email,
            now=now,
            user=user,
            introduction=introduction,
            details={"check_in_id": check_in.id},
        )
        event = f"check-in:{check_in.months}"
        _send(
            introduction,
            check_in.side,
            user,
            "check_in",
            event,
            now=now,
            months=check_in.months,
            token=token,
        )


def _tell_others(
    introduction: Introduction, kind: str, event: str, *, actor: User, now: datetime
) -> None:
    told = {actor.id}
    for side in Side:
        for user in people_of(introduction, side):
            # Somebody on both sides hears of it once.
            if user.id not in told:
                told.add(user.id)
                _send(introduction, side, user, kind, event, now=now)


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
    mail.send(
        kind,
        f"introduction:{introduction.id}:{event}:{side}:user:{user.id}",
        to=user,
        now=now,
        introduction=introduction,
        programme=introduction.programme,
        organisation=introduction.programme.organisation,
        is_professional=side is Side.PROFESSIONAL,
        **context,
    )
