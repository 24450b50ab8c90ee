"""Who else near a programme does the same."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from matchmaker.models import Programme
from matchmaker.services import neighbours
from matchmaker.services.policy import Action
from matchmaker.web.access import access
from matchmaker.web.from_url import programme_from_url
from matchmaker.web.lifecycle import now

blueprint = Blueprint("neighbours", __name__)


@blueprint.get("/programmes/<int:programme_id>/neighbours")
@access(Action.EDIT_PROGRAMME, subject=programme_from_url)
def show(programme: Programme) -> ResponseReturnValue:
    """Similar programmes of other organisations, with what they share; for members only."""
    return render_template(
        "neighbours/show.html",
        programme=programme,
        neighbours=neighbours.find_neighbours(programme, now=now()),
    )
