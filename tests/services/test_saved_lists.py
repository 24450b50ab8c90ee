"""Lists of programmes to keep, in an account and on a device."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.models import SavedListEntry
from matchmaker.services import saved_lists
from matchmaker.services.saved_lists import MOST_PROGRAMMES, ListFull, ProgrammeList, TooManyLists
from tests.factories import NOW, make_organisation, make_programme, make_user


@pytest.fixture
def user(session):
    return make_user()


def later(minutes):
    return NOW + timedelta(minutes=minutes)


def on_list_in_use(user):
    return saved_lists.find_list_in_use(user.id).programme_ids


def test_first_programme_begins_a_list_and_the_next_follow_in_order(session, user):
    ids = []
    for minute in range(3):
        programme = make_programme()
        saved_lists.add(programme, actor=user, now=later(minute))
        ids.append(programme.id)
    assert on_list_in_use(user) == tuple(ids)


def test_removing_one_keeps_the_order_of_the_others(session, user):
    programmes = [make_programme() for _ in range(3)]
    for programme in programmes:
        saved_lists.add(programme, actor=user, now=NOW)
    saved_lists.remove(programmes[0].id, actor=user, now=NOW)
    saved_lists.add(programmes[0], actor=user, now=NOW)
    first, *rest = (each.id for each in programmes)
    assert on_list_in_use(user) == (*rest, first)


def test_programme_that_is_on_the_list_is_not_added_again(session, user):
    programme = make_programme()
    for _ in range(2):
        saved_lists.add(programme, actor=user, now=NOW)
    assert on_list_in_use(user) == (programme.id,)


def test_removing_where_there_is_no_list_does_nothing(session, user):
    saved_lists.remove(make_programme().id, actor=user, now=NOW)
    assert saved_lists.find_list_in_use(user.id) is None


def test_full_list_takes_no_more(session, user):
    programme, one_more = make_programme(), make_programme()
    kept = saved_lists.add(programme, actor=user, now=NOW)
    others = [make_programme(organisation=programme.organisation) for _ in range(29)]
    kept.entries += [SavedListEntry(programme_id=each.id) for each in others]
    session.flush()
    with pytest.raises(ListFull, match="30 programmes"):
        saved_lists.add(one_more, actor=user, now=NOW)


def test_list_on_a_device_follows_the_same_rules():
    kept = ProgrammeList().with_programme(2).with_programme(1).with_programme(2)
    assert kept.programme_ids == (2, 1)
    assert kept.with_programme(3).without_programme(2).programme_ids == (1, 3)
    with pytest.raises(ListFull):
        ProgrammeList(programme_ids=tuple(range(MOST_PROGRAMMES))).with_programme(99)


def test_buttons_add_to_the_list_that_was_chosen_last(session, user):
    old = saved_lists.begin_list(ProgrammeList("Old"), actor=user, now=later(0))
    saved_lists.begin_list(ProgrammeList("New"), actor=user, now=later(1))
    assert saved_lists.find_list_in_use(user.id).name == "New"
    saved_lists.use(old, now=later(2))
    saved_lists.add(make_programme(), actor=user, now=later(3))
    assert saved_lists.find_list_in_use(user.id).name == "Old"
    assert [(each.name, number) for each, number in saved_lists.list_lists(user)] == [
        ("Old", 1),
        ("New", 0),
    ]


def test_lists_of_other_people_are_not_ours(session, user):
    saved_lists.add(make_programme(), actor=make_user(), now=NOW)
    assert saved_lists.find_list_in_use(user.id) is None
    assert saved_lists.list_lists(user) == []


def test_list_taken_over_keeps_its_order_and_only_what_is_public(session, user):
    gone = make_programme(published_at=None)
    programmes = [make_programme(), make_programme()]
    wanted = (programmes[1].id, gone.id, 2**31 - 1, programmes[0].id)
    saved_lists.begin_list(ProgrammeList("  For \n clinic ", wanted), actor=user, now=NOW)
    kept = saved_lists.find_list_in_use(user.id)
    assert (kept.name, kept.programme_ids) == ("For clinic", (programmes[1].id, programmes[0].id))


def test_nobody_keeps_more_lists_than_there_is_room_for(session, user):
    for _ in range(saved_lists.MOST_LISTS):
        saved_lists.begin_list(ProgrammeList(), actor=user, now=NOW)
    with pytest.raises(TooManyLists, match="20 lists"):
        saved_lists.begin_list(ProgrammeList(), actor=user, now=NOW)


def test_entries_of_what_is_public_no_more_stay_to_be_taken_off(session, user):
    draft = make_programme(published_at=None)
    merged = make_programme(organisation=make_organisation(merged_into_id=draft.organisation_id))
    shown = make_programme()
    wanted = (draft.id, merged.id, shown.id)
    entries = saved_lists.entries_of(ProgrammeList(programme_ids=wanted))
    assert [(each.programme_id, each.programme) for each in entries] == [
        (draft.id, None),
        (merged.id, None),
        (shown.id, shown),
    ]


def test_renaming_and_deleting_a_list(session, user):
    kept = saved_lists.add(make_programme(), actor=user, now=NOW)
    saved_lists.rename(kept, "x" * 99, now=NOW)
    assert saved_lists.find_list_in_use(user.id).title == "x" * saved_lists.LONGEST_NAME
    saved_lists.rename(kept, "\u202e ", now=NOW)
    assert saved_lists.find_list_in_use(user.id).title == "My list"
    saved_lists.delete(kept)
    assert saved_lists.find_list_in_use(user.id) is None
