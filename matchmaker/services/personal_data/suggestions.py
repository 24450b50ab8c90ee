"""What was suggested to a professional, and what they did not want to see."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, or_

from matchmaker.models import Block, Dismissal, ShownSuggestion, Side
from matchmaker.services.personal_data.part import (
    KIND,
    ORGANISATION,
    PROGRAMME,
    SIDE,
    WHEN,
    Part,
    Person,
)


def _blocks(person: Person) -> ColumnElement[bool]:
    # Never by whom somebody is blocked.
    return or_(
        Block.created_by_user_id == person.user_id,
        and_(Block.side == Side.PROFESSIONAL, Block.professional_id == person.professional_id),
    )


SUGGESTIONS: tuple[Part, ...] = (
    Part(
        "suggestions",
        _l("Suggestions you were shown, and where you were suggested"),
        ShownSuggestion,
        lambda person: ShownSuggestion.professional_id == person.professional_id,
        {
            "shown_at": WHEN,
            "shown_to": _l("Shown to"),
            "programme_id": PROGRAMME,
            "rank": _l("Place in the list"),
            "score": _l("Score"),
            "z_professional": _l("Score of your side"),
            "z_programme": _l("Score of their side"),
            "inputs": _l("What the score was made of"),
            "model_version": _l("Version of the calculation"),
            "propensity": _l("How probable it was"),
            "is_unexpected": _l("From outside the usual"),
        },
    ),
    Part(
        "put_aside",
        _l("Suggestions you put aside"),
        Dismissal,
        lambda person: and_(
            Dismissal.side == Side.PROFESSIONAL,
            Dismissal.professional_id == person.professional_id,
        ),
        {
            "programme_id": PROGRAMME,
            "kind": KIND,
            "reason": _l("Why"),
            "until_at": _l("Until"),
            "created_at": WHEN,
        },
    ),
    Part(
        "blocked",
        _l("Whom you blocked"),
        Block,
        _blocks,
        {"side": SIDE, "organisation_id": ORGANISATION, "created_at": WHEN},
    ),
)
