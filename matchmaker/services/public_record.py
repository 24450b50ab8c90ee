"""What anybody may know of a programme: which ones are public, and how to reach and find them.

The contact that a programme names (`contact_*`) is not here: professionals get it once both have
said yes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import Organisation, Programme


def is_public() -> ColumnElement[bool]:
    """The condition that a programme, joined with its organisation, is shown to everybody."""
    return Programme.published_at.is_not(None) & Organisation.merged_into_id.is_(None)


def public_programmes(programme_ids: Collection[int]) -> Mapping[int, Programme]:
    """Those of the programmes that are public, by id, with all that a list shows of them."""
    if not programme_ids:
        return {}
    found = db.session.scalars(
        select(Programme)
        .join(Programme.organisation)
        .where(Programme.id.in_(programme_ids), is_public())
        .options(
            joinedload(Programme.organisation),
            selectinload(Programme.areas),
            selectinload(Programme.locations),
            selectinload(Programme.schedules),
        )
    )
    return {programme.id: programme for programme in found}
