"""Month by month, each beside the same month a year before."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import format_date
from flask_babel import gettext as _

from matchmaker.services.activity.choosing import Chosen
from matchmaker.services.activity.overview import FUNNEL
from matchmaker.services.activity.words import number
from matchmaker.services.charts import Cell, Chart, Row, cell
from matchmaker.services.statistics import figures
from matchmaker.services.statistics.figures import Figure
from matchmaker.services.statistics.headings import ALL
from matchmaker.services.statistics.periods import Period, PeriodKind

MONTHS = 12


def asked(chosen: Chosen) -> Chart:
    """What was asked for."""

    def sentence(**said: str) -> str:
        return _("In %(month)s, %(now)s were asked for; in %(year_before)s, %(before)s.", **said)

    title = _("Introductions asked for")
    return _trend(chosen, "asked", title, sentence)


def accepted(chosen: Chosen) -> Chart:
    """What both sides said yes to."""

    def sentence(**said: str) -> str:
        return _("In %(month)s, %(now)s were accepted; in %(year_before)s, %(before)s.", **said)

    return _trend(chosen, "accepted", _("Introductions accepted"), sentence)


def completed(chosen: Chosen) -> Chart:
    """What was completed."""

    def sentence(**said: str) -> str:
        return _("In %(month)s, %(now)s were completed; in %(year_before)s, %(before)s.", **said)

    return _trend(chosen, "completed", _("Introductions completed"), sentence)


def _trend(chosen: Chosen, column: str, title: str, sentence: Callable[..., str]) -> Chart:
    """The twelve months up to the end of the period, of those that figures were published for."""
    published = set(figures.list_periods(PeriodKind.MONTH))
    months = [each for each in _twelve_months(chosen.period) if each in published]
    wanted = [*months, *(each.year_before for each in months)]
    tables = figures.read_series(FUNNEL, chosen.area.code, wanted)
    known = {each.period: each.figure(ALL, column) for each in tables if each.period in published}
    pairs = [(each, known[each], known.get(each.year_before)) for each in months]
    return Chart(
        f"trend-{column}",
        title,
        _said(pairs[-1], sentence),
        (_("Month"), _("That month"), _("The same month a year before")),
        tuple(
            Row(
                month.label,
                (cell(now), Cell(_("no figures")) if before is None else cell(before)),
                short=str(format_date(month.first, "MMM")),
            )
            for month, now, before in pairs
        ),
    )


def _twelve_months(period: Period) -> list[Period]:
    months = [period.last_month]
    while len(months) < MONTHS:
        months.insert(0, months[0].previous)
    return months


def _said(pair: tuple[Period, Figure, Figure | None], sentence: Callable[..., str]) -> str:
    month, now, before = pair
    return sentence(
        month=month.label,
        now=number(now),
        year_before=month.year_before.label,
        before=_("not known") if before is None else number(before),
    )
