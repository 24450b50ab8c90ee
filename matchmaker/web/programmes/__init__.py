"""Programmes: their pages, looking after one, and whom it might meet."""

from __future__ import annotations

from flask import Blueprint

from matchmaker.models import Programme
from matchmaker.services import programmes

blueprint = Blueprint("programmes", __name__, url_prefix="/programmes")


def programme_from_url(programme_id: int) -> Programme | None:
    """The programme an address names."""
    return programmes.find_programme(programme_id)


# Each of these adds its views to the blueprint.
from matchmaker.web.programmes import record, status, suggestions  # noqa: E402

__all__ = ["blueprint", "programme_from_url", "record", "status", "suggestions"]
