"""What the two are told by mail once both have said yes: one mail an event and person.

No mail names anybody or says how to reach them: a mail cannot be taken back when somebody
withdraws. What the two write to each other is theirs to write, and is mailed as it stands.
"""

from __future__ import annotations

from datetime import datetime

from matchmaker.models import (
    CheckIn,
    Introduction,
    IntroductionMessage,
    LinkPurpose,
    User,
)
from matchmaker.services.side_mail import make_link, people_of, people_of_both, write


def tell_of_message(
    introduction: Introduction, message: IntroductionMessage, *, now: datetime
) -> None:
    """Send the other side the words, each person with a link to reply by."""
    side = message.side.other
    for user in people_of(introduction, side):
        details = {"side": str(side), "message_id": message.id}
        token = make_link(LinkPurpose.REPLY_TO_MESSAGE, introduction, user, details, now=now)
        write(
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
        details = {"check_in_id": check_in.id}
        token = make_link(LinkPurpose.CHECK_IN, introduction, user, details, now=now)
        write(
            introduction,
            check_in.side,
            user,
            "check_in",
            f"check-in:{check_in.months}",
            now=now,
            months=check_in.months,
            token=token,
        )


def _tell_others(
    introduction: Introduction, kind: str, event: str, *, actor: User, now: datetime
) -> None:
    for side, user in people_of_both(introduction, leave_out=actor):
        write(introduction, side, user, kind, event, now=now)
