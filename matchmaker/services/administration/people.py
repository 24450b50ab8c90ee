"""Accounts: finding one, ending its sessions, and giving and taking special roles."""

from __future__ import annotations

import enum
from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from matchmaker.extensions import db
from matchmaker.models import LeadScope, LinkPurpose, Membership, Professional, User
from matchmaker.services import accounts, audit, links, mail, pack_subscriptions, sessions, throttle
from matchmaker.services.administration.pages import Page, fetch_page
from matchmaker.services.errors import DomainError
from matchmaker.services.throttle import Key


class Which(enum.StrEnum):
    """A part of all people."""

    EVERYBODY = "everybody"
    ADMINISTRATORS = "administrators"
    LEADS = "leads"
    BOUNCED = "bounced"


class LastAdministrator(DomainError):
    """Without this one nobody could look after the site."""


WHO = {
    Which.EVERYBODY: (),
    Which.ADMINISTRATORS: (User.is_administrator.is_(True),),
    Which.LEADS: (User.lead_scopes.any(),),
    Which.BOUNCED: (User.bounced_at.is_not(None),),
}


def list_people(words: str, which: Which, number: int) -> Page[User]:
    """People whose name or e-mail address holds `words`, by name, with what their roles are."""
    query = select(User).where(*WHO[which]).order_by(User.name, User.id)
    words = words.strip()
    if words:
        query = query.where(
            User.name.icontains(words, autoescape=True)
            | User.email.icontains(words, autoescape=True)
        )
    return fetch_page(query.options(*_roles()), number)


def find_person(user_id: int) -> User | None:
    """One person with what their roles are, or None."""
    return db.session.scalar(
        select(User)
        .where(User.id == user_id)
        .options(*_roles(), selectinload(User.memberships).joinedload(Membership.organisation))
    )


def find_by_words(words: str) -> User | None:
    """The person with this number or this whole e-mail address, or None."""
    if words.isascii() and words.isdigit() and len(words) < 10:
        return db.session.get(User, int(words))
    return accounts.find_user(words)


def end_sessions(user: User, *, actor: User, now: datetime) -> None:
    """Sign a person out everywhere."""
    sessions.end_all_sessions(user, now=now)
    audit.record("user.sessions_ended", user, actor=actor, now=now)
    db.session.flush()


def send_reset_link(user: User, *, actor: User, now: datetime) -> None:
    """Mail a person a link for a new password; nobody else gets to see it.

    Raises:
        DomainError: The account was erased.
        Throttled: The address was sent too much lately; roll back.
    """
    _check_not_erased(user)
    throttle.take([Key(throttle.MAIL_RECIPIENT, user.email)], now=now)
    token = links.create_link(LinkPurpose.RESET_PASSWORD, email=user.email, user=user, now=now)
    event = audit.record("user.reset_link_sent", user, actor=actor, now=now)
    db.session.flush()
    mail.send("reset_password", f"reset-password:by:{event.id}", to=user, now=now, token=token)


def change_roles(
    user: User, *, is_administrator: bool, lead_areas: Collection[str], actor: User, now: datetime
) -> bool:
    """Make somebody an administrator and the lead of exactly these areas (codes), or neither.

    Every session of theirs ends when anything changes, so that none goes on with other rights than
    it began with.

    Returns:
        Whether anything changed.

    Raises:
        LastAdministrator: Nobody else is one.
        DomainError: The account was erased.
    """
    others = _lock_administrators() - {user.id}
    db.session.refresh(user, ["is_administrator", "erased_at"], with_for_update={"of": User})
    db.session.refresh(user, ["lead_scopes"])
    _check_not_erased(user)
    present = {scope.area_code for scope in user.lead_scopes}
    if is_administrator == user.is_administrator and present == set(lead_areas):
        return False
    if user.is_administrator and not is_administrator:
        if not others:
            raise LastAdministrator(
                _("Nobody else is an administrator. Make somebody else one first.")
            )
        user.is_administrator = False
        audit.record("user.unmade_administrator", user, actor=actor, now=now)
    for scope in [each for each in user.lead_scopes if each.area_code not in lead_areas]:
        _take_away(scope, user, actor=actor, now=now)
    accounts.grant_roles(
        user,
        is_administrator=is_administrator,
        lead_areas=tuple(lead_areas),
        actor=actor,
        now=now,
    )
    pack_subscriptions.end_unseen(user, actor=actor, now=now)
    sessions.end_all_sessions(user, now=now)
    return True


def _take_away(scope: LeadScope, user: User, *, actor: User, now: datetime) -> None:
    user.lead_scopes.remove(scope)
    db.session.delete(scope)
    audit.record("user.unmade_lead", user, actor=actor, now=now, area=scope.area_code)


def _lock_administrators() -> set[int]:
    """Who is an administrator. Of two who change that at once, the second sees the first's work."""
    return set(
        db.session.scalars(
            select(User.id)
            .where(User.is_administrator.is_(True), User.erased_at.is_(None))
            .order_by(User.id)
            .with_for_update()
        )
    )


def _check_not_erased(user: User) -> None:
    if user.erased_at is not None:
        raise DomainError(_("This account was erased."))


def _roles() -> tuple[ORMOption, ...]:
    """Load what says which roles somebody has, and nothing of a professional but that they are."""
    return (
        joinedload(User.professional).load_only(Professional.user_id),
        selectinload(User.memberships),
        selectinload(User.lead_scopes),
    )
