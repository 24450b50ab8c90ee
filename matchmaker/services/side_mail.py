"""Writing to the people on the sides of an introduction: one mail an event and person.

The key of such a mail says which introduction, event and side it is about; `withheld_mail` finds
it by that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from matchmaker.models import Introduction, LinkPurpose, Side, User
from matchmaker.services import links, mail


def people_of(introduction: Introduction, side: Side) -> list[User]:
    """Who is told on behalf of `side`: the professional, or the members of the organisation."""
    if side is Side.PROFESSIONAL:
        user = introduction.professional.user
        return [user] if user.erased_at is None else []
    return [each.user for each in introduction.programme.organisation.memberships]


def people_of_both(
    introduction: Introduction, *, leave_out: User | None = None
) -> Iterator[tuple[Side, User]]:
    """Everybody on either side; somebody who is on both comes once."""
    told = set() if leave_out is None else {leave_out.id}
    for side in Side:
        for user in people_of(introduction, side):
            if user.id not in told:
                told.add(user.id)
                yield side, user


def make_link(
    purpose: LinkPurpose,
    introduction: Introduction,
    user: User,
    details: Mapping[str, Any],
    *,
    now: datetime,
) -> str:
    """The token of a link with which `user` can act for the introduction."""
    return links.create_link(
        purpose,
        email=user.email,
        now=now,
        user=user,
        introduction=introduction,
        details=details,
    )


def write(
    introduction: Introduction,
    side: Side,
    user: User,
    kind: str,
    event: str,
    *,
    now: datetime,
    **context: Any,
) -> None:
    """Write to somebody on `side` of what happened to their introduction."""
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
