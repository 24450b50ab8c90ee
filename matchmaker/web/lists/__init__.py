"""Lists of programmes: keeping one on the device or several in an account, and passing them on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("lists", __name__)


# Each of these adds its views to the blueprint.
from matchmaker.web.lists import account, in_use, keeping, passing_on  # noqa: E402

__all__ = ["account", "blueprint", "in_use", "keeping", "passing_on"]
