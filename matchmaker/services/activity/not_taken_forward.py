"""What was asked for and came to nothing."""

from __future__ import annotations

from flask_babel import gettext as _

from matchmaker.services.activity.choosing import Chosen
from matchmaker.services.activity.overview import FUNNEL
from matchmaker.services.activity.words import largest, nothing_to_name
from matchmaker.services.charts import Chart, Row, cell
from matchmaker.services.statistics.catalogue import get_table
from matchmaker.services.statistics.figures import read_table
from matchmaker.services.statistics.headings import ALL

ENDS = ("declined", "expired", "withdrawn", "superseded", "ended")


def not_taken_forward(chosen: Chosen) -> Chart:
    """How requests ended that were not accepted, and partnerships that were not completed."""
    table = read_table(FUNNEL, chosen.area.code, chosen.period)
    names = {each.key: str(each.label) for each in get_table(FUNNEL).columns if each.key in ENDS}
    figures = {names[key]: table.figure(ALL, key) for key in ENDS}
    most = largest(figures)
    sentence = _("Most often in %(period)s: %(most)s.", period=chosen.period.label, most=most)
    return Chart(
        "not-taken-forward",
        _("What came to nothing"),
        sentence if most else nothing_to_name(figures, chosen),
        (_("What happened"), _("Introductions")),
        tuple(Row(name, (cell(figure),)) for name, figure in figures.items()),
    )
