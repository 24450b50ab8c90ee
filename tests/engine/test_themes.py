"""What several texts are about."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.engine.text import stems
from matchmaker.engine.themes import LEAST_PEOPLE, find_themes, number_of_themes

TIME = [
    "No time between two clinics to look anything up",
    "There is never enough time in clinic",
    "Time is short, and clinics are full",
    "Where would I find the time for a visit, with full clinics?",
    "Time, time, time: the clinic is always full",
]
MONEY = [
    "Funding ends every March",
    "Short funding: a grant for a year at most",
    "The grant ends and the funding with it",
    "Nobody tells us whether the funding of the grant goes on",
    "Grants and other funding come too late",
]
WORDS = ["time", "money", "trust", "staff", "visit", "phone", "list"]


def test_texts_that_share_words_are_put_together():
    themes = find_themes([*TIME, *MONEY])
    assert [each.texts for each in themes] == [(0, 1, 2, 3, 4), (5, 6, 7, 8, 9)] or [
        each.texts for each in themes
    ] == [(5, 6, 7, 8, 9), (0, 1, 2, 3, 4)]
    words = {word for each in themes for word in each.words}
    assert {"time", "funding"} <= words


def test_a_word_of_one_or_two_people_never_surfaces():
    texts = [*TIME, *MONEY, "Ask Morag Ann in Cupar about the funding", "Morag Ann has time"]
    words = {word for each in find_themes(texts) for word in each.words}
    assert words
    assert not words & {"morag", "ann", "cupar"}


def test_a_spelling_of_one_or_two_people_never_surfaces():
    """Three people share the stem, and no three of them a spelling."""
    texts = [*TIME, *MONEY, "Visited once, time well spent", "Visits help, given time"]
    words = {word for each in find_themes(texts) for word in each.words}
    assert not {word for word in words if word.startswith("visit")}


def test_numbers_are_no_words():
    texts = [f"{text} 2024" for text in (*TIME, *MONEY)]
    assert "2024" not in {word for each in find_themes(texts) for word in each.words}


def test_the_same_texts_give_the_same_themes():
    texts = [*TIME, *MONEY] * 3
    assert find_themes(texts) == find_themes(list(texts))


def test_texts_that_say_the_very_same_are_sorted_all_the_same():
    themes = find_themes(["No time in a full clinic", "The funding of the grant ends"] * 10)
    assert [len(each.texts) for each in themes] == [10, 10]


def test_texts_without_a_shared_word_have_no_themes():
    assert find_themes([]) == []
    assert find_themes(["Apples", "Pears", "Plums"] * 2) == []
    assert find_themes(["It is what it is"] * 20) == []


def test_a_text_without_a_shared_word_is_in_no_theme():
    themes = find_themes([*TIME, *MONEY, "Zebras"])
    assert 10 not in {place for each in themes for place in each.texts}


def test_there_are_from_two_to_six_themes():
    assert [number_of_themes(n) for n in (8, 16, 24, 40, 48, 500)] == [2, 2, 3, 5, 6, 6]


@settings(max_examples=25)
@given(
    st.lists(
        st.lists(st.sampled_from(WORDS), max_size=6),
        min_size=8,
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
def test_every_word_shown_was_written_by_several_people(bags, chance: random.Random):
    texts = [" ".join(bag) for bag in bags]
    texts[chance.randrange(len(texts))] += " unmistakable"
    themes = find_themes(texts)
    for theme in themes:
        for word in theme.words:
            writers = sum(word in text.split() for text in texts)
            assert writers >= LEAST_PEOPLE
            assert stems(word)
    placed = [place for each in themes for place in each.texts]
    assert len(placed) == len(set(placed))
