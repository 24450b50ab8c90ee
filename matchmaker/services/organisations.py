"""Organisations: registering one, keeping its record right, and who looks after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import (
    Membership,
    MembershipRole,
    Organisation,
    OrganisationKind,
    Programme,
    User,
)
from matchmaker.services import audit, mail, withheld_mail
from matchmaker.services.errors import DomainError, FieldError, StaleVersion
from matchmaker.services.places import find_place
from matchmaker.services.postcodes import normalise_postcode
from matchmaker.services.registrations import Register, normalise_registration

NAME_MAX_LENGTH = 200
DESCRIPTION_MAX_LENGTH = 5000


@dataclass(frozen=True, kw_only=True)
class OrganisationDetails:
    """What people write about their organisation, as typed.

    `register` says where `registration` is from and may be None when the number says so itself.
    """

    name: str
    kind: OrganisationKind = OrganisationKind.CHARITY
    register: Register | None = None
    registration: str = ""
    description: str = ""
    website: str = ""
    email: str = ""
    phone: str = ""
    postcode: str = ""


class AlreadyRegistered(FieldError):
    """An organisation with this registration number is here already: `organisation`."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__("registration", _advice_for(organisation))
        self.organisation = organisation


def find_organisation(organisation_id: int) -> Organisation | None:
    """One organisation with its programmes, or None."""
    return db.session.scalar(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .options(selectinload(Organisation.programmes).selectinload(Programme.areas))
    )


def find_by_registration(registration: str) -> Organisation | None:
    """The organisation with this number, written in full, or None."""
    return db.session.scalar(select(Organisation).where(Organisation.registration == registration))


def list_members(organisation: Organisation) -> list[Membership]:
    """The people who look after an organisation, in the order in which they joined."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.organisation_id == organisation.id)
            .options(joinedload(Membership.user))
            .order_by(Membership.id)
        )
    )


def list_owners(organisation: Organisation) -> list[User]:
    """Who decides about an organisation, in order of joining."""
    return list(
        db.session.scalars(
            select(User)
            .join(Membership)
            .where(
                Membership.organisation_id == organisation.id,
                Membership.role == MembershipRole.OWNER,
            )
            .order_by(Membership.id)
        )
    )


def is_only_owner(membership: Membership) -> bool:
    """Whether nobody else decides about the organisation."""
    others = select(Membership.id).where(
        Membership.organisation_id == membership.organisation_id,
        Membership.role == MembershipRole.OWNER,
        Membership.id != membership.id,
    )
    return membership.role is MembershipRole.OWNER and db.session.scalar(others.limit(1)) is None


def lock_organisation(organisation: Organisation) -> Organisation:
    """Take the organisation's row and read it afresh, so that two who act at once take turns."""
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.id == organisation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def register_organisation(
    details: OrganisationDetails, *, actor: User, now: datetime
) -> Organisation:
    """Add an organisation; whoever adds it becomes its owner.

    Raises:
        AlreadyRegistered: Its registration number is here already.
        FieldError: An answer cannot be taken.
    """
    registration = _registration(details)
    organisation = Organisation(
        registration=registration,
        claimed_at=now,
        last_checked_at=now,
        created_at=now,
        updated_at=now,
    )
    _apply(organisation, details)
    with _only_once(registration, organisation):
        organisation.memberships.append(
            Membership(user=actor, role=MembershipRole.OWNER, created_at=now)
        )
        db.session.add(organisation)
    audit.record("organisation.registered", organisation, actor=actor, now=now)
    db.session.flush()
    return organisation


def edit_organisation(
    organisation: Organisation,
    details: OrganisationDetails,
    *,
    version: int,
    actor: User,
    now: datetime,
) -> Organisation:
    """Change an organisation's record, which also counts as having checked it.

    Raises:
        StaleVersion: Somebody saved it since `version` was shown.
        AlreadyRegistered: The registration number belongs to another organisation here.
        FieldError: An answer cannot be taken.
    """
    organisation = lock_organisation(organisation)
    if organisation.version != version:
        raise StaleVersion(
            _(
                "Somebody else changed this record while you were writing, so nothing was saved."
                " Your answers are still here. Look at the record as it is now, then save again."
            )
        )
    registration = _registration(details)
    with _only_once(registration, organisation), db.session.no_autoflush:
        _apply(organisation, details)
        organisation.registration = registration
        organisation.version += 1
        organisation.updated_at = now
        organisation.last_checked_at = now
    audit.record("organisation.edited", organisation, actor=actor, now=now)
    db.session.flush()
    return organisation


def confirm_still_right(organisation: Organisation, *, actor: User, now: datetime) -> Organisation:
    """Write down that somebody has read the record and everything in it is still true."""
    organisation = lock_organisation(organisation)
    organisation.last_checked_at = now
    audit.record("organisation.checked", organisation, actor=actor, now=now)
    db.session.flush()
    return organisation


