"""Making a report, once and for all.

Years share quarters, and a reader may lay them side by side. So a new report is protected together
with all that the organisation has made: to its readers, a quarter is a figure that is withheld.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.models import (
    EvidenceCounts,
    EvidenceReport,
    Introduction,
    Organisation,
    Programme,
)
from matchmaker.services.clock import london_date, long_date
from matchmaker.services.disclosure import NotPublishable, Shown, publish
from matchmaker.services.disclosure.figures import KEPT_BACK, NONE_AT_ALL
from matchmaker.services.errors import DomainError
from matchmaker.services.evidence.counting import (
    ACCEPTED,
    ALL,
    AREA,
    COLUMNS,
    COMPLETED,
    OUTCOME,
    PROFESSION,
    PROGRAMME,
    WHOLES,
    Cell,
    count_quarter,
)
from matchmaker.services.evidence.years import Year, find_year, list_years
from matchmaker.services.organisations import lock_organisation
from matchmaker.services.statistics.periods import Period, find_period, quarter_of

Figures = dict[Cell, Shown]
# The key of a year or a quarter, and a figure of it.
_Key = tuple[str, Cell]
# What makes up the introductions of a column: by programme, by what came of it, by profession.
_PARTS = (
    *((PROGRAMME, column) for column in COLUMNS),
    (OUTCOME, COMPLETED),
    (PROFESSION, ACCEPTED),
)


@dataclass(frozen=True, slots=True)
class Report:
    """What is shown of a year, and since when."""

    year: Year
    figures: Figures
    made_at: datetime


def list_reportable(organisation: Organisation, *, now: datetime) -> list[Year]:
    """The years that the organisation can report on, the newest first."""
    first = db.session.scalar(
        select(func.min(Introduction.proposed_at))
        .join(Introduction.programme)
        .where(Programme.organisation_id == organisation.id)
    )
    # The introductions that were counted may have been erased since.
    quarters = [each.last_quarter for each in list_made(organisation)]
    if first is not None:
        quarters.append(quarter_of(london_date(first)))
    return list_years(min(quarters, key=lambda each: each.first), now=now) if quarters else []


def list_made(organisation: Organisation) -> list[Year]:
    """The years of which the organisation has made a report, the earliest first."""
    keys = db.session.scalars(
        select(EvidenceReport.period_key)
        .where(EvidenceReport.organisation_id == organisation.id)
        .order_by(EvidenceReport.period_key)
    )
    return [year for key in keys if (year := find_year(key)) is not None]


def find_report(organisation: Organisation, year: Year) -> Report | None:
    """The report of a year, or None where nobody has made it."""
    row = db.session.get(EvidenceReport, (organisation.id, year.key))
    return None if row is None else _report(year, row)


def make_report(organisation: Organisation, year: Year, *, now: datetime) -> Report:
    """Make the report of a year; one that is there already stays as it is.

    Raises:
        DomainError: The year is not over for long enough, or no way was found to hide what must be
            hidden.
    """
    # Two reports made at once would know nothing of each other.
    organisation = lock_organisation(organisation)
    made = _find_all(organisation)
    if year in made:
        return made[year]
    if not year.last_quarter.is_due(now):
        due_on = long_date(year.last_quarter.due_on)
        raise DomainError(_("These figures can be made from %(day)s on.", day=due_on))
    quarters = {quarter for each in (year, *made) for quarter in each.quarters}
    counts = {each: _counts_of(organisation, each, now=now) for each in quarters}
    try:
        figures = _protect(year, counts, {each: report.figures for each, report in made.items()})
    except NotPublishable:
        raise DomainError(
            _(
                "These figures cannot be made: beside those you have made already, they would give"
                " away what is hidden. Choose another year."
            )
        ) from None
    figures = _nothing_of_programmes(organisation) | figures
    db.session.add(
        EvidenceReport(
            organisation_id=organisation.id,
            period_key=year.key,
            figures=[(*cell, each.value, each.is_withheld) for cell, each in figures.items()],
            made_at=now,
        )
    )
    db.session.flush()
    return Report(year, figures, now)


def settle(organisation: Organisation, other: Organisation, *, now: datetime) -> None:
    """Count the quarters that another has counted, before the two are put together.

    Otherwise the programmes of the other would be counted a second time, in reports that were not
    protected together with the first.
    """
    keys = db.session.scalars(
        select(EvidenceCounts.quarter_key).where(EvidenceCounts.organisation_id == other.id)
    )
    for quarter in filter(None, map(find_period, keys.all())):
        _counts_of(organisation, quarter, now=now)
    db.session.flush()


def _find_all(organisation: Organisation) -> dict[Year, Report]:
    rows = db.session.scalars(
        select(EvidenceReport)
        .where(EvidenceReport.organisation_id == organisation.id)
        .order_by(EvidenceReport.period_key)
    )
    return {
        year: _report(year, row) for row in rows if (year := find_year(row.period_key)) is not None
    }


def _report(year: Year, row: EvidenceReport) -> Report:
    figures = {
        Cell(table, name, column): Shown(value, is_withheld)
        for table, name, column, value, is_withheld in row.figures
    }
    return Report(year, figures, row.made_at)


def _nothing_of_programmes(organisation: Organisation) -> Figures:
    """A programme that people could find says so even if nothing happened to it."""
    return {
        Cell(PROGRAMME, str(each.id), column): NONE_AT_ALL
        for each in organisation.programmes
        if each.is_published
        for column in COLUMNS
    }


def _counts_of(organisation: Organisation, quarter: Period, *, now: datetime) -> Counter[Cell]:
    """What happened in a quarter, as it was counted the first time that it was needed."""
    stored = db.session.get(EvidenceCounts, (organisation.id, quarter.key))
    if stored is not None:
        return Counter({Cell(*where): count for *where, count in stored.counts})
    counts = count_quarter(organisation, quarter)
    db.session.add(
        EvidenceCounts(
            organisation_id=organisation.id,
            quarter_key=quarter.key,
            counts=[(*cell, count) for cell, count in sorted(counts.items())],
            counted_at=now,
        )
    )
    return counts


def _protect(
    year: Year, counts: Mapping[Period, Counter[Cell]], made: Mapping[Year, Figures]
) -> Figures:
    """What is shown of a year, beside the reports there are.

    Args:
        year: The new one.
        counts: The true counts of its quarters, and of those of the reports.
        made: What is shown already.
    """
    years = (year, *made)
    true = {quarter.key: of_quarter for quarter, of_quarter in counts.items()}
    for each in years:
        true[each.key] = sum((counts[one] for one in each.quarters), Counter[Cell]())
    cells = sorted(frozenset[Cell]().union(*true.values()))
    frozen: dict[_Key, Shown] = {
        (each.key, cell): figures.get(cell, NONE_AT_ALL)
        for each, figures in made.items()
        for cell in cells
    }
    for quarter in counts:
        # Where a year shows 0, everybody knows that its quarters are 0 as well.
        around = [true[each.key] for each in years if quarter in each.quarters]
        hidden = [cell for cell in cells if all(of_year[cell] for of_year in around)]
        frozen |= {(quarter.key, cell): KEPT_BACK for cell in hidden}
    sums = [each for key in true for each in _sums_within(key, cells)]
    sums += [
        ((each.key, cell), [(quarter.key, cell) for quarter in each.quarters])
        for each in years
        for cell in cells
    ]
    at_most: list[tuple[_Key, _Key]] = [
        ((key, cell), (key, WHOLES[ACCEPTED]))
        for key in true
        for cell in cells
        if cell.table == AREA
    ]
    known = dict.fromkeys(frozen, 0)
    known |= {(key, cell): count for key, each in true.items() for cell, count in each.items()}
    published = publish(known, sums, at_most, frozen=frozen)
    return {cell: figure for (key, cell), figure in published.items() if key == year.key}


def _sums_within(key: str, cells: Collection[Cell]) -> Iterator[tuple[_Key, list[_Key]]]:
    """What adds up to what in the figures of one year or quarter."""
    for table, column in _PARTS:
        parts: list[_Key] = [
            (key, cell)
            for cell in cells
            if cell.table == table and cell.column == column and cell.row != ALL
        ]
        yield (key, WHOLES[column]), parts
