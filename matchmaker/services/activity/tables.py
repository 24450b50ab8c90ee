"""Tables as the catalogue has them, each with the sentence that says what it shows."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from matchmaker.services.activity.choosing import Chosen
from matchmaker.services.activity.words import largest, nothing_to_name, number
from matchmaker.services.charts import Chart, Row, cell, share_cell
from matchmaker.services.statistics import catalogue
from matchmaker.services.statistics.figures import PublishedTable, read_table, read_tables
from matchmaker.services.statistics.headings import ALL

STEPS_BY = ("profession", "delivery", "condition_group", "approach_group")
REASONS = ("decline_reason", "end_reason", "outcome")
ANSWERS = ("going", "came_of_it", "would_help")


def chart_key(table_key: str) -> str:
    """How addresses name the chart of a table."""
    return table_key.replace("_", "-")


def steps_by(table_key: str) -> Callable[[Chosen], Chart]:
    """What was asked for, accepted and completed, by something."""

    def build(chosen: Chosen) -> Chart:
        table = read_table(table_key, chosen.area.code, chosen.period)
        asked = {
            str(row.label): table.figure(row.key, "asked")
            for row in catalogue.get_table(table_key).rows
        }
        most = largest(asked)
        sentence = _(
            "Asked for most in %(period)s: %(most)s.", period=chosen.period.label, most=most
        )
        return _chart(table, sentence if most else nothing_to_name(asked, chosen))

    return build


def reasons(table_key: str) -> Callable[[Chosen], Chart]:
    """Why, of all that came to one end, each with its share."""

    def build(chosen: Chosen) -> Chart:
        column = catalogue.get_table(table_key).columns[0].key
        return _with_shares(chosen, table_key, column, ("funnel", column))

    return build


def answers(table_key: str) -> Callable[[Chosen], Chart]:
    """What was answered at check-ins, each with its share."""

    def build(chosen: Chosen) -> Chart:
        return _with_shares(chosen, table_key, "answered", ("check_in", "answered"))

    return build


def check_ins(chosen: Chosen) -> Chart:
    """How often somebody was asked how it goes, and answered."""
    table = read_table("check_in", chosen.area.code, chosen.period)
    asked, answered = table.figure(ALL, "asked"), table.figure(ALL, "answered")
    sentence = _(
        "Check-ins in %(period)s: %(asked)s were asked for and %(answered)s were answered.",
        period=chosen.period.label,
        asked=number(asked),
        answered=number(answered),
    )
    if asked.shown == answered.shown == 0:
        sentence = _("Nobody was asked how it goes in %(period)s.", period=chosen.period.label)
    return _chart(table, sentence)


def days_between(chosen: Chosen) -> Chart:
    """How many days went by between one step and the next."""
    table = read_table("days_between", chosen.area.code, chosen.period)
    to_answer = {
        str(each.label): table.figure("to_answer", each.key)
        for each in catalogue.get_table("days_between").columns
    }
    most = largest(to_answer)
    sentence = _(
        "How long most answers in %(period)s took: %(most)s.", period=chosen.period.label, most=most
    )
    return _chart(table, sentence if most else nothing_to_name(to_answer, chosen))


def _chart(table: PublishedTable, sentence: str) -> Chart:
    described = catalogue.get_table(table.table_key)
    return Chart(
        chart_key(table.table_key),
        str(described.title),
        sentence,
        (str(described.row_heading), *(str(each.label) for each in described.columns)),
        tuple(
            Row(
                str(row.label),
                tuple(cell(table.figure(row.key, each.key)) for each in described.columns),
                is_total=row.key == ALL,
            )
            for row in described.rows
        ),
        note=str(described.description),
    )


def _with_shares(chosen: Chosen, table_key: str, column: str, total: tuple[str, str]) -> Chart:
    """A table of one column, with the share of each row in what they add up to."""
    total_table, total_column = total
    found = read_tables((table_key, total_table), chosen.area.code, chosen.period)
    whole = found[total_table].figure(ALL, total_column)
    described = catalogue.get_table(table_key)
    figures = {row.key: found[table_key].figure(row.key, column) for row in described.rows}
    named = {str(row.label): figures[row.key] for row in described.rows}
    most = largest(named)
    sentence = _("Most often in %(period)s: %(most)s.", period=chosen.period.label, most=most)
    return Chart(
        chart_key(table_key),
        str(described.title),
        sentence if most else nothing_to_name(named, chosen),
        (str(described.row_heading), str(described.columns[0].label), _("Share of all")),
        tuple(
            Row(str(row.label), (cell(figures[row.key]), share_cell(figures[row.key], whole)))
            for row in described.rows
        ),
        note=str(described.description),
    )
