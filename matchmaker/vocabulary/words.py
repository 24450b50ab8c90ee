"""Words as the vocabulary compares them: how a text is cut, and how spelling is evened out.

Folding serves comparison only: a folded word is never shown to anybody.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# A word, an ampersand (read as "and"), a slash, or a mark at which a phrase ends. Hyphens inside a
# phrase are passed over, so "self-management" and "self management" are the same two words; a slash
# counts as a word, since "parents/carers" are not "parent carers".
TOKEN = re.compile(
    r"[^\W_]+(?:['\u2019\u02bc][^\W_]+)*"
    r"|[&/]"
    r"|[.;:!?,()\[\]|\"\u2022\u2026\u201c\u201d]"
    r"|\n[^\S\n]*(?=[\n*\u2013-])"
    r"|(?<=\s)[\u2013\u2014-](?=\s)"
)

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'"})
_IRREGULAR = {
    "&": "and",
    "ageing": "aging",
    "children": "child",
    "feet": "foot",
    "fibre": "fiber",
    "grey": "gray",
    "men": "man",
    "people": "person",
    "programme": "program",
    "teeth": "tooth",
    "women": "woman",
}
# British and American spelling, in the direction that keeps the rules short.
_SPELLING = (
    (re.compile(r"(?<!^)[ao]e(?=\w)|^[ao]e(?=[dms])"), "e"),  # anaemia, oedema, oesophagus
    (re.compile(r"our(?=(?:s|al|ed|ing)?$)"), "or"),  # tumour, behavioural
    (re.compile(r"is(?=(?:e|ed|er|es|ing|ation)$)"), "iz"),  # organise, organisation
    (re.compile(r"ys(?=(?:e|ed|ing)$)"), "yz"),  # paralysed
    (re.compile(r"ll(?=(?:ing|ed|or|er)$)"), "l"),  # counselling
    (re.compile(r"tre$"), "ter"),  # centre
)


def straighten(word: str) -> str:
    """Return the word with typewriter apostrophes."""
    return word.translate(_APOSTROPHES)


def singular(word: str) -> str:
    """Return the lower-case word without its regular English plural ending."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Return one form for a word's cases, accents, plural, possessive and national spellings."""
    word = straighten(word).casefold()
    if not word.isascii():
        decomposed = unicodedata.normalize("NFKD", word)
        word = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    word = word.removesuffix("'s").replace("'", "")
    word = singular(_IRREGULAR.get(word, word))
    word = _IRREGULAR.get(word, word)
    if len(word) >= 5:
        for pattern, replacement in _SPELLING:
            word = pattern.sub(replacement, word)
    return word


def keeps_s(word: str) -> bool:
    """Whether folding would take a plural or possessive ending from this word."""
    bare = straighten(word).casefold().replace("'", "")
    return bare.endswith("s") and singular(bare) != bare


def spell(wording: str) -> tuple[str, ...]:
    """Return the words of a wording as written, marks left out."""
    return tuple(_words(wording))


def key(wording: str) -> str:
    """Return what two wordings share when they differ only in case, plural or spelling."""
    return " ".join(fold(word) for word in _words(wording))


def _words(wording: str) -> Iterator[str]:
    for found in TOKEN.finditer(wording):
        word = found.group()
        if word[0].isalnum() or word in "&/":
            yield word
