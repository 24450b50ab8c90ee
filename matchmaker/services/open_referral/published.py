"""Which programmes are open data: those that everybody can read, of organisations that are here."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from matchmaker.models import Organisation, Programme, ProgrammeStatus


def is_published() -> ColumnElement[bool]:
    """Whether a programme, joined to its organisation, can be asked for by name."""
    return and_(Programme.published_at.is_not(None), Organisation.merged_into_id.is_(None))


def is_listed() -> ColumnElement[bool]:
    """Whether it stands in lists: one that has closed does not, so that nobody is sent there."""
    return and_(is_published(), Programme.status != ProgrammeStatus.CLOSED)
