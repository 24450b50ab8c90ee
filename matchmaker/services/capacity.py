"""Places for new introductions: so many in a calendar month, taken at acceptance, not given back.

All the arithmetic happens in the database, so that of two who want the last place one gets it.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Integer, case, literal, select, update

from matchmaker.extensions import db, insert_into
from matchmaker.models import Programme, ProgrammeMonth
from matchmaker.services.clock import london_month
from matchmaker.services.errors import FieldError, NoPlacesLeft

MOST_PLACES = 1000


def free_places(programme: Programme, now: datetime) -> int | None:
    """How many introductions can still be accepted this month in London; None is no limit."""
    if programme.places_per_month is None:
        return None
    month = db.session.execute(
        select(ProgrammeMonth.places, ProgrammeMonth.taken).where(
            ProgrammeMonth.programme_id == programme.id,
            ProgrammeMonth.month == london_month(now),
        )
    ).one_or_none()
    return programme.places_per_month if month is None else month.places - month.taken


def take_place(programme: Programme, now: datetime) -> None:
    """Take one of this month's places; without a figure there is nothing to take.

    Raises:
        NoPlacesLeft: Every place of the month is taken.
    """
    month = london_month(now)
    # The figure is read by the database in the same statement, not from what the session remembers.
    figure = select(
        Programme.id, literal(month), Programme.places_per_month, literal(0, Integer)
    ).where(Programme.id == programme.id, Programme.places_per_month.is_not(None))
    db.session.execute(
        insert_into(ProgrammeMonth)
        .from_select(["programme_id", "month", "places", "taken"], figure)
        .on_conflict_do_nothing()
    )
    taken = db.session.scalar(
        update(ProgrammeMonth)
        .where(
            ProgrammeMonth.programme_id == programme.id,
            ProgrammeMonth.month == month,
            ProgrammeMonth.taken < ProgrammeMonth.places,
        )
        .values(taken=ProgrammeMonth.taken + 1)
        .returning(ProgrammeMonth.taken)
        .execution_options(synchronize_session=False)
    )
    if taken is not None or _has_no_limit(programme):
        return
    raise NoPlacesLeft(_("This programme has no places left this month."))


def set_places_per_month(programme: Programme, places: int | None, now: datetime) -> None:
    """Set a programme's places a month, from this month on; None takes the limit away.

    What has been taken this month stays taken: the month's own figure never falls below it.

    Raises:
        FieldError: The figure is below 0 or unreasonably large.
    """
    if places is not None and not 0 <= places <= MOST_PLACES:
        raise FieldError(
            "places_per_month",
            _("Places a month must be a whole number from 0 to %(most)s", most=MOST_PLACES),
        )
    programme.places_per_month = places
    db.session.flush()
    if places is None:
        return
    month = insert_into(ProgrammeMonth).values(
        programme_id=programme.id, month=london_month(now), places=places, taken=0
    )
    at_least_taken = case(
        (ProgrammeMonth.taken > places, ProgrammeMonth.taken), else_=literal(places, Integer)
    )
    db.session.execute(
        month.on_conflict_do_update(
            index_elements=["programme_id", "month"], set_={"places": at_least_taken}
        ).execution_options(populate_existing=True)
    )


def _has_no_limit(programme: Programme) -> bool:
    return (
        db.session.scalar(select(Programme.places_per_month).where(Programme.id == programme.id))
        is None
    )
