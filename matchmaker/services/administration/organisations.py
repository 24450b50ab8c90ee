"""Organisations as an administrator sees them: who looks after them, and how they stand."""

from __future__ import annotations

import enum

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption

from matchmaker.extensions import db
from matchmaker.models import Membership, Organisation, Programme
from matchmaker.services.administration.pages import Page, fetch_page


class Which(enum.StrEnum):
    """A part of all organisations."""

    ALL = "all"
    CLAIMED = "claimed"
    UNCLAIMED = "unclaimed"


WHICH = {
    Which.ALL: (),
    Which.CLAIMED: (Organisation.claimed_at.is_not(None),),
    Which.UNCLAIMED: (Organisation.claimed_at.is_(None),),
}


def list_organisations(words: str, which: Which, number: int) -> Page[Organisation]:
    """Organisations whose name or registration holds `words`, by name, with their programmes."""
    query = (
        select(Organisation)
        .where(Organisation.merged_into_id.is_(None), *WHICH[which])
        .order_by(Organisation.name, Organisation.id)
    )
    words = words.strip()
    if words:
        query = query.where(
            Organisation.name.icontains(words, autoescape=True)
            | Organisation.registration.icontains(words, autoescape=True)
        )
    return fetch_page(
        query.options(selectinload(Organisation.memberships), _state_of_programmes()), number
    )


def find_organisation(organisation_id: int) -> Organisation | None:
    """One organisation with its members and its programmes, or None."""
    return db.session.scalar(
        select(Organisation)
        .where(Organisation.id == organisation_id, Organisation.merged_into_id.is_(None))
        .options(
            selectinload(Organisation.memberships).joinedload(Membership.user),
            _state_of_programmes(),
        )
    )


def _state_of_programmes() -> ORMOption:
    """Load what says how a programme stands, and not whom to reach there."""
    return selectinload(Organisation.programmes).load_only(
        Programme.organisation_id,
        Programme.name,
        Programme.status,
        Programme.published_at,
        Programme.last_checked_at,
    )
