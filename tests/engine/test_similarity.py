import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.engine.similarity import Relation, Similarity
from tests.engine.examples import CONDITIONS

usages = st.lists(st.lists(st.sampled_from(tuple(CONDITIONS)), max_size=4), max_size=12)


def fitted(*usage: tuple[str, ...], smallest: float = 0.2) -> Similarity:
    return Similarity(CONDITIONS, smallest=smallest).fit(usage)


def test_the_same_term_and_a_narrower_offer_answer_fully():
    similarity = fitted()
    assert similarity("copd", "copd") == 1
    assert similarity("lung", "copd") == 1
    assert similarity("long-term", "copd") == 1
    assert similarity.answers("copd")["lung"].relation is Relation.NARROWER


def test_a_broader_offer_answers_by_lins_measure():
    similarity = fitted(("copd",), ("asthma",), ("stroke",), ("cancer",))
    information = similarity.information_
    expected = 2 * information["lung"] / (information["copd"] + information["lung"])
    assert similarity("copd", "lung") == pytest.approx(expected)
    assert similarity.answers("lung")["copd"].relation is Relation.BROADER
    assert 0.2 < expected < 1


def test_siblings_do_not_answer_each_other():
    similarity = fitted(("copd", "asthma"))
    assert similarity("copd", "asthma") == 0
    assert similarity.lin("copd", "asthma") > 0


def test_a_term_with_two_parents_answers_both():
    similarity = fitted()
    assert similarity("lung", "lung-cancer") == similarity("cancer", "lung-cancer") == 1
    assert 0 < similarity("lung-cancer", "cancer") < 1


def test_related_terms_answer_each_other_by_the_given_strength_unless_it_is_too_small():
    similarity = fitted()
    assert similarity("falls", "frailty") == similarity("frailty", "falls") == 0.5
    assert similarity("falls", "stroke") == 0


def test_information_is_that_of_smoothed_usage_with_narrower_terms_counted_once_a_profile():
    similarity = fitted(("copd", "asthma"), ("lung",), ("cancer",))
    # Two profiles use lung or something narrower; so do four imaginary uses; of 3 + 9 + 1.
    assert similarity.information_["lung"] == pytest.approx(-math.log((2 + 4) / 13))
    assert similarity.information_["frailty"] == pytest.approx(-math.log(1 / 13))


def test_expansion_takes_the_best_answer_and_never_the_sum():
    similarity = fitted()
    expanded = similarity.expand({"copd": 0.5, "asthma": 0.7, "frailty": 1.0}, loose=0.5)
    assert expanded["lung"] == 0.7
    assert expanded["falls"] == 0.25


@given(usages)
def test_every_similarity_follows_from_its_definition(usage):
    similarity = Similarity(CONDITIONS, smallest=0.2).fit(usage)
    for sought in CONDITIONS:
        for offered in CONDITIONS:
            if sought == offered or sought in CONDITIONS.ancestors(offered):
                expected = 1.0
            elif offered in CONDITIONS.ancestors(sought):
                expected = similarity.lin(sought, offered)
            else:
                expected = CONDITIONS.related(sought).get(offered, 0.0)
            assert similarity(sought, offered) == (expected if expected >= 0.2 else 0.0)
            assert 0 <= similarity.lin(sought, offered) <= 1 + 1e-12


@given(usages)
def test_a_narrower_term_always_says_more(usage):
    information = Similarity(CONDITIONS).fit(usage).information_
    for code in CONDITIONS:
        assert information[code] > 0
        assert all(information[above] < information[code] for above in CONDITIONS.ancestors(code))
