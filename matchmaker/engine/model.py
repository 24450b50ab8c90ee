"""The fitted fields together, and profiles encoded by them."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Self

import numpy as np
from scipy.sparse import csr_array, hstack

from matchmaker.engine.features import NO_TOPIC, Facts, Features, Flags, Floats, Table
from matchmaker.engine.fields import ConceptField, Field, PlaceField, ProfessionField
from matchmaker.engine.parameters import (
    APPROACH,
    CONDITION,
    PEOPLE,
    PLACE,
    PROFESSION,
    PROFESSIONAL_GROUPS,
    PROGRAMME_GROUPS,
    TEXT,
    TOPICS,
    Parameters,
)
from matchmaker.engine.profiles import Professional, Programme
from matchmaker.engine.saturation import WordStatistics
from matchmaker.engine.score import scaled_weights
from matchmaker.engine.statements import (
    Profile,
    Reading,
    Statement,
    read_professional,
    read_programme,
)
from matchmaker.engine.text_field import TextField
from matchmaker.vocabulary import Vocabulary


class Model:
    """Statistics of a corpus, and the encoding of profiles by them.

    With ``text_only`` the structured answers of every profile are ignored, status apart.
    """

    def __init__(
        self, *, vocabulary: Vocabulary, parameters: Parameters, text_only: bool = False
    ) -> None:
        self.vocabulary = vocabulary
        self.parameters = parameters
        self.text_only = text_only
        self.condition = ConceptField(CONDITION, vocabulary.conditions, parameters)
        self.approach = ConceptField(APPROACH, vocabulary.approaches, parameters)
        self.place = PlaceField(vocabulary.areas)
        self.profession = ProfessionField(vocabulary.professions, parameters)
        self.text = TextField((self.condition, self.approach), parameters)
        # The fields whose columns stand side by side in a table, in that order.
        self.stacked: tuple[Field, ...] = (
            self.condition,
            self.approach,
            self.profession,
            self.text,
        )

    def fit(self, offers: Sequence[Statement]) -> Self:
        """Learn from what all profiles offer, those of both sides together."""
        for field in (self.condition, self.approach, self.text):
            field.fit(offers)
        return self._laid_out()

    def restore(
        self,
        *,
        conditions: Sequence[float],
        approaches: Sequence[float],
        words: WordStatistics,
    ) -> Self:
        """Take over what was learnt before: the information content of the terms, and the words."""
        self.condition.restore(conditions)
        self.approach.restore(approaches)
        self.text.restore(words)
        return self._laid_out()

    def _laid_out(self) -> Self:
        """Set out the columns; those of places and professions come from tables alone."""
        self.place.fit(())
        self.profession.fit(())
        *self.starts_, self.width_ = accumulate((field.width_ for field in self.stacked), initial=0)
        topics = [
            TOPICS.index(field.name) if field.name in TOPICS else NO_TOPIC for field in self.stacked
        ]
        self.topics_ = np.repeat(topics, [field.width_ for field in self.stacked]).astype(np.int8)
        return self

    def locate(self, column: int) -> tuple[Field, int]:
        """Return the field a column of a table belongs to, and its column there."""
        block = bisect_right(self.starts_, column) - 1
        return self.stacked[block], column - self.starts_[block]

    def column(self, field: str, code: str) -> int:
        """Return the column of a condition or approach in a table."""
        concepts = {each.name: each for each in (self.condition, self.approach)}[field]
        return self.starts_[self.stacked.index(concepts)] + concepts.columns_[code]

    def read_professionals(self, profiles: Iterable[Professional]) -> list[Reading[Professional]]:
        """Return the profiles as this model reads them."""
        return [
            read_professional(each.text_only() if self.text_only else each, self.vocabulary)
            for each in profiles
        ]

    def read_programmes(self, profiles: Iterable[Programme]) -> list[Reading[Programme]]:
        """Return the profiles as this model reads them."""
        return [
            read_programme(each.text_only() if self.text_only else each, self.vocabulary)
            for each in profiles
        ]

    def encode_professionals(
        self, readings: Sequence[Reading[Professional]]
    ) -> Table[Professional]:
        """Return the table of some professionals."""
        return self._encode(readings, self.parameters.professional_weights, PROFESSIONAL_GROUPS)

    def encode_programmes(self, readings: Sequence[Reading[Programme]]) -> Table[Programme]:
        """Return the table of some programmes."""
        return self._encode(readings, self.parameters.programme_weights, PROGRAMME_GROUPS)

    def _encode(
        self,
        readings: Sequence[Reading[Profile]],
        weights: Mapping[str, float],
        groups: Sequence[Sequence[str]],
    ) -> Table[Profile]:
        offers = tuple(reading.offers for reading in readings)
        seeks = tuple(reading.seeks for reading in readings)
        by_field = scaled_weights(self._sought(seeks, weights), weights, groups)
        sought = [_scaled(field.sought(seeks), by_field[field.name]) for field in self.stacked]
        features = Features(
            seeking=csr_array(hstack(sought, format="csr")),
            offering=csr_array(
                hstack([field.offered(offers) for field in self.stacked], format="csr")
            ),
            place_seeking=_scaled(self.place.sought(seeks), by_field[PLACE]),
            place_offering=self.place.offered(offers),
            weights=by_field,
            facts=Facts.of(readings),
        )
        return Table(tuple(readings), features)

    def _sought(self, seeks: Sequence[Statement], weights: Mapping[str, float]) -> dict[str, Flags]:
        """Return for each field which of the statements seek in it.

        A programme always seeks some profession, unless profiles are read as text only.
        """
        tests = {
            CONDITION: lambda seek: bool(seek.conditions),
            APPROACH: lambda seek: bool(seek.approaches),
            PLACE: lambda seek: bool(seek.areas),
            PEOPLE: lambda seek: not seek.people.is_all,
            PROFESSION: lambda _: not self.text_only,
            TEXT: self.text.is_sought,
        }
        return {
            field: np.array([tests[field](seek) for seek in seeks], dtype=np.bool_)
            for field in weights
        }


def _scaled(matrix: csr_array, weights: Floats) -> csr_array:
    """Return the matrix with each row times its weight, in the same order of columns.

    A product with a diagonal matrix would not keep that order, and sums taken in another order
    differ in their last bits.
    """
    scaled = matrix.copy()
    scaled.data *= np.repeat(weights, np.diff(scaled.indptr))
    scaled.eliminate_zeros()
    return scaled
