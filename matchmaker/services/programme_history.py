"""The changes of a programme: each published one leaves a row, and what it said before and after.

The history keeps no contact person: who it was once is nobody's business later, only that it
changed. A change that is still to be decided holds everything, so that it can be published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from matchmaker.extensions import db
from matchmaker.models import EditState, Organisation, Programme, ProgrammeEdit, User
from matchmaker.services.programme_details import ProgrammeDetails, apply, details_of
from matchmaker.services.programme_json import from_json, to_json

FIELDS = tuple(field.name for field in fields(ProgrammeDetails))
CONTACT = ("contact_name", "contact_email", "contact_phone")
BEFORE, AFTER, CONTACT_CHANGED = "before", "after", "contact_changed"


@dataclass(frozen=True, slots=True)
class Merged:
    """A change put on top of what was published since it was begun.

    `meanwhile` are the answers that others changed, `conflicts` those among them that the change
    gives another answer to; there, `details` has the answer of the change.
    """

    details: ProgrammeDetails
    meanwhile: tuple[str, ...]
    conflicts: tuple[str, ...]


def details_before(edit: ProgrammeEdit) -> ProgrammeDetails | None:
    """What the programme said before a change; None where the change made it public."""
    said = edit.details[BEFORE]
    return None if said is None else from_json(said)


def details_after(edit: ProgrammeEdit) -> ProgrammeDetails:
    """What the programme says after a change."""
    return from_json(edit.details[AFTER])


def has_new_contact(edit: ProgrammeEdit) -> bool:
    """Whether a published change named another contact person."""
    return bool(edit.details.get(CONTACT_CHANGED, False))


def changed_fields(before: ProgrammeDetails, after: ProgrammeDetails) -> tuple[str, ...]:
    """The names of the answers that are different, in the order of the form."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))


def merge(base: ProgrammeDetails, change: ProgrammeDetails, now: ProgrammeDetails) -> Merged:
    """Put `change`, which was begun on `base`, on top of what the programme says `now`."""
    meanwhile = changed_fields(base, now)
    changed = changed_fields(base, change)
    wanted = {name: getattr(change, name) for name in changed}
    return Merged(
        details=replace(now, **wanted),
        meanwhile=meanwhile,
        conflicts=tuple(
            name for name in changed if name in meanwhile and wanted[name] != getattr(now, name)
        ),
    )


def scratch_of(details: ProgrammeDetails) -> Programme:
    """A programme that says this and is in no database, to check it or to show it.

    Raises:
        FieldError: An answer cannot be taken.
    """
    scratch = Programme()
    with db.session.no_autoflush:
        apply(scratch, details)
    scratch.places_per_month = details.places_per_month
    for place in scratch.locations:
        # Where it lies is found out when it is published, and kept where it is known better.
        place.latitude = place.longitude = None
    return scratch


def record_published(
    programme: Programme, before: ProgrammeDetails | None, *, actor: User | None, now: datetime
) -> ProgrammeEdit | None:
    """Write down a change that was made at once; None where nothing is different.

    `before` is None for what was published for the first time.
    """
    after = details_of(programme)
    if before == after:
        return None
    actor_id = None if actor is None else actor.id
    edit = ProgrammeEdit(
        programme_id=programme.id,
        state=EditState.PUBLISHED,
        details=published_details(before, after),
        based_on_version=programme.version,
        author_user_id=actor_id,
        decided_by_user_id=actor_id,
        created_at=now,
        updated_at=now,
        decided_at=now,
    )
    db.session.add(edit)
    return edit


@contextmanager
def keeping_history(
    row: Organisation | Programme, *, actor: User | None, now: datetime
) -> Iterator[None]:
    """Write down what is changed of a published programme inside, for whoever looks after it.

    An organisation has no such history, and nobody reads that of an unclaimed one's programmes.
    """
    if not isinstance(row, Programme) or not row.is_published or not row.organisation.is_claimed:
        yield
        return
    before = details_of(row)
    yield
    record_published(row, before, actor=actor, now=now)


def published_details(before: ProgrammeDetails | None, after: ProgrammeDetails) -> dict[str, Any]:
    """What the history keeps of a published change."""
    is_other_person = before is not None and any(
        getattr(before, name) != getattr(after, name) for name in CONTACT
    )
    return {
        BEFORE: None if before is None else _without_contact(to_json(before)),
        AFTER: _without_contact(to_json(after)),
        CONTACT_CHANGED: is_other_person,
    }


def list_history(programme: Programme) -> list[ProgrammeEdit]:
    """The decided changes of a programme, the latest first."""
    return list(
        db.session.scalars(
            select(ProgrammeEdit)
            .where(
                ProgrammeEdit.programme_id == programme.id, ProgrammeEdit.decided_at.is_not(None)
            )
            .options(joinedload(ProgrammeEdit.author), joinedload(ProgrammeEdit.decided_by))
            .order_by(ProgrammeEdit.decided_at.desc(), ProgrammeEdit.id.desc())
        )
    )


def find_edit(edit_id: int) -> ProgrammeEdit | None:
    """One change with its programme and its people, or None."""
    return db.session.scalar(
        select(ProgrammeEdit)
        .where(ProgrammeEdit.id == edit_id)
        .options(
            joinedload(ProgrammeEdit.programme).joinedload(Programme.organisation),
            joinedload(ProgrammeEdit.author),
            joinedload(ProgrammeEdit.decided_by),
        )
    )


def find_undecided(programme: Programme) -> ProgrammeEdit | None:
    """The change of a programme that is still to be decided; there is one at most."""
    return db.session.scalar(
        select(ProgrammeEdit)
        .where(ProgrammeEdit.programme_id == programme.id, ProgrammeEdit.decided_at.is_(None))
        .options(joinedload(ProgrammeEdit.author))
    )


def list_undecided(organisation: Organisation) -> list[ProgrammeEdit]:
    """The changes of an organisation's programmes that are to be decided."""
    return list(
        db.session.scalars(
            select(ProgrammeEdit)
            .join(ProgrammeEdit.programme)
            .where(Programme.organisation_id == organisation.id, ProgrammeEdit.decided_at.is_(None))
            .options(joinedload(ProgrammeEdit.author), contains_eager(ProgrammeEdit.programme))
            .order_by(ProgrammeEdit.programme_id)
        )
    )


def is_naming(email: str) -> ColumnElement[bool]:
    """Whether a change names the owner of this address as the contact person."""
    return or_(
        *(
            ProgrammeEdit.details[(side, "contact_email")].as_string() == email
            for side in (BEFORE, AFTER)
        )
    )


def list_naming(email: str) -> list[ProgrammeEdit]:
    """The changes that name the owner of this address as the contact person."""
    named = select(ProgrammeEdit).where(is_naming(email)).order_by(ProgrammeEdit.id)
    return list(db.session.scalars(named))


def without_contact(details: Mapping[str, Any]) -> dict[str, Any]:
    """What a change holds, without a contact person on either side."""
    sides = {side: details[side] for side in (BEFORE, AFTER) if details[side] is not None}
    return {**details, **{side: _without_contact(said) for side, said in sides.items()}}


def _without_contact(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in CONTACT}
