"""How well one term of a thesaurus answers another.

- The same term, or a narrower one on offer, answers fully: who looks for help with lung conditions
  is well served by a COPD group.
- A broader term on offer answers in part, by Lin's measure ``2·IC(c) / (IC(t) + IC(u))`` with c the
  common ancestor of largest information content (Lin, "An Information-Theoretic Definition of
  Similarity", ICML 1998). A broader term is itself that ancestor.
- A related term answers by the strength the thesaurus gives; siblings do not answer each other.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple, Self

from matchmaker.vocabulary import Thesaurus


class Relation(StrEnum):
    """What an offered term is to the sought one."""

    SAME = "same"
    NARROWER = "narrower"
    BROADER = "broader"
    RELATED = "related"

    @property
    def is_loose(self) -> bool:
        """Whether the offer is not simply a case of what is sought."""
        return self in {Relation.BROADER, Relation.RELATED}


class Answer(NamedTuple):
    """How much an offered term answers a sought one, and why."""

    strength: float
    relation: Relation

    def scaled(self, loose: float) -> float:
        """Return the strength, times ``loose`` for a broader or related term."""
        return self.strength * loose if self.relation.is_loose else self.strength


class Similarity:
    """Similarity of the terms of one thesaurus, learnt from what a corpus offers.

    Attributes:
        information_: IC(t) = -log p(t) of each term, larger for a term met less often (Resnik
            1995). Every term is given one imaginary use beside those of the corpus, so that terms
            nobody uses keep a finite place below the ones above them.
    """

    def __init__(self, thesaurus: Thesaurus, *, smallest: float = 0.2) -> None:
        self.thesaurus = thesaurus
        self.smallest = smallest

    def fit(self, usage: Iterable[Iterable[str]]) -> Self:
        """Learn from the codes each profile of the corpus offers; codes may repeat."""
        uses: Counter[str] = Counter()
        n_profiles = 0
        for codes in usage:
            n_profiles += 1
            uses.update({above for code in codes for above in self._with_ancestors(code)})
        size = len(self.thesaurus)
        information: dict[str, float] = {}
        for code in self.thesaurus:
            imaginary = 1 + len(self.thesaurus.descendants(code))
            share = (uses[code] + imaginary) / (n_profiles + size + 1)
            information[code] = -math.log(share)
        return self.restore(information)

    def restore(self, information: Mapping[str, float]) -> Self:
        """Take over what was learnt before."""
        self.information_ = dict(information)
        self._known: dict[str, Mapping[str, Answer]] = {}
        return self

    def answers(self, offered: str) -> Mapping[str, Answer]:
        """Return the terms t that an offered term u answers, with Sim[t, u] ≥ ``smallest``."""
        known = self._known.get(offered)
        if known is None:
            known = self._known[offered] = self._answers(offered)
        return known

    def __call__(self, sought: str, offered: str) -> float:
        """Return Sim[sought, offered], in [0, 1]."""
        answer = self.answers(offered).get(sought)
        return answer.strength if answer else 0.0

    def expand(self, offered: Mapping[str, float], *, loose: float = 1.0) -> dict[str, float]:
        """Return how well each term is answered by the offered ones with their confidences.

        The best answer counts, not the sum, so that a long list earns no more than a fitting one.
        ``loose`` scales broader and related answers.
        """
        best: dict[str, float] = {}
        for code, confidence in offered.items():
            for sought, answer in self.answers(code).items():
                strength = confidence * answer.scaled(loose)
                if strength > best.get(sought, 0.0):
                    best[sought] = strength
        return best

    def lin(self, code: str, other: str) -> float:
        """Return Lin's similarity of two terms by its definition; 0 without a common ancestor."""
        common = self._with_ancestors(code) & self._with_ancestors(other)
        if not common:
            return 0.0
        shared = max(self.information_[above] for above in common)
        return 2 * shared / (self.information_[code] + self.information_[other])

    def _with_ancestors(self, code: str) -> frozenset[str]:
        return self.thesaurus.ancestors(code) | {code}

    def _answers(self, offered: str) -> Mapping[str, Answer]:
        answers = {offered: Answer(1.0, Relation.SAME)}
        for above in self.thesaurus.ancestors(offered):
            answers[above] = Answer(1.0, Relation.NARROWER)
        loose = [
            (below, Answer(self.lin(below, offered), Relation.BROADER))
            for below in self.thesaurus.descendants(offered)
        ] + [
            (other, Answer(strength, Relation.RELATED))
            for other, strength in self.thesaurus.related(offered).items()
        ]
        for sought, answer in loose:
            known = answers.get(sought)
            if answer.strength >= self.smallest and (not known or answer > known):
                answers[sought] = answer
        return answers
