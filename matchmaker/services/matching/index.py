"""The fitted index that each process keeps, and how it follows the database.

At most once a second a process asks the database what has changed. The few profiles that changed
since the fit make a second, small snapshot with the statistics of the first, and what they replace
is left out there. So a saved profile shows within a second in every process, without a fit. Once
the changes are more than a twentieth of the whole a new fit is made: at once where it takes no
time, otherwise in a thread, while the old one goes on answering.

Everything is read on a connection of its own, outside the request's transaction: what is not yet
committed must not get into an index that outlives it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextvars import Context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from flask import Flask, current_app
from sqlalchemy import Engine, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from matchmaker import engine
from matchmaker.config import Environment
from matchmaker.extensions import db
from matchmaker.models import Organisation, Professional, Programme
from matchmaker.services.matching.profiles import load_professionals, load_programmes
from matchmaker.vocabulary import load_vocabulary

logger = logging.getLogger(__name__)

CHECK_EVERY_SECONDS = 1.0
# After a fit has failed, the next is not tried before this many seconds have passed.
PAUSE_AFTER_FAILURE_SECONDS = 30.0
# A transaction may be committed some time after the moment it wrote into its rows.
LATE_COMMIT = timedelta(minutes=2)
# Changes since the fit that the statistics of the fit still suit, as a share of the rows.
MOST_CHANGED = 0.05
# Up to this many rows a fit takes a fraction of a second, and is made while somebody waits.
FITTED_AT_ONCE = 300

Profile = TypeVar("Profile", engine.Professional, engine.Programme)
Result = TypeVar("Result")
Stamps = Mapping[int, tuple[datetime, ...]]


@dataclass(frozen=True)
class Source(Generic[Profile]):
    """Where the profiles of one side come from.

    `stamps` selects the id of each row and the moments of its last changes (`moments`, the same
    columns): a programme's profile changes with its organisation's name too.
    """

    stamps: Select[*tuple[Any, ...]]
    moments: tuple[InstrumentedAttribute[datetime], ...]
    count: Select[tuple[int]]
    load: Callable[[Session, Collection[int] | None], list[Profile]]

    def all_stamps(self, session: Session) -> Stamps:
        """The stamps of every row."""
        return _stamps(session, self.stamps)

    def stamps_since(self, session: Session, moment: datetime) -> Stamps:
        """The stamps of the rows that changed at `moment` or later."""
        return _stamps(session, self.stamps.where(or_(*(each >= moment for each in self.moments))))


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
    """One side as last seen, and which of its profiles changed since the fit.

    A changed profile that can no longer be suggested is None.
    """

    seen: Stamps
    changed: Mapping[str, Profile | None] = field(default_factory=dict)

    def changed_ids(self, session: Session, source: Source[Profile]) -> tuple[Stamps, set[int]]:
        """The stamps as they are now, and the ids of the rows whose stamps are others."""
        newest = max((max(stamp) for stamp in self.seen.values()), default=None)
        now: Stamps = {}
        if newest is not None:
            now = {**self.seen, **source.stamps_since(session, newest - LATE_COMMIT)}
        # Rows that were deleted, or written with an old moment, show in the number of rows only.
        if len(now) != session.scalar(source.count):
            now = source.all_stamps(session)
        ids = now.keys() | self.seen.keys()
        return now, {each for each in ids if now.get(each) != self.seen.get(each)}

    def with_changes(
        self, session: Session, source: Source[Profile], now: Stamps, ids: set[int]
    ) -> Followed[Profile]:
        """The same side with the profiles of `ids` read anew."""
        loaded = {profile.id: profile for profile in source.load(session, ids)}
        fresh = {str(each): loaded.get(str(each)) for each in ids}
        return Followed(now, {**self.changed, **fresh})


@dataclass(frozen=True, slots=True)
class View:
    """A fit and what changed since; never altered, only replaced.

    `fresh` holds the changed profiles; those that `snapshot` has under their ids are out of date.
    `fitted_at` is a moment of the machine's monotonic clock, which processes share.
    """

    snapshot: engine.Snapshot
    fresh: engine.Snapshot
    professionals: Followed[engine.Professional]
    programmes: Followed[engine.Programme]
    fitted_at: float = field(default_factory=time.monotonic)

    @property
    def size(self) -> int:
        """How many rows there are, those that are never suggested included."""
        return len(self.professionals.seen) + len(self.programmes.seen)

    @property
    def n_changed(self) -> int:
        """How many profiles are not as they were at the fit."""
        return len(self.professionals.changed) + len(self.programmes.changed)


class Outgrown(Exception):
    """So much has changed that only a new fit can follow; `size` counts the rows there are now."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def fit(session: Session) -> View:
    """Read every profile and fit them."""
    # The stamps first: what changes between the reads is then seen as changed at the next check.
    professionals = PROFESSIONALS.all_stamps(session)
    programmes = PROGRAMMES.all_stamps(session)
    snapshot = engine.fit(
        PROFESSIONALS.load(session, None),
        PROGRAMMES.load(session, None),
        vocabulary=load_vocabulary(),
    )
    return View(
        snapshot, snapshot.with_profiles((), ()), Followed(professionals), Followed(programmes)
    )


