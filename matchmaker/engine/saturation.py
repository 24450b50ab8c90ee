"""BM25's saturation: the tenth mention of a word says little that the second did not.

A count tf in a text of length len becomes ``tf / (tf + k1·(1 - b + b·len/avglen))``, which is
BM25's saturated frequency divided by its bound k1 + 1 (Robertson and Zaragoza, "The Probabilistic
Relevance Framework: BM25 and Beyond", 2009). Divided further by the most that the seeker's words
could score, which is constant for a seeker, a sum over words lies in [0, 1).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Saturation(NamedTuple):
    """The two constants; ``k1`` is how soon counts saturate, ``b`` how much length matters."""

    k1: float
    b: float

    def __call__(
        self, counts: NDArray[np.float64], relative_lengths: NDArray[np.float64] | float
    ) -> NDArray[np.float64]:
        """Return the saturated shares, in [0, 1), of counts in texts of length len/avglen."""
        softening = self.k1 * (1 - self.b + self.b * relative_lengths)
        shares: NDArray[np.float64] = counts / (counts + softening)
        return shares


class WordStatistics(NamedTuple):
    """What a text field learns: ``idf`` has shape (n_words,), in the order of ``words``."""

    words: tuple[str, ...]
    idf: NDArray[np.float64]
    unseen_idf: float
    average_length: float
