"""The index of a process: it follows the database, and takes over what others fit."""

from __future__ import annotations

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from matchmaker.extensions import db
from matchmaker.models import ProgrammeStatus
from matchmaker.services import matching
from matchmaker.services.matching import index, snapshots
from matchmaker.services.matching.changes import PROGRAMMES
from matchmaker.services.matching.profiles import profile_of_professional, profile_of_programme
from tests.factories import NOW, make_organisation, make_professional, make_programme
from tests.servers.web import environment_of
from tests.services.stored_indexes import SPOILT, damage

# Later than a transaction may be committed after it wrote.
LATER = NOW + timedelta(minutes=10)
SECONDS = 20


@pytest.fixture
def saved(session):
    """Commit what a test has made: the index reads what is committed."""
    return session.commit


class Builds:
    """The building of snapshots, counted; it can be made to fail, or to wait."""

    def __init__(self, app):
        self.app = app
        self.count = 0
        self.failure = None
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self):
        assert self.may_go_on.wait(SECONDS)
        self.count += 1
        if self.failure is not None:
            raise self.failure
        with self.app.app_context():
            matching.build_here(db.engine, matching.current_folder())


@pytest.fixture
def builds(app):
    return Builds(app)


@pytest.fixture
def start_process(app, builds):
    """Make the keeper that a process has at its start, and let the app use it."""
    keepers = []

    def start():
        with app.app_context():
            keeper = matching.Keeper(
                db.engine, matching.current_folder(), builds, check_every_seconds=0.0
            )
        keepers.append(keeper)
        app.extensions["matching"] = keeper
        return keeper

    yield start
    builds.may_go_on.set()
    for keeper in keepers:
        keeper.wait_until_quiet()


@pytest.fixture
def keeper(start_process):
    return start_process()


@pytest.fixture
def folder(app):
    with app.app_context():
        return matching.current_folder()


def names(professional, **options):
    found = matching.suggest_for_professional(professional, **{"now": NOW, "top": 100, **options})
    return [each.programme.name for each in found]


def followed(keeper):
    """The names in the index of what changed since the fit; a page shows those of the rows."""
    return {each and each.name for each in keeper.view().programmes.changed.values()}


def scores(professional):
    found = matching.suggest_for_professional(professional, now=NOW, top=100)
    return {each.programme.name: each.match.score for each in found}


def make_groups(number):
    organisation = make_organisation()
    return [
        make_programme(name=f"Stroke group {each:02}", organisation=organisation)
        for each in range(number)
    ]


# Following the database


def test_saved_programme_shows_without_a_new_fit(session, saved, keeper, builds):
    professional, programmes = make_professional(), make_groups(60)
    saved()
    assert len(names(professional)) == 60
    programmes[7].name = "Stroke choir"
    programmes[7].updated_at = LATER
    make_programme(name="New stroke group", updated_at=LATER)
    session.delete(programmes[8])
    saved()
    found = names(professional)
    assert {"Stroke choir", "New stroke group"} <= set(found)
    assert not {"Stroke group 07", "Stroke group 08"} & set(found)
    assert len(found) == 60
    assert followed(keeper) == {"Stroke choir", "New stroke group", None}
    assert keeper.view() is keeper.view()
    assert builds.count == 1


def test_changed_programme_ranks_as_after_a_new_fit_with_the_statistics_of_the_old_one(
    session, saved, keeper, builds
):
    professional = make_professional(conditions=["stroke", "copd"])
    programmes = make_groups(60)
    saved()
    before = scores(professional)
    programmes[59].terms = make_programme(conditions=["stroke", "copd"], published_at=None).terms
    programmes[59].updated_at = LATER
    saved()
    after = scores(professional)
    assert next(iter(after)) == "Stroke group 59"
    changed = after.pop("Stroke group 59")
    assert changed > before.pop("Stroke group 59")
    assert after == before
    fitted = keeper.view().served.snapshot
    pair = profile_of_professional(professional), profile_of_programme(programmes[59])
    assert fitted.explain(*pair).score == changed
    assert builds.count == 1


def test_renamed_organisation_changes_its_programmes(session, saved, keeper, builds):
    professional = make_professional(seeks_text="rowing")
    organisation = make_organisation(name="Friends")
    make_programme(name="Group", organisation=organisation)
    make_programme(name="Rowing")
    saved()
    scores(professional)
    make_programme(name="New", updated_at=LATER)
    saved()
    before = scores(professional)
    organisation.name = "Rowing friends"
    organisation.updated_at = LATER
    saved()
    after = scores(professional)
    assert after["Group"] > before["Group"]
    assert after["Rowing"] == before["Rowing"]
    assert builds.count == 1


def test_changed_professional_is_suggested_as_they_are_now(session, saved, keeper, builds):
    professional, programme = make_professional(conditions=["eczema"]), make_programme()
    saved()

    def reasons():
        (only,) = matching.suggest_for_programme(programme, now=NOW, top=5)
        return [reason.text for reason in only.reasons if reason.field == "condition"]

    assert matching.suggest_for_programme(programme, now=NOW, top=5) == []
    professional.terms = make_professional(conditions=["stroke"], is_findable=False).terms
    professional.updated_at = LATER
    saved()
    assert reasons() == ["You look for stroke; they work with stroke"]
    assert builds.count == 1


