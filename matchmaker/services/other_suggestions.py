"""Whom else somebody could ask whose request ran out of time."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchmaker.models import Introduction, Side
from matchmaker.services import matching
from matchmaker.services.limited_view import limited_view

logger = logging.getLogger(__name__)

OTHERS = 3


@dataclass(frozen=True, slots=True)
class OtherSuggestion:
    """One other suggestion, as a mail may name it; the page is where to ask."""

    name: str
    endpoint: str
    values: dict[str, Any]


def open_index() -> bool:
    """Have the index ready, which may take a fit; returns whether there is one.

    The worker does it before it locks anything.
    """
    try:
        matching.keeper().view()
    except Exception:
        logger.exception("No other suggestions can be found for requests that run out of time.")
        return False
    return True


def find_others(introduction: Introduction, side: Side, *, now: datetime) -> list[OtherSuggestion]:
    """Up to three others for `side` of an introduction that came to nothing, best first.

    A mail that says that time has run out must go out all the same where there is no index.
    """
    if not open_index():
        return []
    programme, professional = introduction.programme, introduction.professional
    if side is Side.PROFESSIONAL:
        programmes = matching.suggest_for_professional(professional, now=now, top=OTHERS + 1)
        return [
            OtherSuggestion(
                each.programme.name, "introductions.propose", {"programme_id": each.programme.id}
            )
            for each in programmes
            if each.programme.id != programme.id
        ][:OTHERS]
    professionals = matching.suggest_for_programme(programme, now=now, top=OTHERS + 1)
    return [
        OtherSuggestion(
            limited_view(each.professional, programme).summary,
            "introductions.propose_for_programme",
            {"programme_id": programme.id, "professional_id": each.professional.id},
        )
        for each in professionals
        if each.professional.id != professional.id
    ][:OTHERS]
