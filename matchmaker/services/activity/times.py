"""How long the steps take."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from matchmaker.services.activity.choosing import Chosen
from matchmaker.services.activity.overview import FUNNEL, TIME_TO_ANSWER, nothing_asked
from matchmaker.services.activity.words import number
from matchmaker.services.charts import UNKNOWN, Cell, Chart, Row, cell, share_cell, text_cell
from matchmaker.services.statistics.figures import Figure, read_tables
from matchmaker.services.statistics.headings import ALL


def time_to_answer(chosen: Chosen) -> Chart:
    """How many of those that were asked for had an answer within 7 and 14 days."""
    found = read_tables((FUNNEL, TIME_TO_ANSWER), chosen.area.code, chosen.period)
    asked = found[FUNNEL].figure(ALL, "asked")
    times = {
        "within_7": _("Within 7 days"),
        "within_14": _("In 8 to 14 days"),
        "later_or_not": _("Later, or not at all"),
    }
    figures = {key: found[TIME_TO_ANSWER].figure(ALL, key) for key in times}
    together = _sum(figures["within_7"], figures["within_14"])
    rows = [
        Row(name, (cell(figures[key]), share_cell(figures[key], asked)))
        for key, name in times.items()
    ]
    if together is None:
        cells = (Cell(UNKNOWN), Cell(UNKNOWN))
    else:
        cells = (text_cell(together), Cell(share_cell(together, asked).text))
    rows.append(Row(_("Within 14 days, together"), cells, is_total=True))
    return Chart(
        "time-to-answer",
        _("How soon requests were answered"),
        _sentence(chosen, asked, figures),
        (_("Answered"), _("How many"), _("Share of all")),
        tuple(rows),
    )


def _sum(first: Figure, second: Figure) -> Figure | None:
    """Two figures together, made of what is shown of them; None where one of them is hidden."""
    if first.shown is None or second.shown is None:
        return None
    return Figure(first.shown + second.shown)


def _sentence(chosen: Chosen, asked: Figure, figures: Mapping[str, Figure]) -> str:
    if asked.shown == 0:
        return nothing_asked(chosen)
    return _(
        "Of %(asked)s that were asked for in %(period)s, %(soon)s were answered within 7 days,"
        " %(later)s in 8 to 14 days, and %(not_yet)s later or not at all.",
        asked=number(asked),
        period=chosen.period.label,
        soon=number(figures["within_7"]),
        later=number(figures["within_14"]),
        not_yet=number(figures["later_or_not"]),
    )
