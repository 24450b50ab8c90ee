"""The text field: words, and the vocabulary terms read from them.

Read terms let a text about COPD answer one about lung conditions, and weigh no more than the words
they were read from: with M_t a term's share of the seeker's idf mass, which for a phrase is that of
its rarest word,

    s' = (s_words + r·Σ_t M_t · max_u conf_u·Sim[t, u]) / (1 + r·Σ_t M_t)

which is again one product of sparse rows, with columns for words, then for terms.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import accumulate
from typing import Self

import numpy as np
from scipy.sparse import csr_array, hstack

from matchmaker.engine.fields import ConceptField, Ground, rows
from matchmaker.engine.parameters import TEXT, Parameters
from matchmaker.engine.saturation import Saturation, WordStatistics
from matchmaker.engine.statements import Spoken, Statement
from matchmaker.engine.text import spellings


class TextField:
    """Free text against free text, over the words of a corpus and the terms of some thesauri."""

    def __init__(self, concepts: Sequence[ConceptField], parameters: Parameters) -> None:
        self.name = TEXT
        self.concepts = tuple(concepts)
        self.parameters = parameters
        self.saturation = Saturation(parameters.k1, parameters.b)

    def fit(self, offers: Sequence[Statement]) -> Self:
        """Learn words, their rarity and the mean length; the concepts must have been fitted."""
        # A process that only serves never gets here, and never imports scikit-learn.
        from matchmaker.engine.learning import learn  # noqa: PLC0415

        return self.restore(learn([self._pooled(offer) for offer in offers], self.saturation))

    def restore(self, statistics: WordStatistics) -> Self:
        """Take over what was learnt before; the concepts must be fitted or restored."""
        self.statistics_ = statistics
        self.words_ = statistics.words
        self.columns_ = {word: column for column, word in enumerate(self.words_)}
        self.idf_: dict[str, float] = dict(zip(self.words_, statistics.idf.tolist(), strict=True))
        # After the words one column for those that are not among them.
        widths = (len(self.words_) + 1, *(concept.width_ for concept in self.concepts))
        *self.starts_, self.width_ = accumulate(widths, initial=0)
        self.term_columns_ = {
            (concept.name, code): start + column
            for concept, start in zip(self.concepts, self.starts_[1:], strict=True)
            for code, column in concept.columns_.items()
        }
        return self

    def sought(self, seeks: Sequence[Statement]) -> csr_array:
        """Return each word's share of the seeker's idf mass, and r·M of each term read.

        Words the corpus does not know take their share and match nothing. The weightiest of them
        stands in a column of its own, so that it is known how much it would have counted.
        """
        return rows((self._weights(seek) for seek in seeks), self.width_)

    def offered(self, offers: Sequence[Statement]) -> csr_array:
        """Return the saturated words, and how well each term is answered."""
        words = rows(map(self._shares, offers), len(self.words_) + 1)
        loose = self.parameters.loose_in_text
        terms = [concept.expanded(offers, loose=loose) for concept in self.concepts]
        return csr_array(hstack([words, *terms], format="csr"))

    def is_sought(self, seek: Statement) -> bool:
        """Whether the statement has any word to look for."""
        return bool(seek.title_words or seek.body_words)

    def ground(self, column: int, seeks: Statement, offers: Statement) -> Ground:
        """Return the word or the term that a column stands for, as the two sides wrote it."""
        if column > len(self.words_):
            block = sum(column >= start for start in self.starts_) - 1
            concept = self.concepts[block - 1]
            loose = self.parameters.loose_in_text
            return concept.ground(column - self.starts_[block], seeks, offers, loose=loose)
        stem = self.words_[column]
        return Ground(_as_written(stem, seeks), _as_written(stem, offers), "word")

    def _pooled(self, statement: Statement) -> tuple[str, ...]:
        """Return the words, those of the title repeated: pooled before any saturation."""
        return statement.title_words * self.parameters.title_weight + statement.body_words

    def _shares(self, offer: Statement) -> dict[int, float]:
        """Return the saturated share of each word the corpus knows, by column."""
        known = Counter(
            column
            for word in self._pooled(offer)
            if (column := self.columns_.get(word)) is not None
        )
        counts = np.fromiter(known.values(), dtype=np.float64, count=len(known))
        length = known.total() / self.statistics_.average_length
        return dict(zip(known, self.saturation(counts, length).tolist(), strict=True))

    def _idf(self, word: str) -> float:
        return self.idf_.get(word, self.statistics_.unseen_idf)

    def _weights(self, seek: Statement) -> dict[int, float]:
        title = self._masses(seek, in_title=True)
        body = self._masses(seek, in_title=False)
        masses = dict(body)
        for word, mass in title.items():
            masses[word] = masses.get(word, 0.0) + self.parameters.title_weight * mass
        terms = self._term_masses(seek, sum(title.values()), sum(body.values()))
        scale = 1 / (1 + sum(terms.values()))
        total = sum(masses.values())
        unknown = len(self.words_)
        weights: dict[int, float] = {}
        for word, mass in masses.items():
            column = self.columns_.get(word, unknown)
            weights[column] = max(scale * mass / total, weights.get(column, 0.0))
        return weights | {column: scale * mass for column, mass in terms.items()}

    def _masses(self, seek: Statement, *, in_title: bool) -> dict[str, float]:
        """Return the idf mass of each word of the title or of the body.

        The words of a term count together as much as the rarest of them: "mental health problems"
        is one thing, and not three.
        """
        words = seek.title_words if in_title else seek.body_words
        factors: defaultdict[str, list[float]] = defaultdict(list)
        for spoken in seek.spoken:
            if spoken.in_title is in_title and spoken.words:
                factor = self._mass(spoken) / sum(map(self._idf, spoken.words))
                for word in spoken.words:
                    factors[word].append(factor)
        masses: dict[str, float] = {}
        for word, n in Counter(words).items():
            # A word may belong to a condition and to an approach at once.
            lowered = factors[word][:n]
            masses[word] = self._idf(word) * (n - len(lowered) + math.fsum(lowered))
        return masses

    def _mass(self, spoken: Spoken) -> float:
        """Return the idf mass of the words of a term."""
        return max(map(self._idf, spoken.words), default=0.0)

    def _term_masses(self, seek: Statement, title: float, body: float) -> dict[int, float]:
        """Return r·M_t by column; title and body hold half of the mass each."""
        share = 0.5 if title and body else 1.0
        masses: dict[int, float] = {}
        for spoken in seek.spoken:
            mass, whole = self._mass(spoken), title if spoken.in_title else body
            if not mass or not whole:
                continue
            column = self.term_columns_[spoken.field, spoken.code]
            part = self.parameters.reading * share * mass / whole
            masses[column] = masses.get(column, 0.0) + part
        return masses


def _as_written(stem: str, statement: Statement) -> str:
    """Return the first word of the statement that has the stem, or nothing."""
    for text in (statement.title, statement.body):
        for found, word in spellings(text):
            if found == stem:
                return word
    return ""
