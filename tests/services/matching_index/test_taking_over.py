"""The index of a process takes over what others fitted, and nothing that is damaged or foreign."""

from __future__ import annotations

import pytest

from matchmaker.extensions import db
from matchmaker.services import matching
from matchmaker.services.matching import index, snapshots
from tests.factories import make_professional, make_programme
from tests.services.matching_index.processes import (
    LATER,
    followed,
    make_groups,
    names,
)
from tests.services.stored_indexes import SPOILT, damage


def test_server_warms_up_before_it_forks(app, session, saved, builds, keeper):
    make_programme()
    saved()
    matching.warm_up(app)
    assert builds.count == 1
    assert matching.keeper().view().size == 1
    assert db.engine.pool.checkedout() <= 1


def test_server_starts_though_the_index_cannot_be_opened(app, keeper, builds, caplog):
    builds.failure = index.BuildFailed("no room on the disk")
    matching.warm_up(app)
    assert "could not be opened before the first page" in caplog.text
    assert "no room on the disk" in caplog.text


def test_started_process_serves_the_snapshot_that_is_there_and_what_changed_since(
    session, saved, start_process, builds
):
    professional, programmes = make_professional(), make_groups(3)
    saved()
    first = start_process()
    names(professional)
    programmes[0].name = "Changed"
    programmes[0].updated_at = LATER
    session.delete(programmes[1])
    saved()
    second = start_process()
    assert sorted(names(professional)) == ["Changed", "Stroke group 02"]
    assert followed(second) == {"Changed", None}
    assert second.view().served.name == first.view().served.name
    assert builds.count == 1


def test_process_that_finds_too_many_changes_fits_before_it_answers(
    session, saved, start_process, builds, monkeypatch
):
    monkeypatch.setattr(index, "MOST_FOLLOWED", 3)
    professional = make_professional()
    saved()
    start_process()
    names(professional)
    make_groups(4)
    saved()
    start_process()
    assert len(names(professional)) == 4
    assert builds.count == 2


def test_snapshot_of_another_process_is_taken_over_without_a_restart(
    session, saved, keeper, builds, folder
):
    professional = make_professional()
    make_programme(name="First")
    saved()
    names(professional)
    make_programme(name="Second", updated_at=LATER)
    saved()
    newer = matching.build_here(db.engine, folder)
    assert set(names(professional)) == {"First", "Second"}
    keeper.wait_until_quiet()
    assert keeper.view().served.name == newer
    assert keeper.view().n_changed == 0
    assert set(names(professional)) == {"First", "Second"}
    assert builds.count == 1


@pytest.mark.parametrize("how", SPOILT)
def test_process_refuses_a_spoilt_snapshot_serves_the_one_before_and_has_a_new_one_made(
    session, saved, start_process, builds, folder, caplog, how
):
    spoil, why = SPOILT[how]
    professional = make_professional()
    make_programme(name="First")
    saved()
    older, newer = (matching.build_here(db.engine, folder) for _ in range(2))
    make_programme(name="Second", updated_at=LATER)
    saved()
    spoil(folder.path / newer)
    keeper = start_process()
    builds.may_go_on.clear()
    assert set(names(professional)) == {"First", "Second"}
    assert keeper.view().served.name == older
    assert why in caplog.text
    builds.may_go_on.set()
    keeper.wait_until_quiet()
    assert set(names(professional)) == {"First", "Second"}
    assert keeper.view().served.name == folder.current_name() not in {older, newer}
    assert builds.count == 1


@pytest.mark.one_database
@pytest.mark.parametrize("how", SPOILT)
def test_process_that_finds_nothing_sound_waits_for_a_fit(
    session, saved, start_process, builds, folder, how
):
    spoil, _why = SPOILT[how]
    professional = make_professional()
    make_programme(name="First")
    saved()
    spoil(folder.path / matching.build_here(db.engine, folder))
    keeper = start_process()
    assert names(professional) == ["First"]
    keeper.wait_until_quiet()
    assert keeper.view().served.name == folder.current_name()
    assert builds.count == 1


