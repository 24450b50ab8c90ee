"""`matchmaker index build` killed at any moment leaves what is served in place, and sound."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import pytest

from matchmaker.extensions import db
from matchmaker.services import matching
from matchmaker.services.matching.snapshots import CURRENT
from tests.factories import make_organisation, make_professional, make_programme
from tests.servers.web import ROOT, environment_of

pytestmark = [pytest.mark.soak, pytest.mark.one_database]

SECONDS = 120


@pytest.fixture
def folder(app, writing, trial_size):
    """The folder of snapshots of a database with some programmes."""
    with writing():
        make_professional()
        organisation = make_organisation()
        for number in range(trial_size(20, 1000)):
            make_programme(name=f"Stroke group {number}", organisation=organisation)
    with app.app_context():
        return matching.current_folder()


@pytest.fixture
def start_build(settings, folder):
    """Begin `matchmaker index build` in a process of its own."""

    def start():
        return subprocess.Popen(
            [sys.executable, "-m", "matchmaker.cli", "index", "build", "--quiet"],
            cwd=ROOT,
            env={**os.environ, **environment_of(settings, settings.public_url)},
            stdin=subprocess.DEVNULL,
        )

    return start


def build(start_build):
    """Let a build come to its end; returns how many seconds it took."""
    began = time.monotonic()
    assert start_build().wait(SECONDS) == 0
    return time.monotonic() - began


def begun(folder):
    """The parts of a snapshot that is being written."""
    return [*folder.path.glob("unfinished-*/*")]


def left_over(folder):
    return {each.name for each in folder.path.iterdir()} - {*folder.names(), CURRENT, "lock"}


def kill_while_it_writes(process, folder, share):
    """Kill a build once it has written about this share of the files of a snapshot."""
    n_files = len([*(folder.path / folder.current_name()).iterdir()])
    known = len(begun(folder))
    while process.poll() is None and len(begun(folder)) - known < share * n_files:
        time.sleep(0.0005)
    process.kill()
    return process.wait(SECONDS)


def test_build_killed_at_any_moment_leaves_the_current_snapshot_in_place_and_sound(
    folder, start_build, trial_size
):
    takes = build(start_build)
    draw = random.Random(2026)
    n_killed = n_left = 0
    for number in range(trial_size(3, 30)):
        known, current = set(folder.names()), folder.current_name()
        process = start_build()
        if number % 3 == 2:
            time.sleep(draw.uniform(0, takes))
            process.kill()
            status = process.wait(SECONDS)
        else:
            status = kill_while_it_writes(process, folder, draw.random())
        n_killed += status != 0
        n_left += bool(left_over(folder))
        # It stands where it stood, unless the build had made another by then, which is whole too.
        assert folder.current_name() == current or folder.current_name() not in known
        served = folder.open(folder.current_name())
        assert len(served.snapshot.programmes) == trial_size(20, 1000)
        for name in folder.names():
            folder.open(name)
        if number % 5 == 4:
            build(start_build)
            assert left_over(folder) == set()
    assert n_killed >= 2
    assert n_left >= 1
    before = folder.current_name()
    build(start_build)
    assert folder.current_name() not in {before, None}
    assert left_over(folder) == set()
    for name in folder.names():
        folder.open(name)


def test_killed_build_does_not_keep_the_next_one_waiting(app, folder, start_build):
    build(start_build)
    kill_while_it_writes(start_build(), folder, 0.3)
    before = folder.current_name()
    with app.app_context():
        matching.build_here(db.engine, folder)
    assert folder.current_name() != before
    assert left_over(folder) == set()
