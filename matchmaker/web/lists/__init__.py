"""Lists of programmes: keeping one on the device or several in an account, and passing them on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("lists", __name__)

# The views attach themselves to the blueprint above.
from matchmaker.web.lists import in_use, keeping  # noqa: E402

__all__ = ["blueprint", "in_use", "keeping"]
