"""The words that carry no topic, and what must not be among them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from matchmaker import vocabulary
from matchmaker.vocabulary import function_words, load_vocabulary

FILE = Path(vocabulary.__file__).with_name("data") / "function_words.txt"


def pieces(text: str) -> list[str]:
    """Cut a text as it is cut for comparison."""
    return re.findall(r"\w\w+", text.lower())


def test_every_word_is_one_piece_of_a_cut_text_and_stands_once() -> None:
    lines = [line for line in FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    words = Counter(word for line in lines for word in line.split())
    assert set(words) == function_words()
    assert [word for word, n in words.items() if n > 1 or pieces(word) != [word]] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "We aren't, they've been, she'll, you're, it isn't and I don't",
        "Whoever has been with us should not have been there without them",
        "those of which the said are hereinafter such, and in particular thereof",
    ],
)
def test_grammar_is_left_out(sentence: str) -> None:
    assert set(pieces(sentence)) - function_words() <= {"said", "particular"}


def test_every_wording_of_the_vocabulary_says_something() -> None:
    known = load_vocabulary()
    silent = [
        wording
        for thesaurus in (known.conditions, known.approaches, known.professions)
        for term in thesaurus.terms.values()
        for wording in (*term.wordings, *term.short_forms)
        if not set(pieces(wording)) - function_words()
    ]
    assert silent == []


@pytest.mark.parametrize(
    "word", ["back", "down", "haven", "mine", "self", "alone", "together", "home", "need", "first"]
)
def test_what_names_something_in_health_is_kept(word: str) -> None:
    assert word not in function_words()
