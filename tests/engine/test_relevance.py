from __future__ import annotations

import pytest

from matchmaker import engine
from matchmaker.vocabulary import load_vocabulary

STROKE = engine.Programme(id="stroke", conditions=("stroke",), areas=("Fife",))
SKIN = engine.Programme(id="skin", conditions=("eczema",), areas=("Fife",))
SEEKER = engine.Professional(
    id="P", profession="physiotherapist", conditions=("stroke",), areas=("Fife",)
)


@pytest.fixture(scope="module")
def snapshot():
    return engine.fit([SEEKER], [STROKE, SKIN], vocabulary=load_vocabulary())


def ids(suggestions):
    return [each.programme for each in suggestions]


def test_without_a_floor_everything_that_can_be_reached_is_ranked(snapshot):
    assert ids(snapshot.suggest(SEEKER)) == ["stroke", "skin"]


def test_floor_leaves_out_what_is_near_and_about_something_else(snapshot):
    assert ids(snapshot.suggest(SEEKER, least_relevance=0.05)) == ["stroke"]


def test_floor_asks_nothing_of_somebody_who_names_no_topic(snapshot):
    anybody = engine.Professional(id="P", areas=("Fife",))
    assert ids(snapshot.suggest(anybody, least_relevance=0.05)) == ["skin", "stroke"]


def test_nothing_is_near_enough_to_somebody_whose_words_nobody_knows(snapshot):
    lost = engine.Professional(id="P", areas=("Fife",), text="zorbing")
    assert ids(snapshot.suggest(lost)) == ["skin", "stroke"]
    assert snapshot.suggest(lost, least_relevance=0.05) == []


def test_known_words_are_measured_by_the_weightiest_even_if_nobody_knows_that_one(snapshot):
    clubs = [
        engine.Programme(id=name, text=f"{name} club with tea and songs")
        for name in ("Fishing", "Chess", "Walking")
    ]
    among = engine.fit([], clubs, vocabulary=load_vocabulary())
    known = engine.Professional(id="P", text="club")
    assert len(among.suggest(known, least_relevance=0.2)) == 3
    lost = engine.Professional(id="P", text="zorbing club")
    assert len(among.suggest(lost)) == 3
    assert among.suggest(lost, least_relevance=0.2) == []


def test_a_way_of_working_alone_is_no_common_topic_to_somebody_who_names_a_condition(snapshot):
    peers = [
        engine.Programme(id="peers", conditions=("eczema",), approaches=("peer support",)),
        engine.Programme(id="both", conditions=("stroke",), approaches=("peer support",)),
    ]
    among = snapshot.with_profiles([], peers)
    anybody = engine.Professional(id="P", approaches=("peer support",))
    assert ids(among.suggest(anybody, least_relevance=0.2)) == ["both", "peers"]
    named = engine.Professional(id="P", approaches=("peer support",), conditions=("stroke",))
    assert ids(among.suggest(named, least_relevance=0.2)) == ["both"]


def test_profession_alone_is_no_common_topic(snapshot):
    programme = engine.Programme(
        id="skin", conditions=("eczema",), seeks=engine.Wanted(("physiotherapist",))
    )
    assert snapshot.suggest_professionals(programme)
    assert snapshot.suggest_professionals(programme, least_relevance=0.05) == []


def test_other_profiles_score_as_if_they_had_been_fitted(snapshot):
    alone = snapshot.with_profiles([], [STROKE]).suggest(SEEKER)
    assert alone == snapshot.suggest(SEEKER)[:1]


def test_nothing_is_suggested_from_an_empty_snapshot(snapshot):
    assert snapshot.with_profiles([], []).suggest(SEEKER, exclude={"stroke"}) == []
