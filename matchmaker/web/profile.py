"""A professional's profile, as a list of tasks."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("profile", __name__, url_prefix="/profile")
