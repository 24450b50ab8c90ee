"""A report as tables, to read on a page or in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from matchmaker.models import Organisation, Outcome
from matchmaker.services import charts, csv_export
from matchmaker.services.charts import Row
from matchmaker.services.disclosure.figures import NONE_AT_ALL, Shown
from matchmaker.services.evidence.counting import (
    ALL,
    AREA,
    COLUMNS,
    COMPLETED,
    NOT_GIVEN,
    OUTCOME,
    PROFESSION,
    PROGRAMME,
    WHOLES,
    Cell,
)
from matchmaker.services.evidence.reports import Figures, Report
from matchmaker.vocabulary import load_vocabulary


@dataclass(frozen=True, slots=True)
class Table:
    """Figures as they may be shown; `headings` begins with what the rows are about."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def tables_of(organisation: Organisation, report: Report) -> tuple[Table, ...]:
    """Everything that a report shows."""
    return (
        _by_programme(organisation, report.figures),
        _outcomes(report.figures),
        _accepted(
            _("Introductions by profession"),
            _("Profession"),
            PROFESSION,
            _profession_label,
            report.figures,
        ),
        _accepted(
            _("Introductions by area where the professional works"),
            _("Area"),
            AREA,
            load_vocabulary().areas.label,
            report.figures,
        ),
    )


def as_csv(organisation: Organisation, report: Report) -> str:
    """The same figures for a spreadsheet, one a row."""
    rows = [
        (table.title, row.label, heading, cell.csv)
        for table in tables_of(organisation, report)
        for row in table.rows
        for heading, cell in zip(table.headings[1:], row.cells, strict=True)
    ]
    headings = (_("Table"), _("Of what"), _("What is counted"), report.year.label)
    return csv_export.as_csv(headings, rows)


def _by_programme(organisation: Organisation, figures: Figures) -> Table:
    names = {str(each.id): each.name for each in organisation.programmes}
    counted = {where.row for where in figures if where.table == PROGRAMME and where.row != ALL}
    rows = [(name, key) for key, name in names.items() if key in counted]
    rows += [
        (_("A programme that is not here any more"), key) for key in sorted(counted - {*names})
    ]
    rows.append((_("All programmes"), ALL))
    return Table(
        _("Introductions by programme"),
        (_("Programme"), _("Asked for"), _("Both said yes"), _("Completed")),
        tuple(
            Row(
                name,
                tuple(
                    charts.text_cell(_figure(figures, Cell(PROGRAMME, key, column)))
                    for column in COLUMNS
                ),
            )
            for name, key in rows
        ),
    )


def _outcomes(figures: Figures) -> Table:
    wordings = {
        Outcome.ACHIEVED: _("What the two set out to do was achieved"),
        Outcome.PARTLY: _("It was partly achieved"),
        Outcome.NOT_ACHIEVED: _("It was not achieved"),
    }
    completed = _figure(figures, WHOLES[COMPLETED])
    rows = []
    for outcome, wording in wordings.items():
        figure = _figure(figures, Cell(OUTCOME, outcome, COMPLETED))
        rows.append(Row(wording, (charts.text_cell(figure), charts.share_cell(figure, completed))))
    return Table(
        _("What came of those that were completed"),
        (_("Outcome"), _("Introductions"), _("Share of all")),
        tuple(rows),
    )


def _accepted(
    title: str, heading: str, table: str, label: Callable[[str], str], figures: Figures
) -> Table:
    """What both sides said yes to, by name: an order by size would tell what is hidden."""
    rows = [
        Row(label(where.row), (charts.text_cell(figure),))
        for where, figure in figures.items()
        if where.table == table
    ]
    rows.sort(key=lambda row: row.label)
    return Table(title, (heading, _("Both said yes")), tuple(rows))


def _profession_label(code: str) -> str:
    return _("Not given") if code == NOT_GIVEN else load_vocabulary().professions[code].heading


def _figure(figures: Figures, where: Cell) -> Shown:
    return figures.get(where, NONE_AT_ALL)
