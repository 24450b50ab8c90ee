"""What happens in a lead's areas, and beside them: funnel, times, outcomes, kinds and trends."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from matchmaker.services import charts
from matchmaker.services.activity import waiting
from matchmaker.services.activity.choosing import next_release_on
from matchmaker.services.activity.parts import Part, charts_of, find_chart, has_more
from matchmaker.services.policy import Action
from matchmaker.web.access import access, current_actor, require_user
from matchmaker.web.chosen_figures import read_choice
from matchmaker.web.forms.activity import ChooseFiguresForm
from matchmaker.web.lifecycle import now

blueprint = Blueprint("activity", __name__, url_prefix="/lead/activity")


@blueprint.get("/")
@access(Action.LEAD)
def index() -> ResponseReturnValue:
    """What happened, from suggestion to completion."""
    return _show(Part.OVERVIEW)


@blueprint.get("/<any(times, outcomes, kinds, trends):part>")
@access(Action.LEAD)
def show(part: str) -> ResponseReturnValue:
    """One of the other parts."""
    return _show(Part(part))


@blueprint.get("/tables/<key>.csv")
@access(Action.LEAD)
def as_csv(key: str) -> ResponseReturnValue:
    """One table of any part, for a spreadsheet."""
    choice = read_choice()
    if choice.problem or choice.chosen is None:
        abort(HTTPStatus.NOT_FOUND)
    chart = find_chart(key, choice.chosen)
    if chart is None:
        abort(HTTPStatus.NOT_FOUND)
    name = f"{key}-{choice.chosen.area.code}-{choice.chosen.period.key}.csv"
    return Response(
        charts.as_csv(chart),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@blueprint.get("/waiting")
@access(Action.LEAD)
def waiting_longest() -> ResponseReturnValue:
    """A lead's own introductions that wait, and organisations that wait for somebody."""
    return render_template(
        "activity/waiting.html",
        introductions=waiting.list_own_introductions(require_user(), now=now()),
        organisations=waiting.list_organisations(current_actor(), now=now()),
    )


def _show(part: Part) -> ResponseReturnValue:
    """One part, or in a sentence why there is nothing to show and what to choose instead."""
    choice = read_choice()
    chosen = None if choice.problem else choice.chosen
    found = [] if chosen is None else charts_of(part, chosen)
    page = render_template(
        "activity/show.html",
        part=part,
        choice=choice,
        form=ChooseFiguresForm(
            choice.areas, choice.periods, area=choice.area, period=choice.period
        ),
        charts=found,
        signs=charts.signs(found),
        longer=choice.latest_quarter if chosen is not None and has_more(part, chosen) else None,
        next_release_on=next_release_on(now()),
    )
    return page, HTTPStatus.NOT_FOUND if choice.problem else HTTPStatus.OK
