"""Words of free text, and how much of what one text asks another one answers.

The measure is BM25 brought into [0, 1): term frequencies are saturated and corrected for length
(Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009), and the
sum is divided by the most that the seeker's words could score, which is constant for a seeker.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Self

import numpy as np
import Stemmer
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, TransformerMixin

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


class SaturatedCounts(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # untyped bases
    """Turn word counts into saturated shares; a relative of scikit-learn's TfidfTransformer.

    A count tf in a text of length len becomes ``tf / (tf + k1·(1 - b + b·len/avglen))``, which is
    BM25's saturated frequency divided by its bound k1 + 1. Length counts the words that the corpus
    knows. The rarity of a word belongs to the side that seeks, so it is learnt here and left out of
    the result.

    Attributes:
        idf_: Shape (n_words,): ``log(1 + (N - df + .5) / (df + .5))``.
        unseen_idf_: The same for a word that no text of the corpus holds.
        average_length_: Mean number of counted words in a text.
    """

    def __init__(self, *, k1: float = 1.2, b: float = 0.75) -> None:
        self.k1 = k1
        self.b = b

    def fit(self, counts: csr_array, y: None = None) -> Self:  # noqa: ARG002 -- sklearn's signature
        """Learn rarity and average length from word counts of shape (n_texts, n_words)."""
        n_texts, n_words = counts.shape
        frequency = np.bincount(counts.indices, minlength=n_words).astype(np.float64)
        self.idf_: NDArray[np.float64] = np.log1p((n_texts - frequency + 0.5) / (frequency + 0.5))
        self.unseen_idf_ = float(np.log1p((n_texts + 0.5) / 0.5))
        self.average_length_ = float(counts.sum()) / n_texts if counts.nnz else 1.0
        return self

    def transform(self, counts: csr_array) -> csr_array:
        """Return the saturated shares, each in [0, 1), in the shape of the counts."""
        shares = counts.astype(np.float64)
        length = shares.sum(axis=1) / self.average_length_
        softening = self.k1 * (1 - self.b + self.b * length)
        shares.data /= shares.data + np.repeat(softening, np.diff(shares.indptr))
        return shares
