"""Where more is looked for than offered, what is offered twice, and who could close a gap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from http import HTTPStatus

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from matchmaker.services import charts, overlaps
from matchmaker.services.activity.choosing import next_release_on
from matchmaker.services.administration.pages import ROWS_SHOWN, Page
from matchmaker.services.charts import Chart
from matchmaker.services.gaps import closing, reach, table, tile_map
from matchmaker.services.gaps.table import Gap
from matchmaker.services.overlaps import Overlap
from matchmaker.services.policy import Action
from matchmaker.services.public_record import area_names
from matchmaker.services.statistics.figures import Figure
from matchmaker.services.statistics.periods import Period, PeriodKind
from matchmaker.services.statistics.scope import StatisticalArea
from matchmaker.vocabulary import TermGroup, load_vocabulary
from matchmaker.web.access import access
from matchmaker.web.administration.paging import links_beside, wanted_page
from matchmaker.web.chosen_figures import read_choice
from matchmaker.web.forms.activity import ChooseFiguresForm
from matchmaker.web.forms.gaps import (
    MEASURES,
    ChooseAreaForm,
    ChooseGroupForm,
    ChooseMapForm,
)
from matchmaker.web.lifecycle import now

blueprint = Blueprint("gaps", __name__, url_prefix="/lead/gaps")

# How many of the programmes that offer the same a page names; the file names all.
MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, and what else could be asked for.

    `problem` says in a sentence what is wrong. Before the first release there is no quarter.
    """

    areas: tuple[StatisticalArea, ...]
    area: StatisticalArea
    quarters: tuple[Period, ...]
    period: Period | None
    group: TermGroup
    measure: str
    problem: str

    @property
    def query(self) -> dict[str, str]:
        """What links to other pages about the same keep."""
        kept = {"area": self.area.code, "group": self.group.code}
        return kept if self.period is None else {**kept, "period": self.period.key}

    def closing(self, *, area_code: str = "", group_code: str = "") -> str:
        """The page that says who could close a gap: this one, or another area's or group's."""
        return url_for(
            "gaps.closest",
            area=area_code or self.area.code,
            group=group_code or self.group.code,
            period=None if self.period is None else self.period.key,
        )


@blueprint.get("/")
@access(Action.LEAD)
def index() -> ResponseReturnValue:
    """Demand, supply and what was not met, for one area."""
    asked = _read()
    form = ChooseFiguresForm(asked.areas, asked.quarters, area=asked.area, period=asked.period)
    closing_each = [asked.closing(group_code=code) for code in load_vocabulary().condition_groups]
    return _page("table", asked, form=form, chart=_linked(_table(asked), closing_each))


@blueprint.get("/gaps.csv")
@access(Action.LEAD)
def table_csv() -> ResponseReturnValue:
    """The same for a spreadsheet."""
    asked = _read_exactly()
    return _csv(f"gaps-{asked.area.code}", asked, _table(asked))


@blueprint.get("/map")
@access(Action.LEAD)
def tiles() -> ResponseReturnValue:
    """One group of conditions across the lead's areas, as a map of tiles and as a table."""
    asked = _read()
    chart, figures = _map(asked)
    form = ChooseMapForm(
        asked.quarters, period=asked.period, group=asked.group, measure=asked.measure
    )
    hrefs = {each.code: asked.closing(area_code=each.code) for each in asked.areas}
    return _page(
        "map",
        asked,
        form=form,
        chart=_linked(chart, hrefs.values()),
        tiles=tile_map.draw(figures),
        caption=_("%(what)s. The darker, the more.", what=form.caption),
        hrefs=hrefs,
    )


@blueprint.get("/map.csv")
@access(Action.LEAD)
def map_csv() -> ResponseReturnValue:
    """The table under the map for a spreadsheet."""
    asked = _read_exactly()
    return _csv(f"map-{asked.group.code}", asked, _map(asked)[0])


@blueprint.get("/reach")
@access(Action.LEAD)
def reached() -> ResponseReturnValue:
    """What can be reached nearby in person, and what only online."""
    asked = _read()
    form = ChooseFiguresForm(asked.areas, asked.quarters, area=asked.area, period=asked.period)
    found = {} if asked.period is None else reach.read_reach(asked.areas, asked.period)
    own = found.get(asked.area.code, {})
    return _page(
        "reach",
        asked,
        form=form,
        chart=_reach(asked),
        # What is hardest to reach comes first.
        found=[(reach.words_of(each), own[each]) for each in reversed(own) if own[each]],
    )


@blueprint.get("/reach.csv")
@access(Action.LEAD)
def reach_csv() -> ResponseReturnValue:
    """The same for a spreadsheet."""
    asked = _read_exactly()
    return _csv("reach", asked, _reach(asked))


@blueprint.get("/overlaps")
@access(Action.LEAD)
def overlapping() -> ResponseReturnValue:
    """What several organisations offer in one area, and the ways of working that nobody offers."""
    asked = _read()
    found = _overlaps(asked)
    number = wanted_page()
    page = Page(found[(number - 1) * ROWS_SHOWN : number * ROWS_SHOWN], number, len(found))
    return _page(
        "overlaps",
        asked,
        form=ChooseAreaForm(asked.areas, area=asked.area),
        is_too_wide=not overlaps.is_local(asked.area),
        page=page,
        beside=links_beside(page),
        programmes=overlaps.programmes_of(page.rows, most=MOST_NAMED),
        most_named=MOST_NAMED,
        sentence=overlaps.sentence_of(found, asked.area),
        missing=overlaps.list_missing_approaches(asked.area),
    )


