"""An organisation's figures for those who pay for it: to read, to print, to take away."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from matchmaker.models import Organisation
from matchmaker.services import evidence
from matchmaker.services.evidence import Period
from matchmaker.services.policy import Action
from matchmaker.web.access import access
from matchmaker.web.from_url import organisation_from_url
from matchmaker.web.lifecycle import now

blueprint = Blueprint("evidence", __name__, url_prefix="/organisations")


@blueprint.get("/<int:organisation_id>/evidence")
@access(Action.EDIT_ORGANISATION, subject=organisation_from_url)
def show(organisation: Organisation) -> ResponseReturnValue:
    """The figures of one period, which prints as it is."""
    periods = evidence.list_periods(organisation, now=now())
    period = _chosen(periods)
    return render_template(
        "evidence/show.html",
        organisation=organisation,
        periods=periods,
        evidence=evidence.gather(organisation, period),
        today=now(),
    )


@blueprint.get("/<int:organisation_id>/evidence.csv")
@access(Action.EDIT_ORGANISATION, subject=organisation_from_url)
def as_csv(organisation: Organisation) -> ResponseReturnValue:
    """The same for a spreadsheet."""
    period = _chosen(evidence.list_periods(organisation, now=now()))
    return Response(
        evidence.as_csv(evidence.gather(organisation, period)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="evidence-{period.key}.csv"'},
    )


def _chosen(periods: list[Period]) -> Period:
    """The period that `?period=` names, or the last 12 months."""
    wanted = request.args.get("period", "")
    return next((each for each in periods if each.key == wanted), periods[0])
