"""Taking words back out of the outbox: what may be read no more must not arrive in the morning.

Mail waits for hours where somebody wants no mail at night, and longer where a server is away. The
rows stay, empty: the worker may hold one in its hands this moment.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, or_, select, update

from matchmaker.extensions import db
from matchmaker.models import (
    Claim,
    Introduction,
    IntroductionMessage,
    Organisation,
    OutboxMail,
    Programme,
    ProgrammeEdit,
    Side,
    User,
)

# What the two wrote to each other is in the mails about these.
EVENTS_WITH_WORDS = ("message", "agreed")
# The mails whose keys name a change of a programme after their first colon.
ABOUT_CHANGES = ("edit_waiting", "edit_sent_back", "edit_published")


def empty(which: ColumnElement[bool], *, now: datetime) -> None:
    """Send these mails no more, and keep neither what they said nor whom they were for."""
    is_unsent = (OutboxMail.sent_at.is_(None), OutboxMail.failed_at.is_(None))
    statements = (
        update(OutboxMail).where(which, *is_unsent).values(failed_at=now),
        update(OutboxMail)
        .where(which)
        .values(
            user_id=None,
            recipient="",
            subject="",
            body="",
            html="",
            unsubscribe_url="",
            last_error=None,
            dedupe_key="emptied:" + cast(OutboxMail.id, String),
        ),
    )
    for statement in statements:
        db.session.execute(statement.execution_options(synchronize_session=False))


def withhold_message(introduction_id: int, message_id: int, *, now: datetime) -> None:
    """Take a message that is deleted out of the mails that carry it, sent or not."""
    empty(_is_about(introduction_id, f"message:{message_id}"), now=now)


def withhold_words_of(introduction: Introduction, *, now: datetime) -> None:
    """Send nothing any more of what the two of a withdrawn introduction wrote to each other."""
    is_about = (_is_about(introduction.id, event) for event in EVENTS_WITH_WORDS)
    empty(OutboxMail.sent_at.is_(None) & or_(*is_about), now=now)


def key_of(claim: Claim) -> str:
    """What the keys of all mails about a request to look after an organisation begin with."""
    return f"claim:{claim.organisation_id}:{claim.id}:"


def withhold_claim(claim: Claim, *, now: datetime) -> None:
    """Take what somebody said of themselves out of the mails to those who were to decide."""
    empty(OutboxMail.dedupe_key.startswith(key_of(claim), autoescape=True), now=now)


def withhold_from_former_member(user: User, organisation: Organisation, *, now: datetime) -> None:
    """Send nothing any more that was for somebody as a member of an organisation they left."""
    ending = f":{Side.PROGRAMME}:user:{user.id}"
    unsent = db.session.execute(
        select(OutboxMail.id, OutboxMail.dedupe_key).where(
            OutboxMail.user_id == user.id,
            OutboxMail.sent_at.is_(None),
            OutboxMail.dedupe_key.startswith("introduction:"),
            OutboxMail.dedupe_key.endswith(ending, autoescape=True),
        )
    )
    by_introduction = [(int(key.split(":")[1]), mail_id) for mail_id, key in unsent]
    of_organisation = set(
        db.session.scalars(
            select(Introduction.id)
            .join(Introduction.programme)
            .where(
                Introduction.id.in_([each for each, _mail_id in by_introduction]),
                Programme.organisation_id == organisation.id,
            )
        )
    )
    theirs = [mail_id for each, mail_id in by_introduction if each in of_organisation]
    empty(OutboxMail.id.in_([*theirs, *_about_changes(user, organisation)]), now=now)
    is_about_claim = OutboxMail.dedupe_key.startswith(f"claim:{organisation.id}:")
    empty(OutboxMail.sent_at.is_(None) & (OutboxMail.user_id == user.id) & is_about_claim, now=now)


def _about_changes(user: User, organisation: Organisation) -> list[int]:
    """The unsent mails to somebody about changes of an organisation's programmes."""
    unsent = db.session.execute(
        select(OutboxMail.id, OutboxMail.dedupe_key).where(
            OutboxMail.user_id == user.id,
            OutboxMail.sent_at.is_(None),
            OutboxMail.kind.in_(ABOUT_CHANGES),
        )
    )
    by_change = [(int(key.split(":")[1]), mail_id) for mail_id, key in unsent]
    of_organisation = set(
        db.session.scalars(
            select(ProgrammeEdit.id)
            .join(ProgrammeEdit.programme)
            .where(
                ProgrammeEdit.id.in_([each for each, _mail_id in by_change]),
                Programme.organisation_id == organisation.id,
            )
        )
    )
    return [mail_id for each, mail_id in by_change if each in of_organisation]


def withhold_messages_by(user: User, *, now: datetime) -> None:
    """Take everything somebody wrote to others out of the mails that carry it."""
    written = db.session.execute(
        select(IntroductionMessage.introduction_id, IntroductionMessage.id).where(
            IntroductionMessage.author_user_id == user.id
        )
    ).all()
    for introduction_id, message_id in written:
        withhold_message(introduction_id, message_id, now=now)


def _is_about(introduction_id: int, event: str) -> ColumnElement[bool]:
    key = f"introduction:{introduction_id}:{event}:"
    return OutboxMail.dedupe_key.startswith(key, autoescape=True)
