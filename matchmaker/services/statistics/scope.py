"""For which areas there are figures, and who sees which.

Areas of statistics are the United Kingdom, its nations, and the health areas inside them: boards,
trusts and integrated care boards. A professional counts in one of these only, so that parts add up
to the whole; whoever says no more than a nation counts in what is left of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from flask_babel import gettext as _

from matchmaker.services.policy import Actor
from matchmaker.vocabulary import load_vocabulary
from matchmaker.vocabulary.areas import HEALTH_KINDS

UNITED_KINGDOM = "K02000001"
# The rest of an area: those who named it, or a region of it, and nothing smaller.
REST = "-rest"


@dataclass(frozen=True, slots=True)
class StatisticalArea:
    """An area that figures are for; `parent_code` is the next wider one, None for the widest."""

    code: str
    parent_code: str | None

    @property
    def label(self) -> str:
        """The name a person reads."""
        areas = load_vocabulary().areas
        if self.is_rest:
            name = areas.label(self.code.removesuffix(REST))
            return _("%(name)s, area not given", name=name)
        return areas.label(self.code)

    @property
    def is_rest(self) -> bool:
        """Whether this is what is left of a wider area."""
        return self.code.endswith(REST)

    @property
    def is_nation(self) -> bool:
        """Whether this is one of the four nations."""
        return self.parent_code == UNITED_KINGDOM and not self.is_rest


@lru_cache(maxsize=1)
def list_areas() -> tuple[StatisticalArea, ...]:
    """Every area of statistics: the United Kingdom, then each nation followed by its parts."""
    areas = load_vocabulary().areas
    found = [StatisticalArea(UNITED_KINGDOM, None)]
    for nation in areas.by_kind("nation"):
        found.append(StatisticalArea(nation.code, UNITED_KINGDOM))
        inside = [
            each
            for kind in sorted(HEALTH_KINDS)
            for each in areas.by_kind(kind)
            if nation.code in areas.within(each.code)
        ]
        found += [StatisticalArea(each.code, nation.code) for each in inside]
        found.append(StatisticalArea(nation.code + REST, nation.code))
    found.append(StatisticalArea(UNITED_KINGDOM + REST, UNITED_KINGDOM))
    return tuple(found)


@lru_cache(maxsize=1)
def _areas_by_code() -> dict[str, StatisticalArea]:
    return {each.code: each for each in list_areas()}


def get_area(code: str) -> StatisticalArea:
    """An area of statistics; KeyError for any other code."""
    return _areas_by_code()[code]


def list_parts(code: str) -> list[StatisticalArea]:
    """The areas whose figures add up to those of an area; none for a health area."""
    return [each for each in list_areas() if each.parent_code == code]


def visible_areas(actor: Actor) -> tuple[StatisticalArea, ...]:
    """The areas whose figures a lead sees, the widest first; nobody else sees any.

    These are the areas in the lead's scope, those around it, and the United Kingdom. Of somebody
    who looks after a council it is the health area around it.
    """
    if not actor.is_lead:
        return ()
    areas = load_vocabulary().areas
    scope = {each for each in actor.lead_area_codes if each in areas}
    authorities = frozenset[str]().union(*(areas.authorities(each) for each in scope))
    seen = {UNITED_KINGDOM}
    for each in list_areas():
        if each.is_rest:
            whole = each.code.removesuffix(REST)
            is_seen = bool(scope & {whole, UNITED_KINGDOM})
        else:
            is_seen = not authorities.isdisjoint(areas.authorities(each.code))
        if is_seen:
            seen.add(each.code)
    return tuple(each for each in list_areas() if each.code in seen)


def find_visible_area(actor: Actor, code: str) -> StatisticalArea | None:
    """One of the areas the person sees, or None: what is not theirs does not exist."""
    return next((each for each in visible_areas(actor) if each.code == code), None)


def area_of(area_codes: Iterable[str]) -> str:
    """The one area of statistics, or the rest of one, in which a professional counts.

    It is the health area of the first area they named, in the order of the codes; of somebody who
    names nothing so small it is what is left of the first nation, or of the United Kingdom.
    """
    found = [_area_of(each) for each in sorted(area_codes)]
    health_areas = [each for each in found if not each.endswith(REST)]
    of_nations = [each for each in found if each != UNITED_KINGDOM + REST]
    return next(iter((*health_areas, *of_nations)), UNITED_KINGDOM + REST)


@cache
def _area_of(code: str) -> str:
    areas = load_vocabulary().areas
    if code not in areas:
        return UNITED_KINGDOM + REST
    around = sorted({*areas.within(code), *areas.resolve(code)})
    health_area = next((each for each in around if areas[each].kind in HEALTH_KINDS), None)
    if health_area is not None:
        return health_area
    nation = next((each for each in around if areas[each].kind == "nation"), UNITED_KINGDOM)
    return nation + REST
