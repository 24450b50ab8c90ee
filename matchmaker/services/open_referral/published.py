"""Which programmes are open data: those that everybody can read, of organisations that are here."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, select

from matchmaker.models import Organisation, Programme, ProgrammeStatus


def is_published() -> ColumnElement[bool]:
    """Whether a programme can be asked for by name.

    Few organisations turned out to be others, so that looking for these beats joining all.
    """
    merged = select(Organisation.id).where(Organisation.merged_into_id.is_not(None))
    return and_(Programme.published_at.is_not(None), Programme.organisation_id.not_in(merged))


def is_listed() -> ColumnElement[bool]:
    """Whether it stands in lists: one that has closed does not, so that nobody is sent there."""
    return and_(is_published(), Programme.status != ProgrammeStatus.CLOSED)