@blueprint.get("/overlaps.csv")
@access(Action.LEAD)
def overlaps_csv() -> ResponseReturnValue:
    """What several organisations offer, for a spreadsheet."""
    asked = _read_exactly()
    found = _overlaps(asked)
    chart = overlaps.chart_of(found, overlaps.programmes_of(found), asked.area)
    return _csv(f"overlaps-{asked.area.code}", asked, chart)


@blueprint.get("/approaches.csv")
@access(Action.LEAD)
def approaches_csv() -> ResponseReturnValue:
    """The ways of working that nobody offers, for a spreadsheet."""
    asked = _read_exactly()
    missing = overlaps.list_missing_approaches(asked.area)
    return _csv(f"approaches-{asked.area.code}", asked, overlaps.chart_of_missing(missing))


@blueprint.get("/closing")
@access(Action.LEAD)
def closest() -> ResponseReturnValue:
    """The programmes that are nearest to closing a gap."""
    asked = _read()
    found = closing.find_programmes(asked.area.code, asked.group, now=now())
    shown = [programme for each in found.values() for programme in each.programmes]
    return _page(
        "closing",
        asked,
        form=ChooseGroupForm(asked.areas, area=asked.area, group=asked.group),
        sentence=_sentence_about_gap(asked),
        found=found,
        area_names=area_names(shown),
    )


def _read() -> Asked:
    choice = read_choice()
    # No programme serves people of whom nobody knows where they are.
    areas = tuple(each for each in choice.areas if not each.is_rest)
    area = choice.area if choice.area in areas else areas[0]
    quarters = tuple(each for each in choice.periods if each.kind is PeriodKind.QUARTER)
    groups = load_vocabulary().condition_groups
    wanted = request.args.get("group", "")
    measure = request.args.get("measure", MEASURES[0])
    problem = choice.problem
    if wanted and wanted not in groups:
        problem = _("There is no such group of conditions as the one in this address.")
    return Asked(
        areas=areas,
        area=area,
        quarters=quarters,
        period=choice.period if choice.period in quarters else next(iter(quarters), None),
        group=groups[wanted if wanted in groups else next(iter(groups))],
        measure=measure if measure in MEASURES else MEASURES[0],
        problem=problem,
    )


def _read_exactly() -> Asked:
    """A file has no room for a sentence about what is wrong."""
    asked = _read()
    if asked.problem:
        abort(HTTPStatus.NOT_FOUND)
    return asked


def _sentence_about_gap(asked: Asked) -> str:
    if asked.period is None:
        return ""
    (gap,) = (
        each
        for each in table.read_gaps(asked.area, asked.period)
        if each.group.code == asked.group.code
    )
    return table.sentence_about(gap, asked.area, asked.period)


def _table(asked: Asked) -> Chart | None:
    if asked.period is None:
        return None
    gaps = table.read_gaps(asked.area, asked.period)
    return table.chart_of(gaps, asked.area, asked.period)


def _map(asked: Asked) -> tuple[Chart | None, dict[str, Figure]]:
    if asked.period is None:
        return None, {}
    gaps = tile_map.read_map(asked.group, asked.areas, asked.period)
    chart = tile_map.chart_of(asked.group, gaps, asked.areas, asked.period)
    return chart, {code: _measured(gap, asked.measure) for code, gap in gaps.items()}


def _measured(gap: Gap, measure: str) -> Figure:
    return {
        "demand": gap.demand,
        "programmes": Figure(gap.supply.programmes),
        "unmet": gap.unmet,
    }[measure]


def _reach(asked: Asked) -> Chart | None:
    if asked.period is None:
        return None
    found = reach.read_reach(asked.areas, asked.period)
    return reach.chart_of(found, asked.areas, asked.area)


def _overlaps(asked: Asked) -> list[Overlap]:
    return overlaps.find_overlaps(asked.area) if overlaps.is_local(asked.area) else []


def _linked(chart: Chart | None, hrefs: Iterable[str]) -> Chart | None:
    """The same table, where what each row is about leads somewhere."""
    if chart is None:
        return None
    link = Markup('<a class="govuk-link" href="{}">{}</a>')
    rows = (
        replace(row, label=link.format(href, row.label))
        for row, href in zip(chart.rows, hrefs, strict=True)
    )
    return replace(chart, rows=tuple(rows))


def _page(part: str, asked: Asked, **values: object) -> ResponseReturnValue:
    chart = values.get("chart")
    page = render_template(
        f"gaps/{part}.html",
        part=part,
        asked=asked,
        query=asked.query,
        signs=charts.signs([chart] if isinstance(chart, Chart) else []),
        next_release_on=next_release_on(now()),
        **values,
    )
    return page, HTTPStatus.NOT_FOUND if asked.problem else HTTPStatus.OK


def _csv(name: str, asked: Asked, chart: Chart | None) -> ResponseReturnValue:
    """A table as a file; before the first release there is nothing in it."""
    when = "" if asked.period is None else f"-{asked.period.key}"
    return Response(
        "" if chart is None else charts.as_csv(chart),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}{when}.csv"'},
    )
