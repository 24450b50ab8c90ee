"""Letting rows that are here already follow what their source says now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matchmaker.extensions import db
from matchmaker.models import (
    ImportedRecord,
    ImportSource,
    Organisation,
    Programme,
    ProgrammeStatus,
    User,
)
from matchmaker.services import interruptions
from matchmaker.services.imports.comparing import checked_at, is_later_check
from matchmaker.services.imports.parts import area_of
from matchmaker.services.imports.plan import LAST_CHECKED, Outcome, Step
from matchmaker.services.imports.records import ProgrammeRecord
from matchmaker.services.imports.values import (
    programme_value,
    put_into_organisation,
    put_into_programme,
)
from matchmaker.services.introduction_locks import list_open_proposals, lock_programme
from matchmaker.services.programme_history import keeping_history


@dataclass(frozen=True, slots=True)
class Loading:
    """What holds for every step of one import."""

    source: ImportSource
    code: str | None
    only_for: Organisation | None
    districts: dict[str, str]
    actor: User | None
    now: datetime


def follow_source(step: Step, loading: Loading) -> bool:
    """Take what the source changed and nobody changed here, and note what it says now.

    Returns:
        Whether the row says something new.
    """
    if step.known is None or step.row is None or step.is_left_alone:
        return False
    _note_offer(step, step.known, loading.now)
    if step.outcome is not Outcome.UPDATED:
        return False
    if isinstance(step.row, Organisation):
        _follow_with_organisation(step, step.row, loading)
    else:
        _follow_with_programme(step, step.row, loading)
    step.row.updated_at = loading.now
    step.row.version += 1
    return True


def take_value(
    row: Organisation | Programme,
    field: str,
    value: object,
    *,
    districts: dict[str, str],
    actor: User | None,
    now: datetime,
) -> None:
    """Let a row, locked if it is a programme, say of one field what its source says."""
    if isinstance(row, Organisation):
        put_into_organisation(row, field, value)
        if field == "postcode":
            row.area_code = area_of(str(value), districts)
        return
    put_into_programme(row, field, value)
    if field == "status":
        _tell_of_status(row, actor=actor, now=now)


def _follow_with_organisation(step: Step, organisation: Organisation, loading: Loading) -> None:
    for change in step.changes:
        take_value(
            organisation,
            change.field,
            change.theirs,
            districts=loading.districts,
            actor=loading.actor,
            now=loading.now,
        )


def _follow_with_programme(step: Step, programme: Programme, loading: Loading) -> None:
    lock_programme(programme)
    with keeping_history(programme, actor=loading.actor, now=loading.now):
        for change in step.changes:
            if programme_value(programme, change.field) != change.ours:
                continue  # edited here a moment ago
            take_value(
                programme,
                change.field,
                change.theirs,
                districts=loading.districts,
                actor=loading.actor,
                now=loading.now,
            )
    if isinstance(step.record, ProgrammeRecord) and is_later_check(step.record, programme):
        programme.last_checked_at = checked_at(step.record)
        programme.freshness_reminders = 0


def _note_offer(step: Step, known: ImportedRecord, now: datetime) -> None:
    """A field in conflict keeps what it took before; of the others the row has all there is."""
    in_conflict = {LAST_CHECKED} | {each.field for each in step.conflicts}
    followed = {name: value for name, value in step.offered.items() if name not in in_conflict}
    known.taken = {**known.taken, **followed}
    known.offered = step.offered
    known.permalink = step.record.permalink
    known.has_conflict = bool(step.conflicts)
    known.last_seen_at = now


def _tell_of_status(programme: Programme, *, actor: User | None, now: datetime) -> None:
    db.session.flush()
    if programme.status is ProgrammeStatus.CLOSED:
        interruptions.supersede_for(programme, actor=actor, now=now)
        return
    for introduction in list_open_proposals(programme):
        interruptions.reconsider_and_tell(introduction, actor=actor, now=now)
