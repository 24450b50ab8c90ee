"""The best of a corpus as it is searched, beside the same found by scoring every row."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker import engine
from matchmaker.engine import Ages, Delivery, Professional, Programme, Status, Wanted
from matchmaker.engine import search as searching
from matchmaker.engine.query import Query
from matchmaker.engine.score import relevance, score
from matchmaker.engine.search import search
from tests.engine.examples import (
    APPROACHES,
    CONDITIONS,
    CORNWALL,
    EDINBURGH,
    FIFE,
    LOTHIAN_BOARD,
    PROFESSIONS,
    SHETLAND,
    WEST_LOTHIAN,
    professionals,
    programmes,
    small_vocabulary,
)

ALL = 1000
# The numbers that say how much work is done at a time, so small that a corpus of a few profiles is
# read in several rounds and scored in several blocks.
TINY = dict.fromkeys(
    ("POSTINGS_FOR_A_SCORE", "POSTINGS_FOR_A_BOUND", "PROMISING", "BLOCK", "SAMPLE"), 2
)
SMALL = {**TINY, "PROMISING": 32, "BLOCK": 16}
AS_SHIPPED: dict[str, int] = {}


def fit(corpus):
    is_of_programmes = bool(corpus) and isinstance(corpus[0], Programme)
    left, right = ((), corpus) if is_of_programmes else (corpus, ())
    return engine.fit(left, right, vocabulary=small_vocabulary())


class Asked:
    """What one profile asks of a corpus of the other side, and the answer it should get."""

    def __init__(self, seeker, corpus, snapshot=None):
        self.snapshot = snapshot or fit(corpus)
        model = self.snapshot.model
        self.seeks_programmes = isinstance(seeker, Professional)
        if self.seeks_programmes:
            table = model.encode_professionals(model.read_professionals([seeker]))
            side = self.snapshot.programmes
        else:
            table = model.encode_programmes(model.read_programmes([seeker]))
            side = self.snapshot.professionals
        self.seeker = table.features
        self.index = side.index
        # In the order of the rows, which is not that of the corpus.
        self.ids = [reading.profile.id for reading in side.readings]

    def found(self, sizes=AS_SHIPPED, **options):
        """The ids and the exact scores that a search finds."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in sizes.items():
                patch.setattr(searching, name, value)
            best = search(
                Query.of(
                    self.seeker,
                    self.index,
                    self.snapshot.parameters,
                    seeks_programmes=self.seeks_programmes,
                ),
                **options,
            )
        assert best.scores.is_possible.all()
        return self._told(best.rows, best.scores)

    def expected(self, *, top, hidden=None, least_relevance=0.0):
        """The same, found by scoring every row and sorting them all."""
        features = self.index.features
        sides = (self.seeker, features) if self.seeks_programmes else (features, self.seeker)
        scores = score(*sides, self.snapshot.parameters)
        is_kept = scores.is_possible.copy()
        if hidden is not None:
            is_kept &= ~hidden
        if least_relevance:
            is_kept &= (
                relevance(self.seeker, features.offering, self.index.topics) >= least_relevance
            )
        rows = sorted(
            np.flatnonzero(is_kept), key=lambda row: (-scores.mutual[row], self.ids[row])
        )[:top]
        rows = np.array(rows, dtype=np.intp)
        return self._told(rows, scores.take(rows))

    def _told(self, rows, scores):
        names = [self.ids[row] for row in rows]
        return list(
            zip(
                names,
                scores.mutual.tolist(),
                scores.z.professional.tolist(),
                scores.z.programme.tolist(),
                scores.is_online.tolist(),
                strict=True,
            )
        )


def ids(found):
    return [name for name, *_ in found]


def corpora(profiles, max_size=12):
    """Corpora in which profiles repeat, so that scores tie, with ids in no order."""

    def numbered(drawn):
        pool, picks, names = drawn
        return [
            replace(pool[pick % len(pool)], id=name)
            for pick, name in zip(picks, names, strict=False)
        ]

    return st.tuples(
        st.lists(profiles, min_size=1, max_size=5),
        st.lists(st.integers(0, 4), max_size=max_size),
        st.permutations([str(number) for number in range(max_size)]),
    ).map(numbered)


def only_one_field(profiles):
    """The same profiles with all they say in one field."""
    blank = {"conditions": (), "approaches": (), "areas": (), "text": "", "people": Ages()}
    return st.tuples(profiles, st.sampled_from(sorted(blank))).map(
        lambda drawn: replace(
            drawn[0], **{name: value for name, value in blank.items() if name != drawn[1]}
        )
    )


tops = st.sampled_from((1, 2, 3, 5, 40))
least = st.sampled_from((0.0, 0.2, 1.0, 2.5))
sizes_of_work = st.sampled_from((AS_SHIPPED, TINY))


