"""What a list of the directory shows of a programme, as it is this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker import engine
from matchmaker.engine.profiles import OLDEST
from matchmaker.extensions import db
from matchmaker.models import Programme, ProgrammeMonth, ProgrammeStatus
from matchmaker.services import places
from matchmaker.services.clock import london_month
from matchmaker.services.places import Centre, Nearness, Place
from matchmaker.services.public_record import public_programmes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from matchmaker.services.directory.finding import Search, Sort


@dataclass(frozen=True, slots=True)
class Entry:
    """One programme of a list, with its organisation, areas and locations loaded.

    Attributes:
        reasons: Why it was found, the weightiest first.
        cautions: What to keep in mind about it, as plain sentences.
        is_stale: Whether nobody has checked it for months, though somebody once did.
        free_places: How many places are left this month; None where nobody has set a limit.
        is_out_of_reach: Whether it is too far from that place to meet there.
        nearness: How it lies to the place that was asked for; None where that is not known.
        town: Where people come to, nearest to that place.
    """

    programme: Programme
    reasons: tuple[engine.Reason, ...]
    cautions: tuple[str, ...]
    is_stale: bool
    free_places: int | None
    is_out_of_reach: bool
    nearness: Nearness | None
    town: str

    @property
    def ages(self) -> str:
        """For whom it is, in words; empty where nobody has said."""
        programme = self.programme
        ages = engine.Ages(programme.min_age, programme.max_age)
        if ages.is_all:
            return _("All ages") if programme.organisation.is_claimed else ""
        if ages.oldest == OLDEST:
            return _("Aged %(youngest)s and over", youngest=ages.youngest)
        if not ages.youngest:
            return _("Aged %(oldest)s and under", oldest=ages.oldest)
        return _("Aged %(youngest)s to %(oldest)s", youngest=ages.youngest, oldest=ages.oldest)


def list_entries(
    search: Search,
    sort: Sort,
    *,
    first: int = 0,
    count: int,
    now: datetime,
    with_reasons: bool = True,
    with_times: bool = False,
) -> list[Entry]:
    """Part of a list; 4 queries, however long it is, and one for times. Reasons take longest.

    What was taken away within the last second is left out, so that there may be fewer.
    """
    listed = search.ids(sort, first=first, count=count)
    ids = [programme_id for programme_id, _which in listed]
    programmes = _open_among(public_programmes(ids, with_times=with_times))
    taken = _free_places(programmes, now)
    return [
        _entry(
            search,
            which,
            programmes[programme_id],
            search.why(which) if with_reasons else None,
            taken[programme_id],
        )
        for programme_id, which in listed
        if programme_id in programmes
    ]


def _entry(
    search: Search,
    which: int,
    programme: Programme,
    why: engine.Why | None,
    free_places: int | None,
) -> Entry:
    near, town = _nearness(programme, search.wishes.place)
    return Entry(
        programme=programme,
        reasons=() if why is None else why.reasons,
        cautions=() if why is None else why.cautions,
        is_stale=search.is_stale(which),
        free_places=free_places,
        is_out_of_reach=search.is_out_of_reach(which),
        nearness=near,
        town=town,
    )


def _nearness(programme: Programme, place: Place | None) -> tuple[Nearness | None, str]:
    """How a programme lies to a place, by where people come to if it says so, and the town."""
    towns = [each.town for each in programme.locations if each.town]
    town = towns[0] if len(set(towns)) == 1 else ""
    if place is None:
        return None, town
    if place.centre is not None:
        points = [
            (place.centre.miles_to(Centre(each.latitude, each.longitude)), each.town)
            for each in programme.locations
            if each.latitude is not None and each.longitude is not None
        ]
        if points:
            miles, town = min(points)
            return Nearness(None, is_local=False, miles=places.round_miles(miles)), town
    return places.nearness([place], [area.area_code for area in programme.areas]), town


def _open_among(programmes: Mapping[int, Programme]) -> dict[int, Programme]:
    return {
        each_id: each for each_id, each in programmes.items() if each.status is ProgrammeStatus.OPEN
    }


def _free_places(programmes: Mapping[int, Programme], now: datetime) -> dict[int, int | None]:
    """The places left this month in London; None is no limit. See `capacity.free_places`."""
    months = select(
        ProgrammeMonth.programme_id, ProgrammeMonth.places - ProgrammeMonth.taken
    ).where(ProgrammeMonth.programme_id.in_(programmes), ProgrammeMonth.month == london_month(now))
    left = {row[0]: row[1] for row in db.session.execute(months)}
    return {
        each.id: None if each.places_per_month is None else left.get(each.id, each.places_per_month)
        for each in programmes.values()
    }
