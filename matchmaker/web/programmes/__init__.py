"""Programmes: their pages, looking after one, and whom it might meet."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("programmes", __name__, url_prefix="/programmes")


# Each of these adds its views to the blueprint.
from matchmaker.web.programmes import edits, record, status, suggestions, times, writing  # noqa: E402

__all__ = ["blueprint", "edits", "record", "status", "suggestions", "times", "writing"]
