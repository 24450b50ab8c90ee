"""The names that open data gives to what is published here."""

from __future__ import annotations

import uuid


def new_public_id() -> str:
    """A random UUID, written out; unlike a number it tells nothing and never comes twice."""
    return str(uuid.uuid4())
