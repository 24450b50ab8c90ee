"""Which programmes could close a gap: those there are, and those that are nearly there.

They are public, and read as they are this moment; the figures beside them are of the last release.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Subquery, and_, case, func, or_, select
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
from matchmaker.services.freshness import (
    HIDDEN_AFTER_MONTHS,
    STALE_AFTER_MONTHS,
    checked_before,
)
from matchmaker.services.places import SERVED_FROM
from matchmaker.services.public_record import is_public
from matchmaker.services.statistics.supply import takes_people_on
from matchmaker.vocabulary import TermGroup, load_vocabulary

MOST_SHOWN = 5


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


def find_programmes(area_code: str, group: TermGroup, *, now: datetime) -> dict[Closeness, Found]:
    """Programmes about a group of conditions, by what keeps each from closing a gap in an area.

    Here: open and with places. Not now: here, but paused or without places. Next door: open, in an
    area beside it. Online: open to people anywhere else online. What nobody has checked for a year
    is left out, as it is from suggestions. The database ranks them, however many there are.
    """
    candidates = _candidates(area_code, group, now).subquery()
    closeness = candidates.c.closeness
    ranked = select(
        candidates.c.id,
        closeness,
        func.count().over(partition_by=closeness).label("total"),
        func.row_number()
        .over(
            partition_by=closeness,
            order_by=(
                candidates.c.reach.desc(),
                candidates.c.is_stale,
                candidates.c.name,
                candidates.c.id,
            ),
        )
        .label("place"),
    ).subquery()
    first = db.session.execute(
        select(ranked.c.id, ranked.c.closeness, ranked.c.total)
        .where(ranked.c.place <= MOST_SHOWN)
        .order_by(ranked.c.place)
    ).all()
    rows = _programmes_by_id([each.id for each in first])
    found = {closeness: Found([], 0) for closeness in Closeness}
    for each in first:
        before = found[Closeness(each.closeness)].programmes
        found[Closeness(each.closeness)] = Found([*before, rows[each.id]], each.total)
    return found


def _candidates(area_code: str, group: TermGroup, now: datetime) -> Select[Any]:
    """Every programme that has to do with the gap, with how close it is; no row for the others."""
    served = _served(area_code)
    reach = func.coalesce(served.c.reach, 0.0)
    is_open = and_(*takes_people_on(now))
    is_here = reach >= SERVED_FROM
    closeness = case(
        (is_here & is_open, Closeness.HERE.value),
        (is_here, Closeness.NOT_NOW.value),
        (is_open & (reach > 0), Closeness.NEXT_DOOR.value),
        (is_open & (Programme.delivery != Delivery.IN_PERSON), Closeness.ONLINE.value),
    )
    about = select(ProgrammeTerm.programme_id).where(
        ProgrammeTerm.field == TermField.CONDITION, ProgrammeTerm.code.in_(group.terms)
    )
    checked_at = Programme.last_checked_at
    is_known = or_(checked_at.is_(None), checked_at >= checked_before(HIDDEN_AFTER_MONTHS, now=now))
    is_stale = checked_at < checked_before(STALE_AFTER_MONTHS, now=now)
    return (
        select(
            Programme.id,
            Programme.name,
            reach.label("reach"),
            closeness.label("closeness"),
            case((is_stale, 1), else_=0).label("is_stale"),
        )
        .join(Programme.organisation)
        .outerjoin(served, served.c.programme_id == Programme.id)
        .where(
            is_public(),
            Programme.status != ProgrammeStatus.CLOSED,
            Programme.id.in_(about),
            is_known,
            closeness.is_not(None),
        )
    )


def _served(area_code: str) -> Subquery:
    """How well each programme serves an area, of those that serve it or are next door."""
    codes = _codes_by_reach(area_code)
    reach = case(*((ProgrammeArea.area_code.in_(some), value) for value, some in codes.items()))
    return (
        select(ProgrammeArea.programme_id, func.max(reach).label("reach"))
        .where(ProgrammeArea.area_code.in_([code for some in codes.values() for code in some]))
        .group_by(ProgrammeArea.programme_id)
        .subquery()
    )


@lru_cache(maxsize=256)
def _codes_by_reach(area_code: str) -> Mapping[float, Collection[str]]:
    """Every code that a programme may name, by how well it then serves an area."""
    areas = load_vocabulary().areas
    codes: defaultdict[float, list[str]] = defaultdict(list)
    for code in areas:
        reach = areas.reach(area_code, code)
        if reach:
            codes[reach].append(code)
    return codes


def _programmes_by_id(ids: Collection[int]) -> dict[int, Programme]:
    rows = db.session.scalars(
        select(Programme)
        .where(Programme.id.in_(ids))
        .options(joinedload(Programme.organisation), selectinload(Programme.areas))
    )
    return {row.id: row for row in rows}
