"""Which programmes could close a gap: those there are, and those that are nearly there.

They are public, and read as they are this moment; the figures beside them are of the last release.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import (
    Delivery,
    Programme,
    ProgrammeArea,
    ProgrammeStatus,
    ProgrammeTerm,
    TermField,
)
from matchmaker.services.freshness import weight_of
from matchmaker.services.places import SERVED_FROM
from matchmaker.services.public_record import is_public
from matchmaker.services.statistics.supply import takes_people_on
from matchmaker.vocabulary import TermGroup, load_vocabulary

MOST_SHOWN = 10


class Closeness(enum.StrEnum):
    """How near a programme is to closing a gap, the nearest first."""

    HERE = "here"
    NOT_NOW = "not_now"
    NEXT_DOOR = "next_door"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Found:
    """The first programmes of one sort, and how many there are."""

    programmes: list[Programme]
    total: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    programme_id: int
    closeness: Closeness
    rank: tuple[float, float, str, int]


def find_programmes(area_code: str, group: TermGroup, *, now: datetime) -> dict[Closeness, Found]:
    """Programmes about a group of conditions, by what keeps each from closing a gap in an area.

    Here: open and with places. Not now: here, but paused or without places. Next door: open, in an
    area beside it. Online: open to people anywhere else online. What nobody has checked for a year
    is left out, as it is from suggestions.
    """
    reach = load_vocabulary().areas.reach_map(area_code)
    ranked = sorted(_candidates(group, reach, now), key=lambda each: each.rank)
    by_closeness = {
        closeness: [each.programme_id for each in ranked if each.closeness is closeness]
        for closeness in Closeness
    }
    first = [each for ids in by_closeness.values() for each in ids[:MOST_SHOWN]]
    rows = _programmes_by_id(first)
    return {
        closeness: Found([rows[each] for each in ids[:MOST_SHOWN]], len(ids))
        for closeness, ids in by_closeness.items()
    }


def _candidates(
    group: TermGroup, reach: Mapping[str, float], now: datetime
) -> Iterable[_Candidate]:
    about = select(ProgrammeTerm.programme_id).where(
        ProgrammeTerm.field == TermField.CONDITION, ProgrammeTerm.code.in_(group.terms)
    )
    rows = db.session.execute(
        select(
            Programme.id,
            Programme.name,
            Programme.delivery,
            Programme.last_checked_at,
            case((and_(*takes_people_on(now)), 1), else_=0).label("is_open"),
        )
        .join(Programme.organisation)
        .where(is_public(), Programme.status != ProgrammeStatus.CLOSED, Programme.id.in_(about))
    ).all()
    reached = _reach_of(group, reach)
    for row in rows:
        weight = weight_of(row.last_checked_at, now=now)
        here = reached.get(row.id, 0.0)
        closeness = _closeness(here, row.delivery, is_open=bool(row.is_open))
        if closeness is not None and weight:
            yield _Candidate(row.id, closeness, (-here, -weight, row.name.casefold(), row.id))


def _reach_of(group: TermGroup, reach: Mapping[str, float]) -> dict[int, float]:
    """How well each programme about a group serves the area; those that do not are left out."""
    areas = load_vocabulary().areas
    about = select(ProgrammeTerm.programme_id).where(
        ProgrammeTerm.field == TermField.CONDITION, ProgrammeTerm.code.in_(group.terms)
    )
    found: dict[int, float] = {}
    for programme_id, code in db.session.execute(
        select(ProgrammeArea.programme_id, ProgrammeArea.area_code).where(
            ProgrammeArea.programme_id.in_(about)
        )
    ):
        best = max((reach.get(each, 0.0) for each in areas.resolve(code)), default=0.0)
        found[programme_id] = max(best, found.get(programme_id, 0.0))
    return found


def _closeness(here: float, delivery: Delivery, *, is_open: bool) -> Closeness | None:
    if here >= SERVED_FROM:
        return Closeness.HERE if is_open else Closeness.NOT_NOW
    if not is_open:
        return None
    if here:
        return Closeness.NEXT_DOOR
    return None if delivery is Delivery.IN_PERSON else Closeness.ONLINE


def _programmes_by_id(ids: Collection[int]) -> dict[int, Programme]:
    rows = db.session.scalars(
        select(Programme)
        .where(Programme.id.in_(ids))
        .options(joinedload(Programme.organisation), selectinload(Programme.areas))
    )
    return {row.id: row for row in rows}
