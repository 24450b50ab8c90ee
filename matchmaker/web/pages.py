"""Pages anyone may read: privacy, accessibility, how matching works."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("pages", __name__)
