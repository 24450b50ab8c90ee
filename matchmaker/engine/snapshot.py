"""A corpus fitted once, from which suggestions are made and explained."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from matchmaker.engine.corpus import Corpus
from matchmaker.engine.explain import (
    PROFESSIONAL,
    PROGRAMME,
    Reason,
    cautions,
    explain,
    reasons_of_professional,
)
from matchmaker.engine.features import Rows, Table
from matchmaker.engine.gates import refusal
from matchmaker.engine.model import Model
from matchmaker.engine.parameters import DEFAULT, Parameters
from matchmaker.engine.profiles import Professional, Programme
from matchmaker.engine.query import Query
from matchmaker.engine.ranking import rank
from matchmaker.engine.score import Inputs, Scores, Sides, label, score
from matchmaker.engine.search import Best, search
from matchmaker.engine.statements import Reading
from matchmaker.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A pair worth introducing, with the exact terms of its score.

    Attributes:
        rank: Place in the list it was suggested in, from 1; 0 where one pair was asked about.
        score: sigmoid(z professional) · sigmoid(z programme).
        label: strong, good or possible.
        route: in_person or online.
        reasons: At most three a side; with ``base`` and ``rest`` they make up ``z``.
        cautions: Plain sentences.
        n_smaller: How many terms of each side are summed up in ``rest``.
        missing: What a side looks for and does not find.
        inputs: All that ``z`` is made of, for `matchmaker.engine.score.replay`.
    """

    professional: str
    programme: str
    rank: int
    score: float
    label: str
    route: str
    base: Sides[float]
    z: Sides[float]
    reasons: tuple[Reason, ...]
    rest: Sides[float]
    cautions: tuple[str, ...]
    n_smaller: Sides[int]
    missing: tuple[Reason, ...]
    inputs: Sides[Inputs]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A pair that is never suggested, and why, in plain words."""

    professional: str
    programme: str
    reason: str


class Why(NamedTuple):
    """Why somebody may want a programme, and what to keep in mind about it."""

    reasons: tuple[Reason, ...]
    cautions: tuple[str, ...]


class Snapshot:
    """Professionals and programmes as they stood, encoded by one model.

    A profile that is asked about need not be part of the snapshot: a visitor can be served before
    they have an account, and an edited profile before the next fit.
    """

    def __init__(
        self, model: Model, professionals: Corpus[Professional], programmes: Corpus[Programme]
    ) -> None:
        self.model = model
        self.professionals = professionals
        self.programmes = programmes

    @property
    def parameters(self) -> Parameters:
        """The constants of the model."""
        return self.model.parameters

    def suggest(
        self,
        professional: Professional,
        *,
        top: int = 10,
        exclude: Collection[str] = (),
        least_relevance: float = 0.0,
        today: date | None = None,
    ) -> list[Suggestion]:
        """Return the best programmes for a professional, best first, ties by programme id.

        ``exclude`` holds ids of programmes to leave out. ``least_relevance`` is how much of
        what is sought in conditions, approaches and text a programme must offer not to be left out
        too, in units of the weightiest thing sought; see `matchmaker.engine.score.relevance`.
        ``today`` lets cautions tell how old an entry is; the engine has no clock.
        """
        one = self.encode_professional(professional)
        found = self.search(one, top=top, exclude=exclude, least_relevance=least_relevance)
        return [
            self._suggestion(
                one, self.programmes.row(row), found.scores, rank, rank + 1, today, PROFESSIONAL
            )
            for rank, row in enumerate(found.rows.tolist())
        ]

    def suggest_professionals(
        self,
        programme: Programme,
        *,
        top: int = 10,
        exclude: Collection[str] = (),
        least_relevance: float = 0.0,
        today: date | None = None,
    ) -> list[Suggestion]:
        """Return the best professionals for a programme, by the same score, ties by id."""
        one = self._encode_programme(programme)
        query = Query.of(
            one.features, self.professionals.index, self.parameters, seeks_programmes=False
        )
        hidden = self.professionals.rows_without(exclude)
        found = search(query, top=top, hidden=hidden, least_relevance=least_relevance)
        return [
            self._suggestion(
                self.professionals.row(row), one, found.scores, rank, rank + 1, today, PROGRAMME
            )
            for rank, row in enumerate(found.rows.tolist())
        ]

    def encode_professional(self, professional: Professional) -> Table[Professional]:
        """Return a professional as `search` wants them."""
        return self.model.encode_professionals(self.model.read_professionals([professional]))

    def search(
        self,
        professional: Table[Professional],
        *,
        top: int = 10,
        exclude: Collection[str] = (),
        least_relevance: float = 0.0,
    ) -> Best:
        """Return the rows and scores of the best programmes, as `suggest` would explain them."""
        query = Query.of(
            professional.features, self.programmes.index, self.parameters, seeks_programmes=True
        )
        hidden = self.programmes.rows_without(exclude)
        return search(query, top=top, hidden=hidden, least_relevance=least_relevance)

    def rank(
        self,
        professional: Table[Professional],
        *,
        least_relevance: float,
        even_full: bool = False,
    ) -> Best:
        """Return the rows and scores of every programme that suits, best first, ties by id.

        With ``even_full`` having no places is no reason to leave a programme out. Nothing is
        explained; see `explain_rows`.
        """
        index = self.programmes.index
        query = Query.of(
            professional.features,
            index.with_room() if even_full else index,
            self.parameters,
            seeks_programmes=True,
        )
        return rank(query, hidden=self.programmes.hidden, least_relevance=least_relevance)

    def explain_rows(
        self,
        professional: Table[Professional],
        found: Best,
        places: Iterable[int],
        *,
        today: date | None = None,
    ) -> Iterator[Suggestion]:
        """Yield, with reasons, what stands at some places, from 0, of a list from `rank`."""
        for place in places:
            programme = self.programmes.row(int(found.rows[place]))
            yield self._suggestion(
                professional, programme, found.scores, place, place + 1, today, PROFESSIONAL
            )

    def why(self, professional: Table[Professional], found: Best, place: int) -> Why:
        """Return why the professional may want what stands at one place of a list from `rank`.

        Half of what `explain_rows` finds out, in half of its time.
        """
        programme = self.programmes.row(int(found.rows[place]))
        reasons = reasons_of_professional(
            self.model,
            professional,
            programme,
            z=float(found.scores.z.professional[place]),
            is_online=bool(found.scores.is_online[place]),
        )
        return Why(reasons, cautions(programme.readings[0], self.model, None))

    def programmes_that_offer(self, field: str, code: str, *, least: float) -> Rows:
        """Return the rows of programmes that answer a condition or approach at least so well.

        To within float32; ``field`` is "condition" or "approach".
        """
        column = self.model.column(field, code)
        return self.programmes.index.lists.offered.rows_from(column, least)

    def explain(
        self,
        professional: Professional,
        programme: Programme,
        *,
        today: date | None = None,
        reader: str = PROFESSIONAL,
    ) -> Suggestion | Refusal:
        """Return the score and the reasons of any pair, or why it is never suggested.

        ``reader``, "professional" or "programme", is the side the reasons address as "you".
        """
        left = self.encode_professional(professional)
        right = self._encode_programme(programme)
        scores = score(left.features, right.features, self.parameters)
        if not scores.is_possible[0]:
            reason = refusal(professional, programme, (left.features.facts, right.features.facts))
            return Refusal(professional.id, programme.id, reason)
        return self._suggestion(left, right, scores, 0, 0, today, reader)

    def hiding(self, professionals: Collection[str], programmes: Collection[str]) -> "Snapshot":
        """Return the same snapshot in which some ids are never found, such as outdated ones."""
        return Snapshot(
            self.model,
            replace(self.professionals, hidden=self.professionals.rows_without(professionals)),
            replace(self.programmes, hidden=self.programmes.rows_without(programmes)),
        )

    def with_profiles(
        self, professionals: Iterable[Professional], programmes: Iterable[Programme]
    ) -> "Snapshot":
        """Return a snapshot of other profiles, such as changed ones, with the same statistics.

        Its scores can be compared with those of this one.
        """
        return _snapshot(
            self.model,
            self.model.read_professionals(professionals),
            self.model.read_programmes(programmes),
        )

    def _encode_programme(self, programme: Programme) -> Table[Programme]:
        return self.model.encode_programmes(self.model.read_programmes([programme]))

    def _suggestion(
        self,
        professional: Table[Professional],
        programme: Table[Programme],
        scores: Scores,
        index: int,
        rank: int,
        today: date | None,
        reader: str,
    ) -> Suggestion:
        z = Sides(float(scores.z.professional[index]), float(scores.z.programme[index]))
        is_online = bool(scores.is_online[index])
        explanation = explain(
            self.model, professional, programme, z=z, is_online=is_online, reader=reader
        )
        entry = programme.readings[0].profile
        return Suggestion(
            professional=professional.readings[0].profile.id,
            programme=entry.id,
            rank=rank,
            score=float(scores.mutual[index]),
            label=label(z, self.parameters),
            route="online" if is_online else "in_person",
            base=Sides(self.parameters.base, self.parameters.base),
            z=z,
            reasons=explanation.reasons,
            rest=explanation.rest,
            cautions=cautions(programme.readings[0], self.model, today),
            n_smaller=explanation.n_smaller,
            missing=explanation.missing,
            inputs=explanation.inputs,
        )


def fit(
    professionals: Iterable[Professional],
    programmes: Iterable[Programme],
    *,
    vocabulary: Vocabulary,
    parameters: Parameters = DEFAULT,
    text_only: bool = False,
) -> Snapshot:
    """Return a snapshot whose statistics are learnt from all the profiles together.

    With ``text_only`` structured answers are ignored throughout, and all gates but status.
    """
    model = Model(vocabulary=vocabulary, parameters=parameters, text_only=text_only)
    left = model.read_professionals(professionals)
    right = model.read_programmes(programmes)
    model.fit([*(each.offers for each in left), *(each.offers for each in right)])
    return _snapshot(model, left, right)


def _snapshot(
    model: Model,
    professionals: Sequence[Reading[Professional]],
    programmes: Sequence[Reading[Programme]],
) -> Snapshot:
    return Snapshot(
        model,
        Corpus.of(model.encode_professionals(professionals), model.topics_),
        Corpus.of(model.encode_programmes(programmes), model.topics_),
    )
