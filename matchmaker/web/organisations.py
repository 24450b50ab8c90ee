"""An organisation's own pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")
