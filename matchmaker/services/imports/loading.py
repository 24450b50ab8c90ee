"""Carrying out what an import plans, in the one transaction that its caller commits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from matchmaker.extensions import Base, db, insert_into
from matchmaker.models import (
    AuditEvent,
    Delivery,
    ImportedRecord,
    ImportSource,
    Organisation,
    Programme,
    ProgrammeArea,
    ProgrammeLocation,
    ProgrammeSchedule,
    ProgrammeStatus,
    ProgrammeTerm,
    User,
)
from matchmaker.models.public_ids import new_public_id
from matchmaker.services import duplicates
from matchmaker.services.imports.comparing import checked_at
from matchmaker.services.imports.following import Loading, follow_source
from matchmaker.services.imports.parts import area_of, known_districts
from matchmaker.services.imports.plan import AT_ONCE, LAST_CHECKED, Outcome, Plan, Source, Step
from matchmaker.services.imports.planning import make_plan
from matchmaker.services.imports.records import Feed, ProgrammeRecord
from matchmaker.services.imports.report import ImportReport
from matchmaker.services.imports.values import (
    ORGANISATION_FIELDS,
    Values,
    schedule_columns,
    terms_of,
)

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def load(
    feed: Feed,
    source: Source,
    *,
    actor: User | None,
    now: datetime,
    only_for: Organisation | None = None,
) -> ImportReport:
    """Take what a feed says into the tables; running it again changes only what changed.

    Args:
        feed: What a reader made of a file.
        source: Where it comes from.
        actor: Who imports; None on the command line.
        now: The moment, in UTC.
        only_for: The organisation whose members import their own programmes.
    """
    row = lock_source(source, now=now)
    return carry_out(
        make_plan(feed, source, now=now, only_for=only_for),
        source,
        row,
        actor=actor,
        now=now,
        only_for=only_for,
    )


def lock_source(source: Source, *, now: datetime) -> ImportSource:
    """The source's row, made if need be; whoever imports the same at the same moment waits."""
    db.session.execute(
        insert_into(ImportSource)
        .values(
            name=source.name,
            format=source.format,
            created_at=now,
            url="",
            attribution="",
            licence="",
        )
        .on_conflict_do_nothing()
    )
    row = db.session.scalars(
        select(ImportSource)
        .where(ImportSource.name == source.name)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    row.format = source.format
    row.url = source.url or row.url
    row.attribution = source.attribution or row.attribution
    row.licence = source.licence or row.licence
    row.last_imported_at = now
    return row


def carry_out(
    plan: Plan,
    source: Source,
    row: ImportSource,
    *,
    actor: User | None,
    now: datetime,
    only_for: Organisation | None = None,
) -> ImportReport:
    """Do what `plan` says; `row` is its source, locked before the plan was made."""
    loading = Loading(row, source.code or None, only_for, known_districts(), actor, now)
    organisation_ids = _create_organisations(plan, loading)
    programmes = [step for step in plan.programmes if step.outcome is Outcome.CREATED]
    for start in range(0, len(programmes), AT_ONCE):
        _create_programmes(programmes[start : start + AT_ONCE], organisation_ids, loading)
    updated = [step.row for step in plan.steps if follow_source(step, loading)]
    for table in (Organisation, Programme):
        ids = [row.id for row in updated if isinstance(row, table)]
        _record_events(f"{table.__tablename__}.import_updated", table, ids, loading)
    _note_seen(plan, loading)
    db.session.flush()
    for likely in plan.likely:
        other = likely.other if isinstance(likely.other, int) else organisation_ids[likely.other]
        duplicates.suspect(organisation_ids[likely.external_id], other, likely.likeness, now=now)
    db.session.flush()
    return _report(plan)


def _report(plan: Plan) -> ImportReport:
    outcomes = plan.outcomes()
    return ImportReport(
        created=outcomes[Outcome.CREATED],
        updated=outcomes[Outcome.UPDATED],
        unchanged=outcomes[Outcome.UNCHANGED],
        skipped=len(plan.skipped),
        rejected=plan.rejected,
        conflicts=len(plan.conflicts),
        possible_duplicates=len(plan.likely),
        missing=plan.missing,
    )


def _create_organisations(plan: Plan, loading: Loading) -> dict[str, int]:
    """Add the new ones; returns the number of every organisation of the feed by external id."""
    ids = {
        step.record.external_id: step.known.organisation_id
        for step in plan.organisations
        if step.known is not None and step.known.organisation_id is not None
    }
    new = [step for step in plan.organisations if step.outcome is Outcome.CREATED]
    for start in range(0, len(new), AT_ONCE):
        some = new[start : start + AT_ONCE]
        made = db.session.scalars(
            insert(Organisation).returning(Organisation.id, sort_by_parameter_order=True),
            [
                {"public_id": public_id, **_organisation_columns(step, loading)}
                for step, public_id in zip(some, _public_ids(some, Organisation), strict=True)
            ],
        ).all()
        ids |= {step.record.external_id: row_id for step, row_id in zip(some, made, strict=True)}
        _note_records(some, made, "organisation_id", loading)
        _record_events("organisation.imported", Organisation, made, loading)
    return ids


def _public_ids(steps: Sequence[Step], table: type[Organisation | Programme]) -> list[str]:
    """The name that open data has for each already, so that it stays the same there, or a new one.

    An id that is no UUID, or that something here has, is not taken over.
    """
    wanted = [step.record.external_id.casefold() for step in steps]
    taken = set(db.session.scalars(select(table.public_id).where(table.public_id.in_(wanted))))
    found = []
    for name in wanted:
        is_free = _UUID.fullmatch(name) is not None and name not in taken
        found.append(name if is_free else new_public_id())
        taken.add(name)
    return found


def _organisation_columns(step: Step, loading: Loading) -> Values:
    return {
        **dict.fromkeys(ORGANISATION_FIELDS, ""),
        "registration": None,
        **step.offered,
        "area_code": area_of(step.offered.get("postcode") or "", loading.districts),
        "source": loading.code,
        "created_at": loading.now,
        "updated_at": loading.now,
    }


def _create_programmes(
    steps: Sequence[Step], organisation_ids: dict[str, int], loading: Loading
) -> None:
    made = db.session.scalars(
        insert(Programme).returning(Programme.id, sort_by_parameter_order=True),
        [
            {"public_id": public_id, **_programme_columns(step, organisation_ids, loading)}
            for step, public_id in zip(steps, _public_ids(steps, Programme), strict=True)
        ],
    ).all()
    pairs = list(zip(made, (step.offered for step in steps), strict=True))
    _insert(
        ProgrammeArea,
        [
            {"programme_id": key, "area_code": code}
            for key, said in pairs
            for code in said.get("areas", ())
        ],
    )
    _insert(
        ProgrammeTerm,
        [
            {"programme_id": key, "field": field, "wording": wording, "code": code}
            for key, said in pairs
            for field, wording, code in terms_of(said)
        ],
    )
    _insert(
        ProgrammeLocation,
        [
            {"programme_id": key, **place}
            for key, said in pairs
            for place in said.get("locations", ())
        ],
    )
    _insert(
        ProgrammeSchedule,
        [
            {"programme_id": key, **schedule_columns(each)}
            for key, said in pairs
            for each in said.get("schedules", ())
        ],
    )
    _note_records(steps, made, "programme_id", loading)
    _record_events("programme.imported", Programme, made, loading)


def _programme_columns(step: Step, organisation_ids: dict[str, int], loading: Loading) -> Values:
    record = step.record
    if not isinstance(record, ProgrammeRecord):
        raise TypeError("Only a programme has an organisation.")
    said = step.offered
    only_for = loading.only_for
    least, most = said.get("ages", (None, None))
    return {
        "organisation_id": organisation_ids[record.organisation]
        if only_for is None
        else only_for.id,
        **{
            name: said.get(name, "")
            for name in (
                *(
                    "name",
                    "description",
                    "cost",
                    "funded_by",
                    "website",
                    "public_email",
                    "public_phone",
                ),
            )
        },
        "is_free": said.get("is_free"),
        "min_age": least,
        "max_age": most,
        "delivery": Delivery(said.get("delivery", Delivery.BOTH)),
        "status": ProgrammeStatus(said.get("status", ProgrammeStatus.OPEN)),
        "published_at": loading.now,
        "last_checked_at": _first_check(record, loading),
        "created_at": loading.now,
        "updated_at": loading.now,
    }


def _first_check(record: ProgrammeRecord, loading: Loading) -> datetime | None:
    if record.last_checked_on is not None:
        return checked_at(record)
    # What its own people hand in, they have checked.
    return None if loading.only_for is None else loading.now


def _note_records(steps: Sequence[Step], ids: Sequence[int], column: str, loading: Loading) -> None:
    _insert(
        ImportedRecord,
        [
            {
                "source_id": loading.source.id,
                "external_id": step.record.external_id,
                column: row_id,
                "permalink": step.record.permalink,
                "taken": {
                    name: step.offered[name] for name in step.offered if name != LAST_CHECKED
                },
                "offered": step.offered,
                "has_conflict": False,
                "first_seen_at": loading.now,
                "last_seen_at": loading.now,
            }
            for step, row_id in zip(steps, ids, strict=True)
        ],
    )


def _note_seen(plan: Plan, loading: Loading) -> None:
    """Say of every record that is still there that it was seen."""
    ids = [step.known.id for step in plan.steps if step.known is not None]
    for start in range(0, len(ids), AT_ONCE):
        db.session.execute(
            update(ImportedRecord)
            .where(ImportedRecord.id.in_(ids[start : start + AT_ONCE]))
            .values(last_seen_at=loading.now)
            .execution_options(synchronize_session=False)
        )


def _record_events(action: str, table: type[Base], ids: Sequence[int], loading: Loading) -> None:
    _insert(
        AuditEvent,
        [
            {
                "at": loading.now,
                "actor_user_id": None if loading.actor is None else loading.actor.id,
                "action": action,
                "subject_type": table.__tablename__,
                "subject_id": row_id,
                "details": {},
            }
            for row_id in ids
        ],
    )


def _insert(table: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(table), rows)
