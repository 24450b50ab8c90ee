"""A programme: drafting, preview, publishing, pausing, and whom it might meet."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("programmes", __name__, url_prefix="/programmes")
