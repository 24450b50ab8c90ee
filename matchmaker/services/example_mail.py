"""What the two sides of a practice example are told by mail: one mail an event and person.

A mail names neither of the two and holds none of the words: they are read on the page, as long as
they are there. Leads get no mail; what waits for them stands on their own page.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from matchmaker.models import PracticeExample, Side, User
from matchmaker.services.side_mail import people_of, people_of_both, write


def ask_to_read(example: PracticeExample, side: Side, *, now: datetime) -> None:
    """`side` has agreed to the words: the other one is asked to read them."""
    for user in people_of(example.introduction, side.other):
        _send(example, side.other, user, "example_to_read", f"to-read:{example.version}", now=now)


def tell_of_change(
    example: PracticeExample, side: Side, *, was_public: bool, actor: User, now: datetime
) -> None:
    """The words that `side` had agreed to are others now, so that it is asked anew."""
    event = f"changed:{example.version}"
    for user in people_of(example.introduction, side):
        if user.id != actor.id:
            _send(example, side, user, "example_changed", event, now=now, was_public=was_public)


def tell_outcome(example: PracticeExample, kind: str, *, now: datetime) -> None:
    """Somebody has read it for us: it is public, or goes back to the two with a note."""
    for side, user in people_of_both(example.introduction):
        _send(example, side, user, kind, f"reviewed:{now.isoformat()}", now=now)


def tell_of_withdrawal(example: PracticeExample, side: Side, *, now: datetime) -> None:
    """Let `side` know that what was public, or was to be, is not told any more."""
    for user in people_of(example.introduction, side):
        _send(example, side, user, "example_withdrawn", "withdrawn", now=now)


def _send(
    example: PracticeExample,
    side: Side,
    user: User,
    kind: str,
    event: str,
    *,
    now: datetime,
    **context: Any,
) -> None:
    event = f"example:{example.id}:{event}"
    write(example.introduction, side, user, kind, event, now=now, example=example, **context)
