"""The index of a process follows the database."""

from __future__ import annotations

import dataclasses
from contextvars import copy_context
from datetime import UTC, datetime, timedelta

from matchmaker.models import ProgrammeStatus
from matchmaker.services import matching
from matchmaker.services.matching import snapshots
from matchmaker.services.matching.changes import PROGRAMMES, Source
from matchmaker.services.matching.profiles import profile_of_professional, profile_of_programme
from tests.factories import NOW, make_organisation, make_professional, make_programme
from tests.services.matching_index.processes import (
    LATER,
    followed,
    make_groups,
    names,
    scores,
)


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
    organisation.updated_at = LATER + timedelta(minutes=1)
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
    late.updated_at = datetime.now(UTC)
    saved()
    names(professional)
    early.name = "Committed late"
    early.updated_at = late.updated_at - timedelta(minutes=1)
    saved()
    names(professional)
    assert followed(keeper) == {"Committed late", late.name}
    assert keeper.view() is keeper.view()


def test_rows_of_an_old_import_are_not_counted_each_time(
    session, saved, keeper, builds, monkeypatch
):
    professional, _groups = make_professional(), make_groups(5)
    saved()
    counted = []
    counts_since = Source.counts_since

    def noted(source, *args):
        counted.append(counts_since(source, *args))
        return counted[-1]

    monkeypatch.setattr(Source, "counts_since", noted)
    # The first look after a snapshot was opened cannot know who was still writing then.
    names(professional)
    names(professional)
    del counted[:]
    names(professional)
    assert counted == [({},), ({}, {})]


def test_rows_that_share_the_newest_moment_are_not_read_each_time(
    session, saved, keeper, builds, monkeypatch
):
    professional, groups = make_professional(), make_groups(5)
    moment = datetime.now(UTC)
    for each in groups:
        each.updated_at = moment
    saved()
    names(professional)
    read = []
    stamps_since = Source.stamps_since

    def noted(source, *args):
        read.append(source)
        return stamps_since(source, *args)

    monkeypatch.setattr(Source, "stamps_since", noted)
    names(professional)
    assert read == []
    groups[2].name = "Changed"
    groups[2].updated_at = moment - timedelta(seconds=1)
    saved()
    names(professional)
    assert read == [PROGRAMMES]
    assert followed(keeper) == {"Changed"}
    names(professional)
    assert read == [PROGRAMMES]
    groups[2].updated_at = moment
    saved()
    assert "Changed" in names(professional)
    assert builds.count == 1


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
