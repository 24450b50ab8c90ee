"""Which programmes come first for somebody: how well they suit, and how long ago they were checked.

The engine finds the best by score alone, and exactly. An entry that nobody has checked for 6 months
counts half here, and one of 12 months nothing. The index knows nothing of this, because it follows
rows and not the calendar; so more are asked for until those that were not fetched could not come
before the last that is shown. Scores stay as the engine gave them, and only the order changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter

from sqlalchemy import select

from matchmaker import engine
from matchmaker.engine.features import Table
from matchmaker.engine.search import Best
from matchmaker.extensions import db
from matchmaker.models import Programme, ProgrammeStatus
from matchmaker.services.clock import london_date
from matchmaker.services.freshness import weight_of
from matchmaker.services.matching.index import View, current_view

# Less than a quarter of the weightiest condition, approach or word looked for is next to nothing in
# common, such as something wider mentioned in passing: the programme is about something else.
LEAST_RELEVANCE = 0.25
# Rows may have changed within the second that the index is behind; these many more are asked for.
SPARE = 3
# Each time they were not enough, so many times as many; and so many at most.
MORE = 4
MOST = 1000

Key = tuple[float, str]
"""What a list is sorted by: the better a programme stands the smaller, ties by id."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A programme that was found, and where the engine can tell why."""

    score: float
    programme: str
    snapshot: engine.Snapshot
    found: Best
    place: int

    def key(self, weight: float = 1.0) -> Key:
        return (-self.score * weight, self.programme)


def find_programmes(
    profile: engine.Professional, *, exclude: Collection[str], now: datetime, top: int
) -> list[engine.Suggestion]:
    """The best open programmes for a profile, in the order they are shown in, with reasons."""
    view = current_view()
    seeker = view.snapshot.encode_professional(profile)
    wanted = top + SPARE
    while True:
        hits = _search(view, seeker, exclude=exclude, top=wanted)
        weights = _weights_of([int(hit.programme) for hit in hits], now)
        standing = sorted(
            (
                (hit.key(weight), hit)
                for hit in hits
                if (weight := weights.get(int(hit.programme), 0.0))
            ),
            key=itemgetter(0),
        )
        is_whole = len(hits) < wanted or wanted >= MOST
        if is_whole or (len(standing) >= top and standing[top - 1][0] <= hits[-1].key()):
            break
        wanted = min(MORE * wanted, MOST)
    return [
        replace(_explained(hit, seeker, now), rank=rank)
        for rank, (_key, hit) in enumerate(standing[:top], start=1)
    ]


def _search(
    view: View,
    seeker: Table[engine.Professional],
    *,
    exclude: Collection[str],
    top: int,
) -> list[_Hit]:
    """The best by score, ties by id as the engine has them, of what was fitted and what changed."""
    hits = [
        hit
        for snapshot in (view.snapshot, view.fresh)
        for hit in _hits(
            snapshot,
            snapshot.search(seeker, top=top, exclude=exclude, least_relevance=LEAST_RELEVANCE),
        )
    ]
    return sorted(hits, key=_Hit.key)[:top]


def _hits(snapshot: engine.Snapshot, found: Best) -> Iterator[_Hit]:
    for place, row in enumerate(found.rows.tolist()):
        programme = snapshot.programmes.readings[row].profile.id
        yield _Hit(float(found.scores.mutual[place]), programme, snapshot, found, place)


def _explained(hit: _Hit, seeker: Table[engine.Professional], now: datetime) -> engine.Suggestion:
    (suggestion,) = hit.snapshot.explain_rows(
        seeker, hit.found, [hit.place], today=london_date(now)
    )
    return suggestion


def _weights_of(ids: Collection[int], now: datetime) -> dict[int, float]:
    """What each score counts for, of those programmes that may be suggested this moment."""
    rows = db.session.execute(
        select(Programme.id, Programme.last_checked_at).where(
            Programme.id.in_(ids),
            Programme.published_at.is_not(None),
            Programme.status == ProgrammeStatus.OPEN,
        )
    )
    return {row_id: weight_of(checked_at, now=now) for row_id, checked_at in rows}
