"""Telling a practice example no more: at once, whoever of the two wishes it, and whatever for.

The row stays as a number whose page says that it is gone. Its words are kept for the two for a
while, who may begin again from them, and go at once when the professional erases themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update

from matchmaker.extensions import db
from matchmaker.models import (
    ExampleState,
    Introduction,
    PracticeExample,
    PracticeExampleTerm,
    Professional,
    Side,
    User,
)
from matchmaker.services import audit, example_mail

WORDS_KEPT = timedelta(days=90)
# A draft that nobody has touched for so long is nobody's plan any more.
DRAFTS_KEPT = timedelta(days=365)
WORDS = ("title", "did", "changed", "took", "advice", "review_note")


def lock_example(example: PracticeExample) -> PracticeExample:
    """Take the example's row and read it afresh; its introduction is taken before."""
    return db.session.scalars(
        select(PracticeExample)
        .where(PracticeExample.id == example.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def withdraw_locked(
    example: PracticeExample, side: Side, *, actor: User | None, now: datetime
) -> None:
    """Withdraw an example whose row is held, for `side`; the other one is told.

    Of a draft that the other side has neither written nor agreed to they need not hear.
    """
    is_known = example.state is not ExampleState.DRAFT or example.agreed_at(side.other) is not None
    example.move_to(ExampleState.WITHDRAWN, now)
    example.introduction.example_offered_at = None
    example.updated_at = now
    audit.record("practice_example.withdrawn", example, actor=actor, now=now, side=side.value)
    db.session.flush()
    if is_known:
        example_mail.tell_of_withdrawal(example, side.other, now=now)


def withdraw_with_introduction(
    introduction: Introduction, side: Side, *, actor: User, now: datetime
) -> None:
    """Whoever withdraws from an introduction tells nothing of it either; its row is held."""
    for example in _undecided([introduction.id]):
        withdraw_locked(lock_example(example), side, actor=actor, now=now)


def forget_professional(professional: Professional, *, now: datetime) -> None:
    """Somebody erases themselves: what they agreed to be kept without their name stays.

    Everything else that was to be told of their introductions is withdrawn, without its words.
    """
    is_own = Introduction.professional_id == professional.id
    # In the order of all locks: an introduction, then what is told of it.
    own = db.session.scalars(
        select(Introduction.id)
        .where(is_own)
        .order_by(Introduction.programme_id, Introduction.id)
        .with_for_update()
    ).all()
    for each in _undecided(own):
        example = lock_example(each)
        if example.is_published and example.is_kept_when_erased:
            example.shows_professional = False
            example.updated_at = now
            audit.record("practice_example.kept_without_name", example, actor=None, now=now)
        else:
            withdraw_locked(example, Side.PROFESSIONAL, actor=None, now=now)
    db.session.flush()
    _forget_words(PracticeExample.introduction_id.in_(own))


def forget_expired(*, now: datetime) -> None:
    """Give up drafts that nobody went on with, and forget the words of what was withdrawn."""
    is_draft = PracticeExample.state == ExampleState.DRAFT
    db.session.execute(
        update(PracticeExample)
        .where(is_draft, PracticeExample.updated_at < now - DRAFTS_KEPT)
        .values(
            state=ExampleState.WITHDRAWN,
            withdrawn_at=now,
            **dict.fromkeys(
                (
                    *("professional_agreed_at", "professional_agreed_by_user_id"),
                    *("programme_agreed_at", "programme_agreed_by_user_id"),
                )
            ),
        )
    )
    _forget_words(PracticeExample.withdrawn_at < now - WORDS_KEPT)


def _forget_words(which: ColumnElement[bool]) -> None:
    """Forget what withdrawn examples said, of those that `which` holds of."""
    is_withdrawn = PracticeExample.state == ExampleState.WITHDRAWN
    of_them = select(PracticeExample.id).where(is_withdrawn, which)
    db.session.execute(
        delete(PracticeExampleTerm).where(PracticeExampleTerm.practice_example_id.in_(of_them))
    )
    words = [getattr(PracticeExample, name) for name in WORDS]
    db.session.execute(
        update(PracticeExample)
        .where(is_withdrawn, which, or_(*(each != "" for each in words)))
        .values(dict.fromkeys(WORDS, ""))
    )


def _undecided(introduction_ids: Sequence[int]) -> list[PracticeExample]:
    return list(
        db.session.scalars(
            select(PracticeExample)
            .where(
                PracticeExample.introduction_id.in_(introduction_ids),
                PracticeExample.state != ExampleState.WITHDRAWN,
            )
            .order_by(PracticeExample.id)
        )
    )
