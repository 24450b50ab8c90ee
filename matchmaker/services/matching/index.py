"""The index that each process keeps, and how it follows the database.

A process maps the current snapshot and asks the database, at most once a second, what has changed
since it was fitted. The changed profiles make a second, small snapshot with the statistics of the
first, in which what they replace is hidden. So a saved profile shows within a second in every
process, without a fit. Once the changes are more than a twentieth of the whole, or when a snapshot
is missing or damaged, a process of its own fits a new one while the old one goes on answering, and
every process takes it over as soon as it is there.

Everything is read on a connection of its own, outside the request's transaction: what is not yet
committed must not get into an index that outlives it.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from flask import Flask, current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matchmaker import engine
from matchmaker.extensions import db
from matchmaker.services.matching.changes import PROFESSIONALS, PROGRAMMES, Difference, Followed
from matchmaker.services.matching.snapshots import Folder, NoSnapshot, OfOthers, Served

logger = logging.getLogger(__name__)

CHECK_EVERY_SECONDS = 1.0
# From this part of that time on the next check is made beside the pages, so that while there are
# visitors hardly one waits for it.
AHEAD = 0.7
# Changes since the fit that the statistics of the fit still suit, as a share of the rows.
MOST_CHANGED = 0.05
# A new fit only for better statistics is made no more often than this.
PAUSE_BETWEEN_FITS_SECONDS = 60.0
# After a fit has failed, the next is not tried before this many seconds have passed.
PAUSE_AFTER_FAILURE_SECONDS = 30.0
# So many changed profiles are read while somebody waits; more than that wait for a new fit.
MOST_FOLLOWED = 1000

Result = TypeVar("Result")
Differences = tuple[Difference, Difference]


class Outgrown(Exception):
    """Too much has changed to be followed; only a new fit can show it."""


class BuildFailed(Exception):
    """The process that was to fit a snapshot did not."""


@dataclass(frozen=True, slots=True)
class View:
    """A snapshot and what changed since; never altered, only replaced.

    In `snapshot` the profiles that changed are hidden; `fresh` holds them as they are now.
    """

    served: Served
    snapshot: engine.Snapshot
    fresh: engine.Snapshot
    professionals: Followed[engine.Professional]
    programmes: Followed[engine.Programme]

    @classmethod
    def of(
        cls,
        served: Served,
        professionals: Followed[engine.Professional],
        programmes: Followed[engine.Programme],
    ) -> View:
        """The view of a snapshot after some changes."""
        return cls(
            served,
            served.snapshot.hiding(professionals.changed, programmes.changed),
            served.snapshot.with_profiles(
                filter(None, professionals.changed.values()),
                filter(None, programmes.changed.values()),
            ),
            professionals,
            programmes,
        )

    @property
    def size(self) -> int:
        """How many rows there are, those that are never suggested included."""
        return len(self.professionals) + len(self.programmes)

    @property
    def n_changed(self) -> int:
        """How many profiles are not as they were at the fit."""
        return len(self.professionals.changed) + len(self.programmes.changed)

    @property
    def is_outgrown(self) -> bool:
        """Whether more changed than the statistics of the fit suit."""
        return self.n_changed > MOST_CHANGED * self.size


class Keeper:
    """Keeps the view of one process up to date; safe to ask from several threads.

    `build` makes a new snapshot current in `folder` and returns when it is there.
    """

    def __init__(
        self,
        database: Engine,
        folder: Folder,
        build: Callable[[], None],
        *,
        check_every_seconds: float,
    ) -> None:
        self._database = database
        self._folder = folder
        self._build = build
        self._check_every_seconds = check_every_seconds
        self._lock = threading.Lock()
        self._view: View | None = None
        self._checked_at = 0.0
        self._last_look: datetime | None = None
        self._ahead: threading.Thread | None = None
        self._worker: threading.Thread | None = None
        self._fitted_at = 0.0
        self._failed_at = -PAUSE_AFTER_FAILURE_SECONDS
        self._refused: str | None = None

    def view(self) -> View:
        """The present view; the first call in a process may have to wait for a fit."""
        with self._lock:
            moment = time.monotonic()
            age = moment - self._checked_at
            if self._view is None:
                self._view = self._first_view()
                self._checked_at = moment
            elif age >= self._check_every_seconds:
                self._view, self._last_look = self._followed(self._view, self._last_look)
                self._checked_at = moment
            elif age >= AHEAD * self._check_every_seconds and not _is_alive(self._ahead):
                self._ahead = threading.Thread(
                    target=self._check_ahead,
                    args=(self._view, self._last_look, moment),
                    name="matching-check",
                    daemon=True,
                )
                self._ahead.start()
            return self._view

    def age(self) -> float:
        """How many seconds ago the profiles were fitted, once the view follows the database."""
        return max(0.0, time.time() - self.view().served.fitted_at)

    def wait_until_quiet(self) -> None:
        """Return once nothing is being fitted or opened in the background."""
        worker = self._worker
        if worker is not None:
            worker.join()

    def wait_for_check(self) -> None:
        """Return once no check is being made in the background."""
        ahead = self._ahead
        if ahead is not None:
            ahead.join()

    def _first_view(self) -> View:
        try:
            view = self._open(self._folder.open_newest)
        except (NoSnapshot, Outgrown):
            self._build()
            view = self._open(self._folder.open_newest)
        self._fitted_at = time.monotonic()
        if view.served.name != self._folder.current_name():
            self._in_background(self._fit)
        return view

    def _followed(self, view: View, last_look: datetime | None) -> tuple[View, datetime | None]:
        """The view with what changed since `last_look`, and when that was looked for."""
        if self._folder.current_name() not in {view.served.name, self._refused}:
            self._in_background(self._take_over)
        now = datetime.now(UTC)
        try:
            followed = self._read(lambda session: _followed(session, view, last_look))
        except Outgrown:
            self._in_background(self._fit)
            return view, last_look
        if followed.is_outgrown and self._has_passed(PAUSE_BETWEEN_FITS_SECONDS, self._fitted_at):
            self._in_background(self._fit)
        return followed, now

    def _check_ahead(self, view: View, last_look: datetime | None, moment: float) -> None:
        """Check before somebody has to wait for it; what a page found out meanwhile stays."""
        try:
            followed, looked = self._followed(view, last_look)
        except Exception:
            logger.warning("What changed could not be read; a page tries again.", exc_info=True)
            return
        with self._lock:
            if self._view is view and self._checked_at < moment:
                self._view, self._last_look, self._checked_at = followed, looked, moment

    def _in_background(self, do: Callable[[], None]) -> None:
        if not _is_alive(self._worker) and self._has_passed(
            PAUSE_AFTER_FAILURE_SECONDS, self._failed_at
        ):
            self._worker = threading.Thread(target=do, name="matching-index", daemon=True)
            self._worker.start()

    @staticmethod
    def _has_passed(seconds: float, since: float) -> bool:
        return time.monotonic() - since >= seconds

    def _fit(self) -> None:
        """Have a new snapshot made, and serve it."""
        try:
            self._build()
            self._serve_current()
        except Exception:
            self._failed_at = time.monotonic()
            logger.exception("The matching index could not be fitted; the old one stays.")
            return
        self._fitted_at = time.monotonic()

    def _take_over(self) -> None:
        """Serve a snapshot that was made elsewhere; where it is damaged, have one made."""
        try:
            self._serve_current()
        except OfOthers as error:
            # Two versions that each replaced what the other made would never come to an end.
            logger.warning("A new matching index is not served. %s", error)
        except NoSnapshot as error:
            logger.warning("A new matching index cannot be served. %s", error)
            self._fit()
        except Exception:
            self._failed_at = time.monotonic()
            logger.exception("A new matching index could not be opened; the old one stays.")

    def _serve_current(self) -> None:
        """Serve the current snapshot, unless it was refused before.

        Raises:
            NoSnapshot: It cannot be served.
        """
        name = self._folder.current_name()
        if name is None or name == self._refused:
            return
        try:
            view = self._open(lambda: self._folder.open(name))
        except NoSnapshot:
            self._refused = name
            raise
        except Outgrown:
            # The next question finds the old one outgrown too, and asks for a newer fit.
            self._refused = name
            return
        with self._lock:
            self._view = view
            self._last_look = None
            # The very next question follows what changed in the meantime.
            self._checked_at = 0.0

    def _open(self, opened: Callable[[], Served]) -> View:
        """The view of a snapshot, whatever happened since it was fitted."""
        served = opened()
        return self._read(lambda session: _caught_up(session, served))

    def _read(self, read: Callable[[Session], Result]) -> Result:
        """Run `read` in a reading transaction of its own, whatever the request has declared."""

        def in_session() -> Result:
            with Session(self._database) as session:
                return read(session)

        return Context().run(in_session)


def _is_alive(thread: threading.Thread | None) -> bool:
    # A thread does not survive a fork, and is then not alive in the child either.
    return thread is not None and thread.is_alive()


def build_here(database: Engine, folder: Folder) -> str:
    """Fit a snapshot in this process and make it current; returns its name."""

    def in_session() -> str:
        with Session(database) as session:
            return folder.build(session)

    return Context().run(in_session)


def start_build() -> subprocess.Popen[bytes]:
    """Begin to fit a snapshot in a process of its own, which alone pays for scikit-learn."""
    command = [sys.executable, "-m", "matchmaker.cli", "index", "build", "--quiet"]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603


def build_elsewhere() -> None:
    """Fit a snapshot in a process of its own, and wait for it.

    Raises:
        BuildFailed: It did not end well; what it said is in the log.
    """
    exit_code = start_build().wait()
    if exit_code != 0:
        raise BuildFailed(f"`matchmaker index build` ended with {exit_code}.")


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


def current_folder() -> Folder:
    """Where the snapshots of this app's database are."""
    return Folder.of(current_app.extensions["settings"].instance_path, db.engine)


