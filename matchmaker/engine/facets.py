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


@dataclass(frozen=True, slots=True)
class Facet:
    """One way of sorting profiles into kinds.

    Attributes:
        kinds: Shape (n,): the kind of each profile.
        examples: Shape (n_kinds,): a profile of each kind.
    """

    kinds: NDArray[np.intp]
    examples: Rows

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
        return cls(np.array(kinds, dtype=np.intp), np.array(examples, dtype=np.int32))


@dataclass(frozen=True, slots=True)
class Members:
    """Some profiles of each kind of a facet.

    Attributes:
        rows: Shape (n_members,): those of one kind after those of the other.
        starts: Shape (n_kinds + 1,): where the members of each kind begin and end.
    """

    rows: Rows
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, facet: Facet, is_member: Flags) -> "Members":
        """Sort the profiles that are marked by their kinds."""
        rows = np.flatnonzero(is_member)
        kinds = facet.kinds[rows]
        sizes = np.bincount(kinds, minlength=len(facet.examples))
        in_order = rows[np.argsort(kinds, kind="stable")]
        return cls(in_order.astype(np.int32), np.cumsum([0, *sizes]))

    def of_kinds(self, kinds: NDArray[np.integer]) -> Rows:
        """Return the members of some kinds."""
        starts = self.starts[kinds]
        sizes = self.starts[kinds + 1] - starts
        first = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
        first += np.arange(len(first))
        return self.rows.take(first)


def by_place(features: Features) -> Facet:
    """Sort by what profiles say of place: where they are, and where they seek."""
    return Facet.of(
        _keys((features.place_seeking, features.place_offering), (features.facts.is_located,))
    )


def by_circumstances(features: Features, is_topic: Flags) -> Facet:
    """Sort by ages, professions, ways of meeting and whatever else is neither topic nor place.

    What a profile seeks in a field weighs the same within a kind.
    """
    facts = features.facts
    return Facet.of(
        _keys(
            (only_columns(features.seeking, ~is_topic), only_columns(features.offering, ~is_topic)),
            (
                *(features.weights[field] for field in (PLACE, PEOPLE, *TOPICS)),
                facts.youngest,
                facts.oldest,
                facts.is_open,
                facts.has_room,
                facts.is_in_person,
                facts.is_online,
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
