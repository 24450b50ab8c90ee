"""The names that the open data gives to what has no row of its own: always the same ones."""

from __future__ import annotations

import re
import uuid

# Made once for this; a name below it never changes while its parts do not.
NAMESPACE = uuid.UUID("fafd133e-17dd-4b37-8f5d-3147e96c5c91")

_WRITTEN_OUT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def name_of(*parts: str) -> str:
    """The UUID (version 5, RFC 9562) of something that its `parts` tell from all else."""
    return str(uuid.uuid5(NAMESPACE, "/".join(parts)))


def find_name(wording: str) -> str | None:
    """A UUID as it is kept here, from any way of writing out its letters; None for other words."""
    return wording.lower() if _WRITTEN_OUT.fullmatch(wording) else None
