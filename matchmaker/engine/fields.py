"""The fields in which one side seeks and the other offers, all as one notion.

A field turns the statements of one side into sparse rows over its columns. What is sought becomes
weights ω that sum to 1; what is offered becomes, for each column, how well the best offer answers
it, in [0, 1]. The match is the product of the two rows:

    s(seeks → offers) = Σ_t ω_t · max_u Sim[t, u]

so it lies in [0, 1], and offering more never lowers it. This best-match average is asymmetric, as
seeking is, and a broad offer does not suffer for its breadth.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol, Self

import numpy as np
from scipy.sparse import csr_array

from matchmaker.engine.parameters import PLACE, PROFESSION, Parameters
from matchmaker.engine.similarity import Relation, Similarity
from matchmaker.engine.statements import Statement
from matchmaker.vocabulary import Areas, Thesaurus


@dataclass(frozen=True, slots=True)
class Ground:
    """What was sought, what answered it, and how the two relate, in words a person reads."""

    sought: str
    offered: str = ""
    relation: str = ""


class Field(Protocol):
    """Columns in which statements can be compared. Learned state ends in an underscore."""

    name: str
    width_: int

    def fit(self, offers: Sequence[Statement]) -> Self:
        """Learn the columns and statistics from what the profiles of a corpus offer."""

    def sought(self, seeks: Sequence[Statement]) -> csr_array:
        """Return ω, shape (n_statements, width_); a row is empty where nothing is sought."""

    def offered(self, offers: Sequence[Statement]) -> csr_array:
        """Return the best answers, shape (n_statements, width_), each in [0, 1]."""

    def ground(self, column: int, seeks: Statement, offers: Statement) -> Ground:
        """Return the reason a column gives; its ``offered`` is empty where nothing answers."""


def rows(entries: Iterable[Mapping[int, float]], width: int) -> csr_array:
    """Return a sparse matrix with one row for each mapping of columns to values."""
    starts, columns, values = [0], [], []
    for entry in entries:
        for column in sorted(entry):
            columns.append(column)
            values.append(entry[column])
        starts.append(len(columns))
    return csr_array(
        (
            np.array(values, dtype=np.float64),
            np.array(columns, dtype=np.int32),
            np.array(starts, dtype=np.int32),
        ),
        shape=(len(starts) - 1, width),
    )


class ConceptField:
    """Conditions or approaches: terms of a thesaurus, confirmed by the author when sought.

    Rare terms weigh more than common ones: ω_t is in proportion to IC(t). Terms read from free text
    count as offers here; as wishes they stay inside the text field, where they weigh no more than
    the words they were read from.
    """

    def __init__(self, name: str, thesaurus: Thesaurus, parameters: Parameters) -> None:
        self.name = name
        self.thesaurus = thesaurus
        self.parameters = parameters

    def fit(self, offers: Sequence[Statement]) -> Self:
        """Learn the information content of each term from its use in the corpus."""
        similarity = Similarity(self.thesaurus, smallest=self.parameters.smallest_similarity)
        similarity.fit(offer.offered(self.name, self.parameters) for offer in offers)
        return self._with(similarity)

    def restore(self, information: Sequence[float]) -> Self:
        """Take over what was learnt before, in the order of ``codes_``."""
        similarity = Similarity(self.thesaurus, smallest=self.parameters.smallest_similarity)
        return self._with(similarity.restore(dict(zip(self.thesaurus, information, strict=True))))

    def _with(self, similarity: Similarity) -> Self:
        self.similarity_ = similarity
        self.codes_ = tuple(self.thesaurus)
        self.columns_ = {code: column for column, code in enumerate(self.codes_)}
        self.width_ = len(self.codes_)
        return self

    def sought(self, seeks: Sequence[Statement]) -> csr_array:
        """Return the confirmed terms, weighted by their information content."""
        return rows((self._weights(seek.confirmed(self.name)) for seek in seeks), self.width_)

    def offered(self, offers: Sequence[Statement]) -> csr_array:
        """Return how well each term is answered by the confirmed and the read ones."""
        return self.expanded(offers, loose=1.0)

    def expanded(self, offers: Sequence[Statement], *, loose: float) -> csr_array:
        """Return the answers with broader and related ones scaled by ``loose``."""
        expansions = (
            self.similarity_.expand(offer.offered(self.name, self.parameters), loose=loose)
            for offer in offers
        )
        return rows(
            ({self.columns_[code]: value for code, value in best.items()} for best in expansions),
            self.width_,
        )

    def ground(
        self,
        column: int,
        seeks: Statement,  # noqa: ARG002 -- the same for every field
        offers: Statement,
        *,
        loose: float = 1.0,
    ) -> Ground:
        """Return the offered term that answers the sought one best, ``loose`` as in expanding."""
        code = self.codes_[column]
        sought = self.thesaurus[code].label
        answers = [
            (
                confidence * answer.scaled(loose),
                answer.relation is Relation.SAME,
                offered,
            )
            for offered, confidence in offers.offered(self.name, self.parameters).items()
            if (answer := self.similarity_.answers(offered).get(code))
        ]
        if not answers:
            return Ground(sought)
        _, _, best = max(answers)
        relation = self.similarity_.answers(best)[code].relation
        return Ground(sought, self.thesaurus[best].label, relation)

    def _weights(self, codes: Sequence[str]) -> dict[int, float]:
        information = {self.columns_[c]: self.similarity_.information_[c] for c in codes}
        total = sum(information.values())
        return {column: value / total for column, value in information.items()}


class PlaceField:
    """Areas: how near an area somebody serves is to one that is sought, by the area tables.

    This is the way in person; working online answers every place alike and is added by the score.
    """

    def __init__(self, areas: Areas) -> None:
        self.name = PLACE
        self.areas = areas

    def fit(self, offers: Sequence[Statement]) -> Self:  # noqa: ARG002 -- tables, not the corpus
        """Lay out one column for each area."""
        self.codes_ = tuple(self.areas)
        self.columns_ = {code: column for column, code in enumerate(self.codes_)}
        self.width_ = len(self.codes_)
        self.answers_ = _answers_by_offer(self.areas)
        return self

    def sought(self, seeks: Sequence[Statement]) -> csr_array:
        """Return the areas, all with the same weight; one inside another is part of it."""
        return rows((self._weights(seek.areas) for seek in seeks), self.width_)

    def offered(self, offers: Sequence[Statement]) -> csr_array:
        """Return for each area how well the nearest of the offered ones reaches it."""
        return rows((self._nearest(offer.areas) for offer in offers), self.width_)

    def ground(self, column: int, seeks: Statement, offers: Statement) -> Ground:  # noqa: ARG002
        """Return the offered area that reaches the sought one best."""
        sought = self.codes_[column]
        reach, best = max(
            ((self.areas.reach(sought, offered), offered) for offered in offers.areas),
            default=(0.0, ""),
        )
        label = self.areas.label(sought)
        return Ground(label, self.areas.label(best), "reach") if reach else Ground(label)

    def _weights(self, areas: Sequence[str]) -> dict[int, float]:
        widest = [code for code in areas if self.areas.within(code).isdisjoint(areas)]
        return {self.columns_[code]: 1 / len(widest) for code in widest}

    def _nearest(self, offered: Sequence[str]) -> dict[int, float]:
        nearest: dict[int, float] = {}
        for code in offered:
            for column, reach in self.answers_[code].items():
                nearest[column] = max(reach, nearest.get(column, 0.0))
        return nearest


@cache
def _answers_by_offer(areas: Areas) -> Mapping[str, Mapping[int, float]]:
    """Return for each area, when offered, how well it answers each column; learnt once, by all."""
    answers: dict[str, dict[int, float]] = {code: {} for code in areas}
    for column, sought in enumerate(areas):
        for offered, reach in areas.reach_map(sought).items():
            answers[offered][column] = reach
    return answers


class ProfessionField:
    """Professions: a programme looks for any of those it names, or for any at all.

    Naming two professions widens the wish and does not split it, since one person has one.
    """

    def __init__(self, thesaurus: Thesaurus, parameters: Parameters) -> None:
        self.name = PROFESSION
        self.thesaurus = thesaurus
        self.parameters = parameters

    def fit(self, offers: Sequence[Statement]) -> Self:  # noqa: ARG002 -- tables, not the corpus
        """Lay out one column for each profession, and a last one for any of them."""
        self.codes_ = tuple(self.thesaurus)
        self.columns_ = {code: column for column, code in enumerate(self.codes_)}
        self.width_ = len(self.codes_) + 1
        return self

    def sought(self, seeks: Sequence[Statement]) -> csr_array:
        """Return the named professions, or any at a lower value where none is named."""
        any_profession = {self.width_ - 1: self.parameters.any_profession}
        return rows(
            ({self.columns_[c]: 1.0 for c in s.professions} or any_profession for s in seeks),
            self.width_,
        )

    def offered(self, offers: Sequence[Statement]) -> csr_array:
        """Return the profession, and that it is one."""
        anyway = self.width_ - 1
        return rows(
            (
                {self.columns_[c]: 1.0 for c in o.professions} | {anyway: 1.0}
                if o.professions
                else {}
                for o in offers
            ),
            self.width_,
        )

    def ground(self, column: int, seeks: Statement, offers: Statement) -> Ground:
        """Return the profession, as sought by name or as one of any."""
        mine = ", ".join(self.thesaurus[code].label for code in offers.professions)
        if column == self.width_ - 1:
            return Ground("any allied health professional", mine, "any" if mine else "")
        wanted = self.codes_[column]
        if wanted in offers.professions:
            return Ground(self.thesaurus[wanted].label, self.thesaurus[wanted].label, "same")
        return Ground(" or ".join(self.thesaurus[code].label for code in seeks.professions))
