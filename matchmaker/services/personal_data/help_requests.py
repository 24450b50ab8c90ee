"""What was asked of leads: help, and checks of a registration."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.models import HelpRequest, RegisterCheck
from matchmaker.services.personal_data.part import WHEN, Part

HELP_REQUESTS: tuple[Part, ...] = (
    Part(
        "help_requests",
        _l("When you asked a lead for help"),
        HelpRequest,
        lambda person: HelpRequest.user_id == person.user_id,
        {
            "organisation_id": _l("Asked for"),
            "area_code": _l("Area"),
            "words": _l("What you look for"),
            "state": _l("How it stands"),
            "created_at": WHEN,
            "taken_at": _l("A lead looks after it since"),
            "closed_at": _l("Over"),
            "answer": _l("What the lead answered"),
        },
    ),
    Part(
        "register_checks",
        _l("Checks of your registration"),
        RegisterCheck,
        lambda person: RegisterCheck.professional_id == person.professional_id,
        {
            "state": _l("What was found"),
            "requested_at": _l("Asked for"),
            "decided_at": _l("Decided"),
        },
    ),
)
