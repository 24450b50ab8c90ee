"""Finding what the open data shows: a page of a list, or one thing by its name.

However long a list is, a page takes the same few queries.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from matchmaker.extensions import db
from matchmaker.models import Organisation, Outcode, Programme, ProgrammeLocation
from matchmaker.services.open_referral.filters import Wanted, conditions, serves
from matchmaker.services.open_referral.mapping import Surroundings
from matchmaker.services.open_referral.places_and_times import Authorities
from matchmaker.services.open_referral.published import is_listed, is_published
from matchmaker.services.open_referral.sources import find_origins
from matchmaker.services.places import Centre, district_of

METRES_IN_A_MILE = 1609.344
# Along a meridian, on a globe of the Earth's mean radius.
METRES_IN_A_DEGREE = 111_195.0
ROWS_AT_ONCE = 200

Row = TypeVar("Row")
Pair = tuple[ProgrammeLocation, Programme]


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """A part of a list, and how long the whole list is."""

    rows: Sequence[Row]
    total: int


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list: pages count from 1."""

    page: int = 1
    per_page: int = 50

    @property
    def first(self) -> int:
        """How many rows come before it."""
        return (self.page - 1) * self.per_page


def list_services(wanted: Wanted, part: Part, *, with_lists: bool) -> Found[Programme]:
    """The programmes that are wanted, in the order in which they came here."""
    found = _programmes(with_lists=with_lists).where(*conditions(wanted))
    rows = found.order_by(Programme.id).limit(part.per_page).offset(part.first)
    return Found(db.session.scalars(rows).all(), _count(found))


def count_services() -> int:
    """How many services are listed."""
    return _count(_programmes(with_lists=False).where(is_listed()))


def each_service() -> Iterator[Sequence[Programme]]:
    """Every listed programme with all that belongs to it, a few hundred at a time.

    The session forgets what it has handed out.
    """
    found = _programmes(with_lists=True).where(is_listed()).order_by(Programme.id)
    last = 0
    while rows := db.session.scalars(found.where(Programme.id > last).limit(ROWS_AT_ONCE)).all():
        last = rows[-1].id
        yield rows
        db.session.expunge_all()


def find_service(public_id: str) -> Programme | None:
    """The published programme of this name; one that has closed is still found."""
    found = _programmes(with_lists=True).where(is_published(), Programme.public_id == public_id)
    return db.session.scalar(found)


def list_places(wanted: Wanted, part: Part) -> Found[Pair]:
    """The places of the programmes that are wanted: the nearest first, where a distance is asked.

    Otherwise in the order in which they came here.
    """
    found = _places().where(*conditions(wanted))
    if wanted.district and wanted.metres is not None:
        return _within_distance(found, wanted.district, wanted.metres, part)
    if wanted.district:
        found = found.where(*_served(wanted.district))
    rows = found.order_by(ProgrammeLocation.id).limit(part.per_page).offset(part.first)
    return Found(_pairs(rows), _count(found))


def find_place(public_id: str) -> Pair | None:
    """The place of this name, of a published programme."""
    found = _places().where(is_published(), ProgrammeLocation.public_id == public_id)
    return next(iter(_pairs(found)), None)


def surroundings_of(
    programmes: Iterable[Programme], places: Iterable[ProgrammeLocation] = ()
) -> Surroundings:
    """What has to be known to write down these programmes and places, in two queries."""
    return Surroundings(find_origins(list(programmes)), _authorities(places))


def _authorities(places: Iterable[ProgrammeLocation]) -> Authorities:
    districts = {district_of(place.postcode) for place in places} - {None}
    if not districts:
        return {}
    found = select(Outcode.outcode, Outcode.area_code).where(Outcode.outcode.in_(districts))
    return {row.outcode: row.area_code for row in db.session.execute(found)}


def changed_at() -> datetime | None:
    """When something that lists may show last changed; None while there is nothing.

    Rows that lists no longer show count too: that they went is a change.
    """
    organisations = select(func.max(Organisation.updated_at)).scalar_subquery()
    moments = db.session.execute(
        select(func.max(Programme.updated_at), func.max(Programme.last_checked_at), organisations)
    ).one()
    return max((each for each in moments if each is not None), default=None)


def _programmes(*, with_lists: bool) -> Select[Programme]:
    # Not joined: a page far down a list would join all that comes before it.
    options: list[LoaderOption] = [selectinload(Programme.organisation)]
    if with_lists:
        options += [
            selectinload(Programme.areas),
            selectinload(Programme.terms),
            selectinload(Programme.locations),
            selectinload(Programme.schedules),
        ]
    return select(Programme).options(*options)


def _places() -> Select[ProgrammeLocation, Programme]:
    return (
        select(ProgrammeLocation, Programme)
        .select_from(ProgrammeLocation)
        .join(Programme, Programme.id == ProgrammeLocation.programme_id)
        .options(selectinload(Programme.organisation))
    )


def _pairs(found: Select[ProgrammeLocation, Programme]) -> list[Pair]:
    return [(place, programme) for place, programme in db.session.execute(found)]


def _served(district: str) -> list[ColumnElement[bool]]:
    """What serves the ground around a postcode district; nothing where nobody knows that."""
    outcode = db.session.get(Outcode, district)
    return [false()] if outcode is None else [serves(outcode.area_code)]


def _within_distance(
    found: Select[ProgrammeLocation, Programme], district: str, metres: float, part: Part
) -> Found[Pair]:
    """The box around the circle comes from the index of the table, the circle from the haversine.

    Distances are from the centre of the district.
    """
    outcode = db.session.get(Outcode, district)
    if outcode is None:
        return Found([], 0)
    centre = Centre(outcode.latitude, outcode.longitude)
    columns = (ProgrammeLocation.id, ProgrammeLocation.latitude, ProgrammeLocation.longitude)
    inside = found.where(*_box(centre, metres)).with_only_columns(*columns)
    away = [
        (centre.miles_to(Centre(latitude, longitude)) * METRES_IN_A_MILE, place_id)
        for place_id, latitude, longitude in db.session.execute(inside)
        if latitude is not None and longitude is not None
    ]
    near = sorted(pair for pair in away if pair[0] <= metres)
    shown = [place_id for _away, place_id in near[part.first : part.first + part.per_page]]
    by_id = {pair[0].id: pair for pair in _pairs(found.where(ProgrammeLocation.id.in_(shown)))}
    return Found([by_id[place_id] for place_id in shown], len(near))


def _box(centre: Centre, metres: float) -> list[ColumnElement[bool]]:
    """The degrees between which everything within `metres` lies."""
    up = metres / METRES_IN_A_DEGREE
    # The circle is widest at its edge nearer the pole. Around the pole, it has every longitude.
    edge = min(abs(centre.latitude) + up, 89.9)
    across = up / math.cos(math.radians(edge))
    return [
        ProgrammeLocation.latitude.between(centre.latitude - up, centre.latitude + up),
        ProgrammeLocation.longitude.between(centre.longitude - across, centre.longitude + across),
    ]


def _count(found: Select[*tuple[Any, ...]]) -> int:
    return db.session.scalar(found.with_only_columns(func.count(), maintain_column_froms=True)) or 0
