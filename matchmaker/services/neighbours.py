"""Who else near a programme does the same, so that partners join up and nothing is done twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker import engine
from matchmaker.extensions import db
from matchmaker.models import Programme
from matchmaker.services.matching.profiles import profile_of_programme
from matchmaker.services.matching.standing import find_programmes

MOST_SHOWN = 10
# Those that are only online are taken out of this many of the best.
CONSIDERED = 40
SEEKER = "neighbour"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A programme of another organisation, and what the two have in common, in words."""

    programme: Programme
    conditions: tuple[str, ...]
    approaches: tuple[str, ...]
    places: tuple[str, ...]


def find_neighbours(programme: Programme, *, now: datetime) -> list[Neighbour]:
    """Open programmes of others that somebody would find who looked for this one, best first.

    The engine is asked as if by a professional near the programme who looks for what it offers. One
    that serves a place has neighbours there; one that has named none has them anywhere.
    """
    offered = profile_of_programme(programme)
    if not (offered.conditions or offered.approaches or offered.text):
        return []
    seeker = engine.Professional(
        id=SEEKER,
        conditions=offered.conditions,
        approaches=offered.approaches,
        areas=offered.areas,
        people=offered.people,
        seeks=offered.text,
    )
    own = select(Programme.id).where(Programme.organisation_id == programme.organisation_id)
    matches = find_programmes(
        seeker, exclude={str(each) for each in db.session.scalars(own)}, now=now, top=CONSIDERED
    )
    near = [each for each in matches if each.route == "in_person" or not offered.areas]
    return _with_rows(near[:MOST_SHOWN])


def _with_rows(matches: list[engine.Suggestion]) -> list[Neighbour]:
    wanted = (
        select(Programme)
        .where(Programme.id.in_([int(each.programme) for each in matches]))
        .options(joinedload(Programme.organisation))
    )
    rows = {row.id: row for row in db.session.scalars(wanted)}
    return [
        Neighbour(
            rows[int(match.programme)],
            conditions=_shared(match, "condition"),
            approaches=_shared(match, "approach"),
            places=_shared(match, "place"),
        )
        for match in matches
    ]


def _shared(match: engine.Suggestion, field: str) -> tuple[str, ...]:
    """What the other programme offers of what was looked for, each once, the weightiest first."""
    return tuple(
        dict.fromkeys(
            reason.offered
            for reason in match.reasons
            if reason.side == "professional"
            and reason.field == field
            and reason.relation not in {"", "online"}
        )
    )
