"""Whether the app is alive and ready."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint
from flask.typing import ResponseReturnValue

from matchmaker.services import readiness
from matchmaker.services.policy import Action
from matchmaker.web.access import access

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@access(Action.VIEW_PUBLIC)
def healthz() -> ResponseReturnValue:
    """Answer without touching the database: the process is alive."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@access(Action.VIEW_PUBLIC)
def readyz() -> ResponseReturnValue:
    """Answer whether pages can be served; what is wrong stands in the log only."""
    found = readiness.check()
    if not found.is_ready or found.index_age_seconds is None:
        return {"status": "not ready"}, HTTPStatus.SERVICE_UNAVAILABLE
    return {"status": "ok", "index_age_seconds": round(found.index_age_seconds)}
