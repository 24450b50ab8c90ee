import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker import engine
from matchmaker.engine import Document
from matchmaker.engine.evaluation import average_precision, ndcg, precision, recall
from tests.engine.examples import small_vocabulary

RANKING = ["d3", "d1", "d9", "d2"]
GRADES = {"d1": 2, "d2": 1, "d3": 0, "d4": 1}


def test_measures_are_those_worked_out_by_hand():
    ideal = 2 + 1 / math.log2(3) + 1 / 2
    assert ndcg(RANKING, GRADES, 10) == pytest.approx((2 / math.log2(3) + 1 / math.log2(5)) / ideal)
    assert ndcg(RANKING, GRADES, 2) == pytest.approx((2 / math.log2(3)) / (2 + 1 / math.log2(3)))
    assert average_precision(RANKING, GRADES) == pytest.approx((1 / 2 + 2 / 4) / 3)
    assert recall(RANKING, GRADES, 20) == pytest.approx(2 / 3)
    assert precision(RANKING, GRADES, 10) == pytest.approx(0.2)


@given(st.permutations(("a", "b", "c", "d")), st.integers(1, 4))
def test_no_ranking_beats_the_ideal_one(ranking, depth):
    grades = {"a": 3, "b": 2, "c": 1}
    assert ndcg(ranking, grades, depth) <= ndcg(["a", "b", "c", "d"], grades, depth) == 1


def test_documents_are_ranked_by_words_and_read_terms_and_ties_go_by_id():
    docs = [
        Document("b", text="gardening club"),
        Document("a", text="gardening club"),
        Document("c", text="lung conditions"),
        Document("e", text="chess"),
    ]
    queries = [Document("q1", text="gardening"), Document("q2", text="COPD"), Document("q3")]
    run = engine.rank(docs, queries, vocabulary=small_vocabulary())
    assert {query: [doc for doc, _ in ranking] for query, ranking in run.items()} == {
        "q1": ["a", "b"],
        "q2": ["c"],
        "q3": [],
    }


def test_queries_without_a_relevant_document_are_left_out_of_the_means():
    docs = [Document("d1", text="gardening"), Document("d2", text="chess")]
    queries = [Document(name, text="gardening") for name in ("q1", "q2", "q3")]
    quality = engine.evaluate(
        docs,
        queries,
        {"q1": {"d1": 1}, "q2": {"d1": 0}, "q9": {"d1": 1}},
        vocabulary=small_vocabulary(),
    )
    assert quality.queries == 1
    assert quality.ndcg_at_10 == quality.mean_average_precision == quality.recall_at_20 == 1
    assert quality.precision_at_10 == pytest.approx(0.1)


def test_a_judged_query_that_finds_nothing_counts_as_nothing():
    docs = [Document("d1", text="gardening")]
    queries = [Document("q1", text="chess"), Document("q2", text="gardening")]
    quality = engine.evaluate(
        docs, queries, {"q1": {"d1": 1}, "q2": {"d1": 1}}, vocabulary=small_vocabulary()
    )
    assert (quality.queries, quality.ndcg_at_10) == (2, 0.5)


def test_nothing_judged_is_an_error():
    with pytest.raises(ValueError, match="no query has a relevant document"):
        engine.measure({"q": []}, {"q": {"d": 0}}, model="1")
