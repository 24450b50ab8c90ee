"""What is offered instead of what somebody looked for."""

from __future__ import annotations

import pytest

from matchmaker.services.directory.related import (
    Relation,
    Way,
    related_conditions,
    text_without,
    ways_to_find_more,
    with_instead,
)
from matchmaker.services.directory.wishes import Within, understand
from tests.factories import make_outcode

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def dunfermline(session):
    make_outcode("KY12")


def offers(**typed):
    return {each.term.code: each for each in related_conditions(understand(**typed))}


def test_narrower_broader_and_related_conditions_are_offered():
    found = offers(conditions=["COPD"])
    relations = {code: each.relation for code, each in found.items()}
    assert relations["emphysema"] is Relation.NARROWER
    assert relations["lung-conditions"] is Relation.BROADER
    assert relations["breathlessness"] is Relation.RELATED
    assert "copd" not in relations
    assert "breathlessness" not in offers(conditions=["COPD", "breathlessness"])


def test_nothing_is_offered_beside_nothing():
    assert offers() == {}
    assert offers(words="zzqx", approaches=["arts"]) == {}


def test_chosen_condition_makes_room_for_the_other():
    typed = {"conditions": ["stroke", "COPD"], "words": "choir", "is_free": True}
    wishes = understand(**typed)
    assert with_instead(wishes, offers(**typed)["emphysema"]) == {
        "q": "choir",
        "conditions": ["stroke", "emphysema"],
        "free": "yes",
    }


def test_mentioned_condition_leaves_the_other_words_and_the_place():
    typed = {"words": "asthma and stroke choir near KY12"}
    wishes = understand(**typed)
    assert text_without(wishes, "stroke") == "asthma and choir"
    found = offers(**typed)
    (other,) = [each for each in found.values() if each.instead_of.code == "asthma"][:1]
    assert with_instead(wishes, other) == {
        "q": "and stroke choir",
        "conditions": [other.term.label],
        "where": "KY12",
    }


@pytest.mark.parametrize("words", ["help with COPD", "COPD", "a group for people with COPD"])
def test_words_that_say_little_go_with_the_condition(words):
    assert text_without(understand(words=words), "copd") == ""


def test_ways_to_find_more_ask_for_less_each_in_its_own_way():
    wishes = understand(words="choir near KY12", conditions=["COPD"], within=Within.MILES_5, age=7)
    ways = dict(ways_to_find_more(wishes))
    assert list(ways) == [Way.NEAR, Way.ANYWHERE, Way.NO_FILTERS, Way.NO_WORDS]
    whole = wishes.query()
    assert ways[Way.NEAR].query() == {k: v for k, v in whole.items() if k != "within"}
    assert ways[Way.ANYWHERE].query() == {**whole, "within": "any"}
    assert ways[Way.NO_FILTERS].query() == {k: v for k, v in whole.items() if k != "age"}
    assert ways[Way.NO_WORDS].query() == {
        **{k: v for k, v in whole.items() if k != "q"},
        "where": "KY12",
    }
    assert list(ways_to_find_more(understand(words="choir"))) == []
    assert list(dict(ways_to_find_more(understand(where="KY12")))) == [Way.ANYWHERE]
