"""What a lead does: bringing two together, and inviting organisations."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("leads", __name__, url_prefix="/lead")
