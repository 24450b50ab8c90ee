"""Inviting people to look after an organisation's pages, and joining by such an invitation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    LinkPurpose,
    LinkToken,
    Membership,
    MembershipRole,
    Organisation,
    User,
)
from matchmaker.services import accounts, audit, claim_mail, interruptions, links, mail, throttle
from matchmaker.services.errors import FieldError, LinkUnusable
from matchmaker.services.organisations import list_owners, lock_organisation
from matchmaker.services.passwords import PasswordHash
from matchmaker.services.throttle import Key


def invite(
    organisation: Organisation, *, email: str, role: MembershipRole, actor: User, now: datetime
) -> None:
    """Mail somebody a link with which they join the organisation.

    The first person to join an unclaimed organisation becomes its owner, whatever `role` says.

    Raises:
        FieldError: It is no e-mail address, or that of a member.
        Throttled: The actor invited too many, or the address was sent too much; roll back.
    """
    email = accounts.check_email(email)
    user = accounts.find_user(email)
    if user is not None and find_membership(organisation, user) is not None:
        raise FieldError("email", _("This person belongs to the organisation already"))
    throttle.take(
        [Key(throttle.INVITER, str(actor.id)), Key(throttle.MAIL_RECIPIENT, email)], now=now
    )
    token = links.create_link(
        LinkPurpose.JOIN_ORGANISATION,
        email=email,
        organisation=organisation,
        details={"role": role.value, "invited_by": actor.id},
        now=now,
    )
    audit.record("organisation.member_invited", organisation, actor=actor, now=now, role=role.value)
    mail.send(
        "join_organisation" if organisation.is_claimed else "claim_organisation",
        f"join-organisation:{organisation.id}:{email}:{now:%Y-%m-%dT%H:%M}",
        to=email if user is None else user,
        now=now,
        token=token,
        organisation=organisation,
        actor=actor,
    )


def get_invited_organisation(link: LinkToken) -> Organisation:
    """The organisation a link invites to.

    Raises:
        LinkUnusable: The organisation is gone, or its owner who sent the link is one no more.
    """
    organisation = (
        None if link.organisation_id is None else db.session.get(Organisation, link.organisation_id)
    )
    if organisation is None or not _may_still_invite(link, organisation):
        raise links.unknown_link()
    return organisation


def _may_still_invite(link: LinkToken, organisation: Organisation) -> bool:
    """Whether a link is backed by an owner or administrator of today, or sought the first owner."""
    if organisation.claimed_at is None or link.created_at <= organisation.claimed_at:
        return True
    inviter = db.session.get(User, link.details["invited_by"])
    if inviter is None:
        return False
    membership = find_membership(organisation, inviter)
    return inviter.is_administrator or (
        membership is not None and membership.role is MembershipRole.OWNER
    )


def join(link: LinkToken, user: User, *, now: datetime) -> Membership:
    """Make `user`, whom the link was sent to, a member; the first one claims the organisation.

    Raises:
        LinkUnusable: The link was sent to somebody else, or used in the meantime.
    """
    if link.email != user.email:
        raise LinkUnusable(_("This invitation was sent to another e-mail address."))
    links.use_link(link, now=now)
    organisation = lock_organisation(get_invited_organisation(link))
    was_claimed, owners = organisation.is_claimed, list_owners(organisation)
    membership = add_member(organisation, user, MembershipRole(link.details["role"]), now=now)
    if was_claimed and link.details["invited_by"] not in {owner.id for owner in owners}:
        _tell_owners(owners, link, organisation, user, now=now)
    return membership


def add_member(
    organisation: Organisation, user: User, role: MembershipRole, *, now: datetime
) -> Membership:
    """Make somebody a member of a locked organisation.

    The first one owns it, whatever `role` says, and the requests that wait for somebody there
    reach them.
    """
    role = role if organisation.is_claimed else MembershipRole.OWNER
    membership = find_membership(organisation, user)
    if membership is None:
        membership = Membership(user=user, organisation=organisation, role=role, created_at=now)
        db.session.add(membership)
    elif role is MembershipRole.OWNER:
        membership.role = role
    db.session.flush()
    audit.record(
        "organisation.member_joined", organisation, actor=user, now=now, role=membership.role.value
    )
    if not organisation.is_claimed:
        _claim(organisation, user, now=now)
    return membership


def register_and_join(
    link: LinkToken, *, name: str, password_hash: PasswordHash, now: datetime
) -> User:
    """Create the account of an invited person and make them a member.

    Raises:
        FieldError: There is no name.
        LinkUnusable: The link was used, or the address got an account, in the meantime.
    """
    user = accounts.create_user(link.email, name=name, password_hash=password_hash, now=now)
    join(link, user, now=now)
    return user


def find_membership(organisation: Organisation, user: User) -> Membership | None:
    """The membership of `user` in `organisation`, or None."""
    return db.session.scalar(
        select(Membership).where(
            Membership.organisation_id == organisation.id, Membership.user_id == user.id
        )
    )


def _tell_owners(
    owners: Iterable[User],
    link: LinkToken,
    organisation: Organisation,
    joined: User,
    *,
    now: datetime,
) -> None:
    """Somebody joined whom no owner of today invited, and reads what they read: they are told.

    An administrator may invite for an organisation whose owner has gone, but must not read its
    messages behind its back.
    """
    for owner in owners:
        if owner.id != joined.id:
            key = f"owner-joined:{organisation.id}:{link.created_at.isoformat()}:user:{owner.id}"
            mail.send(
                "owner_joined", key, to=owner, now=now, organisation=organisation, joined=joined
            )


def _claim(organisation: Organisation, user: User, *, now: datetime) -> None:
    """Somebody who works there looks after it from now on; requests that waited reach them."""
    organisation.claimed_at = now
    db.session.flush()
    audit.record("organisation.claimed", organisation, actor=user, now=now)
    interruptions.resume_after_claim(organisation, now=now)
    claim_mail.pass_on_waiting(organisation, now=now)
