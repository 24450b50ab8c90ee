"""Pages for when something goes wrong, each in plain words and with a next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Placeholder until its owner writes it."""
