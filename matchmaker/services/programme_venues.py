"""The places people come to: checked, and put into a programme's rows.

They are public, and so is their full postcode: it is a hall's or a clinic's, and nobody's home.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import Outcode, Programme, ProgrammeLocation
from matchmaker.services.errors import FieldError
from matchmaker.services.places import district_of
from matchmaker.services.postcodes import normalise_postcode

# How many people write down; a source may have given more, and those stay.
MOST_VENUES = 5
MOST_VENUES_KEPT = 500
LINE_MAX_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class VenueDetails:
    """A place people come to, as typed. Degrees are WGS 84, where its source knows them.

    Two that read the same are the same place, whatever is known of where it lies.
    """

    name: str = ""
    address: str = ""
    town: str = ""
    postcode: str = ""
    latitude: float | None = field(default=None, compare=False)
    longitude: float | None = field(default=None, compare=False)

    @property
    def words(self) -> tuple[str, str, str, str]:
        """What people read."""
        return self.name, self.address, self.town, self.postcode


def checked_venues(venues: Sequence[VenueDetails]) -> list[VenueDetails]:
    """The places as they are kept, without those of which nothing is said.

    Raises:
        FieldError: There are too many, or an answer cannot be taken; its field is named as in the
            form, such as ``locations-0-postcode``.
    """
    checked = [_checked(number, venue) for number, venue in enumerate(venues)]
    kept = list(dict.fromkeys(each for each in checked if any(each.words)))
    if len(kept) > MOST_VENUES_KEPT:
        raise FieldError("locations", _("Enter %(most)s places or fewer", most=MOST_VENUES_KEPT))
    return kept


def set_venues(programme: Programme, venues: Sequence[VenueDetails]) -> None:
    """Put checked places into a programme's rows; a place that stays keeps its row."""
    unchanged = {_words(row): row for row in programme.locations}
    wanted = {venue.words for venue in venues}
    free = [row for row in programme.locations if _words(row) not in wanted]
    rows = []
    for venue in venues:
        row = unchanged.get(venue.words)
        if row is None:
            row = free.pop(0) if free else ProgrammeLocation()
            _find_point(row, venue.postcode)
        row.name, row.address, row.town, row.postcode = venue.words
        if venue.latitude is not None and venue.longitude is not None:
            row.latitude, row.longitude = venue.latitude, venue.longitude
        rows.append(row)
    programme.locations[:] = rows


def venues_of(programme: Programme) -> tuple[VenueDetails, ...]:
    """The places a programme has."""
    return tuple(
        VenueDetails(
            name=row.name,
            address=row.address,
            town=row.town,
            postcode=row.postcode,
            latitude=row.latitude,
            longitude=row.longitude,
        )
        for row in programme.locations
    )


def _checked(number: int, venue: VenueDetails) -> VenueDetails:
    lines = {}
    for part in ("name", "address", "town"):
        lines[part] = " ".join(getattr(venue, part).split())
        if len(lines[part]) > LINE_MAX_LENGTH:
            raise FieldError(
                f"locations-{number}-{part}",
                _("Use %(longest)s characters or fewer", longest=LINE_MAX_LENGTH),
            )
    postcode = normalise_postcode(venue.postcode) if venue.postcode.strip() else ""
    if postcode is None:
        raise FieldError(f"locations-{number}-postcode", _("Enter a full postcode, like KY12 7JA"))
    return VenueDetails(
        **lines, postcode=postcode, latitude=venue.latitude, longitude=venue.longitude
    )


def _words(row: ProgrammeLocation) -> tuple[str, str, str, str]:
    return row.name, row.address, row.town, row.postcode


def _find_point(row: ProgrammeLocation, postcode: str) -> None:
    """Place it at the centre of its postcode's district, unless it had this postcode before."""
    if row.postcode == postcode and row.latitude is not None:
        return
    district = district_of(postcode)
    outcode = None if district is None else db.session.get(Outcode, district)
    row.latitude = None if outcode is None else outcode.latitude
    row.longitude = None if outcode is None else outcode.longitude
