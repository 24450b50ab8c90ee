"""Reading and keeping what is held about oneself."""

from __future__ import annotations

import enum
import json
from datetime import date, datetime
from typing import Any

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.services import personal_data
from matchmaker.services.clock import clock_time, london_date, long_date
from matchmaker.services.policy import Action
from matchmaker.web.access import access, require_user
from matchmaker.web.accounts import blueprint
from matchmaker.web.lifecycle import now


@blueprint.get("/account/data")
@access(Action.USE_OWN_ACCOUNT)
def own_data() -> ResponseReturnValue:
    """Say how much is held about this person, and how to get it."""
    sections = personal_data.gather(require_user())
    return render_template("accounts/own_data.html", sections=sections)


@blueprint.get("/account/data.html")
@access(Action.USE_OWN_ACCOUNT)
def own_data_to_read() -> ResponseReturnValue:
    """Everything that is held, as a page to keep, which needs nothing else to be read."""
    page = render_template(
        "accounts/own_data_file.html",
        user=require_user(),
        sections=personal_data.gather(require_user()),
        in_words=in_words,
        made_at=now(),
        service=current_app.extensions["settings"].public_url,
    )
    return _file(page, "text/html", "html")


@blueprint.get("/account/data.json")
@access(Action.USE_OWN_ACCOUNT)
def own_data_for_programs() -> ResponseReturnValue:
    """The same for a program."""
    content = personal_data.as_json(personal_data.gather(require_user()), now=now())
    return _file(content, "application/json", "json")


def in_words(value: Any) -> str:
    """A value as people read it; empty for none."""
    if value is None or value == {}:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return _day_and_time(value)
    if isinstance(value, enum.Enum):
        return str(value.value).replace("_", " ")
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _day_and_time(moment: date) -> str:
    if not isinstance(moment, datetime):
        return long_date(moment)
    return _("%(day)s, %(time)s", day=long_date(moment), time=clock_time(moment))


def _file(content: str, mimetype: str, ending: str) -> Response:
    response = Response(content, mimetype=mimetype)
    name = f"matchmaker-{london_date(now()):%Y-%m-%d}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