def warm_up(app: Flask) -> None:
    """Open the index before the server forks its workers, so that nobody waits for a fit.

    Whatever goes wrong is only logged: the first page then tries again. No connection stays open.
    """
    with app.app_context():
        try:
            engine.fastest()
            keeper().view()
        except Exception:
            logger.exception("The matching index could not be opened before the first page.")
        finally:
            db.engine.dispose()


def _new_keeper(app: Flask) -> Keeper:
    folder, database = current_folder(), db.engine
    if app.testing:
        # Tests look at what they have just written, and their settings are not in the environment.
        def build() -> None:
            build_here(database, folder)

        return Keeper(database, folder, build, check_every_seconds=0.0)
    return Keeper(database, folder, build_elsewhere, check_every_seconds=CHECK_EVERY_SECONDS)


def _caught_up(session: Session, served: Served) -> View:
    """The view of a snapshot just opened, whatever happened since it was fitted.

    Raises:
        Outgrown: Too much happened.
    """
    differences = (
        served.professionals.check_all(session, PROFESSIONALS),
        served.programmes.check_all(session, PROGRAMMES),
    )
    return _with(session, View.of(served, served.professionals, served.programmes), differences)


def _followed(session: Session, view: View, last_look: datetime | None) -> View:
    """The view with what changed since `last_look`; the same object when nothing did.

    Raises:
        Outgrown: Too much did.
    """
    differences = (
        view.professionals.check(session, PROFESSIONALS, last_look=last_look),
        view.programmes.check(session, PROGRAMMES, last_look=last_look),
    )
    return _with(session, view, differences)


def _with(session: Session, view: View, differences: Differences) -> View:
    professionals, programmes = differences
    if not professionals.ids and not programmes.ids:
        return view
    if len(professionals.ids) + len(programmes.ids) > MOST_FOLLOWED:
        raise Outgrown
    return View.of(
        view.served,
        view.professionals.with_changes(session, PROFESSIONALS, professionals),
        view.programmes.with_changes(session, PROGRAMMES, programmes),
    )
