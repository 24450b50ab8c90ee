"""Where somebody works, from whatever they type, and how far away a programme is.

A full postcode is never kept: it is reduced to its district (KY12) before anything else happens.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.models import Outcode
from matchmaker.vocabulary import load_vocabulary

# Mean radius of the Earth (IUGG, 6,371.0088 km) in miles; Great Britain's signs count in miles.
EARTH_RADIUS_MILES = 3958.7613
# Reach from which a programme serves the place itself, and not only one near it.
SERVED_FROM = 0.7

_POSTCODE = re.compile(r"(?P<district>[A-Z]{1,2}[0-9][A-Z0-9]?)(?:[0-9][A-Z]{2})?")
_UNKNOWN = frozenset(
    {"i do not know", "i dont know", "do not know", "dont know", "not sure", "unknown", "anywhere"}
)


@dataclass(frozen=True, slots=True)
class Centre:
    """A point in degrees (WGS 84)."""

    latitude: float
    longitude: float

    def miles_to(self, other: Centre) -> float:
        """Great-circle distance in miles, by the haversine formula (Sinnott 1984)."""
        here, there = math.radians(self.latitude), math.radians(other.latitude)
        across = math.radians(other.longitude - self.longitude)
        half_chord = (
            math.sin((there - here) / 2) ** 2
            + math.cos(here) * math.cos(there) * math.sin(across / 2) ** 2
        )
        return 2 * EARTH_RADIUS_MILES * math.asin(math.sqrt(half_chord))


@dataclass(frozen=True, slots=True)
class Place:
    """A place as understood: its area codes, and its postcode district if one was typed.

    `wording` finds the same place again; `label` is what a person reads.
    """

    wording: str
    label: str
    area_codes: tuple[str, ...]
    district: str | None = None
    centre: Centre | None = None


@dataclass(frozen=True, slots=True)
class Nearness:
    """How a programme lies to a place: it serves it (`serves` is the area), or it is miles away."""

    serves: str | None
    is_local: bool
    miles: int | None


def is_left_open(wording: str) -> bool:
    """Whether the answer is empty, or says in words that the person does not know."""
    letters = re.sub(r"[^a-z ]", "", wording.casefold())
    return not wording.strip() or " ".join(letters.split()) in _UNKNOWN


def district_of(wording: str) -> str | None:
    """The postcode district in a district or a full postcode, such as KY12; None in other words."""
    found = _POSTCODE.fullmatch(re.sub(r"\s+", "", wording).upper())
    return found["district"] if found else None


def find_place(wording: str) -> Place | None:
    """The place meant by a postcode, a council, a health board, another area or a town.

    None when nothing is known by that name, or when towns of that name lie in several councils.
    """
    district = district_of(wording)
    if district is not None:
        outcode = db.session.get(Outcode, district)
        return None if outcode is None else _place_of_district(outcode)
    codes = sorted(load_vocabulary().areas.resolve(wording))
    if codes:
        return _place_of_areas(" ".join(wording.split()), codes)
    return _place_of_town(wording)


def place_from_row(area_code: str, district: str | None) -> Place:
    """The place behind a stored area, with its postcode district where one was kept."""
    outcode = None if district is None else db.session.get(Outcode, district)
    if outcode is not None:
        return _place_of_district(outcode)
    return _place_of_areas(load_vocabulary().areas.label(area_code), [area_code])


def similar_places(wording: str) -> list[str]:
    """Names of places that are spelt much like `wording`, or a town's councils; at most three."""
    if district_of(wording) is not None:
        return []
    councils = {outcode.area_code for outcode in _outcodes_of_town(wording)}
    areas = load_vocabulary().areas
    if councils:
        return sorted(areas.label(code) for code in councils)[:3]
    towns = db.session.scalars(select(Outcode.town).distinct().where(Outcode.town != ""))
    names = {name.casefold(): name for name in (*towns, *_area_names())}
    return [names[near] for near in get_close_matches(wording.casefold(), names, n=3, cutoff=0.75)]


def round_miles(miles: float) -> int:
    """Whole miles when near and fives when far: the centres of areas are no addresses."""
    return max(1, round(miles)) if miles < 20 else 5 * round(miles / 5)


def nearness(origins: Iterable[Place], area_codes: Collection[str]) -> Nearness | None:
    """How a programme that serves `area_codes` lies to the nearest of `origins`.

    None when it is not known where one of the two is.
    """
    areas = load_vocabulary().areas
    places = tuple(origins)
    reached = max(
        (
            (areas.reach(sought, offered), offered)
            for place in places
            for sought in place.area_codes
            for offered in area_codes
        ),
        default=(0.0, ""),
    )
    if reached[0] >= SERVED_FROM:
        return Nearness(serves=reached[1], is_local=reached[0] == 1.0, miles=None)
    distances = [
        place.centre.miles_to(centre)
        for place in places
        if place.centre is not None
        for code in area_codes
        if (centre := _centre_of_area(code)) is not None
    ]
    if not distances:
        return None
    return Nearness(serves=None, is_local=False, miles=round_miles(min(distances)))


def _place_of_district(outcode: Outcode) -> Place:
    council = load_vocabulary().areas.label(outcode.area_code)
    around = ", ".join(dict.fromkeys(part for part in (outcode.town, council) if part))
    return Place(
        wording=outcode.outcode,
        label=f"{outcode.outcode} ({around})",
        area_codes=(outcode.area_code,),
        district=outcode.outcode,
        centre=Centre(outcode.latitude, outcode.longitude),
    )


def _place_of_areas(wording: str, codes: Sequence[str]) -> Place:
    label = load_vocabulary().areas.label(codes[0]) if len(codes) == 1 else wording
    centres = [centre for code in codes if (centre := _centre_of_area(code)) is not None]
    return Place(wording, label, tuple(codes), centre=_middle(centres))


def _place_of_town(wording: str) -> Place | None:
    outcodes = _outcodes_of_town(wording)
    councils = {outcode.area_code for outcode in outcodes}
    if len(councils) != 1:
        return None
    code = councils.pop()
    label = f"{outcodes[0].town} ({load_vocabulary().areas.label(code)})"
    centre = _middle([Centre(each.latitude, each.longitude) for each in outcodes])
    return Place(outcodes[0].town, label, (code,), centre=centre)


def _outcodes_of_town(wording: str) -> Sequence[Outcode]:
    town = " ".join(wording.split()).lower()
    found = select(Outcode).where(func.lower(Outcode.town) == town, Outcode.town != "")
    return db.session.scalars(found.order_by(Outcode.outcode)).all()


def _centre_of_area(code: str) -> Centre | None:
    area = load_vocabulary().areas[code]
    if area.latitude is None or area.longitude is None:
        return None
    return Centre(area.latitude, area.longitude)


def _middle(centres: Sequence[Centre]) -> Centre | None:
    """The mean of a few points close together; good enough at the size of a region."""
    if not centres:
        return None
    return Centre(
        sum(centre.latitude for centre in centres) / len(centres),
        sum(centre.longitude for centre in centres) / len(centres),
    )


@lru_cache(maxsize=1)
def _area_names() -> tuple[str, ...]:
    return tuple(area.name for area in load_vocabulary().areas.current)