def check(data, seeker, corpus):
    asked = Asked(seeker, corpus)
    options = {
        "top": data.draw(tops),
        "least_relevance": data.draw(least),
        "hidden": np.array(
            data.draw(st.lists(st.booleans(), min_size=len(corpus), max_size=len(corpus))),
            dtype=np.bool_,
        )
        if data.draw(st.booleans())
        else None,
    }
    assert asked.found(data.draw(sizes_of_work), **options) == asked.expected(**options)


@settings(max_examples=40)
@given(st.data(), professionals, corpora(programmes))
def test_programmes_found_are_the_best_of_all(data, seeker, corpus):
    check(data, seeker, corpus)


@settings(max_examples=40)
@given(st.data(), programmes, corpora(professionals))
def test_professionals_found_are_the_best_of_all(data, seeker, corpus):
    check(data, seeker, corpus)


@settings(max_examples=25)
@given(st.data(), only_one_field(professionals), corpora(only_one_field(programmes)))
def test_profiles_of_a_single_field_are_found_as_exactly(data, seeker, corpus):
    check(data, seeker, corpus)


@pytest.mark.parametrize("sizes", [AS_SHIPPED, TINY], ids=["as shipped", "tiny"])
def test_empty_corpus_holds_nothing_to_find(sizes):
    for seeker in (Professional(id="P", text="swim"), Programme(id="G", text="swim")):
        asked = Asked(seeker, [])
        assert asked.found(sizes, top=3) == []
        assert asked.found(sizes, top=3, least_relevance=0.2) == []


@pytest.mark.parametrize("sizes", [AS_SHIPPED, TINY], ids=["as shipped", "tiny"])
def test_seeker_who_says_nothing_finds_what_a_full_look_finds(sizes):
    corpus = [
        Programme(id=str(number), text="garden" if number % 2 else "", areas=(FIFE,))
        for number in range(9)
    ]
    asked = Asked(Professional(id="P"), corpus)
    for top in (1, 4, 9, 20):
        assert asked.found(sizes, top=top) == asked.expected(top=top)


@pytest.mark.parametrize("sizes", [AS_SHIPPED, TINY], ids=["as shipped", "tiny"])
def test_what_nobody_offers_leaves_place_to_decide_unless_something_is_to_be_in_common(sizes):
    corpus = [Programme(id=area, areas=(area,)) for area in (SHETLAND, EDINBURGH, FIFE)]
    asked = Asked(Professional(id="P", conditions=("asthma",), areas=(FIFE,)), corpus)
    assert ids(asked.found(sizes, top=1)) == [FIFE]
    assert asked.found(sizes, top=3, least_relevance=0.2) == []


@pytest.mark.parametrize("sizes", [AS_SHIPPED, TINY], ids=["as shipped", "tiny"])
def test_ties_at_the_cut_go_by_id_and_not_by_row(sizes):
    corpus = [Programme(id=name, text="swim") for name in ("b", "é", "c", "a", "10", "9", "Z")]
    asked = Asked(Professional(id="P", text="swim"), corpus)
    assert ids(asked.found(sizes, top=5)) == ["10", "9", "Z", "a", "b"]
    assert ids(asked.found(sizes, top=ALL)) == ["10", "9", "Z", "a", "b", "c", "é"]


@pytest.mark.parametrize("sizes", [AS_SHIPPED, TINY], ids=["as shipped", "tiny"])
def test_hidden_rows_make_room_for_others_until_none_is_left(sizes):
    corpus = [Programme(id=str(number), text="swim " * (number + 1)) for number in range(5)]
    asked = Asked(Professional(id="P", text="swim"), corpus)
    in_order = ids(asked.found(sizes, top=ALL))
    hidden = np.zeros(5, dtype=np.bool_)
    for gone, name in enumerate(in_order):
        assert ids(asked.found(sizes, top=2, hidden=hidden)) == in_order[gone : gone + 2]
        hidden[int(name)] = True
    assert asked.found(sizes, top=2, hidden=hidden) == []


def test_search_leaves_the_flags_of_hidden_rows_as_they_were():
    corpus = [Programme(id=str(number), text="swim") for number in range(5)]
    hidden = np.array([True, False, False, True, False])
    Asked(Professional(id="P", text="swim"), corpus).found(top=5, hidden=hidden)
    assert hidden.tolist() == [True, False, False, True, False]


def test_better_route_is_chosen_for_each_row():
    corpus = [
        Programme(id="near", text="swim", areas=(FIFE,), delivery=Delivery.BOTH),
        Programme(id="far", text="swim", areas=(SHETLAND,), delivery=Delivery.BOTH),
        Programme(id="out of reach", text="swim", areas=(SHETLAND,), delivery=Delivery.IN_PERSON),
    ]
    asked = Asked(Professional(id="P", text="swim", areas=(FIFE,)), corpus)
    found = asked.found(top=3)
    assert found == asked.expected(top=3)
    assert [(name, is_online) for name, *_, is_online in found] == [("near", False), ("far", True)]


