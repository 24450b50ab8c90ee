"""Importing postcode districts: where each lies, and in which authority."""

from __future__ import annotations

import math
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from matchmaker.extensions import db
from matchmaker.models import Outcode
from matchmaker.services.imports.csv_file import CsvRow, Progress, read_csv
from matchmaker.services.imports.report import ImportReport, RowError
from matchmaker.services.postcodes import normalise_district
from matchmaker.vocabulary import Areas, load_vocabulary

COLUMNS = ("outcode", "latitude", "longitude", "la_code")
Record = dict[str, str | float]


def import_outcodes(path: Path, *, progress: Progress) -> ImportReport:
    """Load a table of postcode districts; the columns used are `COLUMNS` and `town`.

    Args:
        path: A CSV file with a header.
        progress: Wraps the rows while they are dealt with, to show how far it is.

    Raises:
        BrokenFile: The file cannot be read as a whole; nothing has been changed.
    """
    report = ImportReport()
    areas = load_vocabulary().areas
    known = {each.outcode: each for each in db.session.scalars(select(Outcode))}
    records: dict[str, Record] = {}
    with progress(read_csv(path, COLUMNS)) as rows:
        for row in rows:
            try:
                record = _record(row, areas)
                if record["outcode"] in records:
                    raise RowError("outcode", _("it is there twice"))
                records[str(record["outcode"])] = record
            except RowError as error:
                report.reject(row.number, error.field, str(error))
    new = [record for name, record in records.items() if name not in known]
    changed = [
        record
        for name, record in records.items()
        if name in known and any(getattr(known[name], key) != record[key] for key in record)
    ]
    if new:
        db.session.execute(insert(Outcode), new)
    if changed:
        db.session.execute(update(Outcode), changed)
    report.created, report.updated = len(new), len(changed)
    report.unchanged = len(records) - len(new) - len(changed)
    return report


def _record(row: CsvRow, areas: Areas) -> Record:
    row.check_shape()
    outcode = normalise_district(row["outcode"])
    if outcode is None:
        raise RowError("outcode", _("“%(value)s” is not a postcode district", value=row["outcode"]))
    if not row["la_code"]:
        raise RowError("la_code", _("there is no authority; it may lie outside the United Kingdom"))
    found = areas.resolve(row["la_code"]) if row["la_code"] in areas else frozenset()
    if len(found) != 1:
        raise RowError("la_code", _("“%(value)s” is not one authority", value=row["la_code"]))
    return {
        "outcode": outcode,
        "latitude": _degrees(row, "latitude", 90),
        "longitude": _degrees(row, "longitude", 180),
        "town": row["town"],
        "area_code": next(iter(found)),
    }


def _degrees(row: CsvRow, column: str, most: float) -> float:
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if not -most <= value <= most:
        raise RowError(column, _("“%(value)s” is not a number of degrees", value=row[column]))
    return value
