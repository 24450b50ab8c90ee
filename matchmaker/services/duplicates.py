"""Pairs of organisations that may be one, until somebody decides."""

from __future__ import annotations

from datetime import datetime

from matchmaker.extensions import db, insert_into
from matchmaker.models import Likeness, PossibleDuplicate


def suspect(one_id: int, other_id: int, likeness: Likeness, *, now: datetime) -> None:
    """Note that two organisations may be one, unless that was noted, or decided, before."""
    first_id, second_id = sorted((one_id, other_id))
    db.session.execute(
        insert_into(PossibleDuplicate)
        .values(first_id=first_id, second_id=second_id, likeness=likeness, found_at=now)
        .on_conflict_do_nothing()
    )
