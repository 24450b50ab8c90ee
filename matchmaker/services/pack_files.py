"""The figures of an evidence pack as files: tables, what each column is, and a page to read first.

The same figures give the same bytes: nothing in the archive says when, or by whom, it was fetched.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from matchmaker.services import csv_export
from matchmaker.services.activity.choosing import Chosen
from matchmaker.services.clock import LONDON, long_date
from matchmaker.services.statistics import figures
from matchmaker.services.statistics.catalogue import Table, get_table, list_tables_for
from matchmaker.services.statistics.figures import PublishedTable, read_series, read_tables
from matchmaker.services.statistics.headings import ALL
from matchmaker.services.statistics.periods import Period, PeriodKind
from matchmaker.services.statistics.supply import NO_SUPPLY, read_supply
from matchmaker.vocabulary import load_vocabulary

FUNNEL = "funnel"
# This year and the same months of the year before.
MONTHS = 24
READ_FIRST, DICTIONARY = "README.txt", "data-dictionary.csv"
SUPPLY, BY_MONTH = "supply.csv", "months.csv"


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its heading, what it says, and what is counted one by one in it."""

    heading: str
    meaning: str
    unit: str
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class _File:
    """A table as it is written; `about` is the heading of what each line is about."""

    name: str
    title: str
    about: str
    columns: tuple[_Column, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """All of it."""
        headings = (self.about, *(each.heading for each in self.columns))
        return csv_export.as_csv(headings, self.rows)


def as_zip(chosen: Chosen, *, released_at: datetime) -> bytes:
    """Every table of an area and a period, with a data dictionary and a README."""
    files = _files(chosen)
    texts = {
        READ_FIRST: _read_first(chosen, files, released_at),
        DICTIONARY: _dictionary(files),
        **{each.name: each.text for each in files},
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        for name, text in texts.items():
            writer.writestr(_entry(name, released_at), text.encode())
    return archive.getvalue()


def _entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    local = moment.astimezone(LONDON)
    date_time = (local.year, local.month, local.day, local.hour, local.minute, local.second)
    entry = zipfile.ZipInfo(name, date_time)
    entry.compress_type = zipfile.ZIP_DEFLATED
    # As if written on a Unix system, wherever this runs; anybody may read it.
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def _files(chosen: Chosen) -> list[_File]:
    described = list_tables_for(chosen.area.code, chosen.period.kind)
    found = read_tables([each.key for each in described], chosen.area.code, chosen.period)
    files = [_file(each, found[each.key]) for each in described]
    return [*files, _supply(chosen), _by_month(chosen)]


def _file(described: Table, table: PublishedTable) -> _File:
    return _File(
        name=f"{described.key}.csv",
        title=str(described.title),
        about=str(described.row_heading) or _("Of what"),
        columns=_columns(described),
        rows=tuple(
            (
                str(row.label),
                *(table.figure(row.key, each.key).csv for each in described.columns),
            )
            for row in described.rows
        ),
    )


def _columns(described: Table) -> tuple[_Column, ...]:
    return tuple(
        _Column(str(each.label), str(described.description), _unit(described.key, each.key))
        for each in described.columns
    )


def _unit(table_key: str, column_key: str) -> str:
    """What is counted one by one."""
    if column_key in ("suggested", "shown"):
        return _("pairs of a professional and a programme")
    if column_key == "places":
        return _("places for introductions")
    if column_key in ("programmes", "never_shown"):
        return _("programmes")
    units = {
        "demand": _("professionals"),
        "check_in": _("check-ins of one side"),
        "going": _("answers of one side"),
        "came_of_it": _("answers of one side"),
        "would_help": _("answers of one side"),
    }
    return units.get(table_key, _("introductions"))


def _supply(chosen: Chosen) -> _File:
    """What programmes offer, which anybody may look up."""
    offered = read_supply([chosen.area.code], chosen.period)
    meaning = _(
        "Programmes with places for introductions that serve the area, when it was counted."
    )
    headings = (_("Programmes with places"), _("In person nearby"), _("Online"))
    groups = load_vocabulary().condition_groups.groups
    found = {code: offered.get((chosen.area.code, code), NO_SUPPLY) for code in groups}
    return _File(
        name=SUPPLY,
        title=_("What programmes offer"),
        about=_("Conditions"),
        columns=tuple(_Column(each, meaning, _("programmes"), is_exact=True) for each in headings),
        rows=tuple(
            (groups[code].heading, str(each.programmes), str(each.near), str(each.online))
            for code, each in found.items()
        ),
    )


def _by_month(chosen: Chosen) -> _File:
    """The funnel of every month with figures, two years back."""
    described = get_table(FUNNEL)
    tables = read_series(FUNNEL, chosen.area.code, _months_before(chosen.period))
    return _File(
        name=BY_MONTH,
        title=_("From suggestion to completion, month by month"),
        about=_("Month"),
        columns=_columns(described),
        rows=tuple(
            (each.period.label, *(each.figure(ALL, of.key).csv for of in described.columns))
            for each in tables
        ),
    )


def _months_before(period: Period) -> list[Period]:
    """Up to 24 months with published figures, the last of the period at the end."""
    published = set(figures.list_periods(PeriodKind.MONTH))
    months = [period.last_month]
    while len(months) < MONTHS:
        months.insert(0, months[0].previous)
    return [each for each in months if each in published]


def _dictionary(files: Sequence[_File]) -> str:
    """One line for each column of each file."""
    headings = (_("File"), _("Column"), _("What it says"), _("Unit"), _("Values"))
    protected = _("0, or rounded to the nearest 5, or * or x: see %(file)s", file=READ_FIRST)
    exact = _("the number itself: anybody can look up which programmes there are")
    rows = []
    for file in files:
        names = "; ".join(row[0] for row in file.rows)
        rows.append((file.name, file.about, _("What the line is about"), "", names))
        rows += [
            (
                file.name,
                each.heading,
                each.meaning,
                each.unit,
                exact if each.is_exact else protected,
            )
            for each in file.columns
        ]
    return csv_export.as_csv(headings, rows)


def _read_first(chosen: Chosen, files: Sequence[_File], released_at: datetime) -> str:
    lines = [
        _(
            "Matchmaker: figures of %(area)s, %(period)s",
            area=chosen.area.label,
            period=chosen.period.label,
        ),
        "",
        _(
            "Published on %(day)s. Figures do not change once they are published.",
            day=long_date(released_at),
        ),
        _("Matchmaker counted what people did here. Nobody typed these figures in."),
        "",
        _("How figures are protected"),
        _(
            "So that nobody can be picked out, 0 is shown as it is, and every other figure is"
            " rounded to the nearest 5."
        ),
        _("* stands for 1 to 7."),
        _(
            "x stands for a figure from 1 on that is kept back, because it would give another one"
            " away."
        ),
        _(
            "%(file)s holds exact numbers: anybody can look up which programmes there are.",
            file=SUPPLY,
        ),
        _("So parts may not add up to the whole. Please work shares out from these figures only."),
        "",
        _("Files"),
        _("%(file)s: what each column says", file=DICTIONARY),
        *(f"{each.name}: {each.title}" for each in files),
        "",
        _("The files are UTF-8, with commas between columns."),
    ]
    return "\r\n".join([*lines, ""])
