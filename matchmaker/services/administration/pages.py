"""Long lists a page at a time, with the same few queries however long they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select, func, select

from matchmaker.extensions import db

ROWS_SHOWN = 25

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A part of a list: `number` counts from 1, `total` is of the whole list."""

    rows: list[Row]
    number: int
    total: int

    @property
    def last_number(self) -> int:
        """The number of the last page; an empty list has one."""
        return max(1, -(-self.total // ROWS_SHOWN))

    @property
    def has_next(self) -> bool:
        """Whether there is more."""
        return self.number < self.last_number


def fetch_page(query: Select[Row], number: int) -> Page[Row]:
    """Fetch the page `number` of an ordered query; behind the last page, there is nothing."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    rows = db.session.scalars(query.limit(ROWS_SHOWN).offset((number - 1) * ROWS_SHOWN))
    return Page(list(rows), number, total or 0)
