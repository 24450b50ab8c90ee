"""What the two sides of a practice example are told by mail: one mail an event and person.

A mail names neither of the two and holds none of the words: they are read on the page, as long as
they are there. Leads get no mail; what waits for them stands on their own page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from matchmaker.models import PracticeExample, Side, User
from matchmaker.services import mail
from matchmaker.services.introduction_mail import people_of


def ask_to_read(example: PracticeExample, side: Side, *, now: datetime) -> None:
    """`side` has agreed to the words: the other one is asked to read them."""
    event = f"example:{example.id}:to-read:{example.version}"
    _tell(example, side.other, "example_to_read", event, now=now)


def tell_of_change(
    example: PracticeExample, side: Side, *, was_public: bool, actor: User, now: datetime
) -> None:
    """The words that `side` had agreed to are others now, so that it is asked anew."""
    event = f"example:{example.id}:changed:{example.version}"
    context = {"was_public": was_public}
    _tell(example, side, "example_changed", event, now=now, told={actor.id}, context=context)


def tell_outcome(example: PracticeExample, kind: str, *, now: datetime) -> None:
    """Somebody has read it for us: it is public, or goes back to the two with a note."""
    event = f"example:{example.id}:reviewed:{now.isoformat()}"
    told: set[int] = set()
    for side in Side:
        _tell(example, side, kind, event, now=now, told=told)


def tell_of_withdrawal(example: PracticeExample, side: Side, *, now: datetime) -> None:
    """Let `side` know that what was public, or was to be, is not told any more."""
    _tell(example, side, "example_withdrawn", f"example:{example.id}:withdrawn", now=now)


def _tell(
    example: PracticeExample,
    side: Side,
    kind: str,
    event: str,
    *,
    now: datetime,
    told: set[int] | None = None,
    context: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Mail everybody on `side` but those who have been told; they are told then."""
    introduction = example.introduction
    told = set() if told is None else told
    for user in people_of(introduction, side):
        # Somebody on both sides hears of it once.
        if user.id not in told:
            told.add(user.id)
            mail.send(
                kind,
                f"introduction:{introduction.id}:{event}:{side}:user:{user.id}",
                to=user,
                now=now,
                example=example,
                introduction=introduction,
                programme=introduction.programme,
                **context,
            )
