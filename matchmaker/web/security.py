"""Headers every answer carries, and the settings that keep cookies and forms safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Placeholder until its owner writes it."""
