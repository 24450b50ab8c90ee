"""The folder of snapshots: built in one step, by one process at a time, and kept tidy."""

from __future__ import annotations

import fcntl
import logging
import re
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine

from matchmaker import engine
from matchmaker.extensions import db
from matchmaker.models import ProgrammeStatus
from matchmaker.services import matching
from matchmaker.services.matching import snapshots
from matchmaker.services.matching.snapshots import CURRENT, KEPT, Folder, NoSnapshot
from tests.factories import make_professional, make_programme
from tests.services.stored_indexes import SPOILT, damage

pytestmark = pytest.mark.one_database

ASKED = engine.Professional(id="somebody", conditions=("stroke",))
SECONDS = 20


@pytest.fixture
def folder(session):
    """The folder of the app's database, in which there is one programme."""
    make_professional(is_findable=False)
    make_programme(name="Stroke café")
    session.commit()
    return matching.current_folder()


@pytest.fixture
def build(folder):
    """Fit a snapshot and make it current."""
    return lambda: matching.build_here(db.engine, folder)


def suggested(served):
    return [each.programme for each in served.snapshot.suggest(ASKED)]


def is_empty_but_for_snapshots(folder):
    return {each.name for each in folder.path.iterdir()} == {*folder.names(), CURRENT, "lock"}


def test_folder_that_is_not_there_yet_holds_nothing(folder):
    assert folder.names() == []
    assert folder.current_name() is None
    with pytest.raises(NoSnapshot, match="Run: matchmaker index build"):
        folder.open_newest()


def test_built_snapshot_is_current_and_holds_what_can_be_suggested(folder, build, session):
    make_programme(status=ProgrammeStatus.PAUSED)
    session.commit()
    before = time.time()
    name = build()
    assert folder.current_name() == name
    assert folder.names() == [name]
    served = folder.open(name)
    assert served.name == name
    assert suggested(served) == ["1"]
    # What cannot be suggested is not in it, and yet it is known when it changed.
    assert (len(served.programmes), len(served.professionals)) == (2, 1)
    assert (len(served.snapshot.programmes), len(served.snapshot.professionals)) == (1, 0)
    assert before <= served.fitted_at <= time.time()
    assert folder.open_newest().name == name


def test_names_reach_the_disk_once_the_snapshot_is_current(folder, build, monkeypatch):
    build()
    flushed = []

    def flush(handle):
        flushed.append((Path(f"/proc/self/fd/{handle}").readlink(), folder.current_name()))

    monkeypatch.setattr(snapshots.os, "fsync", flush)
    assert flushed == []
    assert (folder.path, build()) in flushed


def test_stamps_are_those_of_the_rows(folder, build, session):
    programme = make_programme()
    session.commit()
    stamps = folder.open(build()).programmes.seen
    at = int(programme.updated_at.timestamp() * 1_000_000)
    assert stamps.get(programme.id)[0] == pytest.approx(at, abs=1)
    assert stamps.get(programme.id + 1) is None
    assert stamps.get(0) is None


def test_newest_snapshots_are_kept_and_the_others_removed(folder, build):
    names = [build() for _ in range(KEPT + 2)]
    assert folder.names() == names[::-1][:KEPT]
    assert folder.current_name() == names[-1]
    assert is_empty_but_for_snapshots(folder)


def test_names_grow_though_the_clock_goes_back(folder, build, monkeypatch):
    first = build()
    monkeypatch.setattr(snapshots.time, "time_ns", lambda: 1_000)
    with snapshots.Session(db.engine) as reading:
        second = folder._build(reading)
    assert int(second) > int(first)
    assert folder.current_name() == second


def test_what_killed_processes_left_goes_with_the_next_build(folder, build):
    build()
    (folder.path / "unfinished-17").mkdir()
    (folder.path / "unfinished-17" / "arrays.bin").write_bytes(b"half")
    (folder.path / "unfinished-link-17").symlink_to("17")
    assert len(folder.names()) == 1
    build()
    assert is_empty_but_for_snapshots(folder)


def test_snapshot_that_did_not_become_current_is_served_until_the_next_is_built(
    folder, build, monkeypatch
):
    first = build()
    with monkeypatch.context() as patch:
        patch.setattr(snapshots.Path, "symlink_to", _killed)
        with pytest.raises(OSError, match="killed"):
            build()
    assert folder.current_name() == first
    assert folder.open_newest().name == folder.names()[0] != first
    third = build()
    assert folder.current_name() == folder.names()[0] == third
    assert is_empty_but_for_snapshots(folder)


