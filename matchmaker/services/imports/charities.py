"""Importing a charity register: each charity an unclaimed organisation with one programme.

Conditions and approaches are not stored: nobody has confirmed them, so they are read from the text
whenever it is matched. Organisations that somebody looks after are left as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from matchmaker.extensions import db
from matchmaker.models import (
    AuditEvent,
    Organisation,
    OrganisationKind,
    Outcode,
    Programme,
    ProgrammeArea,
    ProgrammeStatus,
)
from matchmaker.services import interruptions
from matchmaker.services.imports.charity_records import COLUMNS, CharityRecord, read_charity
from matchmaker.services.imports.csv_file import CsvRow, Progress, read_csv
from matchmaker.services.imports.report import ImportNotPossible, ImportReport, RowError
from matchmaker.services.registrations import Register, split_registration

BATCH = 500
SOURCES = {
    Register.SCOTLAND: "oscr",
    Register.ENGLAND_AND_WALES: "ccew",
    Register.NORTHERN_IRELAND: "ccni",
    Register.COMPANIES_HOUSE: "companies_house",
}


@dataclass(frozen=True, slots=True)
class _Known:
    """What of an organisation that is here already decides about its row."""

    id: int
    digest: str | None
    is_claimed: bool


def import_charities(path: Path, *, now: datetime, progress: Progress) -> ImportReport:
    """Load a charity register; the columns used are `COLUMNS` and `web`.

    A charity that is no longer active is left out, or, if it is here, its programme is closed.

    Args:
        path: A CSV file with a header.
        now: The time to put on what is new or changed, in UTC.
        progress: Wraps the rows while they are dealt with, to show how far it is.

    Raises:
        BrokenFile: The file cannot be read as a whole; nothing has been changed.
        ImportNotPossible: There are no postcode districts yet, so no charity could be placed.
    """
    rows = read_csv(path, COLUMNS)
    area_codes = _area_codes()
    known = _known_organisations()
    report = ImportReport()
    new: list[CharityRecord] = []
    changed: list[tuple[_Known, CharityRecord]] = []
    with progress(rows) as counted:
        for record in _records(counted, area_codes, report):
            match = known.get(record.registration)
            if match is None and not record.is_active:
                report.skipped += 1
            elif match is None:
                new.append(record)
            elif match.is_claimed or match.digest == record.digest:
                report.unchanged += 1
            else:
                changed.append((match, record))
    for start in range(0, len(new), BATCH):
        _create(new[start : start + BATCH], now)
    for start in range(0, len(changed), BATCH):
        _update(changed[start : start + BATCH], now)
    report.created, report.updated = len(new), len(changed)
    return report


def _area_codes() -> Mapping[str, str]:
    found = db.session.execute(select(Outcode.outcode, Outcode.area_code))
    area_codes = {each.outcode: each.area_code for each in found}
    if not area_codes:
        raise ImportNotPossible(
            _(
                "There are no postcode districts yet, so no charity could be placed. Load them"
                " first: matchmaker import outcodes FILE"
            )
        )
    return area_codes


def _known_organisations() -> dict[str, _Known]:
    found = db.session.execute(
        select(
            Organisation.registration,
            Organisation.id,
            Organisation.import_digest,
            Organisation.claimed_at,
        ).where(Organisation.registration.is_not(None))
    )
    return {
        registration: _Known(organisation_id, digest, claimed_at is not None)
        for registration, organisation_id, digest, claimed_at in found
        if registration is not None
    }


def _records(
    rows: Iterable[CsvRow],
    area_codes: Mapping[str, str],
    report: ImportReport,
) -> Iterable[CharityRecord]:
    """The rows that can be taken; the others go into the report."""
    first_rows: dict[str, int] = {}
    for row in rows:
        try:
            record = read_charity(row, area_codes)
            first = first_rows.setdefault(record.registration, row.number)
            if first != row.number:
                raise RowError("org_id", _("the same charity stands in row %(row)s", row=first))
            yield record
        except RowError as error:
            report.reject(row.number, error.field, str(error))


def _create(records: Sequence[CharityRecord], now: datetime) -> None:
    organisation_ids = db.session.scalars(
        insert(Organisation).returning(Organisation.id, sort_by_parameter_order=True),
        [
            {
                **_organisation_values(record, now),
                "kind": OrganisationKind.CHARITY,
                "registration": record.registration,
                "source": SOURCES[split_registration(record.registration)[0]],
                "created_at": now,
            }
            for record in records
        ],
    ).all()
    programme_ids = db.session.scalars(
        insert(Programme).returning(Programme.id, sort_by_parameter_order=True),
        [
            {
                "organisation_id": organisation_id,
                "name": record.name,
                "description": record.description,
                "delivery": record.delivery,
                "published_at": now,
                "created_at": now,
                "updated_at": now,
            }
            for organisation_id, record in zip(organisation_ids, records, strict=True)
        ],
    ).all()
    _insert_areas(zip(programme_ids, records, strict=True))
    _record_events("organisation.imported", organisation_ids, now)


def _update(changes: Sequence[tuple[_Known, CharityRecord]], now: datetime) -> None:
    """Rewrite organisations and their programmes; one that has ended closes, with its proposals."""
    records = {known.id: record for known, record in changes}
    programmes = {
        each.organisation_id: each
        for each in db.session.scalars(
            select(Programme).where(Programme.organisation_id.in_(records)).order_by(Programme.id)
        )
    }
    db.session.execute(
        update(Organisation),
        [
            {"id": organisation_id, **_organisation_values(record, now)}
            for organisation_id, record in records.items()
        ],
    )
    for organisation_id, programme in programmes.items():
        record = records[organisation_id]
        programme.name = record.name
        programme.description = record.description
        programme.delivery = record.delivery
        programme.updated_at = now
        programme.version += 1
        programme.status = ProgrammeStatus.OPEN if record.is_active else ProgrammeStatus.CLOSED
        if not record.is_active:
            interruptions.supersede_for(programme, actor=None, now=now)
    db.session.flush()
    programme_ids = [programme.id for programme in programmes.values()]
    db.session.execute(delete(ProgrammeArea).where(ProgrammeArea.programme_id.in_(programme_ids)))
    _insert_areas(
        (programme.id, records[organisation_id])
        for organisation_id, programme in programmes.items()
    )
    _record_events("organisation.import_updated", list(records), now)


def _organisation_values(record: CharityRecord, now: datetime) -> dict[str, Any]:
    return {
        "name": record.name,
        "description": record.description,
        "website": record.website,
        "postcode": record.postcode,
        "area_code": record.area_code,
        "import_digest": record.digest,
        "updated_at": now,
    }


def _insert_areas(placed: Iterable[tuple[int, CharityRecord]]) -> None:
    areas = [
        {"programme_id": programme_id, "area_code": area_code}
        for programme_id, record in placed
        for area_code in record.served_areas
    ]
    if areas:
        db.session.execute(insert(ProgrammeArea), areas)


def _record_events(action: str, organisation_ids: Sequence[int], now: datetime) -> None:
    db.session.execute(
        insert(AuditEvent),
        [
            {
                "at": now,
                "action": action,
                "subject_type": Organisation.__tablename__,
                "subject_id": organisation_id,
                "details": {},
            }
            for organisation_id in organisation_ids
        ],
    )
