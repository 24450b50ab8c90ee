"""Whether the app is alive."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from matchmaker.services.policy import Action
from matchmaker.web.access import access

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@access(Action.VIEW_PUBLIC)
def healthz() -> ResponseReturnValue:
    """Answer without touching the database: the process is alive."""
    return {"status": "ok"}