@pytest.mark.one_database
def test_damaged_snapshot_of_another_process_is_made_anew_while_the_old_one_answers(
    session, saved, keeper, builds, folder, caplog
):
    professional = make_professional()
    make_programme(name="First")
    saved()
    names(professional)
    older = keeper.view().served.name
    newer = matching.build_here(db.engine, folder)
    damage(folder.path / newer)
    builds.may_go_on.clear()
    for _ in range(3):
        assert names(professional) == ["First"]
        assert keeper.view().served.name == older
    builds.may_go_on.set()
    keeper.wait_until_quiet()
    assert caplog.text.count("arrays.bin is not what was written") == 1
    assert keeper.view().served.name == folder.current_name() not in {older, newer}
    assert names(professional) == ["First"]
    assert builds.count == 2


@pytest.mark.one_database
@pytest.mark.parametrize("how", [how for how in SPOILT if how != "damaged"])
def test_snapshot_of_another_version_is_left_to_it_while_ours_goes_on(
    session, saved, keeper, builds, folder, caplog, how
):
    """Otherwise two versions side by side would go on replacing what the other made."""
    spoil, why = SPOILT[how]
    professional = make_professional()
    make_programme(name="First")
    saved()
    names(professional)
    ours = keeper.view().served.name
    theirs = matching.build_here(db.engine, folder)
    spoil(folder.path / theirs)
    make_programme(name="Second", updated_at=LATER)
    saved()
    for _ in range(3):
        assert set(names(professional)) == {"First", "Second"}
        keeper.wait_until_quiet()
    assert caplog.text.count(why) == 1
    assert keeper.view().served.name == ours
    assert folder.current_name() == theirs
    assert builds.count == 1


@pytest.mark.one_database
def test_build_that_makes_what_cannot_be_served_is_not_repeated_without_end(
    session, saved, keeper, builds, folder, monkeypatch, caplog
):
    """As when a newer version was installed while the old one still runs."""
    monkeypatch.setattr(index, "MOST_FOLLOWED", 0)
    professional = make_professional()
    make_programme(name="First")
    saved()
    names(professional)
    build_newer = builds.__class__.__call__

    def build_and_spoil():
        build_newer(builds)
        damage(folder.path / folder.current_name())

    monkeypatch.setattr(keeper, "_build", build_and_spoil)
    make_programme(name="Second", updated_at=LATER)
    saved()
    for _ in range(3):
        assert names(professional) == ["First"]
        keeper.wait_until_quiet()
    assert builds.count == 2
    assert "the old one stays" in caplog.text


@pytest.mark.one_database
def test_snapshot_that_is_outgrown_when_it_is_made_is_followed_by_a_newer_one(
    session, saved, keeper, builds, folder, monkeypatch
):
    monkeypatch.setattr(index, "MOST_FOLLOWED", 3)
    professional = make_professional()
    make_programme(name="First")
    saved()
    names(professional)
    matching.build_here(db.engine, folder)
    make_groups(4)
    saved()
    for _ in range(3):
        names(professional)
        keeper.wait_until_quiet()
    assert len(names(professional)) == 5
    assert builds.count == 2


@pytest.mark.one_database
def test_snapshot_that_cannot_be_opened_just_now_is_opened_later(
    session, saved, keeper, builds, folder, monkeypatch, caplog
):
    make_programme()
    saved()
    keeper.view()
    newer = matching.build_here(db.engine, folder)
    with monkeypatch.context() as patch:
        patch.setattr(snapshots.engine, "restore", _fail)
        keeper.view()
        keeper.wait_until_quiet()
    assert "could not be opened; the old one stays" in caplog.text
    monkeypatch.setattr(index, "PAUSE_AFTER_FAILURE_SECONDS", 0.0)
    keeper.view()
    keeper.wait_until_quiet()
    assert keeper.view().served.name == newer
    assert builds.count == 1


@pytest.mark.one_database
def test_folder_that_somebody_emptied_does_not_disturb_who_serves(
    session, saved, keeper, builds, folder
):
    professional = make_professional()
    make_programme(name="First")
    saved()
    names(professional)
    matching.build_here(db.engine, folder)
    damage(folder.path / folder.current_name())
    names(professional)
    keeper.wait_until_quiet()
    serving = keeper.view().served.name
    (folder.path / snapshots.CURRENT).unlink()
    for name in folder.names():
        snapshots.shutil.rmtree(folder.path / name)
    for _ in range(2):
        assert names(professional) == ["First"]
        keeper.wait_until_quiet()
    assert keeper.view().served.name == serving


def _fail(*_args, **_options):
    raise OSError("the disk is away")
