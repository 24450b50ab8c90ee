"""What becomes of each field of a row, when its source says something new.

For each field there are three values: `taken`, the source's value that the row took last; what the
row says now; and what the source says now. A row that still says what it took follows the source. A
row that says something else was edited here: it stays, and where the source has changed as well,
the two are a conflict that somebody decides.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import ImportedRecord, Organisation, Programme
from matchmaker.services.imports.plan import (
    AT_ONCE,
    LAST_CHECKED,
    Difference,
    Outcome,
    Step,
)
from matchmaker.services.imports.records import OrganisationRecord, ProgrammeRecord
from matchmaker.services.imports.values import is_said, organisation_value, programme_value

_NEVER_TAKEN = object()


def compare_organisations(steps: Sequence[Step]) -> None:
    """Say of each step of an organisation what becomes of it."""
    _compare(steps, _organisations, organisation_value)


def compare_programmes(steps: Sequence[Step]) -> None:
    """Say of each step of a programme what becomes of it."""
    _compare(steps, _programmes, programme_value)


class Following(enum.Enum):
    """How a field of a row stands to what its source says now."""

    SAME = enum.auto()
    TAKES = enum.auto()
    EDITED_HERE = enum.auto()
    CONFLICT = enum.auto()


def difference_of(name: str, ours: Any, taken: Mapping[str, Any], theirs: Any) -> Following:
    """How a field stands: `ours` the row's value, `theirs` the source's new one."""
    if ours == theirs:
        return Following.SAME
    before = taken.get(name, _NEVER_TAKEN)
    if ours == before or (before is _NEVER_TAKEN and not is_said(ours)):
        return Following.TAKES
    return Following.EDITED_HERE if before == theirs else Following.CONFLICT


def is_later_check(record: OrganisationRecord | ProgrammeRecord, row: Any) -> bool:
    """Whether the source has checked a programme since anybody here did."""
    if not isinstance(record, ProgrammeRecord) or record.last_checked_on is None:
        return False
    before = row.last_checked_at
    return before is None or checked_at(record) > before


def checked_at(record: ProgrammeRecord) -> datetime:
    """When a source checked a programme, in UTC: the start of that day."""
    day = record.last_checked_on
    if day is None:
        raise ValueError("The source does not say when.")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _compare(
    steps: Sequence[Step],
    load: Callable[[Sequence[int]], Mapping[int, Any]],
    value_of: Callable[[Any, str], Any],
) -> None:
    """Say of each step what becomes of it, and give it its row where something changes."""
    changed = []
    for step in steps:
        if step.is_left_alone:
            continue
        if step.known is None:
            step.outcome = Outcome.CREATED
        elif step.offered != step.known.offered:
            changed.append(step)
    for start in range(0, len(changed), AT_ONCE):
        some = changed[start : start + AT_ONCE]
        rows = load([_row_id(step.known) for step in some if step.known is not None])
        for step in some:
            assert step.known is not None  # noqa: S101 - chosen so above
            step.row = rows[_row_id(step.known)]
            _compare_fields(step, step.known, step.row, value_of)


def _row_id(known: ImportedRecord) -> int:
    row_id = known.organisation_id or known.programme_id
    if row_id is None:
        raise RuntimeError("An imported record is about an organisation or a programme.")
    return row_id


def _compare_fields(
    step: Step, known: ImportedRecord, row: Any, value_of: Callable[[Any, str], Any]
) -> None:
    for name, theirs in step.offered.items():
        if name == LAST_CHECKED:
            continue
        ours = value_of(row, name)
        difference = difference_of(name, ours, known.taken, theirs)
        if difference is Following.TAKES:
            step.changes.append(Difference(name, ours, theirs))
        elif difference is Following.CONFLICT:
            step.conflicts.append(Difference(name, ours, theirs))
    is_checked_later = is_later_check(step.record, row)
    step.outcome = Outcome.UPDATED if step.changes or is_checked_later else Outcome.UNCHANGED


def _organisations(ids: Sequence[int]) -> dict[int, Organisation]:
    found = select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.id)
    return {each.id: each for each in db.session.scalars(found)}


def _programmes(ids: Sequence[int]) -> dict[int, Programme]:
    found = (
        select(Programme)
        .where(Programme.id.in_(ids))
        .options(
            joinedload(Programme.organisation),
            selectinload(Programme.terms),
            selectinload(Programme.areas),
            selectinload(Programme.locations),
            selectinload(Programme.schedules),
        )
        .order_by(Programme.id)
    )
    return {each.id: each for each in db.session.scalars(found)}
