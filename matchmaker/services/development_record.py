"""A professional's development record: whom they worked with, what for, and what they took from it.

The reflections are the author's own; nobody else reads them here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    Introduction,
    OutsideContact,
    Professional,
    Programme,
    Reflection,
)
from matchmaker.services.clock import london_date
from matchmaker.services.csv_export import as_csv
from matchmaker.services.errors import FieldError, StaleVersion

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement

REFLECTION_MAX_LENGTH = 4000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record, about an introduction or about a contact made elsewhere."""

    about: Introduction | OutsideContact
    day: date
    met: str
    organisation: str
    purpose: str
    reflection: str

    @property
    def is_introduction(self) -> bool:
        """Whether the two were introduced here."""
        return isinstance(self.about, Introduction)


def list_entries(professional: Professional) -> list[Entry]:
    """Everything both sides once said yes to, and every contact, the latest first.

    An introduction that was withdrawn afterwards stays: that the two worked together is true.
    """
    reflections = list(
        db.session.scalars(select(Reflection).where(Reflection.professional_id == professional.id))
    )
    about_introductions = {each.introduction_id: each.body for each in reflections}
    about_contacts = {each.outside_contact_id: each.body for each in reflections}
    entries = [
        _entry(each, about_introductions.get(each.id, "")) for each in _introductions(professional)
    ]
    entries += [
        Entry(each, each.met_on, each.met, "", each.purpose, about_contacts.get(each.id, ""))
        for each in _contacts(professional)
    ]
    return sorted(
        entries, key=lambda each: (each.day, each.is_introduction, each.about.id), reverse=True
    )


def find_reflection(
    professional: Professional, about: Introduction | OutsideContact
) -> Reflection | None:
    """What the professional wrote about one of the two, or None."""
    return db.session.scalar(
        select(Reflection).where(Reflection.professional_id == professional.id, _is_about(about))
    )


def save_reflection(
    professional: Professional,
    about: Introduction | OutsideContact,
    body: str,
    *,
    version: int,
    now: datetime,
) -> None:
    """Keep what the professional took from it; nothing is kept when the text is empty.

    It is in no audit trail either: it is nobody else's.

    Args:
        professional: The author.
        about: Their introduction or contact.
        body: The words.
        version: The version of the reflection that the form was filled in from, 0 for none.
        now: The moment, in UTC.

    Raises:
        FieldError: The text is too long.
        StaleVersion: It was saved in another window in the meantime.
    """
    body = body.strip()
    if len(body) > REFLECTION_MAX_LENGTH:
        raise FieldError(
            "body", _("Use %(longest)s characters or fewer", longest=REFLECTION_MAX_LENGTH)
        )
    # Two windows that save at once take turns on the author's row.
    db.session.refresh(professional, with_for_update=True)
    reflection = find_reflection(professional, about)
    if body == ("" if reflection is None else reflection.body):
        return
    if version != (0 if reflection is None else reflection.version):
        raise StaleVersion(_("You saved this in another window. Check it, then save again."))
    if reflection is None:
        reflection = Reflection(professional_id=professional.id, version=0, body="")
        if isinstance(about, Introduction):
            reflection.introduction_id = about.id
        else:
            reflection.outside_contact_id = about.id
        db.session.add(reflection)
    reflection.body = body
    reflection.updated_at = now
    reflection.version += 1
    if not body:
        db.session.delete(reflection)
    db.session.flush()


def entries_as_csv(entries: list[Entry]) -> str:
    """The record as a CSV file."""
    headings = (
        _("Date"),
        _("Kind"),
        _("With"),
        _("Organisation"),
        _("Purpose"),
        _("Reflection"),
    )
    return as_csv(
        headings,
        (
            (
                each.day.isoformat(),
                _("Introduction") if each.is_introduction else _("Contact made elsewhere"),
                each.met,
                each.organisation,
                each.purpose,
                each.reflection,
            )
            for each in entries
        ),
    )


def _entry(introduction: Introduction, reflection: str) -> Entry:
    programme = introduction.programme
    return Entry(
        about=introduction,
        day=_day_of_acceptance(introduction),
        met=programme.name,
        organisation=programme.organisation.name,
        purpose=introduction.shared_purpose or introduction.purpose,
        reflection=reflection,
    )


def _day_of_acceptance(introduction: Introduction) -> date:
    """The day of the second yes, which withdrawing does not wipe out."""
    answers = (introduction.professional_answered_at, introduction.programme_answered_at)
    return london_date(max(each for each in answers if each is not None))


def _introductions(professional: Professional) -> list[Introduction]:
    return list(
        db.session.scalars(
            select(Introduction)
            .where(
                Introduction.professional_id == professional.id,
                Introduction.professional_answer == Answer.YES,
                Introduction.programme_answer == Answer.YES,
            )
            .options(joinedload(Introduction.programme).joinedload(Programme.organisation))
        )
    )


def _contacts(professional: Professional) -> list[OutsideContact]:
    return list(
        db.session.scalars(
            select(OutsideContact).where(OutsideContact.professional_id == professional.id)
        )
    )


def _is_about(about: Introduction | OutsideContact) -> ColumnElement[bool]:
    if isinstance(about, Introduction):
        return Reflection.introduction_id == about.id
    return Reflection.outside_contact_id == about.id
