"""The administrators' first page: what waits for them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from matchmaker.services.administration import overview
from matchmaker.services.policy import Action
from matchmaker.web.access import access
from matchmaker.web.administration import blueprint
from matchmaker.web.lifecycle import now


@blueprint.get("/")
@access(Action.ADMINISTER)
def index() -> ResponseReturnValue:
    """Count what waits, and lead there."""
    return render_template("administration/index.html", found=overview.take_stock(now=now()))
