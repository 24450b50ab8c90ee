"""A whole list without reasons, beside what the search for suggestions finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker import engine
from matchmaker.engine import Professional, Programme, Status
from tests.engine.examples import FIFE, numbered, professionals, programmes, small_vocabulary

ALL = 1000


def fit(corpus):
    return engine.fit((), corpus, vocabulary=small_vocabulary())


def ranked(snapshot, professional, *, least_relevance=0.25, **options):
    one = snapshot.encode_professional(professional)
    found = snapshot.rank(one, least_relevance=least_relevance, **options)
    return snapshot.explain_rows(one, found, range(len(found.rows)))


@settings(max_examples=25)
@given(
    professionals,
    numbered(programmes, "G", max_size=12),
    st.sampled_from((0.01, 0.25, 1.0)),
    st.sets(st.sampled_from([f"G{number}" for number in range(12)])),
)
def test_ranking_is_the_list_of_suggestions_without_an_end(seeker, corpus, least, hidden):
    snapshot = fit(corpus).hiding((), hidden)
    suggestions = snapshot.suggest(seeker, top=ALL, least_relevance=least)
    assert list(ranked(snapshot, seeker, least_relevance=least)) == suggestions


@settings(max_examples=15)
@given(professionals, numbered(programmes, "G"))
def test_why_is_what_an_explanation_tells_the_professional(seeker, corpus):
    snapshot = fit(corpus)
    one = snapshot.encode_professional(seeker)
    found = snapshot.rank(one, least_relevance=0.01)
    for place, suggestion in enumerate(snapshot.explain_rows(one, found, range(len(found.rows)))):
        own = tuple(each for each in suggestion.reasons if each.side == "professional")
        assert snapshot.why(one, found, place) == (own, suggestion.cautions)


def test_full_programmes_are_ranked_where_they_would_be_if_they_had_places():
    corpus = [
        Programme(id="full", text="swim swim", capacity=0),
        Programme(id="open", text="swim", capacity=3),
        Programme(id="paused", text="swim", status=Status.PAUSED),
    ]
    snapshot = fit(corpus)
    seeker = Professional(id="P", text="swim")
    assert [each.programme for each in ranked(snapshot, seeker)] == ["open"]
    roomy = fit([replace(each, capacity=3) for each in corpus])
    assert list(ranked(snapshot, seeker, even_full=True)) == list(ranked(roomy, seeker))


def test_only_some_of_a_list_are_explained():
    snapshot = fit([Programme(id=str(number), text="swim", areas=(FIFE,)) for number in range(9)])
    one = snapshot.encode_professional(Professional(id="P", text="swim"))
    found = snapshot.rank(one, least_relevance=0.25)
    fourth, last = snapshot.explain_rows(one, found, [3, 8])
    assert (fourth.programme, fourth.rank) == ("3", 4)
    assert (last.programme, last.rank) == ("8", 9)
    assert [reason.text for reason in last.reasons[:1]] == ["You write about “swim”; they do too"]


@pytest.mark.parametrize(("least", "names"), [(1.0, {"COPD"}), (0.2, {"COPD", "lung"})])
def test_programmes_that_offer_a_condition_are_told_by_how_well(least, names):
    snapshot = fit(
        [
            Programme(id="COPD", conditions=("copd",)),
            Programme(id="lung", conditions=("lung-conditions",)),
            Programme(id="stroke", conditions=("stroke",)),
            Programme(id="none"),
        ]
    )
    rows = snapshot.programmes_that_offer("condition", "copd", least=least)
    every = snapshot.programmes.ids.in_rows()
    assert {every[row] for row in rows} == names
    approach = snapshot.model.column("approach", next(iter(small_vocabulary().approaches)))
    assert approach == snapshot.model.condition.width_


def test_ids_are_told_in_the_order_of_the_rows():
    snapshot = fit([Programme(id=name, text="swim") for name in ("b", "é", "10", "9")])
    ids = snapshot.programmes.ids.in_rows()
    assert ids == [reading.profile.id for reading in snapshot.programmes.readings]
    assert np.unique(ids).size == 4
