"""What several texts are about: words that are used together, and the texts that use them.

Non-negative matrix factorisation (Lee and Seung, Nature 401, 1999) over TF-IDF: the rows of weights
W ≈ texts, H ≈ words, so that texts ≈ W·H. The words go through the same pipeline as everywhere else
in the engine. A word counts only if several people wrote it, in the very spelling that is shown, so
that a name that one person typed can never surface.

Imports scikit-learn, as `learning` does: for a worker or a process of its own, never for a server.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer

from matchmaker.engine.text import spellings

# So many people must have written a word.
LEAST_PEOPLE = 3
WORDS_SHOWN = 6
# A word that says less than this of a theme, beside its first one, is not shown with it.
LEAST_SHARE = 0.15
FEWEST, MOST = 2, 6
TEXTS_PER_THEME = 8
SEED = 0


@dataclass(frozen=True, slots=True)
class Theme:
    """A group of texts; `words` are the most telling first, `texts` their places."""

    words: tuple[str, ...]
    texts: tuple[int, ...]


def number_of_themes(n_texts: int) -> int:
    """How many themes some texts are sorted into: one for each 8 of them, from 2 to 6."""
    return max(FEWEST, min(MOST, n_texts // TEXTS_PER_THEME))


def find_themes(texts: Sequence[str]) -> list[Theme]:
    """Sort texts, one of each person, into themes.

    The same texts in the same order always give the same themes. A text without a word that several
    people used is in none. Themes come in the order of their words, which tells nothing of sizes.

    Returns:
        The themes; empty where too few words are shared.
    """
    stems = [[stem for stem, _ in spellings(text)] for text in texts]
    shown = _shown_spellings(texts)
    vocabulary = sorted(shown)
    used = [place for place, each in enumerate(stems) if shown.keys() & set(each)]
    n_themes = min(number_of_themes(len(texts)), len(vocabulary), len(used))
    if n_themes < FEWEST:
        return []
    vectorizer = TfidfVectorizer(
        analyzer=lambda each: each, vocabulary=vocabulary, sublinear_tf=True
    )
    weights = vectorizer.fit_transform([stems[place] for place in used])
    model = NMF(n_themes, init="nndsvda", random_state=SEED, max_iter=5000, tol=1e-4)
    # Where the fit is exact, its error is less than nothing by a rounding, and has no root.
    with np.errstate(invalid="ignore"):
        strength = model.fit_transform(weights) * model.components_.sum(axis=1)
    # Rounded, so that a difference in the last digit between machines decides nothing.
    best = np.round(strength, 6).argmax(axis=1)
    themes = [
        Theme(
            _telling_words(np.round(row, 6), vocabulary, shown),
            tuple(place for place, theme in zip(used, best, strict=True) if theme == number),
        )
        for number, row in enumerate(model.components_)
    ]
    return sorted((each for each in themes if each.words and each.texts), key=lambda it: it.words)


def _shown_spellings(texts: Sequence[str]) -> dict[str, str]:
    """Each stem that enough people used, with the spelling of it that most of them wrote."""
    writers: defaultdict[str, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for place, text in enumerate(texts):
        for stem, word in spellings(text):
            writers[stem][word.lower()].add(place)
    shown = {}
    for stem, words in writers.items():
        word = min(words, key=lambda each: (-len(words[each]), each))
        if len(words[word]) >= LEAST_PEOPLE and not word.isnumeric():
            shown[stem] = word
    return shown


def _telling_words(
    row: NDArray[np.float64], vocabulary: Sequence[str], shown: Mapping[str, str]
) -> tuple[str, ...]:
    """The words that weigh most in a theme, the heaviest first, ties by the alphabet."""
    order = sorted(range(len(row)), key=lambda column: (-row[column], vocabulary[column]))
    enough = [each for each in order if row[each] > 0 and row[each] >= LEAST_SHARE * row[order[0]]]
    return tuple(shown[vocabulary[each]] for each in enough[:WORDS_SHOWN])