@pytest.mark.parametrize("step", ["save", "fit"])
def test_failed_build_leaves_the_current_snapshot_in_place(folder, build, monkeypatch, step):
    name = build()
    with monkeypatch.context() as patch:
        patch.setattr(snapshots.engine, step, _killed)
        with pytest.raises(OSError, match="killed"):
            build()
    assert folder.current_name() == name
    assert suggested(folder.open_newest()) == ["1"]
    assert build() != name


def test_opened_snapshot_can_be_asked_after_it_was_removed(folder, build):
    served = folder.open(build())
    for _ in range(KEPT):
        build()
    assert served.name not in folder.names()
    assert suggested(served) == ["1"]


@pytest.mark.parametrize("how", SPOILT)
def test_spoilt_snapshot_is_refused_and_the_one_before_it_served(folder, build, caplog, how):
    spoil, why = SPOILT[how]
    older, newer = build(), build()
    spoil(folder.path / newer)
    with pytest.raises(NoSnapshot, match=f"^{newer}.*{re.escape(why)}"):
        folder.open(newer)
    with caplog.at_level(logging.WARNING):
        assert folder.open_newest().name == older
    assert why in caplog.text
    damage(folder.path / older)
    with pytest.raises(NoSnapshot, match="Run: matchmaker index build"):
        folder.open_newest()


def test_snapshot_that_is_not_there_is_refused(folder, build):
    build()
    with pytest.raises(NoSnapshot, match=r"^1: manifest\.json cannot be read"):
        folder.open("1")


def test_folder_belongs_to_a_database_whatever_its_password(tmp_path):
    same, also, other = (
        Folder.of(tmp_path, create_engine(f"postgresql+psycopg://me{address}"))
        for address in (":one@host/name", ":two@host/name", ":one@host/other")
    )
    assert same == also
    assert same.database != other.database
    assert same.path == other.path
    assert "host" not in same.database


@contextmanager
def held(folder):
    """Hold the lock as another process that builds does."""
    folder.path.mkdir(exist_ok=True)
    with (folder.path / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Building:
    """A build in a thread; `wait` gives the name of what it made, or found."""

    def __init__(self, app, build):
        self._name = None

        def run():
            with app.app_context():
                self._name = build()

        self._thread = threading.Thread(target=run)
        self._thread.start()

    def wait(self):
        self._thread.join(SECONDS)
        assert not self._thread.is_alive()
        return self._name


def test_only_one_process_builds_and_the_others_wait(folder, build, app):
    first = build()
    with held(folder):
        building = Building(app, build)
        time.sleep(0.2)
        assert folder.names() == [first]
    assert building.wait() == folder.current_name() != first


def test_whoever_waited_is_content_with_what_was_built_in_the_meantime(
    folder, build, app, monkeypatch
):
    is_waiting = threading.Event()
    lock = fcntl.flock

    def tell_and_lock(file, operation):
        is_waiting.set()
        lock(file, operation)

    build()
    with held(folder):
        monkeypatch.setattr(snapshots.fcntl, "flock", tell_and_lock)
        building = Building(app, build)
        assert is_waiting.wait(SECONDS)
        with snapshots.Session(db.engine) as reading:
            meantime = folder._build(reading)
    assert building.wait() == folder.current_name() == meantime


def test_difference_of_stamps_is_what_changed_came_or_went():
    def stamps(rows):
        return snapshots.Stamps(
            np.array(list(rows), dtype=np.int64),
            np.array(list(rows.values()), dtype=np.int64).reshape(len(rows), 2),
        )

    then = stamps({1: (5, 5), 2: (5, 5), 3: (5, 5), 4: (5, 5)})
    now = stamps({2: (5, 5), 3: (5, 6), 4: (4, 5), 9: (5, 5)})
    assert now.different_from(then) == then.different_from(now) == {1, 3, 4, 9}
    assert now.different_from(now) == set()
    assert stamps({}).different_from(now) == {2, 3, 4, 9}
    assert stamps({}).newest is None


def _killed(*_args, **_options):
    raise OSError("killed")
