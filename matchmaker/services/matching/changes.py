"""What changed in the database since a snapshot was fitted.

Every row carries the moment it last changed. A snapshot keeps the moments it was fitted from, so
that any process can find what is different now with a few small queries, each answered by an index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from matchmaker import engine
from matchmaker.models import Organisation, Professional, Programme
from matchmaker.services.matching.profiles import load_professionals, load_programmes

# A transaction may be committed some time after the moment it wrote into its rows.
LATE_COMMIT = timedelta(minutes=2)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Profile = TypeVar("Profile", engine.Professional, engine.Programme)
Moments = tuple[int, ...]
"""When a row and what belongs to it last changed, in microseconds since 1970 (UTC)."""
Counts = tuple[Mapping[int, int], ...]
"""For each column of moments, how many rows share each moment."""


@dataclass(frozen=True)
class Source(Generic[Profile]):
    """Where the profiles of one side come from.

    `stamps` selects the id of each row and the moments of its last changes (`moments`, the same
    columns, the row's own first): a programme's profile changes with its organisation's name too.
    """

    stamps: Select[*tuple[Any, ...]]
    moments: tuple[InstrumentedAttribute[datetime], ...]
    count: Select[tuple[int]]
    load: Callable[[Session, Collection[int] | None], list[Profile]]

    def all_stamps(self, session: Session) -> Stamps:
        """The stamps of every row."""
        return self._stamps(session, self.stamps)

    def stamps_since(self, session: Session, moment: datetime) -> Stamps:
        """The stamps of the rows that changed at `moment` or later."""
        # Each column by itself: no index answers "this one or that one" across two tables.
        return self._stamps(
            session, *(self.stamps.where(column >= moment) for column in self.moments)
        )

    def counts_since(self, session: Session, moment: datetime) -> Counts:
        """How many rows share each moment, at `moment` or later, by column.

        After an import that is a single line, however many rows it wrote.
        """
        own, *others = self.moments
        # A row's own moment is counted without what belongs to it.
        counts = [self.count.add_columns(own).where(own >= moment).group_by(own)]
        counts += [
            self.stamps.with_only_columns(func.count(), column)
            .where(column >= moment)
            .group_by(column)
            for column in others
        ]
        return tuple(
            {each: number for number, each in _read(session, statement)} for statement in counts
        )

    def _stamps(self, session: Session, *statements: Select[*tuple[Any, ...]]) -> Stamps:
        found = {row[0]: row for each in statements for row in _read(session, each)}
        rows = sorted(found.values())
        return Stamps(
            np.array([row[0] for row in rows], dtype=np.int64),
            np.array([row[1:] for row in rows], dtype=np.int64).reshape(
                len(rows), len(self.moments)
            ),
        )


@dataclass(frozen=True, slots=True)
class Stamps:
    """When each row last changed; `ids` ascending, `moments` of shape (n, n_moments)."""

    ids: NDArray[np.int64]
    moments: NDArray[np.int64]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.ids)

    @property
    def newest(self) -> datetime | None:
        """The last change of all; None where there is no row."""
        if not len(self.ids):
            return None
        return _EPOCH + int(self.moments.max()) * _MICROSECOND

    def get(self, row_id: int) -> Moments | None:
        """The moments of one row."""
        place = int(np.searchsorted(self.ids, row_id))
        if place == len(self.ids) or self.ids[place] != row_id:
            return None
        return tuple(self.moments[place].tolist())

    def counts_since(self, moment: int) -> tuple[Counter[int], ...]:
        """How many rows share each moment, at `moment` or later, by column."""
        return tuple(
            Counter(dict(zip(*map(np.ndarray.tolist, _counted(column, moment)), strict=True)))
            for column in self.moments.T
        )

    def unlike(self, other: Stamps) -> dict[int, Moments]:
        """Those of our rows that the other does not have, or has with other moments."""
        if not len(self):
            return {}
        known = np.isin(self.ids, other.ids, assume_unique=True)
        places = np.searchsorted(other.ids, self.ids[known])
        known[known] = (other.moments[places] == self.moments[known]).all(axis=1)
        moments = map(tuple, self.moments[~known].tolist())
        return dict(zip(self.ids[~known].tolist(), moments, strict=True))

    def different_from(self, other: Stamps) -> set[int]:
        """The ids of rows that only one of the two has, or that have other moments."""
        ids, own, others = np.intersect1d(
            self.ids, other.ids, assume_unique=True, return_indices=True
        )
        is_other = (self.moments[own] != other.moments[others]).any(axis=1)
        return {
            *np.setxor1d(self.ids, other.ids, assume_unique=True).tolist(),
            *ids[is_other].tolist(),
        }


PROFESSIONALS: Source[engine.Professional] = Source(
    stamps=select(Professional.id, Professional.updated_at),
    moments=(Professional.updated_at,),
    count=select(func.count(Professional.id)),
    load=load_professionals,
)
PROGRAMMES: Source[engine.Programme] = Source(
    stamps=select(Programme.id, Programme.updated_at, Organisation.updated_at).join(
        Programme.organisation
    ),
    moments=(Programme.updated_at, Organisation.updated_at),
    count=select(func.count(Programme.id)),
    load=load_programmes,
)


@dataclass(frozen=True)
class Followed(Generic[Profile]):
    """One side as last seen.

    `recent` holds the stamps of rows read after `seen`; `changed` the profiles that are not as they
    were at the fit, None for those that can no longer be suggested.
    """

    seen: Stamps
    recent: Mapping[int, Moments] = field(default_factory=dict)
    changed: Mapping[str, Profile | None] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many rows there are, those that are never suggested included."""
        return len(self.seen) + sum(self.seen.get(each) is None for each in self.recent)

    @cached_property
    def newest(self) -> datetime | None:
        """The last change that was seen; None where there is no row."""
        return max(filter(None, (self.seen.newest, _newest(self.recent))), default=None)

    def check(
        self, session: Session, source: Source[Profile], *, last_look: datetime | None
    ) -> Difference:
        """What is different in the database now; `last_look` is when it was compared before."""
        late: dict[int, Moments] = {}
        if self.newest is not None:
            since = _since(self.newest, last_look)
            if source.counts_since(session, since) != self._counts_since(since):
                stamps = source.stamps_since(session, since)
                again = {each: stamps.get(each) for each in self.recent}
                late = {each: moments for each, moments in again.items() if moments}
                late |= stamps.unlike(self.seen)
        now = Followed[Profile](self.seen, {**self.recent, **late})
        # Rows that were deleted, or written with an old moment, show in the number of rows only.
        if len(now) != session.scalar(source.count):
            return self.check_all(session, source)
        ids = {each for each, moments in late.items() if moments != self._moments(each)}
        return Difference(self.seen, now.recent, ids)

    def check_all(self, session: Session, source: Source[Profile]) -> Difference:
        """The same, looking at every row."""
        now = source.all_stamps(session)
        ids = now.different_from(self.seen)
        known = {each for each, moments in self.recent.items() if moments == now.get(each)}
        gone_again = {each for each in self.recent if now.get(each) is None}
        return Difference(now, {}, (ids - known) | gone_again)

    def changed_since(self, earlier: Followed[Profile]) -> set[int]:
        """The ids of the rows that are not as they were when the same side was seen earlier."""
        ids = {*self.recent, *earlier.recent}
        if self.seen is not earlier.seen:
            ids |= self.seen.different_from(earlier.seen)
        return {each for each in ids if self._moments(each) != earlier._moments(each)}

    def with_changes(
        self, session: Session, source: Source[Profile], difference: Difference
    ) -> Followed[Profile]:
        """The same side with the profiles that are different read anew."""
        loaded = {profile.id: profile for profile in source.load(session, difference.ids)}
        fresh = {str(each): loaded.get(str(each)) for each in difference.ids}
        return Followed(difference.seen, difference.recent, {**self.changed, **fresh})

    def _counts_since(self, moment: datetime) -> Counts:
        """How many of the rows as last seen share the same moments, at `moment` or later."""
        kept = self._kept_counts
        if moment not in kept:
            kept.clear()
            kept[moment] = self._count_since((moment - _EPOCH) // _MICROSECOND)
        return kept[moment]

    def _count_since(self, since: int) -> Counts:
        counts = self.seen.counts_since(since)
        for row_id, moments in self.recent.items():
            for column, before in enumerate(self.seen.get(row_id) or ()):
                counts[column][before] -= before >= since
            for column, moment in enumerate(moments):
                counts[column][moment] += moment >= since
        return tuple(+each for each in counts)

    @cached_property
    def _kept_counts(self) -> dict[datetime, Counts]:
        """The last answer of `_counts_since`, which is asked for the same moment each second."""
        return {}

    def _moments(self, row_id: int) -> Moments | None:
        return self.recent.get(row_id) or self.seen.get(row_id)


@dataclass(frozen=True, slots=True)
class Difference:
    """The stamps as they are now, and the ids of the rows whose stamps are others."""

    seen: Stamps
    recent: Mapping[int, Moments]
    ids: set[int]


def _since(newest: datetime, last_look: datetime | None) -> datetime:
    """From which moment on rows may have changed since they were last looked at."""
    if last_look is not None and newest < last_look - LATE_COMMIT:
        # Whatever wrote the newest moment or an older one was committed by then, and seen.
        return newest + _MICROSECOND
    # A moment written by a clock that is ahead must not hide what is written after it.
    return min(newest, datetime.now(UTC)) - LATE_COMMIT


def _counted(moments: NDArray[np.int64], since: int) -> tuple[NDArray[np.int64], ...]:
    """The different moments from `since` on, and how often each is there."""
    return np.unique(moments[moments >= since], return_counts=True)


def _newest(recent: Mapping[int, Moments]) -> datetime | None:
    if not recent:
        return None
    return _EPOCH + max(map(max, recent.values())) * _MICROSECOND


def _read(session: Session, statement: Select[*tuple[Any, ...]]) -> Iterator[tuple[int, ...]]:
    for row_id, *moments in session.execute(statement):
        yield (row_id, *((moment - _EPOCH) // _MICROSECOND for moment in moments))
