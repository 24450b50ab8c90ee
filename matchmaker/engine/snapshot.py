"""A corpus fitted once, from which suggestions are made and explained."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.explain import PROFESSIONAL, PROGRAMME, Reason, cautions, explain
from matchmaker.engine.gates import refusal
from matchmaker.engine.model import Model
from matchmaker.engine.parameters import DEFAULT, Parameters
from matchmaker.engine.profiles import Professional, Programme
from matchmaker.engine.score import Scores, Sides, label, relevance, score
from matchmaker.engine.statements import Profile
from matchmaker.engine.table import AnyTable, Flags, Table
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


@dataclass(frozen=True, slots=True)
class Refusal:
    """A pair that is never suggested, and why, in plain words."""

    professional: str
    programme: str
    reason: str


class Snapshot:
    """Professionals and programmes as they stood, encoded by one model.

    A profile that is asked about need not be part of the snapshot: a visitor can be served before
    they have an account, and an edited profile before the next fit.
    """

    def __init__(
        self, model: Model, professionals: Table[Professional], programmes: Table[Programme]
    ) -> None:
        self.model = model
        self.professionals = professionals
        self.programmes = programmes
        self._order = Sides(_positions(professionals), _positions(programmes))

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
        one = self._encoded_professional(professional)
        scores = score(one, self.programmes, self.parameters)
        relevant = self._is_relevant(one, self.programmes, least_relevance)
        chosen = _best(
            scores, self.programmes, self._order.programme, top, exclude, relevant=relevant
        )
        return [
            self._suggestion(
                one, self.programmes.row(index), scores, index, rank, today, PROFESSIONAL
            )
            for rank, index in enumerate(chosen, start=1)
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
        one = self._encoded_programme(programme)
        scores = score(self.professionals, one, self.parameters)
        relevant = self._is_relevant(one, self.professionals, least_relevance)
        chosen = _best(
            scores, self.professionals, self._order.professional, top, exclude, relevant=relevant
        )
        return [
            self._suggestion(
                self.professionals.row(index), one, scores, index, rank, today, PROGRAMME
            )
            for rank, index in enumerate(chosen, start=1)
        ]

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
        left = self._encoded_professional(professional)
        right = self._encoded_programme(programme)
        scores = score(left, right, self.parameters)
        if not scores.is_possible[0]:
            reason = refusal(professional, programme, (left.facts, right.facts))
            return Refusal(professional.id, programme.id, reason)
        return self._suggestion(left, right, scores, 0, 0, today, reader)

    def with_profiles(
        self, professionals: Iterable[Professional], programmes: Iterable[Programme]
    ) -> "Snapshot":
        """Return a snapshot of other profiles, such as changed ones, with the same statistics.

        Its scores can be compared with those of this one.
        """
        return Snapshot(
            self.model,
            self.model.encode_professionals(self.model.read_professionals(professionals)),
            self.model.encode_programmes(self.model.read_programmes(programmes)),
        )

    def _is_relevant(
        self, seeker: AnyTable, offerers: AnyTable, least_relevance: float
    ) -> Flags | None:
        if not least_relevance:
            return None
        return relevance(seeker, offerers, self.model.is_topic_) >= least_relevance

    def _encoded_professional(self, professional: Professional) -> Table[Professional]:
        return self.model.encode_professionals(self.model.read_professionals([professional]))

    def _encoded_programme(self, programme: Programme) -> Table[Programme]:
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
        entry = programme.profiles[0]
        return Suggestion(
            professional=professional.profiles[0].id,
            programme=entry.id,
            rank=rank,
            score=float(scores.mutual[index]),
            label=label(z, self.parameters),
            route="online" if is_online else "in_person",
            base=Sides(self.parameters.base, self.parameters.base),
            z=z,
            reasons=explanation.reasons,
            rest=explanation.rest,
            cautions=cautions(entry, today, self.parameters),
            n_smaller=explanation.n_smaller,
            missing=explanation.missing,
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
    return Snapshot(model, model.encode_professionals(left), model.encode_programmes(right))


def _positions(table: Table[Profile]) -> NDArray[np.int64]:
    """Return the place of each row when the ids are sorted."""
    ids = [profile.id for profile in table.profiles]
    positions = np.empty(len(ids), dtype=np.int64)
    positions[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return positions


def _best(
    scores: Scores,
    table: Table[Profile],
    positions: NDArray[np.int64],
    top: int,
    exclude: Collection[str],
    *,
    relevant: Flags | None = None,
) -> list[int]:
    """Return the rows of the ``top`` largest scores that may be suggested, ties by id."""
    excluded = frozenset(exclude)
    possible = scores.is_possible.copy() if relevant is None else scores.is_possible & relevant
    if excluded:
        kept = (profile.id not in excluded for profile in table.profiles)
        possible &= np.fromiter(kept, dtype=np.bool_, count=len(table))
    rows = np.flatnonzero(possible)
    mutual = scores.mutual[rows]
    if len(rows) > top:
        rows = rows[mutual >= np.partition(mutual, -top)[-top]]
    order = np.lexsort((positions[rows], -scores.mutual[rows]))
    return [int(row) for row in rows[order[:top]]]