def follow(session: Session, view: View) -> View:
    """The view with what changed since it was made; the same object when nothing did.

    Raises:
        Outgrown: More changed than the statistics of the fit suit.
    """
    professionals_now, professional_ids = view.professionals.changed_ids(session, PROFESSIONALS)
    programmes_now, programme_ids = view.programmes.changed_ids(session, PROGRAMMES)
    if not professional_ids and not programme_ids:
        return view
    n_changed = view.n_changed + len(professional_ids) + len(programme_ids)
    if n_changed > MOST_CHANGED * view.size:
        raise Outgrown(len(professionals_now) + len(programmes_now))
    professionals = view.professionals.with_changes(
        session, PROFESSIONALS, professionals_now, professional_ids
    )
    programmes = view.programmes.with_changes(session, PROGRAMMES, programmes_now, programme_ids)
    fresh = view.snapshot.with_profiles(
        filter(None, professionals.changed.values()), filter(None, programmes.changed.values())
    )
    return View(view.snapshot, fresh, professionals, programmes, view.fitted_at)


class Keeper:
    """Keeps the view of one process up to date; safe to ask from several threads."""

    def __init__(self, database: Engine, *, check_every_seconds: float) -> None:
        self._database = database
        self._check_every_seconds = check_every_seconds
        self._lock = threading.Lock()
        self._view: View | None = None
        self._checked_at = 0.0
        self._refit: threading.Thread | None = None
        self._refit_not_before = 0.0

    def view(self) -> View:
        """The present view; the first call in a process waits for a fit."""
        with self._lock:
            moment = time.monotonic()
            if self._view is None:
                self._view = self._read(fit)
                self._checked_at = moment
            elif moment - self._checked_at >= self._check_every_seconds:
                self._view = self._follow(self._view)
                self._checked_at = moment
            return self._view

    def age(self) -> float:
        """How many seconds ago the profiles were fitted, once the view follows the database."""
        view = self.view()  # which may fit first
        return time.monotonic() - view.fitted_at

    def wait_for_refit(self) -> None:
        """Return once no new fit is being made in the background."""
        refit = self._refit
        if refit is not None:
            refit.join()

    def _follow(self, view: View) -> View:
        try:
            return self._read(lambda session: follow(session, view))
        except Outgrown as outgrown:
            if outgrown.size <= FITTED_AT_ONCE:
                return self._read(fit)
        self._start_refit()
        return view

    def _start_refit(self) -> None:
        # A thread does not survive a fork, and is then not alive in the child either.
        is_running = self._refit is not None and self._refit.is_alive()
        if not is_running and time.monotonic() >= self._refit_not_before:
            self._refit = threading.Thread(
                target=self._replace_view, name="matching-fit", daemon=True
            )
            self._refit.start()

    def _replace_view(self) -> None:
        try:
            view = self._read(fit)
        except Exception:
            self._refit_not_before = time.monotonic() + PAUSE_AFTER_FAILURE_SECONDS
            logger.exception("The matching index could not be fitted; the old one stays.")
            return
        with self._lock:
            self._view = view
            # The very next question follows what changed while the fit was made.
            self._checked_at = 0.0

    def _read(self, read: Callable[[Session], Result]) -> Result:
        """Run `read` in a reading transaction of its own, whatever the request has declared."""

        def in_session() -> Result:
            with Session(self._database) as session:
                return read(session)

        return Context().run(in_session)


def current_view() -> View:
    """The view of this process, at most about a second old."""
    return keeper().view()


def keeper() -> Keeper:
    """The keeper of this process's app."""
    kept = current_app.extensions.get("matching")
    if kept is None:
        kept = current_app.extensions.setdefault("matching", _new_keeper(current_app))
    found: Keeper = kept
    return found


def warm_up(app: Flask) -> None:
    """Fit before the server forks its workers, so that they share the index and nobody waits.

    Whatever goes wrong is only logged: the first page then tries again. No connection stays open.
    """
    with app.app_context():
        try:
            keeper().view()
        except Exception:
            logger.exception("The matching index could not be fitted before the first page.")
        finally:
            db.engine.dispose()


def _new_keeper(app: Flask) -> Keeper:
    # Tests look at what they have just written.
    is_test = app.extensions["settings"].environment is Environment.TESTING
    return Keeper(db.engine, check_every_seconds=0.0 if is_test else CHECK_EVERY_SECONDS)


def _stamps(session: Session, statement: Select[*tuple[Any, ...]]) -> Stamps:
    return {row[0]: tuple(row[1:]) for row in session.execute(statement)}
