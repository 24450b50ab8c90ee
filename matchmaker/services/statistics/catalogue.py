"""The tables of figures, described once: rows, columns, and what adds up to what.

Counting, disclosure control, files for spreadsheets and the data dictionary all follow from this.
Each table has the same rows and columns for every area and period, also where all of them are 0;
those about matching are for the United Kingdom alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from flask_babel import lazy_gettext as _l

from matchmaker.services.statistics.headings import (
    ALL,
    CAME_OF_IT,
    DECLINES,
    DELIVERY,
    ENDS,
    EVERYTHING,
    GOING,
    NOT_GIVEN,
    OUTCOMES,
    STEPS,
    WOULD_HELP,
)
from matchmaker.services.statistics.matching_tables import list_matching_tables
from matchmaker.services.statistics.periods import PeriodKind
from matchmaker.services.statistics.shapes import EVERY_PERIOD, Cell, Heading, Sum, Table, Words
from matchmaker.vocabulary import TermGroups, load_vocabulary

__all__ = [
    "ALL",
    "NOT_GIVEN",
    "Cell",
    "Heading",
    "Sum",
    "Table",
    "get_table",
    "list_tables",
    "list_tables_of",
]


def get_table(key: str) -> Table:
    """A table by its key; KeyError for any other."""
    return _tables_by_key()[key]


@lru_cache(maxsize=1)
def _tables_by_key() -> dict[str, Table]:
    return {each.key: each for each in list_tables()}


def list_tables_of(kind: PeriodKind) -> list[Table]:
    """The tables that there are for a kind of period, in one area at least."""
    return [each for each in list_tables() if kind in each.kinds]


def list_tables_for(area_code: str, kind: PeriodKind) -> list[Table]:
    """The tables that there are for an area and a kind of period."""
    return [each for each in list_tables_of(kind) if each.is_for(area_code)]


@lru_cache(maxsize=1)
def list_tables() -> tuple[Table, ...]:
    """Every table, in the order in which they are read."""
    vocabulary = load_vocabulary()
    professions = [
        Heading(code, vocabulary.professions[code].heading) for code in vocabulary.professions
    ]
    return (
        _funnel(),
        _time_to_answer(),
        _days_between(),
        _steps_by(
            "profession",
            _l("By profession"),
            _l("Profession"),
            (*professions, Heading(NOT_GIVEN, _l("Not given"))),
        ),
        _steps_by("delivery", _l("By how the programme meets people"), _l("How"), DELIVERY),
        _steps_by_group("condition_group", _l("By condition"), vocabulary.condition_groups),
        _steps_by_group("approach_group", _l("By approach"), vocabulary.approach_groups),
        _reasons("decline_reason", "declined", _l("Why somebody said no"), _l("Reason"), DECLINES),
        _reasons("end_reason", "ended", _l("Why it ended early"), _l("Reason"), ENDS),
        _reasons("outcome", "completed", _l("What came of it"), _l("Outcome"), OUTCOMES),
        _check_ins(),
        _answers("going", _l("How it goes, at check-ins"), GOING),
        _answers("came_of_it", _l("What has come of it so far, at check-ins"), CAME_OF_IT),
        _answers("would_help", _l("What would help, at check-ins"), WOULD_HELP),
        _demand(vocabulary.condition_groups),
        _unmet(vocabulary.condition_groups),
        *list_matching_tables(),
    )


def _funnel() -> Table:
    def cell(column: str) -> Cell:
        return Cell("funnel", ALL, column)

    return Table(
        "funnel",
        _l("From suggestion to completion"),
        _l(
            "What happened in the period. Each step counts when it was taken, so that an"
            " introduction that was asked for in May and accepted in June is in both."
        ),
        EVERYTHING,
        (
            Heading("suggested", _l("Suggested: two who were shown to each other in the month")),
            Heading("asked", _l("Asked for")),
            Heading("asked_by_professional", _l("Asked for by a professional")),
            Heading("asked_by_programme", _l("Asked for by a programme")),
            Heading("asked_by_lead", _l("Suggested to both by a lead")),
            Heading("answered", _l("Answered")),
            Heading("accepted", _l("Both said yes")),
            Heading("began", _l("Began to work together")),
            Heading("completed", _l("Completed")),
            Heading("ended", _l("Ended early")),
            Heading("declined", _l("Somebody said no")),
            Heading("expired", _l("Nobody answered in time")),
            Heading("withdrawn", _l("Taken back")),
            Heading("superseded", _l("Overtaken: the programme closed, or somebody went away")),
        ),
        kinds=EVERY_PERIOD,
        sums=(
            Sum(
                cell("asked"),
                tuple(cell(f"asked_by_{who}") for who in ("professional", "programme", "lead")),
            ),
            Sum(cell("answered"), (cell("accepted"), cell("declined"))),
        ),
    )


def _time_to_answer() -> Table:
    columns = (
        Heading("within_7", _l("Within 7 days")),
        Heading("within_14", _l("After 8 to 14 days")),
        Heading("later_or_not", _l("Later, or not at all")),
    )
    return Table(
        "time_to_answer",
        _l("How soon what was asked for was answered"),
        _l(
            "Of the introductions asked for in the period: how many days went by until they were"
            " accepted, or somebody said no. Each had 14 days before it was counted."
        ),
        EVERYTHING,
        columns,
        kinds=EVERY_PERIOD,
        sums=(
            Sum(
                Cell("funnel", ALL, "asked"),
                tuple(Cell("time_to_answer", ALL, each.key) for each in columns),
            ),
        ),
    )


def _days_between() -> Table:
    rows = (
        Heading("to_answer", _l("From being asked for to the answer")),
        Heading("to_begin", _l("From both saying yes to working together")),
        Heading("to_complete", _l("From both saying yes to completion")),
    )
    columns = (
        Heading("up_to_7", _l("Up to 7 days")),
        Heading("up_to_14", _l("8 to 14 days")),
        Heading("up_to_30", _l("15 to 30 days")),
        Heading("up_to_90", _l("31 to 90 days")),
        Heading("longer", _l("More than 90 days")),
    )
    totals = {"to_answer": "answered", "to_begin": "began", "to_complete": "completed"}
    return Table(
        "days_between",
        _l("Days between one step and the next"),
        _l("Of the steps taken in the period: how long ago the step before had been taken."),
        rows,
        columns,
        row_heading=_l("Step"),
        sums=tuple(
            Sum(
                Cell("funnel", ALL, total),
                tuple(Cell("days_between", row, each.key) for each in columns),
            )
            for row, total in totals.items()
        ),
    )


def _steps_by(key: str, title: Words, row_heading: Words, rows: tuple[Heading, ...]) -> Table:
    """Rows that part what happened: each introduction is in one of them."""
    return Table(
        key,
        title,
        _l("Introductions by the step that was taken in the period."),
        rows,
        STEPS,
        row_heading=row_heading,
        sums=tuple(
            Sum(Cell("funnel", ALL, step.key), _column(key, rows, step.key)) for step in STEPS
        ),
    )


def _steps_by_group(key: str, title: Words, groups: TermGroups) -> Table:
    """Rows that overlap: a programme may have to do with several groups."""
    rows = _groups(groups)
    return Table(
        key,
        title,
        _l(
            "Introductions by the step that was taken in the period, and by what the programme is"
            " about. A programme may be about several things, so that the rows do not add up."
        ),
        rows,
        STEPS,
        row_heading=_l("What the programme is about"),
        at_most=tuple(
            (Cell(key, row.key, step.key), Cell("funnel", ALL, step.key))
            for row in rows
            for step in STEPS
        ),
        coverings=tuple(
            Sum(Cell("funnel", ALL, step.key), _column(key, rows, step.key)) for step in STEPS
        ),
    )


def _reasons(
    key: str, column: str, title: Words, row_heading: Words, rows: tuple[Heading, ...]
) -> Table:
    """Why, of everything that came to one end."""
    return Table(
        key,
        title,
        _l("Introductions that came to this in the period, by what was said about it."),
        rows,
        (Heading(column, _l("Introductions")),),
        row_heading=row_heading,
        sums=(Sum(Cell("funnel", ALL, column), _column(key, rows, column)),),
    )


def _check_ins() -> Table:
    rows = (
        *EVERYTHING,
        Heading("3_months", _l("After 3 months")),
        Heading("6_months", _l("After 6 months")),
        Heading("12_months", _l("After 12 months")),
    )
    columns = (Heading("asked", _l("Asked")), Heading("answered", _l("Answered")))
    return Table(
        "check_in",
        _l("Check-ins"),
        _l(
            "How often somebody was asked in the period how it goes, and how often somebody"
            " answered in it. Each side is asked for itself."
        ),
        rows,
        columns,
        row_heading=_l("When"),
        sums=tuple(
            Sum(Cell("check_in", ALL, each.key), _column("check_in", rows[1:], each.key))
            for each in columns
        ),
    )


def _answers(key: str, title: Words, rows: tuple[Heading, ...]) -> Table:
    return Table(
        key,
        title,
        _l("What was answered at check-ins in the period. Each side answers for itself."),
        rows,
        (Heading("answered", _l("Answers")),),
        row_heading=_l("Answer"),
        sums=(Sum(Cell("check_in", ALL, "answered"), _column(key, rows, "answered")),),
    )


def _demand(groups: TermGroups) -> Table:
    rows = _groups(groups)
    return Table(
        "demand",
        _l("Who looks for programmes"),
        _l(
            "Professionals at the end of the quarter, by the conditions they work with. Somebody"
            " may work with several, so that the rows do not add up."
        ),
        (*EVERYTHING, *rows),
        (Heading("professionals", _l("Professionals")),),
        row_heading=_l("Conditions"),
        kinds=frozenset({PeriodKind.QUARTER}),
        at_most=tuple(
            (Cell("demand", row.key, "professionals"), Cell("demand", ALL, "professionals"))
            for row in rows
        ),
        coverings=(
            Sum(Cell("demand", ALL, "professionals"), _column("demand", rows, "professionals")),
        ),
        is_stock=True,
    )


def _unmet(groups: TermGroups) -> Table:
    rows = _groups(groups)
    everything = Cell("unmet", ALL, "introductions")
    return Table(
        "unmet",
        _l("What was asked for and not met"),
        _l(
            "Introductions asked for in the period that had not been accepted when they were"
            " counted, by what the programme is about. The rows do not add up."
        ),
        (*EVERYTHING, *rows),
        (Heading("introductions", _l("Introductions")),),
        row_heading=_l("What the programme is about"),
        at_most=(
            (everything, Cell("funnel", ALL, "asked")),
            *((Cell("unmet", row.key, "introductions"), everything) for row in rows),
            *(
                (
                    Cell("unmet", row.key, "introductions"),
                    Cell("condition_group", row.key, "asked"),
                )
                for row in rows
            ),
        ),
        coverings=(Sum(everything, _column("unmet", rows, "introductions")),),
    )


def _column(key: str, rows: Sequence[Heading], column: str) -> tuple[Cell, ...]:
    return tuple(Cell(key, row.key, column) for row in rows)


def _groups(groups: TermGroups) -> tuple[Heading, ...]:
    return (
        *(Heading(code, groups[code].heading) for code in groups),
        Heading(NOT_GIVEN, _l("Not given")),
    )