def change_role(
    membership: Membership, role: MembershipRole, *, actor: User, now: datetime
) -> Membership:
    """Make a member an owner or an editor.

    Raises:
        DomainError: The organisation would be left without an owner.
    """
    lock_organisation(membership.organisation)
    if role is not MembershipRole.OWNER:
        _check_another_owner(membership)
    membership.role = role
    audit.record(
        "organisation.member_role_changed",
        membership.organisation,
        actor=actor,
        now=now,
        user_id=membership.user_id,
        role=str(role),
    )
    db.session.flush()
    return membership


def remove_member(membership: Membership, *, actor: User, now: datetime) -> None:
    """Take somebody off an organisation; they can no longer change its pages.

    Raises:
        DomainError: The organisation would be left without an owner.
    """
    organisation = lock_organisation(membership.organisation)
    _check_another_owner(membership)
    audit.record(
        "organisation.member_removed",
        organisation,
        actor=actor,
        now=now,
        user_id=membership.user_id,
    )
    user = membership.user
    organisation.memberships.remove(membership)
    db.session.flush()
    withheld_mail.withhold_from_former_member(user, organisation, now=now)


def leave(membership: Membership, *, successor: Membership | None, now: datetime) -> None:
    """Leave an organisation oneself; its only owner names who owns it from then on, who is told.

    Raises:
        DomainError: The only owner is the only member, and has nobody to name.
        FieldError: The only owner has not named a colleague who belongs to the organisation.
    """
    user = membership.user
    organisation = lock_organisation(membership.organisation)
    if is_only_owner(membership):
        colleagues = [each for each in list_members(organisation) if each.user_id != user.id]
        if not colleagues:
            raise DomainError(_("You are the only one here. Invite a colleague first."))
        if successor not in colleagues:
            raise FieldError("successor", _("Choose who is its owner after you"))
        change_role(successor, MembershipRole.OWNER, actor=user, now=now)
        key = f"named-owner:{organisation.id}:{successor.user_id}:{now:%Y-%m-%dT%H:%M}"
        mail.send(
            "named_owner", key, to=successor.user, now=now, organisation=organisation, actor=user
        )
    remove_member(membership, actor=user, now=now)


def _apply(organisation: Organisation, details: OrganisationDetails) -> None:
    name = " ".join(details.name.split())
    if not name:
        raise FieldError("name", _("Enter the name of the organisation"))
    if len(name) > NAME_MAX_LENGTH:
        raise FieldError(
            "name", _("The name must be %(most)s characters or fewer", most=NAME_MAX_LENGTH)
        )
    description = details.description.strip()
    if len(description) > DESCRIPTION_MAX_LENGTH:
        raise FieldError(
            "description",
            _("The description must be %(most)s characters or fewer", most=DESCRIPTION_MAX_LENGTH),
        )
    website = normalise_website(details.website)
    _place(organisation, details.postcode)
    organisation.name = name
    organisation.kind = details.kind
    organisation.description = description
    organisation.website = website
    organisation.email = details.email.strip()
    organisation.phone = details.phone.strip()


def _registration(details: OrganisationDetails) -> str | None:
    if not details.registration.strip():
        if details.register is not None:
            raise FieldError("registration", _("Enter the registration number"))
        return None
    return normalise_registration(details.registration, details.register)


def normalise_website(wording: str) -> str:
    """An address a browser can open, or the empty string for none.

    Raises:
        FieldError: It is not the address of a website.
    """
    address = wording.strip()
    if not address:
        return ""
    if not re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host = ""
        parts = urlsplit("")
    is_host = re.fullmatch(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]+", host, re.IGNORECASE) is not None
    has_space = re.search(r"\s", address) is not None
    if parts.scheme.lower() not in {"http", "https"} or not is_host or has_space:
        raise FieldError("website", _("Enter a website address, like https://www.example.org.uk"))
    return address


def _place(organisation: Organisation, wording: str) -> None:
    """Keep the postcode, and the council area that its first half lies in."""
    if not wording.strip():
        organisation.postcode = ""
        organisation.area_code = None
        return
    postcode = normalise_postcode(wording)
    if postcode is None:
        raise FieldError("postcode", _("Enter a full postcode, like KY12 7JA"))
    place = find_place(postcode)
    organisation.postcode = postcode
    organisation.area_code = None if place is None else place.area_codes[0]


@contextmanager
def _only_once(registration: str | None, organisation: Organisation) -> Iterator[None]:
    """Save what happens inside, unless another organisation has the same registration number.

    Of two people who register it at the same moment, the database refuses the second.
    """
    if registration is not None:
        other = find_by_registration(registration)
        if other is not None and other is not organisation:
            raise AlreadyRegistered(other)
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        other = None if registration is None else find_by_registration(registration)
        if other is None:
            raise
        raise AlreadyRegistered(other) from error


def _advice_for(organisation: Organisation) -> str:
    if organisation.is_claimed:
        return _(
            "%(name)s is here already, with this number. Ask a colleague who looks after its pages"
            " to make you a member.",
            name=organisation.name,
        )
    return _(
        "%(name)s is here already, with this number, from a public register. Nobody looks after"
        " its pages yet. Look at its page, and ask to look after it.",
        name=organisation.name,
    )


def _check_another_owner(membership: Membership) -> None:
    if is_only_owner(membership):
        raise DomainError(
            _("An organisation needs at least one owner. Make somebody else an owner first.")
        )
