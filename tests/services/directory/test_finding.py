"""What the directory lists, in which order, and how many."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.models import (
    Delivery,
    Programme,
    ProgrammeArea,
    ProgrammeLocation,
    ProgrammeMonth,
    ProgrammeStatus,
)
from matchmaker.services import answers, matching
from matchmaker.services.directory.entries import list_entries
from matchmaker.services.directory.finding import Search, Sort
from matchmaker.services.directory.wishes import Within, understand
from matchmaker.vocabulary import load_vocabulary
from tests.factories import (
    EDINBURGH,
    FIFE,
    NOW,
    make_organisation,
    make_outcode,
    make_programme,
)

CORNWALL = "E06000052"


@pytest.fixture
def saved(session):
    """Commit what a test has made: the index and the catalogue read what is committed."""
    return session.commit


def search(**typed):
    return Search(understand(**typed), now=NOW)


def names(session, found, sort=None):
    listed = found.ids(sort or found.sorts[0], count=100)
    return [session.get(Programme, programme_id).name for programme_id, _which in listed]


def located(latitude, longitude):
    return ProgrammeLocation(latitude=latitude, longitude=longitude)


def test_list_is_that_of_the_suggestions_and_goes_on(session, saved):
    for number in range(7):
        make_programme(
            name=f"P{number}",
            conditions=["copd", "falls"][: 1 + number % 2],
            areas=[FIFE, EDINBURGH][: 1 + number % 3 // 2],
            delivery=list(Delivery)[number % 3],
        )
    make_programme(name="Skin", conditions=["eczema"])
    saved()
    typed = {"where": "Fife", "conditions": ["copd"]}
    suggested = matching.suggest_for_answers(answers.understand(**typed), now=NOW, top=50)
    found = search(**typed)
    assert found.total == len(suggested) == 7
    assert names(session, found) == [each.programme.name for each in suggested]
    told = [found.why(which) for _, which in found.ids(Sort.RELEVANCE, count=50)]
    assert [each.reasons for each in told] == [each.reasons for each in suggested]
    assert [each.cautions for each in told] == [each.match.cautions for each in suggested]


def test_what_changed_since_the_index_was_made_is_listed_as_it_is_now(session, saved):
    gone, changed = make_programme(name="Gone"), make_programme(name="Old name", is_free=True)
    saved()
    assert search(conditions=["stroke"]).total == 2
    gone.status = ProgrammeStatus.PAUSED
    changed.is_free = False
    changed.areas.append(ProgrammeArea(area_code=EDINBURGH))
    new = make_programme(name="New")
    for each in (gone, changed):
        each.updated_at = new.updated_at + timedelta(seconds=1)
    saved()
    assert search(conditions=["stroke"]).total == 2
    assert search(conditions=["stroke"], is_free=True).total == 0
    assert names(session, search(where="Edinburgh", within=Within.AREA)) == ["Old name"]


def test_full_programmes_are_listed_and_others_that_take_nobody_are_not(session, saved):
    full = make_programme(name="Full", places_per_month=2)
    session.add(ProgrammeMonth(programme_id=full.id, month="2026-11", places=2, taken=2))
    make_programme(name="None at all", places_per_month=0)
    make_programme(name="Some", places_per_month=2)
    make_programme(name="Paused", status=ProgrammeStatus.PAUSED)
    make_programme(name="Draft", published_at=None)
    merged = make_organisation(merged_into_id=full.organisation_id)
    make_programme(name="Merged", organisation=merged)
    saved()
    for typed in ({}, {"conditions": ["stroke"]}):
        found = search(**typed)
        assert set(names(session, found)) == {"Full", "None at all", "Some"}
        assert found.counts.with_places == 1
        assert names(session, search(**typed, has_places=True)) == ["Some"]


def test_month_that_was_full_before_the_limit_was_taken_away_is_not_full(session, saved):
    programme = make_programme(name="No limit any more")
    session.add(ProgrammeMonth(programme_id=programme.id, month="2026-11", places=2, taken=2))
    saved()
    assert search(has_places=True).total == 1


def test_equal_programmes_stand_in_the_order_of_the_suggestions(session, saved):
    group = [make_programme(description="", name="Group", id=number) for number in (9, 10, 100)]
    saved()
    typed = {"conditions": ["stroke"]}
    suggested = matching.suggest_for_answers(answers.understand(**typed), now=NOW, top=50)
    listed = [programme_id for programme_id, _ in search(**typed).ids(Sort.RELEVANCE, count=9)]
    assert listed == [each.programme.id for each in suggested] == [10, 100, 9]
    assert len(group) == 3


def test_condition_that_a_programme_gave_up_finds_it_no_more(session, saved):
    programme = make_programme(conditions=["stroke"], description="")
    saved()
    assert search(conditions=["stroke"]).count_of_conditions(["stroke"]) == {"stroke": 1}
    programme.terms = make_programme(conditions=["eczema"], published_at=None).terms
    programme.updated_at += timedelta(minutes=1)
    saved()
    assert search(conditions=["eczema"]).count_of_conditions(["stroke"]) == {"stroke": 0}


def test_programme_paused_this_moment_is_on_no_page(session, saved):
    programme = make_programme(name="Paused now")
    saved()
    found = search(conditions=["stroke"])
    programme.status = ProgrammeStatus.PAUSED
    session.flush()
    assert list_entries(found, Sort.RELEVANCE, count=9, now=NOW) == []


def test_filters_narrow_and_counts_say_by_how_much(session, saved):
    make_programme(name="Free", is_free=True, delivery=Delivery.IN_PERSON, min_age=18)
    make_programme(name="Paid", is_free=False, delivery=Delivery.ONLINE, max_age=25)
    make_programme(name="Unknown", delivery=Delivery.BOTH)
    saved()
    found = search(conditions=["stroke"])
    assert (found.counts.free, found.counts.in_person, found.counts.online) == (1, 2, 2)
    assert names(session, search(is_free=True)) == ["Free"]
    online = search(delivery=Delivery.ONLINE)
    assert set(names(session, online)) == {"Paid", "Unknown"}
    assert (online.counts.free, online.counts.in_person, online.counts.online) == (0, 2, 2)
    assert set(names(session, search(delivery=Delivery.IN_PERSON))) == {"Free", "Unknown"}
    assert set(names(session, search(age=17))) == {"Paid", "Unknown"}
    assert set(names(session, search(age=25))) == {"Free", "Paid", "Unknown"}
    assert set(names(session, search(age=104))) == {"Free", "Unknown"}


def test_condition_leaves_only_what_answers_it_whatever_the_words_say(session, saved):
    make_programme(name="Singing", conditions=["copd"], description="Singing together.")
    make_programme(name="Lungs", conditions=["lung-conditions"], description="A café.")
    make_programme(name="Choir", conditions=["eczema"], description="Singing in a choir.")
    saved()
    assert set(names(session, search(words="singing"))) == {"Singing", "Choir"}
    assert set(names(session, search(words="singing", conditions=["copd"]))) == {"Singing", "Lungs"}


def test_one_of_several_conditions_and_of_several_approaches_is_enough(session, saved):
    make_programme(name="COPD arts", conditions=["copd"], approaches=["arts"])
    make_programme(name="Falls choir", conditions=["falls"], approaches=["peer-support"])
    make_programme(name="Falls", conditions=["falls"], description="")
    saved()
    found = search(conditions=["copd", "falls"], approaches=["arts", "peer-support"])
    assert set(names(session, found)) == {"COPD arts", "Falls choir"}


def test_place_alone_lists_what_can_be_reached_last_checked_first(session, saved):
    make_programme(name="B here", last_checked_at=NOW)
    make_programme(name="A here", last_checked_at=NOW)
    make_programme(name="Older", last_checked_at=NOW - timedelta(days=40))
    make_programme(name="Never", last_checked_at=None)
    make_programme(name="Far", areas=[CORNWALL], delivery=Delivery.IN_PERSON)
    make_programme(name="Far but online", areas=[CORNWALL], last_checked_at=NOW - timedelta(days=9))
    saved()
    found = search(where="Fife")
    assert names(session, found) == ["A here", "B here", "Far but online", "Older", "Never"]
    assert found.sorts == (Sort.CHECKED, Sort.DISTANCE)
    assert found.why(found.ids(Sort.CHECKED, count=1)[0][1]) is None
    assert search(where="Fife", within=Within.ANYWHERE).total == 6
    assert search().total == 6


def test_distance_is_that_to_the_nearest_place_people_come_to(session, saved):
    make_outcode("KY12")
    near = {"areas": [FIFE], "delivery": Delivery.IN_PERSON}
    make_programme(name="3 miles", locations=[located(56.11, -3.46)], **near)
    make_programme(name="20 miles", locations=[located(56.36, -3.46), located(57, -3)], **near)
    make_programme(name="All of Fife", **near)
    make_programme(name="Online", delivery=Delivery.ONLINE)
    make_programme(name="Next door", areas=[EDINBURGH], delivery=Delivery.IN_PERSON)
    saved()
    typed = {"where": "KY12"}
    assert names(session, search(**typed), Sort.DISTANCE) == [
        *("All of Fife", "3 miles", "Next door", "20 miles", "Online")
    ]
    assert set(names(session, search(**typed, within=Within.MILES_5))) == {"3 miles", "All of Fife"}
    assert search(**typed, within=Within.MILES_25).total == 4
    assert search(**typed, within=Within.AREA).total == 4


def test_any_distance_lists_what_reaches_the_place_first(session, saved):
    far = {"areas": [CORNWALL], "delivery": Delivery.IN_PERSON}
    make_programme(name="Far and all about it", conditions=["stroke"], **far)
    make_programme(name="Near and wider", conditions=["neurological-conditions"])
    saved()
    typed = {"where": "Fife", "conditions": ["stroke"]}
    assert names(session, search(**typed)) == ["Near and wider"]
    found = search(**typed, within=Within.ANYWHERE)
    assert names(session, found) == ["Near and wider", "Far and all about it"]
    assert all(found.why(which) for _, which in found.ids(Sort.RELEVANCE, count=9))


def test_entry_unchecked_for_six_months_stands_lower_and_says_so(session, saved):
    make_programme(name="Never", last_checked_at=None)
    make_programme(name="Old", last_checked_at=NOW.replace(month=5, day=3))
    make_programme(name="Fresh", last_checked_at=NOW.replace(month=5, day=4))
    saved()
    found = search(conditions=["stroke"])
    assert names(session, found) == ["Never", "Fresh", "Old"]
    stale = [found.is_stale(which) for _, which in found.ids(Sort.RELEVANCE, count=9)]
    assert stale == [False, False, True]


def test_counts_of_narrower_conditions_are_what_choosing_them_finds(session, saved):
    make_programme(conditions=["copd"], is_free=True)
    make_programme(conditions=["asthma"])
    make_programme(conditions=["lung-conditions"], areas=[CORNWALL], delivery=Delivery.IN_PERSON)
    saved()
    codes = sorted(load_vocabulary().conditions.descendants("lung-conditions"))
    for typed in ({}, {"where": "Fife"}, {"is_free": True}):
        counts = search(conditions=["lung-conditions"], **typed).count_of_conditions(codes)
        assert counts == {code: search(conditions=[code], **typed).total for code in codes}
        assert sum(counts.values())


def test_list_is_read_part_by_part(session, saved):
    for number in range(5):
        make_programme(name=f"P{number}")
    saved()
    found = search(conditions=["stroke"])
    parts = [found.ids(Sort.RELEVANCE, first=first, count=2) for first in (0, 2, 4, 6)]
    assert [len(part) for part in parts] == [2, 2, 1, 0]
    assert [*parts[0], *parts[1], *parts[2]] == found.ids(Sort.RELEVANCE, count=5)


def test_directory_without_a_programme_is_empty(session, saved):
    saved()
    for typed in ({}, {"words": "stroke"}, {"where": "Fife"}):
        found = search(**typed)
        assert (found.total, found.ids(Sort.CHECKED, count=5)) == (0, [])
        assert found.counts.free == 0
