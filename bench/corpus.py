"""A made-up corpus of any size: profiles whose codes and words are spread as real ones are.

Conditions, approaches and words follow Zipf's law, so that a few are met everywhere and most are
rare. Codes are those of the real vocabulary. Words are made of syllables: none is an English word
the vocabulary knows, so that free text weighs what words weigh and is never read as a term. The
same seed and the same vocabulary give the same corpus on every machine.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from itertools import islice, product
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import Stemmer

from matchmaker.engine import Ages, Delivery, Professional, Programme, Status, Wanted
from matchmaker.vocabulary import Vocabulary, load_vocabulary
from matchmaker.vocabulary.words import TOKEN, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

T = TypeVar("T")

SEED = 2026
N_WORDS = 50_000
EXPONENT = 1.0
"""Of Zipf's law, for conditions, approaches and words."""
PLACE_EXPONENT = 0.5
"""People are spread over authorities more evenly than illnesses are over people."""

_ONSETS = ("b", "d", "f", "g", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z")
_VOWELS = ("a", "e", "i", "o", "u")
_CODAS = ("k", "m", "n", "p", "x")

_BOARDS = ("health_board", "local_health_board", "trust", "icb", "partnership")
_KINDS = {"authority": 0.66, "board": 0.18, "region": 0.1, "nation": 0.06}
_DELIVERIES = {Delivery.IN_PERSON: 0.55, Delivery.BOTH: 0.35, Delivery.ONLINE: 0.1}
_AGES = {
    Ages(): 0.4,
    Ages(18): 0.3,
    Ages(0, 17): 0.08,
    Ages(50): 0.05,
    Ages(65): 0.08,
    Ages(16, 25): 0.05,
    Ages(5, 18): 0.04,
}


class QueryKind(StrEnum):
    """How much a professional who asks has said."""

    FULL = "full"
    SHORT = "short"
    REGION_LIMITED = "region-limited"


class Corpus:
    """Programmes, professionals and queries, drawn independently of one another from one seed."""

    def __init__(self, seed: int = SEED, *, vocabulary: Vocabulary | None = None) -> None:
        self.seed = seed
        self.vocabulary = vocabulary or load_vocabulary()

    def programmes(self, size: int) -> list[Programme]:
        """Return programmes with one to four conditions and approaches and about 50 words."""
        draw = self._draw("programmes")
        conditions = draw.codes(self._conditions, draw.counts(size, 1, 4))
        approaches = draw.codes(self._approaches, draw.counts(size, 1, 4))
        areas = draw.areas(self._areas, size)
        texts = draw.texts(self.words, draw.counts(size, 40, 60))
        names = draw.texts(self.words, draw.counts(size, 2, 3))
        organisations = draw.texts(self.words, draw.counts(size, 1, 2))
        professions = draw.codes(self._professions, draw.mostly_none(size, 0.3, 2))
        seeks = draw.texts(self.words, draw.mostly_none(size, 0.05, 12))
        return [
            Programme(
                id=f"G{index:06}",
                organisation=organisations[index],
                name=names[index],
                text=texts[index],
                conditions=conditions[index],
                approaches=approaches[index],
                areas=areas[index],
                people=people,
                delivery=delivery,
                seeks=Wanted(professions[index], seeks[index]),
                capacity=capacity,
                status=status,
            )
            for index, (people, delivery, capacity, status) in enumerate(
                zip(
                    draw.shares(_AGES, size),
                    draw.shares(_DELIVERIES, size),
                    draw.shares({None: 0.5, 0: 0.04, 2: 0.2, 4: 0.16, 8: 0.1}, size),
                    draw.shares({Status.OPEN: 0.96, Status.PAUSED: 0.04}, size),
                    strict=True,
                )
            )
        ]

    def professionals(self, size: int) -> list[Professional]:
        """Return professionals who answered most questions."""
        draw = self._draw("professionals")
        deliveries = draw.shares(_DELIVERIES, size)
        seeks = draw.texts(self.words, draw.mostly_none(size, 0.1, 15))
        return self._everything_answered(draw, "P", deliveries, seeks)

    def queries(self, kind: QueryKind, size: int) -> list[Professional]:
        """Return professionals who ask for suggestions.

        Those with everything answered look for about 76 things; those in person only must be met
        where they are; a short query is a profession, a condition and an area.
        """
        draw = self._draw(kind)
        if kind is QueryKind.SHORT:
            return self._little_answered(draw, size)
        delivery = Delivery.IN_PERSON if kind is QueryKind.REGION_LIMITED else Delivery.BOTH
        return self._everything_answered(draw, "Q", [delivery] * size, [""] * size)

    def _everything_answered(
        self, draw: _Draw, prefix: str, deliveries: Sequence[Delivery], seeks: Sequence[str]
    ) -> list[Professional]:
        size = len(deliveries)
        professions = draw.codes(self._professions, draw.counts(size, 1, 1))
        conditions = draw.codes(self._conditions, draw.counts(size, 2, 4))
        approaches = draw.codes(self._approaches, draw.counts(size, 2, 4))
        areas = draw.codes(self._areas["authority"], draw.counts(size, 1, 2))
        texts = draw.texts(self.words, draw.counts(size, 70, 90))
        people = draw.shares(_AGES, size)
        return [
            Professional(
                id=f"{prefix}{index:06}",
                profession=professions[index][0],
                conditions=conditions[index],
                approaches=approaches[index],
                areas=areas[index],
                people=people[index],
                delivery=deliveries[index],
                text=texts[index],
                seeks=seeks[index],
            )
            for index in range(size)
        ]

    def _little_answered(self, draw: _Draw, size: int) -> list[Professional]:
        professions = draw.codes(self._professions, draw.counts(size, 1, 1))
        conditions = draw.codes(self._conditions, draw.counts(size, 1, 1))
        areas = draw.codes(self._areas["authority"], draw.counts(size, 1, 1))
        return [
            Professional(
                id=f"Q{index:06}",
                profession=professions[index][0],
                conditions=conditions[index],
                areas=areas[index],
            )
            for index in range(size)
        ]

    @cached_property
    def words(self) -> list[str]:
        """The words of free text, commonest first: each its own stem, none in the vocabulary."""
        stem = Stemmer.Stemmer("english").stemWord
        known = self._known
        pseudo = (word for word in self._syllables() if word not in known and stem(word) == word)
        return list(islice(pseudo, N_WORDS))

    def _syllables(self) -> Iterator[str]:
        """Yield made-up words of three syllables in an order of their own, such as "dusokem"."""
        syllables = ["".join(letters) for letters in product(_ONSETS, _VOWELS)]
        endings = ["".join(letters) for letters in product(_ONSETS, _VOWELS, _CODAS)]
        shape = (len(syllables), len(syllables), len(endings))
        order = self._draw("words").generator.permutation(np.prod(shape))
        for first, second, third in np.transpose(np.unravel_index(order[: 3 * N_WORDS], shape)):
            yield syllables[first] + syllables[second] + endings[third]

    @cached_property
    def _known(self) -> frozenset[str]:
        """Every word that stands in a wording of the vocabulary, as the reader folds it."""
        thesauri = (self.vocabulary.conditions, self.vocabulary.approaches)
        return frozenset(
            fold(found.group())
            for thesaurus in thesauri
            for term in thesaurus.terms.values()
            for wording in (*term.wordings, *term.short_forms)
            for found in TOKEN.finditer(wording)
        )

    @cached_property
    def _conditions(self) -> list[str]:
        return self._shuffled("conditions", self.vocabulary.conditions)

    @cached_property
    def _approaches(self) -> list[str]:
        return self._shuffled("approaches", self.vocabulary.approaches)

    @cached_property
    def _professions(self) -> list[str]:
        return self._shuffled("professions", self.vocabulary.professions)

    @cached_property
    def _areas(self) -> dict[str, list[str]]:
        areas = self.vocabulary.areas.current
        kinds = {kind: (kind,) for kind in _KINDS} | {"board": _BOARDS}
        return {
            name: self._shuffled(f"areas, {name}", [a.code for a in areas if a.kind in members])
            for name, members in kinds.items()
        }

    def _shuffled(self, purpose: str, codes: Sequence[str]) -> list[str]:
        """Return the codes in an order of their own, which becomes their order of frequency."""
        return [str(code) for code in self._draw(purpose).generator.permutation(list(codes))]

    def _draw(self, purpose: str) -> _Draw:
        return _Draw(np.random.default_rng([self.seed, *purpose.encode()]))


class _Draw:
    """Draws from one stream of random numbers."""

    def __init__(self, generator: np.random.Generator) -> None:
        self.generator = generator

    def counts(self, size: int, least: int, most: int) -> NDArray[np.int64]:
        """Return whole numbers, all as likely, both ends included."""
        return self.generator.integers(least, most + 1, size)

    def mostly_none(self, size: int, share: float, most: int) -> NDArray[np.int64]:
        """Return 0, but for a share of the places a number from 1 on."""
        return self.counts(size, 1, most) * (self.generator.random(size) < share)

    def shares(self, shares: dict[T, float], size: int) -> list[T]:
        """Return values as often as their shares say."""
        values = list(shares)
        return [values[i] for i in self.generator.choice(len(values), size, p=[*shares.values()])]

    def codes(
        self, codes: Sequence[str], counts: NDArray[np.int64], exponent: float = EXPONENT
    ) -> list[tuple[str, ...]]:
        """Return as many different codes as each count says; the first code is the commonest."""
        most = int(counts.max(initial=0))
        drawn = self._zipf(len(codes), 4 * most * len(counts), exponent).reshape(len(counts), -1)
        return [
            tuple(codes[rank] for rank in islice(dict.fromkeys(ranks), count))
            for ranks, count in zip(drawn.tolist(), counts.tolist(), strict=True)
        ]

    def areas(self, areas: dict[str, list[str]], size: int) -> list[tuple[str, ...]]:
        """Return the areas of each profile, all of one kind: one, or two of the small kinds."""
        small = 1 + (self.generator.random(size) < 0.2)
        counts = {"authority": small, "board": small}
        drawn = {
            kind: self.codes(areas[kind], counts.get(kind, np.ones_like(small)), PLACE_EXPONENT)
            for kind in _KINDS
        }
        return [drawn[kind][index] for index, kind in enumerate(self.shares(_KINDS, size))]

    def texts(self, words: Sequence[str], counts: NDArray[np.int64]) -> list[str]:
        """Return texts of as many words as each count says."""
        drawn = iter(self._zipf(len(words), int(counts.sum()), EXPONENT).tolist())
        return [" ".join([words[rank] for rank in islice(drawn, n)]) for n in counts.tolist()]

    def _zipf(self, n_ranks: int, size: int, exponent: float) -> NDArray[np.int64]:
        """Return ranks from 0, each in proportion to 1 / (rank + 1) ** exponent."""
        cumulated = np.cumsum(np.arange(1, n_ranks + 1, dtype=np.float64) ** -exponent)
        return np.searchsorted(cumulated, self.generator.random(size) * cumulated[-1])
