"""What somebody does for organisations, and where an organisation names them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.models import Claim, ImportDraft, Membership, Organisation, Programme, ProgrammeEdit
from matchmaker.services import programme_history
from matchmaker.services.personal_data.part import (
    KIND,
    ORGANISATION,
    PROGRAMME,
    WHEN,
    WRITTEN,
    Part,
)

ORGANISATIONS: tuple[Part, ...] = (
    Part(
        "memberships",
        _l("Organisations you belong to"),
        Membership,
        lambda person: Membership.user_id == person.user_id,
        {
            "organisation_id": ORGANISATION,
            "role": _l("What you may do"),
            "created_at": _l("Since"),
        },
    ),
    Part(
        "claims",
        _l("Organisations you asked to look after"),
        Claim,
        lambda person: Claim.user_id == person.user_id,
        {
            "organisation_id": ORGANISATION,
            "job": _l("Your job there"),
            "evidence": _l("How we can check it"),
            "state": _l("What became of it"),
            "by_domain": _l("Your address is at their domain"),
            "created_at": WHEN,
            "decided_at": _l("Decided"),
            "decision_note": _l("What we wrote to you"),
        },
    ),
    Part(
        "edits",
        _l("Changes of programmes that you wrote"),
        ProgrammeEdit,
        lambda person: ProgrammeEdit.author_user_id == person.user_id,
        {
            "programme_id": PROGRAMME,
            "state": _l("What became of it"),
            "details": _l("What you wrote"),
            "created_at": WRITTEN,
            "updated_at": _l("Last changed"),
            "decided_at": _l("Decided"),
        },
    ),
    Part(
        "edits_naming_you",
        _l("Changes of programmes that name you as their contact"),
        ProgrammeEdit,
        lambda person: programme_history.is_naming(person.email),
        {"programme_id": PROGRAMME, "state": _l("What became of it"), "created_at": WRITTEN},
    ),
    Part(
        "imports",
        _l("Files you are importing"),
        ImportDraft,
        lambda person: ImportDraft.user_id == person.user_id,
        {
            "source_name": _l("From whom"),
            "format": KIND,
            "file_name": _l("Name of the file"),
            "organisation_id": ORGANISATION,
            "created_at": WHEN,
            "confirmed_at": _l("Confirmed"),
        },
    ),
)

NAMED: tuple[Part, ...] = (
    Part(
        "organisations_naming_you",
        _l("Organisations that name your address"),
        Organisation,
        lambda person: Organisation.email == person.email,
        {
            "name": ORGANISATION,
            "email": _l("E-mail address"),
            "phone": _l("Phone"),
            "postcode": _l("Postcode"),
        },
    ),
    Part(
        "programmes_naming_you",
        _l("Programmes that name you as their contact"),
        Programme,
        lambda person: Programme.contact_email == person.email,
        {
            "name": PROGRAMME,
            "contact_name": _l("Contact"),
            "contact_email": _l("E-mail address"),
            "contact_phone": _l("Phone"),
        },
    ),
)
