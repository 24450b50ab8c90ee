"""Contacts that came about elsewhere: written down in ten seconds, and counted apart.

A contact belongs to a professional or to an organisation. One whom a professional met may be here
as well; then it can become an introduction, and both sides are asked like anybody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import add
from string import punctuation

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    Organisation,
    OutsideContact,
    Professional,
    Programme,
    ProgrammeStatus,
    Proposer,
    User,
)
from matchmaker.services import audit, introductions
from matchmaker.services.clock import london_date
from matchmaker.services.errors import DomainError, FieldError, StaleVersion
from matchmaker.services.policy import Actor

MET_MAX_LENGTH = 200
PURPOSE_MAX_LENGTH = introductions.PURPOSE_MAX_LENGTH
EARLIEST = date(2000, 1, 1)
PROGRAMMES_SHOWN = 5
WORDS_COMPARED = 8
# A shorter word, such as "the", is in every second name: alone it points to nobody.
LEAST_SHARED = 4


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """Who was met, when and what for."""

    met: str
    met_on: date
    purpose: str = ""


def find_contact(contact_id: int) -> OutsideContact | None:
    """One contact, or None."""
    return db.session.get(OutsideContact, contact_id)


def list_contacts(actor: Actor) -> list[OutsideContact]:
    """The contacts of the person and of their organisations, the latest first."""
    return list(
        db.session.scalars(
            select(OutsideContact)
            .where(
                or_(
                    # An organisation's contact has no professional either.
                    and_(
                        OutsideContact.professional_id.is_not(None),
                        OutsideContact.professional_id == actor.professional_id,
                    ),
                    OutsideContact.organisation_id.in_(actor.organisation_ids),
                )
            )
            .options(joinedload(OutsideContact.organisation))
            .order_by(OutsideContact.met_on.desc(), OutsideContact.id.desc())
        )
    )


def record(
    owner: Professional | Organisation, details: ContactDetails, *, actor: User, now: datetime
) -> OutsideContact:
    """Write down a contact for a professional or for an organisation.

    The same words of the same day are one contact: a button was pressed twice.

    Raises:
        FieldError: Nobody is named, a text is too long, or the day is still to come.
    """
    details = _checked(details, now)
    professional = owner if isinstance(owner, Professional) else None
    organisation = owner if isinstance(owner, Organisation) else None
    # Two who press at once take turns on the owner's row.
    db.session.refresh(owner, with_for_update=True)
    written = db.session.scalar(
        select(OutsideContact).where(
            OutsideContact.professional_id == (professional.id if professional else None),
            OutsideContact.organisation_id == (organisation.id if organisation else None),
            OutsideContact.met == details.met,
            OutsideContact.met_on == details.met_on,
            OutsideContact.purpose == details.purpose,
        )
    )
    if written is not None:
        return written
    contact = OutsideContact(
        recorded_by_user_id=actor.id,
        professional=professional,
        organisation=organisation,
        met=details.met,
        met_on=details.met_on,
        purpose=details.purpose,
        created_at=now,
    )
    db.session.add(contact)
    db.session.flush()
    audit.record("outside_contact.recorded", contact, actor=actor, now=now)
    return contact


def change(
    contact: OutsideContact, details: ContactDetails, *, version: int, actor: User, now: datetime
) -> OutsideContact:
    """Correct a contact.

    Raises:
        FieldError: Nobody is named, a text is too long, or the day is still to come.
        StaleVersion: Somebody else corrected it in the meantime.
    """
    details = _checked(details, now)
    contact = _lock(contact)
    if contact.version != version:
        raise StaleVersion(
            _("Somebody changed this while you were writing. Check it, then save again.")
        )
    contact.met, contact.met_on, contact.purpose = details.met, details.met_on, details.purpose
    contact.version += 1
    audit.record("outside_contact.changed", contact, actor=actor, now=now)
    db.session.flush()
    return contact


def delete(contact: OutsideContact, *, actor: User, now: datetime) -> None:
    """Forget a contact, and what its professional wrote about it; an introduction stays."""
    audit.record("outside_contact.deleted", contact, actor=actor, now=now)
    db.session.delete(contact)
    db.session.flush()


def programmes_like(contact: OutsideContact) -> list[Programme]:
    """Open programmes that may be whom a professional met: those whose names share most with it.

    Professionals are not looked for by name: who they are is nobody's to find out here.
    """
    words = {each.strip(punctuation) for each in contact.met.split()}
    longest = sorted(filter(None, words), key=lambda word: (-len(word), word))[:WORDS_COMPARED]
    if contact.professional_id is None or contact.introduction_id is not None or not longest:
        return []
    shared = _letters_shared(longest)
    found = db.session.execute(
        select(Programme, shared)
        .join(Programme.organisation)
        .where(
            Programme.published_at.is_not(None),
            Programme.status == ProgrammeStatus.OPEN,
            shared >= LEAST_SHARED,
        )
        .options(joinedload(Programme.organisation))
        .order_by(shared.desc(), Programme.name, Programme.id)
        .limit(PROGRAMMES_SHOWN)
    ).all()
    return [programme for programme, letters in found if letters == found[0][1]]


def introduce(
    contact: OutsideContact, programme: Programme, *, purpose: str, actor: User, now: datetime
) -> Introduction:
    """Ask for an introduction to whom a professional met, as for any other.

    Raises:
        DomainError: It is an organisation's contact, or was made an introduction before.
        FieldError: The purpose is empty or too long.
        AlreadyIntroduced: The two have an open introduction.
    """
    if contact.professional is None:
        raise DomainError(_("Only a professional can ask to be introduced to a programme."))
    introduction = introductions.propose(
        contact.professional,
        programme,
        proposed_by=Proposer.PROFESSIONAL,
        purpose=purpose,
        actor=actor,
        now=now,
    )
    contact = _lock(contact)
    if contact.introduction_id is not None:
        raise DomainError(_("You have already asked for an introduction after this contact."))
    contact.programme = programme
    contact.introduction = introduction
    contact.version += 1
    audit.record("outside_contact.introduced", contact, actor=actor, now=now)
    db.session.flush()
    return introduction


def _letters_shared(words: Sequence[str]) -> ColumnElement[int]:
    """How long the words are, together, that a programme's or its organisation's name holds."""
    lengths = [
        case(
            (
                Programme.name.icontains(word, autoescape=True)
                | Organisation.name.icontains(word, autoescape=True),
                len(word),
            ),
            else_=0,
        )
        for word in words
    ]
    return reduce(add, lengths)


def _checked(details: ContactDetails, now: datetime) -> ContactDetails:
    met, purpose = details.met.strip(), details.purpose.strip()
    if not met:
        raise FieldError("met", _("Say who you met"))
    for field, text, longest in (
        ("met", met, MET_MAX_LENGTH),
        ("purpose", purpose, PURPOSE_MAX_LENGTH),
    ):
        if len(text) > longest:
            raise FieldError(field, _("Use %(longest)s characters or fewer", longest=longest))
    if details.met_on > london_date(now):
        raise FieldError("met_on", _("The day must be today or in the past"))
    if details.met_on < EARLIEST:
        raise FieldError("met_on", _("Enter a year from %(year)s on", year=EARLIEST.year))
    return ContactDetails(met, details.met_on, purpose)


def _lock(contact: OutsideContact) -> OutsideContact:
    return db.session.scalars(
        select(OutsideContact)
        .where(OutsideContact.id == contact.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