def test_search_is_tried_with_all_of_its_work_made_small():
    assert TINY.keys() == {
        name
        for name, value in vars(searching).items()
        if name.isupper() and isinstance(value, int) and value > 1 and name != "N_TIERS"
    }


class Town:
    """A few hundred profiles of each side: some words and terms everywhere, most of them rare."""

    N_PROFILES = 700

    def __init__(self):
        self.random = random.Random(2026)
        codes = list(CONDITIONS)
        self.conditions = (codes, [1 / (n + 1) ** 1.5 for n in range(len(codes))])
        words = [
            f"{a}{b}{c}x" for a in ("bak", "dim", "fop", "gup") for b in "aeiou" for c in "kmnprstv"
        ]
        self.words = (words, [1 / (n + 1) for n in range(len(words))])
        places = (EDINBURGH, FIFE, LOTHIAN_BOARD, WEST_LOTHIAN, SHETLAND, CORNWALL)
        self.places = (places, [5, 5, 2, 2, 1, 1])
        self.programmes = [self.programme(f"G{n * 7919 % 10007}") for n in range(self.N_PROFILES)]
        self.professionals = [
            self.professional(f"P{n * 7919 % 10007}") for n in range(self.N_PROFILES)
        ]

    def some(self, choices, at_most):
        names, weights = choices
        drawn = self.random.choices(names, weights, k=self.random.randint(0, at_most))
        return tuple(dict.fromkeys(drawn))

    def common(self, name):
        pick = self.random.choice
        return {
            "id": name,
            "conditions": self.some(self.conditions, 3),
            "approaches": self.some((list(APPROACHES), [3, 2, 1]), 2),
            "areas": self.some(self.places, 2),
            "people": pick([Ages(), Ages(18), Ages(0, 17), Ages(65)]),
            "delivery": pick(list(Delivery)),
            "text": " ".join(self.some(self.words, 12)),
        }

    def programme(self, name):
        pick = self.random.choice
        return Programme(
            **self.common(name),
            name=" ".join(self.some(self.words, 2)),
            seeks=Wanted(self.some((list(PROFESSIONS), [1, 1, 1]), 1)),
            status=pick([Status.OPEN] * 9 + [Status.PAUSED]),
            capacity=pick([None] * 9 + [0]),
        )

    def professional(self, name):
        return Professional(
            **self.common(name), profession=self.random.choice(["", *PROFESSIONS, "wizard"])
        )


@pytest.fixture(scope="module")
def town():
    return Town()


@pytest.mark.parametrize("sizes", [AS_SHIPPED, SMALL, TINY], ids=["as shipped", "small", "tiny"])
@pytest.mark.parametrize("side", ["programmes", "professionals"])
def test_best_of_a_whole_town_are_found_whatever_is_asked(town, side, sizes):
    corpus = getattr(town, side)
    seekers = town.professionals if side == "programmes" else town.programmes
    snapshot = fit(corpus)
    draw = random.Random(7)
    for number, seeker in enumerate(seekers[:24]):
        asked = Asked(seeker, corpus, snapshot)
        options = {
            "top": (1, 10, 50, ALL)[number % 4],
            "least_relevance": (0.0, 0.2, 1.0)[number % 3],
            "hidden": np.array([draw.random() < number / 24 for _ in corpus]),
        }
        assert asked.found(sizes, **options) == asked.expected(**options), seeker.id


@given(professionals, corpora(programmes), st.floats(0.001, 0.999))
def test_no_row_that_reaches_a_score_is_left_out_however_little_was_read(seeker, corpus, share):
    asked = Asked(seeker, corpus)
    exact = score(asked.seeker, asked.index.features, asked.snapshot.parameters)
    rows = np.flatnonzero(exact.is_possible)
    if not len(rows):
        return
    query = Query.of(asked.seeker, asked.index, asked.snapshot.parameters, seeks_programmes=True)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in TINY.items():
            patch.setattr(searching, name, value)
        sums = searching._Sums(query)
        while True:
            sums.read_on()
            bounds = sums.bounds(rows)
            assert (bounds[0] >= exact.z.professional[rows]).all()
            assert (bounds[1] >= exact.z.programme[rows]).all()
            least = float(np.quantile(exact.mutual[rows], share, method="higher"))
            reaching = set(rows[exact.mutual[rows] >= least].tolist())
            may_reach = sums.rows_that_may_reach(least)
            assert reaching <= set(may_reach.tolist())
            closer, bounds = sums.closer(may_reach, least)
            assert reaching <= set(closer.tolist())
            assert (bounds[0] >= exact.z.professional[closer]).all()
            assert (bounds[1] >= exact.z.programme[closer]).all()
            if sums.is_complete:
                break