def test_paused_programme_goes_and_comes_back(session, saved, keeper, builds):
    professional, programme = make_professional(), make_programme(name="Group")
    saved()
    for minutes, status, expected in (
        (0, ProgrammeStatus.OPEN, ["Group"]),
        (1, ProgrammeStatus.PAUSED, []),
        (2, ProgrammeStatus.OPEN, ["Group"]),
    ):
        programme.status = status
        programme.updated_at = NOW + timedelta(minutes=minutes)
        saved()
        assert names(professional) == expected
    assert builds.count == 1


def test_first_rows_of_an_empty_database_are_noticed(session, saved, keeper, builds):
    assert keeper.view().size == 0
    professional = make_professional()
    make_programme(name="First")
    saved()
    assert names(professional) == ["First"]
    assert keeper.view().size == 2
    assert builds.count == 1


def test_deleted_rows_are_noticed_whether_old_or_new(session, saved, keeper, builds):
    professional = make_professional()
    old, kept = make_groups(2)
    saved()
    assert len(names(professional)) == 2
    new = make_programme(name="New", updated_at=LATER)
    saved()
    assert "New" in names(professional)
    for gone in (new, old):
        session.delete(gone)
        saved()
        assert gone.name not in names(professional)
    assert names(professional) == [kept.name]
    assert keeper.view().size == 2
    assert followed(keeper) == {None}
    assert builds.count == 1


def test_rows_written_with_an_old_moment_are_noticed(session, saved, keeper, builds):
    professional = make_professional()
    make_groups(2)
    changed = make_programme(name="Changed", updated_at=LATER)
    saved()
    names(professional)
    changed.updated_at = LATER + timedelta(minutes=1)
    saved()
    names(professional)
    make_programme(name="From a backup", updated_at=NOW - timedelta(days=400))
    saved()
    assert {"From a backup", "Changed"} <= set(names(professional))
    assert followed(keeper) == {"From a backup", "Changed"}
    assert builds.count == 1


def test_change_that_was_committed_late_is_noticed(session, saved, keeper, builds):
    professional, (early, late) = make_professional(), make_groups(2)
    saved()
    names(professional)
    late.updated_at = LATER
    saved()
    names(professional)
    early.name = "Committed late"
    early.updated_at = LATER - timedelta(minutes=1)
    saved()
    names(professional)
    assert followed(keeper) == {"Committed late", late.name}
    assert keeper.view() is keeper.view()


def test_clock_that_was_ahead_hides_no_later_change(session, saved, keeper, builds):
    professional, (ahead, programme) = make_professional(), make_groups(2)
    ahead.updated_at = datetime.now(UTC) + timedelta(days=1)
    saved()
    assert len(names(professional)) == 2
    programme.name = "Changed"
    programme.updated_at = datetime.now(UTC)
    saved()
    names(professional)
    assert followed(keeper) == {"Changed"}
    assert builds.count == 1


def test_uncommitted_changes_do_not_get_into_the_index(session, saved, keeper):
    professional = make_professional()
    saved()
    make_programme()
    assert names(professional) == []
    session.rollback()
    assert names(professional) == []


def test_change_made_while_profiles_are_read_for_a_fit_is_followed(
    session, saved, keeper, monkeypatch
):
    professional = make_professional()
    programme = make_programme(name="Before")
    saved()

    def change():
        programme.name = "After"
        programme.updated_at = LATER
        saved()

    # The index reads outside the context of the app.
    with_session = copy_context()

    def load_and_see_a_change(reading, ids):
        loaded = PROGRAMMES.load(reading, ids)
        with_session.run(change)
        return loaded

    slow = dataclasses.replace(PROGRAMMES, load=load_and_see_a_change)
    monkeypatch.setattr(snapshots, "PROGRAMMES", slow)
    assert names(professional) == ["After"]
    assert [each.name for each in keeper.view().programmes.changed.values()] == ["After"]


def test_nothing_new_leaves_the_view_as_it_is(session, saved, keeper):
    make_programme()
    saved()
    assert keeper.view() is keeper.view()


# Fitting anew


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


# Snapshots of others


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


# Other processes


@pytest.mark.one_database
def test_production_looks_once_a_second_and_fits_in_another_process(
    app, session, saved, builds, settings, monkeypatch
):
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setattr(index, "build_elsewhere", builds)
    clock = [1000.0]
    monkeypatch.setattr(index.time, "monotonic", lambda: clock[0])
    make_programme()
    saved()
    keeper = matching.keeper()
    assert keeper.view().size == 1
    assert builds.count == 1
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *_: asked.append(1))
    for seconds, is_asked in ((0.5, False), (0.4, False), (0.2, True), (0.9, False), (0.2, True)):
        asked.clear()
        clock[0] += seconds
        keeper.view()
        assert bool(asked) is is_asked


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


def _fail(*_args, **_options):
    raise OSError("the disk is away")
