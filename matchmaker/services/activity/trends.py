"""Month by month, each beside the same month a year before."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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

    def sentence(month: str, count: str) -> str:
        return _("In %(month)s, %(count)s were asked for.", month=month, count=count)

    return _trend(chosen, "asked", _("Introductions asked for"), sentence)


def accepted(chosen: Chosen) -> Chart:
    """What both sides said yes to."""

    def sentence(month: str, count: str) -> str:
        return _("In %(month)s, %(count)s were accepted.", month=month, count=count)

    return _trend(chosen, "accepted", _("Introductions accepted"), sentence)


def completed(chosen: Chosen) -> Chart:
    """What was completed."""

    def sentence(month: str, count: str) -> str:
        return _("In %(month)s, %(count)s were completed.", month=month, count=count)

    return _trend(chosen, "completed", _("Introductions completed"), sentence)


def _trend(chosen: Chosen, column: str, title: str, sentence: Callable[[str, str], str]) -> Chart:
    """The twelve months up to the end of the period, of those that figures were published for.

    The months of the year before are beside them as soon as there is one of them.
    """
    published = set(figures.list_periods(PeriodKind.MONTH))
    months = [each for each in _twelve_months(chosen.period) if each in published]
    wanted = [*months, *(each.year_before for each in months)]
    tables = figures.read_series(FUNNEL, chosen.area.code, wanted)
    known = {each.period: each.figure(ALL, column) for each in tables if each.period in published}
    has_year_before = any(each.year_before in known for each in months)
    headings = (_("Month"), _("That month"), _("The same month a year before"))
    return Chart(
        f"trend-{column}",
        title,
        _said(months[-1], known, sentence),
        headings if has_year_before else headings[:2],
        tuple(
            Row(
                each.label,
                (cell(known[each]), *([_before(each, known)] if has_year_before else ())),
                short=str(format_date(each.first, "MMM")),
            )
            for each in months
        ),
    )


def _before(month: Period, known: Mapping[Period, Figure]) -> Cell:
    figure = known.get(month.year_before)
    return Cell(_("no figures")) if figure is None else cell(figure)


def _twelve_months(period: Period) -> list[Period]:
    months = [period.last_month]
    while len(months) < MONTHS:
        months.insert(0, months[0].previous)
    return months


def _said(
    month: Period, known: Mapping[Period, Figure], sentence: Callable[[str, str], str]
) -> str:
    now = sentence(month.label, number(known[month]))
    before = known.get(month.year_before)
    if before is None:
        return now
    earlier = _("In %(month)s: %(count)s.", month=month.year_before.label, count=number(before))
    return f"{now} {earlier}"
