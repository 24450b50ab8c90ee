"""How many programmes there are about what, area by area: public facts, counted with each release.

Anybody may look up which programmes there are, so these counts are exact. They are frozen with the
figures beside which they are read, and because counting every programme takes seconds.

A programme counts where it is public, open and has places this month. It serves an area if it names
the area, a part of it, or what lies around it. It is near unless what it names is as wide as a
region or a nation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, exists, insert, or_, select

from matchmaker.extensions import db
from matchmaker.models import (
    Delivery,
    Programme,
    ProgrammeArea,
    ProgrammeMonth,
    ProgrammeStatus,
    ProgrammeTerm,
    StatisticsRelease,
    SupplyCount,
    TermField,
)
from matchmaker.services.clock import london_month
from matchmaker.services.places import SERVED_FROM
from matchmaker.services.public_record import is_public
from matchmaker.services.statistics.periods import Period
from matchmaker.services.statistics.scope import list_areas
from matchmaker.vocabulary import load_vocabulary

NEAR_FROM = 0.9


@dataclass(frozen=True, slots=True)
class Supply:
    """How many programmes serve an area; how many of them nearby in person, and how many online."""

    programmes: int = 0
    near: int = 0
    online: int = 0


NO_SUPPLY = Supply()

SupplyCounts = Mapping[tuple[str, str], Supply]
"""By area and group of conditions; what is 0 is left out."""


def count_supply(*, now: datetime) -> SupplyCounts:
    """Count every programme that takes people on now; seconds for a nation."""
    groups, areas = _groups_by_programme(), _areas_by_programme()
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    offered = (
        select(Programme.id, Programme.delivery)
        .join(Programme.organisation)
        .where(*takes_people_on(now))
    )
    for programme_id, delivery in db.session.execute(offered):
        for area_code, is_near in _served(areas.get(programme_id, frozenset())):
            for group_code in groups.get(programme_id, ()):
                counts[area_code, group_code].update(
                    programmes=True,
                    near=is_near and delivery is not Delivery.ONLINE,
                    online=delivery is not Delivery.IN_PERSON,
                )
    return {place: Supply(**count) for place, count in counts.items()}


def store_supply(release_id: int, counts: SupplyCounts) -> None:
    """Keep what was counted with a release."""
    rows = [
        {
            "release_id": release_id,
            "area_code": area_code,
            "group_code": group_code,
            "programmes": supply.programmes,
            "near": supply.near,
            "online": supply.online,
        }
        for (area_code, group_code), supply in sorted(counts.items())
    ]
    if rows:
        db.session.execute(insert(SupplyCount), rows)


def read_supply(
    area_codes: Collection[str], period: Period, *, group_code: str = ""
) -> dict[tuple[str, str], Supply]:
    """What was counted at the end of a period for some areas, of one group or all; one query."""
    of_group = [SupplyCount.group_code == group_code] if group_code else []
    rows = db.session.execute(
        select(
            SupplyCount.area_code,
            SupplyCount.group_code,
            SupplyCount.programmes,
            SupplyCount.near,
            SupplyCount.online,
        )
        .join(StatisticsRelease, StatisticsRelease.id == SupplyCount.release_id)
        .where(
            StatisticsRelease.published_at.is_not(None),
            StatisticsRelease.month == period.last_month.key,
            SupplyCount.area_code.in_(area_codes),
            *of_group,
        )
    )
    return {
        (area_code, group_code): Supply(programmes, near, online)
        for area_code, group_code, programmes, near, online in rows
    }


def takes_people_on(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a programme, joined with its organisation, is open and has places now."""
    is_full = exists().where(
        ProgrammeMonth.programme_id == Programme.id,
        ProgrammeMonth.month == london_month(now),
        ProgrammeMonth.taken >= ProgrammeMonth.places,
    )
    has_places = or_(
        Programme.places_per_month.is_(None), (Programme.places_per_month > 0) & ~is_full
    )
    return is_public(), Programme.status == ProgrammeStatus.OPEN, has_places


def _groups_by_programme() -> dict[int, set[str]]:
    groups = load_vocabulary().condition_groups
    found: defaultdict[int, set[str]] = defaultdict(set)
    terms = select(ProgrammeTerm.programme_id, ProgrammeTerm.code).where(
        ProgrammeTerm.field == TermField.CONDITION
    )
    for programme_id, code in db.session.execute(terms):
        found[programme_id].update(groups.groups_of(code))
    return found


def _areas_by_programme() -> dict[int, frozenset[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    named = select(ProgrammeArea.programme_id, ProgrammeArea.area_code)
    for programme_id, code in db.session.execute(named):
        found[programme_id].add(code)
    return {programme_id: frozenset(codes) for programme_id, codes in found.items()}


@lru_cache(maxsize=4096)
def _served(area_codes: frozenset[str]) -> tuple[tuple[str, bool], ...]:
    """The areas of statistics that a programme for some areas serves, and whether it is near."""
    return tuple(_list_served(area_codes))


def _list_served(area_codes: frozenset[str]) -> Iterator[tuple[str, bool]]:
    areas = load_vocabulary().areas
    named = {current for code in area_codes for current in areas.resolve(code)}
    for area in list_areas():
        if area.is_rest:
            continue
        reach = max((areas.reach(area.code, code) for code in named), default=0.0)
        if reach >= SERVED_FROM:
            yield area.code, reach >= NEAR_FROM
