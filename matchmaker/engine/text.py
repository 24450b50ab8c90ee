"""Words of free text, as the engine compares them: stems, without stop words."""

import re
import unicodedata
from collections.abc import Iterator

import Stemmer

from matchmaker.vocabulary import function_words

_WORD = re.compile(r"\w\w+")
_stemmer = Stemmer.Stemmer("english")


def _plain(text: str) -> str:
    """Return the text in lower case and without accents."""
    text = text.lower()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def stems(text: str) -> tuple[str, ...]:
    """Return the Snowball stems of the words of two signs or more, function words left out."""
    ignored = function_words()
    words = [word for word in _WORD.findall(_plain(text)) if word not in ignored]
    return tuple(_stemmer.stemWords(words))


def spellings(text: str) -> Iterator[tuple[str, str]]:
    """Yield each word of the text as written, with its stem."""
    for found in _WORD.finditer(text):
        for stem in stems(found.group()):
            yield stem, found.group()
