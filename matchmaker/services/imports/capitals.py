"""Turning what registers write IN CAPITALS into something that can be read.

Names get a capital for each word that carries meaning, texts one for each sentence. Abbreviations
keep their capitals where they can be told: they are in a list, in the vocabulary, or have no vowel.
A text that is not all in capitals is left as its author wrote it.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from matchmaker.vocabulary import load_vocabulary

_FILE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_SMALL_WORDS = frozenset(_FILE["small_words"].split())
# What a register capitalises though it writes the rest of a name as it should be.
_TITLED_SMALL_WORDS = {"And": "and", "For": "for", "Of": "of", "The": "the"}
_ABBREVIATIONS = frozenset(_FILE["abbreviations"].split())
_WORDS_WITHOUT_VOWEL: dict[str, str] = {
    word.upper(): word for word in _FILE["words_without_vowel"].split()
}
_PROPER_NOUNS = frozenset(_FILE["proper_nouns"].split())
_PHRASES = tuple(_FILE["phrases"].strip().splitlines())
_ORDINARY_WORDS = frozenset(_FILE["ordinary_words"].split())

# Both apostrophes, the typed one and the printed one.
_APOSTROPHE = "['\u2019]"
_WORD = re.compile(rf"[^\W_]+(?:{_APOSTROPHE}[^\W_]+)*")
_SENTENCE_START = re.compile(
    r"(?:\A|(?<=[.!?])\s+|\n)"
    r"(?:\(?(?:[a-z]|[ivx]+|\d+(?:\.\d+)*)[.)]\s*|\d+(?:\.\d+)*\s+)*"  # (a), iv), 2.1
    r"[^\w\n]*[a-z]"
)
# On its own the word may well be part of "hearing aids".
_AFTER_HIV = re.compile(r"\b(HIV\W{1,3}(?:and |or )?)aids\b")
_NO_SENTENCE_END = ("e.g.", "i.e.", "etc.", "incl.", "approx.", " no.", " st.", " dr.", " mr.")


def readable_name(name: str) -> str:
    """The name of an organisation, such as "The Wildlife Trust for Fife"."""
    words = name.split()
    if not _is_shouted(name):
        return " ".join(words[:1] + [_TITLED_SMALL_WORDS.get(word, word) for word in words[1:]])
    return " ".join(
        _name_word(word, is_inside=0 < place < len(words) - 1) for place, word in enumerate(words)
    )


def readable_text(text: str, *, names: tuple[str, ...] = ()) -> str:
    """A text in sentences; `names`, written as they should be, keep their capitals in it."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    text = "\n".join(line for line in lines if line)
    if not _is_shouted(text):
        return text
    lowered = _WORD.sub(lambda found: _text_word(found[0]), text)
    lowered = _AFTER_HIV.sub(r"\1AIDS", _capitalise_sentences(lowered))
    for name in filter(None, (*_phrases_in(lowered), *names)):
        as_written = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        lowered = as_written.sub(name.replace("\\", r"\\"), lowered)
    return lowered


def _phrases_in(text: str) -> list[str]:
    """Phrases that `text` holds in whatever case; few do, so that the rest need not be searched."""
    folded = text.casefold()
    return [phrase for phrase in _PHRASES if phrase.casefold() in folded]


def shorten(text: str, most: int) -> str:
    """`text` in `most` characters or fewer, cut after a sentence where one ends late enough."""
    if len(text) <= most:
        return text
    room = text[: most - 1]
    sentence_end = max(room.rfind(mark) for mark in (". ", ".\n", "; "))
    if sentence_end > most // 2:
        return room[: sentence_end + 1].rstrip("; ") + " …"
    last_space = room.rfind(" ")
    return room[: last_space if last_space > 0 else None].rstrip(" ,;:") + "…"


def _is_shouted(text: str) -> bool:
    """Whether nearly every letter is a capital: a stray small one does not make it prose."""
    capitals = sum(map(str.isupper, text))
    return capitals > 0 and capitals >= 0.9 * sum(map(str.isalpha, text))


def _name_word(word: str, *, is_inside: bool) -> str:
    if is_inside and word.casefold() in _SMALL_WORDS:
        return word.lower()
    return _WORD.sub(lambda found: _kept(found[0]) or _titled(found[0]), word)


def _titled(word: str) -> str:
    if scot := re.fullmatch(r"MC([A-Z]{3,})", word):
        return f"Mc{scot[1].capitalize()}"
    if irish := re.fullmatch(rf"([OD]{_APOSTROPHE})([A-Z]{{3,}})", word):
        return f"{irish[1]}{irish[2].capitalize()}"
    return word.lower() if word[0].isdigit() else word.capitalize()


@lru_cache(maxsize=50_000)
def _text_word(word: str) -> str:
    kept = _kept(word)
    if kept is not None:
        return kept
    lowered = word.lower()
    stem = re.sub(rf"{_APOSTROPHE}s$", "", lowered)
    return _titled(word) if stem in _PROPER_NOUNS or stem in _place_words() else lowered


def _kept(word: str) -> str | None:
    """How an abbreviation is written, or None for an ordinary word."""
    if word in _WORDS_WITHOUT_VOWEL:
        return _WORDS_WITHOUT_VOWEL[word]
    if word in _ABBREVIATIONS:
        return word
    written = _vocabulary_words().get(word)
    if written is not None and len(word) > 2:
        return written
    if re.fullmatch(r"\d+(ST|ND|RD|TH|S)", word):
        return word.lower()
    has_digit = re.fullmatch(r"(?!AND|OR|OF|TO|BY)[A-Z]{1,3}\d{1,2}[A-Z]?", word) is not None
    is_consonants = re.fullmatch(r"[BCDFGHJKLMNPQRSTVXZ]{2,6}", word) is not None
    return word if has_digit or is_consonants else None


def _capitalise_sentences(text: str) -> str:
    def capitalised(found: re.Match[str]) -> str:
        before = f" {text[: found.start()]}"
        if found.start() and before.casefold().endswith(_NO_SENTENCE_END):
            return found[0]
        return found[0][:-1] + found[0][-1].upper()

    return _SENTENCE_START.sub(capitalised, text)


@cache
def _vocabulary_words() -> dict[str, str]:
    """Words the vocabulary always writes with a capital, such as COPD and Parkinson's.

    A word that it also writes without one, such as aids, says nothing about how to write it.
    """
    vocabulary = load_vocabulary()
    wordings = " ".join(
        wording
        for thesaurus in (vocabulary.conditions, vocabulary.approaches, vocabulary.professions)
        for term in thesaurus.terms.values()
        for wording in (*term.wordings, *term.short_forms)
    )
    words = {word for word in _WORD.findall(wordings) if word.lower() not in _ORDINARY_WORDS}
    return {
        word.upper(): word for word in words if word != word.lower() and word.lower() not in words
    }


@cache
def _place_words() -> frozenset[str]:
    """Words that are names of areas on their own, such as Fife; "North" or "City" are not."""
    names = (area.name for area in load_vocabulary().areas.current)
    words = {name.casefold() for name in names if name.isalpha() and len(name) > 3}
    return frozenset(words - _ORDINARY_WORDS)
