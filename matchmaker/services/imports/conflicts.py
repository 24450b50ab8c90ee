"""What was edited here and changed at its source: somebody decides, field by field."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import ImportedRecord, Organisation, Programme, User
from matchmaker.services import audit
from matchmaker.services.errors import StaleVersion
from matchmaker.services.imports.comparing import Following, difference_of
from matchmaker.services.imports.following import take_value
from matchmaker.services.imports.parts import known_districts
from matchmaker.services.imports.plan import LAST_CHECKED, Difference
from matchmaker.services.imports.values import organisation_value, programme_value
from matchmaker.services.introduction_locks import lock_programme
from matchmaker.services.organisations import lock_organisation
from matchmaker.services.policy import Action, Actor, may
from matchmaker.services.programme_history import keeping_history

MOST_SHOWN = 200


class Keep(enum.StrEnum):
    """Whose value a field has in the end."""

    OURS = "ours"
    THEIRS = "theirs"


def find_record(record_id: int) -> ImportedRecord | None:
    """One imported record with what it became and its source, or None."""
    return db.session.scalar(_records().where(ImportedRecord.id == record_id))


def list_conflicts(actor: Actor) -> list[ImportedRecord]:
    """The records that this person may decide about, in the order in which they came."""
    waiting = _records().where(ImportedRecord.has_conflict).order_by(ImportedRecord.id)
    rows = db.session.scalars(waiting)
    return [row for row in rows if may(actor, Action.DECIDE_CONFLICT, row)][:MOST_SHOWN]


def organisation_of(record: ImportedRecord) -> Organisation:
    """Whose record it is."""
    row = subject_of(record)
    return row.organisation if isinstance(row, Programme) else row


def subject_of(record: ImportedRecord) -> Organisation | Programme:
    """The row that a record became."""
    row = record.organisation or record.programme
    if row is None:
        raise RuntimeError("An imported record is about an organisation or a programme.")
    return row


def fields_in_conflict(record: ImportedRecord) -> list[Difference]:
    """The fields of which people here and the source say different new things."""
    row = subject_of(record)
    found = []
    for field, theirs in record.offered.items():
        if field == LAST_CHECKED:
            continue
        ours = (
            organisation_value(row, field)
            if isinstance(row, Organisation)
            else programme_value(row, field)
        )
        if difference_of(field, ours, record.taken, theirs) is Following.CONFLICT:
            found.append(Difference(field, ours, theirs))
    return found


def digest_of(fields: list[Difference]) -> str:
    """Changes whenever there is something else to decide; 64 hexadecimal digits."""
    told = json.dumps([[each.field, each.ours, each.theirs] for each in fields])
    return hashlib.sha256(told.encode()).hexdigest()


def decide(
    record: ImportedRecord,
    choices: Mapping[str, Keep],
    digest: str,
    *,
    actor: User,
    now: datetime,
) -> None:
    """Keep what stands here, or take what the source says, for each field in conflict.

    Args:
        record: The record.
        choices: For each field, whose value it has from now on.
        digest: That of the fields that were shown.
        actor: Who decides.
        now: The moment, in UTC.

    Raises:
        StaleVersion: Somebody decided or edited something meanwhile.
    """
    row = subject_of(record)
    if isinstance(row, Programme):
        lock_programme(row)
    else:
        lock_organisation(row)
    db.session.refresh(record)
    fields = fields_in_conflict(record)
    if digest_of(fields) != digest:
        raise StaleVersion(
            _("Something has changed since you looked. Look at both again, then decide.")
        )
    districts = known_districts()
    is_changed = False
    with keeping_history(row, actor=actor, now=now):
        for each in fields:
            if choices[each.field] is Keep.THEIRS:
                take_value(row, each.field, each.theirs, districts=districts, actor=actor, now=now)
                is_changed = True
            # Either way the source's value is dealt with; its next one is new.
            record.taken = {**record.taken, each.field: each.theirs}
    record.has_conflict = False
    if is_changed:
        row.updated_at = now
        row.version += 1
    audit.record(
        "import.conflict_decided",
        row,
        actor=actor,
        now=now,
        **{field: str(choice) for field, choice in choices.items()},
    )
    db.session.flush()


def _records() -> Select[ImportedRecord]:
    return select(ImportedRecord).options(
        joinedload(ImportedRecord.source),
        joinedload(ImportedRecord.organisation),
        joinedload(ImportedRecord.programme).joinedload(Programme.organisation),
    )
