"""Which programmes and organisations have a page for everybody, and when it last changed.

For search engines, which ask for all of them, some thousands at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, Select, func, select

from matchmaker.extensions import db
from matchmaker.models import Organisation, Programme
from matchmaker.services.public_record import is_public

# The protocol of sitemaps allows 50,000, which would take seconds to write.
IN_ONE_FILE = 10_000


def count_files_of_programmes() -> int:
    """How many files the addresses of all public programmes fill."""
    return _files(_programmes())


def count_files_of_organisations() -> int:
    """How many files the addresses of all public organisations fill."""
    return _files(_organisations())


def list_programmes(number: int) -> Sequence[Row[int, datetime]]:
    """The ids of the programmes of one file, counted from 1, and when each last changed."""
    return _in_file(_programmes(), number)


def list_organisations(number: int) -> Sequence[Row[int, datetime]]:
    """The ids of the organisations of one file, counted from 1, and when each last changed."""
    return _in_file(_organisations(), number)


def _programmes() -> Select[int, datetime]:
    return (
        select(Programme.id, Programme.updated_at)
        .join(Programme.organisation)
        .where(is_public())
        .order_by(Programme.id)
    )


def _organisations() -> Select[int, datetime]:
    return (
        select(Organisation.id, Organisation.updated_at)
        .where(Organisation.merged_into_id.is_(None))
        .order_by(Organisation.id)
    )


def _files(pages: Select[int, datetime]) -> int:
    every = pages.order_by(None).subquery()
    number = db.session.scalar(select(func.count()).select_from(every)) or 0
    return -(-number // IN_ONE_FILE)


def _in_file(pages: Select[int, datetime], number: int) -> Sequence[Row[int, datetime]]:
    if number < 1:
        return []
    part = pages.limit(IN_ONE_FILE).offset((number - 1) * IN_ONE_FILE)
    return db.session.execute(part).all()
