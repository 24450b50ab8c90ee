"""What a search of the directory looks at, kept by each process and never older than a second."""

from __future__ import annotations

import logging
import threading
import time
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from flask import current_app
from numpy.typing import NDArray
from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from matchmaker.extensions import db
from matchmaker.models import ProgrammeMonth
from matchmaker.services.clock import london_month
from matchmaker.services.directory.catalogue import Catalogue, Flags, Places
from matchmaker.services.matching.index import CHECK_EVERY_SECONDS, View, current_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from flask import Flask
    from sqlalchemy import Engine

    from matchmaker import engine

    Result = TypeVar("Result")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """One of the two snapshots of a view.

    Attributes:
        snapshot: What ranks and explains.
        places: Where the programme of each of its rows stands in the catalogue; -1 for those that
            are not there, or not as they were.
    """

    snapshot: engine.Snapshot
    places: Places


@dataclass(frozen=True, slots=True)
class Listing:
    """The index, the catalogue and how the two belong together; never altered, only replaced.

    Attributes:
        month: A calendar month in London.
        is_full: For each programme, whether it has no places in that month.
    """

    view: View
    catalogue: Catalogue
    sources: tuple[Source, ...]
    month: str
    is_full: Flags


class Keeper:
    """Keeps the listing of one process up to date; safe to ask from several threads."""

    def __init__(self, database: Engine, *, check_every_seconds: float) -> None:
        self._database = database
        self._check_every_seconds = check_every_seconds
        self._lock = threading.Lock()
        self._listing: Listing | None = None
        self._served_ids: tuple[str, NDArray[np.int64]] | None = None
        self._checked_at = 0.0

    def listing(self, month: str) -> Listing:
        """The listing of a month; the first call in a process reads every programme."""
        with self._lock:
            view, moment = current_view(), time.monotonic()
            listing = self._listing
            if (
                listing is None
                or view is not listing.view
                or month != listing.month
                or moment - self._checked_at >= self._check_every_seconds
            ):
                listing = self._read(lambda session: self._followed(session, view, month))
                self._listing = listing
                self._checked_at = moment
            return listing

    def _followed(self, session: Session, view: View, month: str) -> Listing:
        before = self._listing
        if before is None:
            catalogue = Catalogue.read(session)
        else:
            catalogue = before.catalogue
            changed = view.programmes.changed_since(before.view.programmes)
            if changed:
                catalogue = catalogue.with_changes(session, changed)
        if before is not None and before.view is view:
            sources = before.sources
        else:
            sources = self._sources(view, catalogue)
        return Listing(view, catalogue, sources, month, _is_full(session, catalogue, month))

    def _sources(self, view: View, catalogue: Catalogue) -> tuple[Source, ...]:
        places = catalogue.places_of(self._ids_served(view))
        hidden = view.snapshot.programmes.hidden
        if hidden is not None:
            places[hidden] = -1
        fresh = catalogue.places_of(_ids(view.fresh))
        return Source(view.snapshot, places), Source(view.fresh, fresh)

    def _ids_served(self, view: View) -> NDArray[np.int64]:
        """The ids of the rows of the larger snapshot, which stays for many views."""
        if self._served_ids is None or self._served_ids[0] != view.served.name:
            self._served_ids = (view.served.name, _ids(view.snapshot))
        return self._served_ids[1]

    def _read(self, read: Callable[[Session], Result]) -> Result:
        """Run `read` in a reading transaction of its own, as the index does."""

        def in_session() -> Result:
            with Session(self._database) as session:
                return read(session)

        return Context().run(in_session)


def current_listing(now: datetime) -> Listing:
    """The listing of this process, at most about a second old."""
    return _keeper().listing(london_month(now))


def warm_up(app: Flask) -> None:
    """Read the catalogue before the server forks its workers, as the index does.

    Whatever goes wrong is only logged: the first page then tries again. No connection stays open.
    """
    with app.app_context():
        try:
            current_listing(datetime.now(UTC)).catalogue.prepare()
        except Exception:
            logger.exception("The directory could not be read before the first page.")
        finally:
            db.engine.dispose()


def _keeper() -> Keeper:
    kept = current_app.extensions.get("directory")
    if kept is None:
        seconds = 0.0 if current_app.testing else CHECK_EVERY_SECONDS
        kept = current_app.extensions.setdefault(
            "directory", Keeper(db.engine, check_every_seconds=seconds)
        )
    found: Keeper = kept
    return found


def _ids(snapshot: engine.Snapshot) -> NDArray[np.int64]:
    """The ids of a snapshot's programmes as numbers, by row."""
    return np.array([int(each) for each in snapshot.programmes.ids.in_rows()], dtype=np.int64)


def _is_full(session: Session, catalogue: Catalogue, month: str) -> Flags:
    # As one row: SQLite lets go of Python's lock for each row, and thousands of times wait for it.
    ids = func.aggregate_strings(cast(ProgrammeMonth.programme_id, String), " ")
    taken = session.scalar(
        select(ids).where(
            ProgrammeMonth.month == month, ProgrammeMonth.taken >= ProgrammeMonth.places
        )
    )
    places = catalogue.places_of(np.array((taken or "").split(), dtype=np.int64))
    is_full = np.zeros(len(catalogue), dtype=np.bool_)
    is_full[places[places >= 0]] = True
    full: Flags = (is_full & catalogue.columns["is_limited"]) | catalogue.columns["takes_nobody"]
    return full
