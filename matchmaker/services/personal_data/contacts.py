"""Contacts made elsewhere, and what a professional thinks of whom they met."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_

from matchmaker.models import OutsideContact, Reflection
from matchmaker.services.personal_data.part import INTRODUCTION, PROGRAMME, WHEN, WRITTEN, Part

CONTACTS: tuple[Part, ...] = (
    Part(
        "contacts_elsewhere",
        _l("Contacts made elsewhere"),
        OutsideContact,
        lambda person: or_(
            OutsideContact.recorded_by_user_id == person.user_id,
            OutsideContact.professional_id == person.professional_id,
        ),
        {
            "id": _l("Number of the contact"),
            "organisation_id": _l("Written down for"),
            "met": _l("Whom"),
            "met_on": WHEN,
            "purpose": _l("What for"),
            "programme_id": PROGRAMME,
            "introduction_id": INTRODUCTION,
            "created_at": WRITTEN,
        },
    ),
    Part(
        "reflections",
        _l("Your reflections"),
        Reflection,
        lambda person: Reflection.professional_id == person.professional_id,
        {
            "introduction_id": INTRODUCTION,
            "outside_contact_id": _l("Number of the contact"),
            "body": _l("Text"),
            "updated_at": WRITTEN,
        },
    ),
)
