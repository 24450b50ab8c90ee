"""Importing a charity register: each charity an unclaimed organisation with one programme.

Conditions and approaches are not stored: nobody has confirmed them, so they are read from the text
whenever it is matched. Organisations that somebody looks after are left as they are, and so is what
people changed of the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from flask_babel import gettext as _

from matchmaker.models import ProgrammeStatus, SourceFormat
from matchmaker.services.imports.charity_records import COLUMNS, CharityRecord, read_charity
from matchmaker.services.imports.csv_file import CsvRow, Progress, read_csv
from matchmaker.services.imports.loading import load
from matchmaker.services.imports.parts import known_districts
from matchmaker.services.imports.plan import Source
from matchmaker.services.imports.records import Feed, OrganisationRecord, ProgrammeRecord
from matchmaker.services.imports.report import ImportNotPossible, ImportReport, RowError
from matchmaker.services.registrations import Register, split_registration

_OPEN_GOVERNMENT_LICENCE = "Open Government Licence v3.0"
SOURCES: Mapping[Register, Source] = MappingProxyType(
    {
        register: Source(
            name=name,
            format=SourceFormat.CSV,
            url=url,
            attribution=f"Contains information from the {name}",
            licence=_OPEN_GOVERNMENT_LICENCE,
            code=code,
            is_register=True,
        )
        for register, code, name, url in (
            (
                Register.SCOTLAND,
                "oscr",
                "Scottish Charity Register (OSCR)",
                "https://www.oscr.org.uk/",
            ),
            (
                Register.ENGLAND_AND_WALES,
                "ccew",
                "Register of Charities in England and Wales",
                "https://register-of-charities.charitycommission.gov.uk/",
            ),
            (
                Register.NORTHERN_IRELAND,
                "ccni",
                "Register of Charities in Northern Ireland",
                "https://www.charitycommissionni.org.uk/",
            ),
            (
                Register.COMPANIES_HOUSE,
                "companies_house",
                "Companies House register",
                "https://www.gov.uk/government/organisations/companies-house",
            ),
        )
    }
)


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
    districts = known_districts()
    if not districts:
        raise ImportNotPossible(
            _(
                "There are no postcode districts yet, so no charity could be placed. Load them"
                " first: matchmaker import outcodes FILE"
            )
        )
    report = ImportReport()
    feeds: defaultdict[Register, Feed] = defaultdict(Feed)
    with progress(rows) as counted:
        for row, record in _records(counted, districts, report):
            register = split_registration(record.registration)[0]
            _add(record, row.number, feeds[register])
    for register, feed in feeds.items():
        report.add(load(feed, SOURCES[register], actor=None, now=now))
    return report


def _records(
    rows: Iterable[CsvRow],
    districts: Mapping[str, str],
    report: ImportReport,
) -> Iterable[tuple[CsvRow, CharityRecord]]:
    """The rows that can be taken; the others go into the report."""
    first_rows: dict[str, int] = {}
    for row in rows:
        try:
            record = read_charity(row, districts)
            first = first_rows.setdefault(record.registration, row.number)
            if first != row.number:
                raise RowError("org_id", _("the same charity stands in row %(row)s", row=first))
            yield row, record
        except RowError as error:
            report.reject(row.number, error.field, str(error))


def _add(record: CharityRecord, row: int, feed: Feed) -> None:
    status = ProgrammeStatus.OPEN if record.is_active else ProgrammeStatus.CLOSED
    feed.organisations[record.registration] = OrganisationRecord(
        external_id=record.registration,
        row=row,
        values={
            "name": record.name,
            "registration": record.registration,
            "description": record.description,
            "website": record.website,
            "postcode": record.postcode,
        },
    )
    feed.programmes[record.registration] = ProgrammeRecord(
        external_id=record.registration,
        row=row,
        organisation=record.registration,
        values={
            "name": record.name,
            "description": record.description,
            "areas": list(record.served_areas),
            "delivery": record.delivery.value,
            "status": status.value,
        },
    )
