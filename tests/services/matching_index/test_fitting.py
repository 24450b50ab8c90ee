"""The index of a process is fitted anew, by itself or in another process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from matchmaker.services import matching
from matchmaker.services.matching import index
from tests.factories import NOW, make_professional, make_programme
from tests.queries import statements_sent
from tests.servers.web import environment_of
from tests.services.matching_index.processes import (
    SECONDS,
    followed,
    make_groups,
    names,
)


def test_many_changes_are_fitted_in_the_background_while_the_old_index_answers(
    session, saved, keeper, builds, monkeypatch
):
    monkeypatch.setattr(index, "MOST_FOLLOWED", 3)
    professional = make_professional()
    make_programme(name="First")
    saved()
    assert names(professional) == ["First"]
    builds.may_go_on.clear()
    make_groups(4)
    saved()
    for _ in range(3):
        assert names(professional) == ["First"]
    builds.may_go_on.set()
    keeper.wait_until_quiet()
    assert len(names(professional)) == 5
    assert builds.count == 2


def test_as_many_changes_as_are_followed_at_once_wait_for_no_fit(
    session, saved, keeper, builds, monkeypatch
):
    monkeypatch.setattr(index, "MOST_FOLLOWED", 3)
    professional = make_professional()
    saved()
    names(professional)
    make_groups(3)
    saved()
    assert len(names(professional)) == 3
    assert builds.count == 1


def test_statistics_that_no_longer_suit_are_fitted_anew_but_not_too_often(
    session, saved, keeper, builds, monkeypatch
):
    professional, programmes = make_professional(), make_groups(39)
    saved()
    names(professional)
    monkeypatch.setattr(index, "PAUSE_BETWEEN_FITS_SECONDS", 0.0)
    # Forty rows, of which two are a twentieth.
    for minute, name in enumerate(("One", "Two"), start=1):
        programmes[minute].name = name
        programmes[minute].updated_at = NOW + timedelta(minutes=minute)
        saved()
        names(professional)
        keeper.wait_until_quiet()
        assert name in followed(keeper)
    assert builds.count == 1
    monkeypatch.setattr(index, "PAUSE_BETWEEN_FITS_SECONDS", 3600.0)
    programmes[3].name = "Three"
    programmes[3].updated_at = NOW + timedelta(minutes=3)
    saved()
    names(professional)
    keeper.wait_until_quiet()
    assert followed(keeper) == {"One", "Two", "Three"}
    assert builds.count == 1
    monkeypatch.setattr(index, "PAUSE_BETWEEN_FITS_SECONDS", 0.0)
    names(professional)
    keeper.wait_until_quiet()
    assert builds.count == 2
    assert {"One", "Two", "Three"} <= set(names(professional))
    assert keeper.view().n_changed == 0


def test_failed_build_leaves_the_old_index_answering_and_pauses(
    session, saved, keeper, builds, monkeypatch, caplog
):
    monkeypatch.setattr(index, "MOST_FOLLOWED", 3)
    professional = make_professional()
    make_programme(name="First")
    saved()
    assert names(professional) == ["First"]
    builds.failure = index.BuildFailed("no room on the disk")
    make_groups(4)
    saved()
    for _ in range(3):
        assert names(professional) == ["First"]
        keeper.wait_until_quiet()
    assert builds.count == 2
    assert "could not be fitted; the old one stays" in caplog.text
    assert "no room on the disk" in caplog.text
    builds.failure = None
    monkeypatch.setattr(index, "PAUSE_AFTER_FAILURE_SECONDS", 0.0)
    assert names(professional) == ["First"]
    keeper.wait_until_quiet()
    assert len(names(professional)) == 5
    assert builds.count == 3


def test_first_page_that_could_not_be_served_is_tried_again(session, saved, keeper, builds):
    professional = make_professional()
    make_programme(name="First")
    saved()
    builds.failure = index.BuildFailed("no room on the disk")
    with pytest.raises(index.BuildFailed, match="no room"):
        names(professional)
    builds.failure = None
    assert names(professional) == ["First"]


def test_many_who_ask_first_wait_for_one_fit(session, saved, keeper, builds):
    make_programme()
    saved()
    with ThreadPoolExecutor(8) as people:
        views = list(people.map(lambda _: keeper.view(), range(8)))
    assert len(set(map(id, views))) == 1
    assert builds.count == 1


def test_age_is_that_of_the_fit(session, saved, keeper, monkeypatch):
    make_programme()
    saved()
    assert 0 <= keeper.age() < SECONDS
    make_programme()
    saved()
    fitted_at = keeper.view().served.fitted_at
    monkeypatch.setattr(index.time, "time", lambda: fitted_at + 500)
    assert keeper.age() == 500
    monkeypatch.setattr(index.time, "time", lambda: fitted_at - 500)
    assert keeper.age() == 0


@pytest.mark.one_database
def test_production_looks_once_a_second_and_fits_in_another_process(
    app, session, saved, builds, settings, monkeypatch
):
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setattr(index, "build_elsewhere", builds)
    clock = [1000.0]
    monkeypatch.setattr(index.time, "monotonic", lambda: clock[0])
    # A look beside the page, which comes sooner, would be counted or not, as the machine has time.
    monkeypatch.setattr(index, "AHEAD", 10.0)
    make_programme()
    saved()
    keeper = matching.keeper()
    assert keeper.view().size == 1
    assert builds.count == 1
    for seconds, is_asked in ((0.5, False), (0.4, False), (0.2, True), (0.9, False), (0.2, True)):
        clock[0] += seconds
        with statements_sent(app) as sent:
            keeper.view()
        assert bool(sent) is is_asked


@pytest.mark.one_database
def test_snapshot_is_fitted_in_a_process_of_its_own(
    app, session, saved, settings, start_process, builds, monkeypatch
):
    professional = make_professional()
    make_programme(name="First")
    saved()
    for name, value in environment_of(settings, settings.public_url).items():
        monkeypatch.setenv(name, value)
    index.build_elsewhere()
    start_process()
    assert names(professional) == ["First"]
    assert builds.count == 0


@pytest.mark.one_database
def test_process_that_could_not_fit_is_an_error(monkeypatch):
    monkeypatch.setattr(index.sys, "executable", "/bin/false")
    with pytest.raises(index.BuildFailed, match="ended with 1"):
        index.build_elsewhere()
