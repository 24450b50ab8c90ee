"""How rare the words of a corpus are and how long its texts: what scikit-learn learns for us.

Imports scikit-learn, as only `themes` does besides. Fitting needs it; a process that serves
suggestions from a fitted snapshot does not, and saves its memory and its start.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer

from matchmaker.engine.saturation import Saturation, WordStatistics


def learn(texts: Sequence[Sequence[str]], saturation: Saturation) -> WordStatistics:
    """Return the statistics of some texts, each a sequence of stems."""
    # CountVectorizer refuses an empty vocabulary; no text contains the empty word.
    vocabulary = sorted({word for text in texts for word in text}) or [""]
    vectorizer = CountVectorizer(analyzer=lambda text: text, vocabulary=vocabulary)
    counts = SaturatedCounts(k1=saturation.k1, b=saturation.b)
    counts.fit(csr_array(vectorizer.fit_transform(texts)))
    return WordStatistics(
        tuple(vocabulary), counts.idf_, counts.unseen_idf_, counts.average_length_
    )


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
        lengths = np.repeat(shares.sum(axis=1), np.diff(shares.indptr))
        shares.data = Saturation(self.k1, self.b)(shares.data, lengths / self.average_length_)
        return shares
