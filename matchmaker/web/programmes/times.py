"""When a programme takes place, for a calendar."""

from __future__ import annotations

from flask import Response, abort
from flask.typing import ResponseReturnValue

from matchmaker.models import Programme
from matchmaker.services import programme_calendar
from matchmaker.services.policy import Action
from matchmaker.web.access import access
from matchmaker.web.from_url import programme_from_url
from matchmaker.web.lifecycle import now
from matchmaker.web.programmes import blueprint


@blueprint.get("/<int:programme_id>/times.ics")
@access(Action.VIEW_PROGRAMME, subject=programme_from_url)
def times_file(programme: Programme) -> ResponseReturnValue:
    """The times that are still to come, as a file that a calendar opens."""
    written = programme_calendar.times_file(programme, now=now())
    if written is None:
        abort(404)
    return Response(
        written,
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Content-Disposition": 'attachment; filename="times.ics"'},
    )
