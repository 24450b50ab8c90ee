"""Kinds of profiles that are alike in everything but their topics.

Many thousands of profiles share a few thousand places, and fewer ages, professions and states. What
does not depend on topics is scored once for each kind, on a profile that stands for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaker.engine.features import Features, Flags, Rows, only_columns
from matchmaker.engine.parameters import PEOPLE, PLACE, TOPICS

# Looking at more of all profiles one by one takes longer than looking at all of them in a row.
LARGE_PART = 0.2


@dataclass(frozen=True, slots=True)
class Facet:
    """One way of sorting profiles into kinds.

    Attributes:
        kinds: Shape (n,): the kind of each profile.
        examples: Shape (n_kinds,): a profile of each kind.
        members: Shape (n,): the profiles of each kind, one kind after the other.
        starts: Shape (n_kinds + 1,): where the members of each kind begin and end.
    """

    kinds: Rows
    examples: Rows
    members: Rows
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, keys: Iterator[bytes]) -> "Facet":
        """Sort profiles by what they have in common, written as bytes."""
        known: dict[bytes, int] = {}
        examples: list[int] = []
        kinds: list[int] = []
        for row, key in enumerate(keys):
            kind = known.setdefault(key, len(examples))
            if kind == len(examples):
                examples.append(row)
            kinds.append(kind)
        of_rows = np.array(kinds, dtype=np.int32)
        return cls(
            kinds=of_rows,
            examples=np.array(examples, dtype=np.int32),
            members=np.argsort(of_rows, kind="stable").astype(np.int32),
            starts=np.cumsum([0, *np.bincount(of_rows, minlength=len(examples))]),
        )

    def rows_of(self, is_wanted: Flags) -> Rows | None:
        """Return the profiles of some kinds; None where they are a large part of all."""
        sizes = np.diff(self.starts)[is_wanted]
        if sizes.sum() > LARGE_PART * len(self.kinds):
            return None
        first = np.repeat(self.starts[:-1][is_wanted] - (np.cumsum(sizes) - sizes), sizes)
        return self.members[first + np.arange(len(first))]


def by_place(features: Features) -> Facet:
    """Sort by all that the routes of a pair depend on."""
    facts = features.facts
    return Facet.of(
        _keys(
            (features.place_seeking, features.place_offering),
            (features.weights[PLACE], facts.is_in_person, facts.is_online, facts.is_located),
        )
    )


def by_circumstances(features: Features, is_topic: Flags) -> Facet:
    """Sort by ages, professions and whatever else is the same on both routes, topics apart.

    What a profile seeks in its topics weighs the same within a kind.
    """
    facts = features.facts
    return Facet.of(
        _keys(
            (only_columns(features.seeking, ~is_topic), only_columns(features.offering, ~is_topic)),
            (
                *(features.weights[field] for field in (PEOPLE, *TOPICS)),
                facts.youngest,
                facts.oldest,
                facts.is_open,
                facts.has_room,
            ),
        )
    )


def without_topics(features: Features, is_topic: Flags) -> Features:
    """Return the same profiles with nothing sought and offered in the topic columns."""
    return Features(
        seeking=only_columns(features.seeking, ~is_topic),
        offering=only_columns(features.offering, ~is_topic),
        place_seeking=features.place_seeking,
        place_offering=features.place_offering,
        weights=features.weights,
        facts=features.facts,
    )


def _keys(matrices: Sequence[csr_array], columns: Sequence[NDArray[np.generic]]) -> Iterator[bytes]:
    """Yield for each row its entries and values as bytes."""
    plain = np.column_stack([column.astype(np.float64) for column in columns])
    for row, values in enumerate(plain):
        parts = [values.tobytes()]
        for matrix in matrices:
            entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
            indices, data = matrix.indices[entries], matrix.data[entries]
            parts += [len(data).to_bytes(4), indices.tobytes(), data.tobytes()]
        yield b"".join(parts)
