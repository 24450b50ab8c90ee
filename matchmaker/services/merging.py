"""Putting two organisations together that are one, as somebody chooses who looked at both.

One of the two stays. The other becomes a signpost to it: programmes, people, imported records and
what others wrote about it move, and introductions stay with their programmes. Both rows are locked
first, the lower number before the higher, so that of two who decide at once only one does.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from matchmaker.extensions import db
from matchmaker.models import (
    Block,
    Claim,
    ClaimState,
    DuplicateDecision,
    HelpRequest,
    ImportDraft,
    ImportedRecord,
    LinkToken,
    Membership,
    MembershipRole,
    Organisation,
    OutsideContact,
    PossibleDuplicate,
    Programme,
    User,
)
from matchmaker.services import audit, duplicates, interruptions
from matchmaker.services.errors import StaleVersion
from matchmaker.services.evidence import reports

FIELDS = (
    *("name", "kind", "registration", "description", "website", "email", "phone", "postcode"),
)


class Which(enum.StrEnum):
    """One of a pair."""

    FIRST = "first"
    SECOND = "second"


def differing_fields(pair: PossibleDuplicate) -> list[str]:
    """The fields of which the two say different things, so that somebody has to choose."""
    return [field for field in FIELDS if getattr(pair.first, field) != getattr(pair.second, field)]


def digest_of(pair: PossibleDuplicate) -> str:
    """Changes whenever one of the two does; 64 hexadecimal digits."""
    told = [[str(getattr(each, field)) for field in FIELDS] for each in (pair.first, pair.second)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def merge(
    pair: PossibleDuplicate,
    stays: Which,
    choices: Mapping[str, Which],
    digest: str,
    *,
    actor: User,
    now: datetime,
) -> Organisation:
    """Put the two together.

    Args:
        pair: The two.
        stays: Whose page stays; that of the other leads to it.
        choices: For each field, whose value is kept; that of the one that stays, if not said.
        digest: That of the pair as it was shown.
        actor: Who decided.
        now: The moment, in UTC.

    Returns:
        The organisation that stays.

    Raises:
        AlreadyAnswered: Somebody decided already.
        StaleVersion: Somebody changed one of them meanwhile.
    """
    pair = duplicates.lock_pair(pair)
    if digest_of(pair) != digest:
        raise StaleVersion(
            _("Somebody changed one of the two while you were looking. Look again, then decide.")
        )
    both = {Which.FIRST: pair.first, Which.SECOND: pair.second}
    survivor = both[stays]
    gone = pair.second if stays is Which.FIRST else pair.first
    _choose_values(survivor, gone, {field: both[choices.get(field, stays)] for field in FIELDS})
    reports.settle(survivor, gone, now=now)
    _move_programmes(gone, survivor, now)
    _move_people(gone, survivor, now)
    _move_what_others_wrote(gone, survivor)
    duplicates.record_decision(pair, DuplicateDecision.MERGED, actor=actor, now=now)
    db.session.flush()
    duplicates.pass_on(gone, survivor)
    survivor.claimed_at = survivor.claimed_at or gone.claimed_at
    for each in (survivor, gone):
        each.updated_at = now
        each.version += 1
    gone.claimed_at = None
    gone.merged_into_id = survivor.id
    audit.record("organisation.merged", gone, actor=actor, now=now, into_id=survivor.id)
    audit.record("organisation.merged_from", survivor, actor=actor, now=now, other_id=gone.id)
    db.session.flush()
    db.session.expire(survivor)
    db.session.expire(gone)
    if survivor.is_claimed:
        # Requests that waited for somebody to look after either of the two have somebody now.
        interruptions.resume_after_claim(survivor, now=now)
    return survivor


def _choose_values(
    survivor: Organisation, gone: Organisation, chosen: Mapping[str, Organisation]
) -> None:
    values: dict[str, Any] = {field: getattr(row, field) for field, row in chosen.items()}
    area_code = chosen["postcode"].area_code
    if chosen["registration"] is gone:
        # A number stands once only; what the survivor had stays on the signpost.
        former = survivor.registration
        survivor.registration, gone.registration = None, None
        db.session.flush()
        gone.registration = former
        db.session.flush()
    for field, value in values.items():
        setattr(survivor, field, value)
    survivor.area_code = area_code or survivor.area_code or gone.area_code
    survivor.last_checked_at = max(
        (each.last_checked_at for each in (survivor, gone) if each.last_checked_at is not None),
        default=None,
    )
    db.session.flush()


def _move_programmes(gone: Organisation, survivor: Organisation, now: datetime) -> None:
    # In the order of every lock of programmes; whoever takes a place now waits for us.
    db.session.scalars(
        select(Programme.id)
        .where(Programme.organisation_id.in_([gone.id, survivor.id]))
        .order_by(Programme.id)
        .with_for_update()
    ).all()
    db.session.execute(
        update(Programme)
        .where(Programme.organisation_id.in_([gone.id, survivor.id]))
        # The index of matching follows, as programmes carry the name of who runs them.
        .values(organisation_id=survivor.id, updated_at=now)
        .execution_options(synchronize_session=False)
    )


def _move_people(gone: Organisation, survivor: Organisation, now: datetime) -> None:
    there = {each.user_id: each for each in _memberships(survivor)}
    for membership in _memberships(gone):
        present = there.get(membership.user_id)
        if present is None:
            # Past the relationship, which would take it for one to be deleted.
            db.session.execute(
                update(Membership)
                .where(Membership.id == membership.id)
                .values(organisation_id=survivor.id)
                .execution_options(synchronize_session=False)
            )
            continue
        if membership.role is MembershipRole.OWNER:
            present.role = MembershipRole.OWNER
        db.session.execute(delete(Membership).where(Membership.id == membership.id))
    members = {each.user_id for each in (*there.values(), *_memberships(survivor))}
    asking = {each.user_id for each in _waiting_claims(survivor)}
    for claim in _waiting_claims(gone):
        if claim.user_id in members | asking:
            claim.state = ClaimState.WITHDRAWN
            claim.decided_at = now
        else:
            claim.organisation_id = survivor.id
    # An invitation to one of two says nothing of whether its owners want somebody in both.
    db.session.execute(
        update(LinkToken)
        .where(LinkToken.organisation_id == gone.id, LinkToken.used_at.is_(None))
        .values(used_at=now)
    )
    db.session.flush()


def _move_what_others_wrote(gone: Organisation, survivor: Organisation) -> None:
    there = {
        (each.professional_id, each.side)
        for each in db.session.scalars(select(Block).where(Block.organisation_id == survivor.id))
    }
    for block in db.session.scalars(select(Block).where(Block.organisation_id == gone.id)).all():
        if (block.professional_id, block.side) in there:
            db.session.delete(block)
        else:
            block.organisation_id = survivor.id
    for table in (OutsideContact, ImportedRecord, HelpRequest):
        db.session.execute(
            update(table)
            .where(table.organisation_id == gone.id)
            .values(organisation_id=survivor.id)
            .execution_options(synchronize_session=False)
        )
    db.session.execute(delete(ImportDraft).where(ImportDraft.organisation_id == gone.id))
    db.session.execute(
        update(Organisation)
        .where(Organisation.merged_into_id == gone.id)
        .values(merged_into_id=survivor.id)
    )
    db.session.flush()


def _memberships(organisation: Organisation) -> list[Membership]:
    found = select(Membership).where(Membership.organisation_id == organisation.id)
    return list(db.session.scalars(found.order_by(Membership.id)))


def _waiting_claims(organisation: Organisation) -> list[Claim]:
    found = select(Claim).where(
        Claim.organisation_id == organisation.id, Claim.state == ClaimState.WAITING
    )
    return list(db.session.scalars(found.order_by(Claim.id)))
