"""How well matching works: a page for leads, for the United Kingdom and quarter by quarter."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.services import charts, matching_quality
from matchmaker.services.activity.choosing import next_release_on
from matchmaker.services.policy import Action
from matchmaker.services.statistics import figures
from matchmaker.services.statistics.periods import PeriodKind
from matchmaker.web.access import access
from matchmaker.web.forms.matching_quality import ChooseQuarterForm
from matchmaker.web.lifecycle import now

blueprint = Blueprint("matching_quality", __name__, url_prefix="/lead/quality")


@blueprint.get("/")
@access(Action.LEAD)
def index() -> ResponseReturnValue:
    """What is shown, what comes of it, and who is never seen."""
    quarters = figures.list_periods(PeriodKind.QUARTER)
    wanted = request.args.get("period", "")
    asked = next((each for each in quarters if each.key == wanted), None)
    problem = (
        _("There are no figures for the quarter in this address.") if wanted and not asked else ""
    )
    quarter = asked or next(iter(quarters), None)
    found = [] if quarter is None or problem else matching_quality.read_charts(quarter)
    page = render_template(
        "matching_quality/index.html",
        quarter=quarter,
        problem=problem,
        form=None if quarter is None else ChooseQuarterForm(quarters, quarter=quarter),
        charts=found,
        signs=charts.signs(found),
        next_release_on=next_release_on(now()),
    )
    return page, HTTPStatus.NOT_FOUND if problem else HTTPStatus.OK


@blueprint.get("/<quarter_key>/<chart_key>.csv")
@access(Action.LEAD)
def as_csv(quarter_key: str, chart_key: str) -> ResponseReturnValue:
    """One of the tables, for a spreadsheet."""
    quarters = figures.list_periods(PeriodKind.QUARTER)
    quarter = next((each for each in quarters if each.key == quarter_key), None)
    chart = None if quarter is None else matching_quality.find_chart(chart_key, quarter)
    if chart is None:
        abort(HTTPStatus.NOT_FOUND)
    return Response(
        charts.as_csv(chart),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="matching-{chart_key}-{quarter_key}.csv"'
        },
    )
