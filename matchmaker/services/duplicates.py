"""Pairs of organisations that may be one, until somebody decides."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db, insert_into
from matchmaker.models import (
    DuplicateDecision,
    Likeness,
    Organisation,
    PossibleDuplicate,
    User,
)
from matchmaker.services import audit
from matchmaker.services.errors import AlreadyAnswered
from matchmaker.services.organisations import lock_organisation
from matchmaker.services.policy import Action, Actor, may

MOST_SHOWN = 200


def suspect(one_id: int, other_id: int, likeness: Likeness, *, now: datetime) -> None:
    """Note that two organisations may be one, unless that was noted, or decided, before."""
    first_id, second_id = sorted((one_id, other_id))
    db.session.execute(
        insert_into(PossibleDuplicate)
        .values(first_id=first_id, second_id=second_id, likeness=likeness, found_at=now)
        .on_conflict_do_nothing()
    )


def find_pair(pair_id: int) -> PossibleDuplicate | None:
    """One pair with both organisations, or None."""
    return db.session.scalar(_pairs().where(PossibleDuplicate.id == pair_id))


def list_undecided(actor: Actor) -> list[PossibleDuplicate]:
    """The pairs that this person may decide about, the surest signs and the oldest first."""
    rows = db.session.scalars(
        _pairs().where(PossibleDuplicate.decided_at.is_(None)).order_by(PossibleDuplicate.id)
    )
    found = [row for row in rows if may(actor, Action.DECIDE_DUPLICATE, row)]
    order = list(Likeness)
    return sorted(found, key=lambda row: order.index(row.likeness))[:MOST_SHOWN]


def lock_pair(pair: PossibleDuplicate) -> PossibleDuplicate:
    """Take both organisations, the lower number first, and then the pair, and read them afresh.

    Raises:
        AlreadyAnswered: Somebody decided already.
    """
    for organisation in (pair.first, pair.second):
        lock_organisation(organisation)
    locked = db.session.scalars(
        select(PossibleDuplicate)
        .where(PossibleDuplicate.id == pair.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    is_merged = any(each.merged_into_id is not None for each in (pair.first, pair.second))
    if locked.decided_at is not None or is_merged:
        raise AlreadyAnswered(_("Somebody has decided about these two already."))
    return locked


def keep_apart(pair: PossibleDuplicate, *, actor: User, now: datetime) -> None:
    """Say that the two are not the same; nobody is asked about them again.

    Raises:
        AlreadyAnswered: Somebody decided already.
    """
    pair = lock_pair(pair)
    record_decision(pair, DuplicateDecision.DISTINCT, actor=actor, now=now)
    audit.record(
        "organisation.kept_apart", pair.first, actor=actor, now=now, other_id=pair.second_id
    )
    db.session.flush()


def record_decision(
    pair: PossibleDuplicate, decision: DuplicateDecision, *, actor: User, now: datetime
) -> None:
    """Write down what was decided about a pair, which is locked."""
    pair.decision = decision
    pair.decided_by_user_id = actor.id
    pair.decided_at = now


def pass_on(gone: Organisation, survivor: Organisation) -> None:
    """Let pairs of an organisation that was merged speak of the one that it was merged into."""
    involved = db.session.scalars(
        select(PossibleDuplicate).where(
            (PossibleDuplicate.first_id == gone.id) | (PossibleDuplicate.second_id == gone.id),
            PossibleDuplicate.decision.is_distinct_from(DuplicateDecision.MERGED),
        )
    ).all()
    for pair in involved:
        other_id = pair.second_id if pair.first_id == gone.id else pair.first_id
        first_id, second_id = sorted((other_id, survivor.id))
        is_there = db.session.scalar(
            select(PossibleDuplicate.id).where(
                PossibleDuplicate.first_id == first_id, PossibleDuplicate.second_id == second_id
            )
        )
        if first_id == second_id or is_there is not None:
            db.session.delete(pair)
        else:
            pair.first_id, pair.second_id = first_id, second_id
        db.session.flush()


def _pairs() -> Select[PossibleDuplicate]:
    return select(PossibleDuplicate).options(
        joinedload(PossibleDuplicate.first).selectinload(Organisation.programmes),
        joinedload(PossibleDuplicate.second).options(selectinload(Organisation.programmes)),
    )
