"""One unexpected door: at most one card of a list is drawn from outside the usual pattern.

A list that is always sorted by the same score shows the same few again and again, and nothing is
ever learnt of the others. So one place of each list is drawn among the ranks just behind the best,
half evenly and half by score, and the probability of the draw is kept with what was shown. Only a
programme or professional outside the usual pattern is drawn, and all of them are relevant: they
have passed the same gates and the same floor as the rest of the list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select

from matchmaker import engine
from matchmaker.extensions import db
from matchmaker.models import Professional, Programme, ProgrammeTerm, Side, TermField
from matchmaker.services.clock import london_date
from matchmaker.services.matching.suggestions import (
    Door,
    SuggestedProfessional,
    SuggestedProgramme,
    suggest_for_professional,
    suggest_for_programme,
)

# The best stay where they are, and nobody is drawn from so far down that it would be an odd choice.
FIRST_RANK = 3
LAST_RANK = 20
# The place of a list that is given to chance; in a shorter list it is the last.
SLOT = 5
EVEN_SHARE = 0.5
IS_NEW_FOR = timedelta(days=90)
# What reaching another authority of the same board counts for; less is an adjacent area.
NEIGHBOURING = 0.5
# Below half of the sought ways of working, it is mostly another one.
SAME_APPROACH = 0.5


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn: its place in what it was drawn from, and how probable that was."""

    index: int
    propensity: float


Suggested = TypeVar("Suggested", SuggestedProgramme, SuggestedProfessional)


def explore_for_professional(
    professional: Professional, *, now: datetime, top: int
) -> list[SuggestedProgramme]:
    """Programmes for a professional as `suggest_for_professional` finds them, with one door."""
    found = suggest_for_professional(professional, now=now, top=max(top, LAST_RANK))
    other = _with_approaches([each.programme.id for each in found])

    def _door(each: SuggestedProgramme) -> Door | None:
        claimed_at = each.programme.organisation.claimed_at
        if claimed_at is not None and now - claimed_at <= IS_NEW_FOR:
            return Door.NEW
        return _unusual(each.match, Side.PROFESSIONAL, has_approaches=each.programme.id in other)

    luck = _luck_of(Side.PROFESSIONAL, professional.id, now)
    return with_one_door(found, _door, luck=luck)[:top]


def explore_for_programme(
    programme: Programme, *, now: datetime, top: int
) -> list[SuggestedProfessional]:
    """Professionals for a programme as `suggest_for_programme` finds them, with one door.

    That somebody is new is theirs to tell, so it opens no door.
    """
    found = suggest_for_programme(programme, now=now, top=max(top, LAST_RANK))

    def _door(each: SuggestedProfessional) -> Door | None:
        has_approaches = any(
            term.field is TermField.APPROACH and term.code for term in each.professional.terms
        )
        return _unusual(each.match, Side.PROGRAMME, has_approaches=has_approaches)

    luck = _luck_of(Side.PROGRAMME, programme.id, now)
    return with_one_door(found, _door, luck=luck)[:top]


def with_one_door(
    found: Sequence[Suggested], door_of: Callable[[Suggested], Door | None], *, luck: float
) -> list[Suggested]:
    """Put one of the unusual among ranks 3 to 20 in the place that is given to chance.

    Args:
        found: The list, best first.
        door_of: What is unusual about a suggestion, if anything.
        luck: A number in [0, 1) that decides the draw.
    """
    listed = list(found)
    doors = {
        index: door
        for index in range(FIRST_RANK - 1, min(LAST_RANK, len(listed)))
        if (door := door_of(listed[index])) is not None
    }
    if not doors:
        return listed
    candidates = list(doors)
    drawn = draw([listed[index].match.score for index in candidates], luck=luck)
    index = candidates[drawn.index]
    unexpected = replace(listed.pop(index), door=doors[index], propensity=drawn.propensity)
    listed.insert(min(SLOT - 1, len(listed)), unexpected)
    return [
        replace(each, match=replace(each.match, rank=rank))
        for rank, each in enumerate(listed, start=1)
    ]


def draw(scores: Sequence[float], *, luck: float) -> Drawn:
    """Draw one: half the probability is even, half in proportion to the score.

    The score is itself a probability (that both would say yes), so that its share among the
    candidates is the softmax of its logarithm.

    Args:
        scores: The score of each candidate, in (0, 1]; at least one.
        luck: A number in [0, 1).
    """
    total = sum(scores)
    chances = [EVEN_SHARE / len(scores) + (1 - EVEN_SHARE) * score / total for score in scores]
    reached = 0.0
    for index, chance in enumerate(chances):
        reached += chance
        if luck < reached:
            return Drawn(index, chance)
    # Rounding may leave the last sum a hair below 1.
    return Drawn(len(scores) - 1, chances[-1])


def _unusual(match: engine.Suggestion, seeker: Side, *, has_approaches: bool) -> Door | None:
    inputs = getattr(match.inputs, seeker)
    approach, place = inputs.get("approach"), inputs.get("place")
    if has_approaches and approach is not None and approach.share < SAME_APPROACH:
        return Door.OTHER_APPROACH
    if match.route == "in_person" and place is not None and place.share <= NEIGHBOURING:
        return Door.NEIGHBOURING_AREA
    return None


def _luck_of(side: Side, own_id: int, now: datetime) -> float:
    """The same all day, so that a list does not change under somebody who comes back to it."""
    named = f"{side}:{own_id}:{london_date(now)}".encode()
    return int.from_bytes(hashlib.sha256(named).digest()[:6]) / 2**48


def _with_approaches(ids: Collection[int]) -> set[int]:
    """The programmes that name a way of working."""
    named = select(ProgrammeTerm.programme_id).where(
        ProgrammeTerm.programme_id.in_(ids),
        ProgrammeTerm.field == TermField.APPROACH,
        ProgrammeTerm.code != "",
    )
    return set(db.session.scalars(named))
