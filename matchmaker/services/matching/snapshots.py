"""Snapshots on disk: fitted by a process of their own, served by all the others.

The folder holds the newest snapshots, each in a folder named after the moment it was made, and a
link, `current`, to the one to serve. A snapshot is written beside the others and becomes current in
one step, so that a process killed at any moment leaves the old one in place. What such a process
left behind goes with the next fit.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matchmaker import engine
from matchmaker.services.matching.changes import (
    PROFESSIONALS,
    PROGRAMMES,
    Followed,
    Stamps,
)
from matchmaker.vocabulary import load_vocabulary

logger = logging.getLogger(__name__)

CURRENT = "current"
# How many snapshots are kept; the one before the current serves while a damaged one is made anew.
KEPT = 2


class NoSnapshot(Exception):
    """No snapshot in the folder can be served; the message says why."""


class OfOthers(NoSnapshot):
    """A snapshot is sound, but belongs to another database or version."""


@dataclass(frozen=True, slots=True)
class Served:
    """A snapshot opened from disk, and what it was fitted from.

    `fitted_at` is in seconds since 1970.
    """

    name: str
    snapshot: engine.Snapshot
    professionals: Followed[engine.Professional]
    programmes: Followed[engine.Programme]
    fitted_at: float


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the snapshots of one database are."""

    path: Path
    database: str

    @classmethod
    def of(cls, instance_path: Path, database: Engine) -> Folder:
        """The folder for a database; another database's snapshots in it are not served."""
        address = database.url.render_as_string(hide_password=True)
        return cls(instance_path / "index", hashlib.sha256(address.encode()).hexdigest())

    def current_name(self) -> str | None:
        """The name of the snapshot to serve; None where there is none."""
        try:
            return (self.path / CURRENT).readlink().name
        except OSError:
            return None

    def names(self) -> list[str]:
        """The names of all snapshots, the newest first."""
        if not self.path.is_dir():
            return []
        folders = (each for each in self.path.iterdir() if each.is_dir() and not each.is_symlink())
        return sorted((each.name for each in folders if each.name.isdigit()), reverse=True)

    def open(self, name: str) -> Served:
        """Open one snapshot, once every byte of it has been read and found as it was written.

        Raises:
            NoSnapshot: It is damaged.
            OfOthers: It belongs to another version or database.
        """
        try:
            stored = engine.read(self.path / name)
            if stored.about.get("database") != self.database:
                raise OfOthers(f"{name} was fitted from another database.")
            snapshot = engine.restore(stored, vocabulary=load_vocabulary())
        except engine.WrittenByOthers as error:
            raise OfOthers(f"{name}: {error}") from error
        except engine.Damaged as error:
            raise NoSnapshot(f"{name}: {error}") from error
        professionals, programmes = (
            Stamps(stored.arrays[f"stamps.{side}.ids"], stored.arrays[f"stamps.{side}.moments"])
            for side in ("professionals", "programmes")
        )
        return Served(
            name, snapshot, Followed(professionals), Followed(programmes), stored.about["fitted_at"]
        )

    def open_newest(self) -> Served:
        """Open the current snapshot, or the newest before it that can be served.

        Raises:
            NoSnapshot: There is none.
        """
        for name in self.names():
            try:
                return self.open(name)
            except NoSnapshot as error:
                logger.warning("A matching index cannot be served. %s", error)
        raise NoSnapshot("There is no index that can be served. Run: matchmaker index build")

    def build(self, session: Session) -> str:
        """Read every profile, fit them, and make the snapshot current; returns its name.

        Only one process builds at a time. Another that wants the same waits, and is content with
        what was built in the meantime.
        """
        began = time.time_ns()
        self.path.mkdir(parents=True, exist_ok=True)
        with _locked(self.path / "lock"):
            newest = self.current_name()
            if newest is not None and int(newest) > began:
                return newest
            return self._build(session)

    def _build(self, session: Session) -> str:
        # The stamps first: what changes between the reads is then seen as changed by the servers.
        professionals = PROFESSIONALS.all_stamps(session)
        programmes = PROGRAMMES.all_stamps(session)
        fitted_at = time.time()
        snapshot = engine.fit(
            PROFESSIONALS.load(session, None),
            PROGRAMMES.load(session, None),
            vocabulary=load_vocabulary(),
        )
        name = str(max(time.time_ns(), *(int(each) + 1 for each in self.names()), 0))
        unfinished = self.path / f"unfinished-{name}"
        engine.save(
            snapshot,
            unfinished,
            arrays={
                "stamps.professionals.ids": professionals.ids,
                "stamps.professionals.moments": professionals.moments,
                "stamps.programmes.ids": programmes.ids,
                "stamps.programmes.moments": programmes.moments,
            },
            about={"database": self.database, "fitted_at": fitted_at},
        )
        unfinished.rename(self.path / name)
        link = self.path / f"unfinished-link-{name}"
        link.symlink_to(name)
        link.replace(self.path / CURRENT)
        _flush(self.path)
        self._tidy()
        return name

    def _tidy(self) -> None:
        """Remove old snapshots and what killed processes left; whoever maps them keeps them."""
        for name in self.names()[KEPT:]:
            shutil.rmtree(self.path / name, ignore_errors=True)
        for left in self.path.glob("unfinished-*"):
            if left.is_symlink():
                left.unlink(missing_ok=True)
            else:
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, however that ends."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _flush(folder: Path) -> None:
    """Bring the names in a folder down to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
