"""While there are visitors, what changed is looked up beside their pages."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest

from matchmaker.services.matching import index
from tests.services.matching_index.processes import LATER, SECONDS, followed, make_groups


@pytest.fixture
def clock(monkeypatch):
    """The clock of the index, which a test sets: it checks once in 10 seconds."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(index, "time", SimpleNamespace(monotonic=lambda: clock.now, time=time.time))
    return clock


@pytest.fixture
def patient(keeper, clock, monkeypatch):
    """The keeper of a process that asks the database once in 10 seconds."""
    monkeypatch.setattr(keeper, "_check_every_seconds", 10.0)
    return keeper


@pytest.fixture
def changed(session, saved, patient):
    """Nobody has seen yet that a group has changed."""
    group, _other = make_groups(2)
    saved()
    patient.view()
    group.name = "Changed"
    group.updated_at = LATER
    saved()


def test_check_is_made_beside_the_page_before_one_has_to_wait(patient, clock, changed):
    clock.now += 6.9
    assert followed(patient) == set()
    patient.wait_for_check()
    assert followed(patient) == set()
    clock.now += 0.2
    assert followed(patient) == set()
    patient.wait_for_check()
    assert followed(patient) == {"Changed"}


def test_page_after_a_pause_waits_for_what_changed(patient, clock, changed):
    clock.now += 10.0
    assert followed(patient) == {"Changed"}


def test_after_a_check_beside_a_page_the_next_is_not_due(patient, clock, changed, monkeypatch):
    clock.now += 8.0
    patient.view()
    patient.wait_for_check()
    view = patient.view()
    monkeypatch.setattr(patient, "_followed", pytest.fail)
    clock.now += 6.0
    assert patient.view() is view
    patient.wait_for_check()


def test_check_that_fails_leaves_it_to_a_page(patient, clock, changed, monkeypatch, caplog):
    def fail(*_args):
        raise OSError("The database is away.")

    clock.now += 8.0
    with monkeypatch.context() as while_it_is_away:
        while_it_is_away.setattr(index, "_followed", fail)
        patient.view()
        patient.wait_for_check()
    assert "a page tries again" in caplog.text
    assert followed(patient) == set()
    patient.wait_for_check()
    assert followed(patient) == {"Changed"}


def test_slow_check_does_not_undo_what_a_page_found_out(
    session, saved, patient, clock, changed, monkeypatch
):
    may_go_on, followed_now = threading.Event(), index._followed

    def slow(session, view, last_look):
        found = followed_now(session, view, last_look)
        if threading.current_thread().name == "matching-check":
            assert may_go_on.wait(SECONDS)
        return found

    monkeypatch.setattr(index, "_followed", slow)
    clock.now += 8.0
    patient.view()
    clock.now += 0.1
    # While one is under way no other begins.
    patient.view()
    assert [each.name for each in threading.enumerate()].count("matching-check") == 1
    clock.now += 10.0
    view = patient.view()
    assert followed(patient) == {"Changed"}
    may_go_on.set()
    patient.wait_for_check()
    assert patient.view() is view
