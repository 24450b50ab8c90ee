"""Erasing oneself: counts survive, and nothing in them says who it was.

The person's row stays as a number without a name, so that the record of important steps keeps its
sense. What they had together with others ends as if they had withdrawn, and their words go.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    Membership,
    MembershipRole,
    Organisation,
    Professional,
    Programme,
    Side,
    User,
)
from matchmaker.models.introduction import OPEN_STATES
from matchmaker.services import audit, blocking, erased_traces, example_withdrawals, mail
from matchmaker.services.introduction_locks import list_open_proposals
from matchmaker.services.organisations import is_only_owner, lock_organisation
from matchmaker.services.waiting import reconsider

# No mailbox can have an address below "invalid" (RFC 2606).
NO_ADDRESS = "erased-{user_id}@erased.invalid"
NO_PASSWORD = "erased"  # noqa: S105 - no hash: no password ever matches it


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """An organisation whose only owner goes; `heir` becomes its owner, if there is anybody."""

    organisation: Organisation
    heir: User | None


def list_left_behind(user: User) -> list[LeftBehind]:
    """What somebody should know before they erase themselves: whose only owner they are."""
    return [
        LeftBehind(each.organisation, _heir_of(each))
        for each in _memberships_of(user)
        if is_only_owner(each)
    ]


def is_only_administrator(user: User) -> bool:
    """Whether nobody would be left who looks after reports and the like."""
    administrators = db.session.scalar(
        select(func.count()).select_from(User).where(User.is_administrator)
    )
    return user.is_administrator and administrators == 1


def erase(user: User, *, now: datetime, was_unused: bool = False) -> None:
    """Erase a person; doing it twice changes nothing more.

    `was_unused` says in the last mail to them why: they did not ask for it, see `dormancy`.
    Organisations, then the profile, then programmes, then introductions are locked, each in the
    order of their numbers, as everywhere else.
    """
    db.session.refresh(user, with_for_update={"of": User})
    if user.erased_at is not None:
        return
    address = user.email
    memberships = _memberships_of(user)
    for membership in memberships:
        lock_organisation(membership.organisation)
    if user.professional is not None:
        lock = {"key_share": True, "of": Professional}
        db.session.refresh(user.professional, with_for_update=lock)
    _lock_programmes(user, memberships)
    for membership in memberships:
        _leave_organisation(membership, now=now)
    for introduction in _open_introductions_of(user):
        blocking.leave(introduction, Side.PROFESSIONAL, actor=user, now=now)
    if user.professional is not None:
        example_withdrawals.forget_professional(user.professional, now=now)
    db.session.flush()
    erased_traces.erase_traces_of(user, now=now)
    _erase_account(user, now=now)
    audit.record("user.erased", user, actor=None if was_unused else user, now=now)
    db.session.flush()
    mail.send(
        "account_erased", f"account-erased:{user.id}", to=address, now=now, was_unused=was_unused
    )


def _memberships_of(user: User) -> list[Membership]:
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.user_id == user.id)
            .order_by(Membership.organisation_id)
        )
    )


def _others_in(membership: Membership) -> list[Membership]:
    """The other members, those who have been there longest first."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(
                Membership.organisation_id == membership.organisation_id,
                Membership.id != membership.id,
            )
            .order_by(Membership.created_at, Membership.id)
            .execution_options(populate_existing=True)
        )
    )


def _heir_of(membership: Membership) -> User | None:
    return next((each.user for each in _others_in(membership)), None)


def _lock_programmes(user: User, memberships: list[Membership]) -> None:
    """Lock every programme whose introductions will change."""
    own = {each.organisation_id for each in memberships}
    met = [each.programme_id for each in _open_introductions_of(user)]
    db.session.execute(
        select(Programme.id)
        .where(Programme.organisation_id.in_(own) | Programme.id.in_(met))
        .order_by(Programme.id)
        .with_for_update()
    )


def _open_introductions_of(user: User) -> list[Introduction]:
    if user.professional is None:
        return []
    return list(
        db.session.scalars(
            select(Introduction)
            .where(
                Introduction.professional_id == user.professional.id,
                Introduction.state.in_(OPEN_STATES),
            )
            .order_by(Introduction.programme_id, Introduction.id)
        )
    )


def _leave_organisation(membership: Membership, *, now: datetime) -> None:
    """Leave; if nobody else owns it, a colleague does from now on, or it waits to be claimed."""
    organisation, user = membership.organisation, membership.user
    if is_only_owner(membership):
        others = _others_in(membership)
        if others:
            _make_owner(others[0], user, now=now)
        else:
            _wait_to_be_claimed(organisation, user, now=now)
    audit.record("organisation.member_removed", organisation, actor=user, now=now, user_id=user.id)
    organisation.memberships.remove(membership)
    db.session.flush()


def _make_owner(heir: Membership, actor: User, *, now: datetime) -> None:
    heir.role = MembershipRole.OWNER
    event = audit.record(
        "organisation.member_role_changed",
        heir.organisation,
        actor=actor,
        now=now,
        user_id=heir.user_id,
        role=heir.role.value,
    )
    db.session.flush()
    key = f"made-owner:{event.id}"
    mail.send("made_owner", key, to=heir.user, now=now, organisation=heir.organisation)


def _wait_to_be_claimed(organisation: Organisation, actor: User, *, now: datetime) -> None:
    """Nobody looks after it any more: what is open waits until somebody does."""
    organisation.claimed_at = None
    audit.record("organisation.left_behind", organisation, actor=actor, now=now)
    db.session.flush()
    for programme in sorted(organisation.programmes, key=lambda each: each.id):
        for introduction in list_open_proposals(programme):
            reconsider(introduction, now=now)


def _erase_account(user: User, *, now: datetime) -> None:
    user.email = NO_ADDRESS.format(user_id=user.id)
    user.name = ""
    user.phone = None
    user.password_hash = NO_PASSWORD
    user.is_administrator = False
    user.last_active_on = None
    user.bounced_at = None
    user.digest_sent_at = None
    user.erased_at = now
