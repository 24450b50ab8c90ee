"""Profiles of one side, ready to be searched."""

from dataclasses import dataclass

from matchmaker.engine.facets import Facet, by_circumstances, by_place, without_topics
from matchmaker.engine.features import Features, Flags, Rows
from matchmaker.engine.postings import Postings


@dataclass(frozen=True, slots=True)
class Index:
    """Profiles of one side, ready to be searched.

    Attributes:
        features: Their numbers.
        ranks: Shape (n,): the place of each row when the ids are sorted.
        is_topic: Shape (width,): which columns are topics.
        postings: The topics, inverted.
        place: Kinds of rows by what the routes depend on.
        circumstances: Kinds of rows by what else does not depend on topics.
        places: The numbers of the examples of ``place``.
        plain: The numbers of the examples of ``circumstances``, without topics.
    """

    features: Features
    ranks: Rows
    is_topic: Flags
    postings: Postings
    place: Facet
    circumstances: Facet
    places: Features
    plain: Features

    @classmethod
    def of(cls, features: Features, ranks: Rows, is_topic: Flags) -> "Index":
        """Make the index of some profiles."""
        return cls.restore(
            features,
            ranks,
            is_topic,
            Postings.of(features, is_topic),
            by_place(features),
            by_circumstances(features, is_topic),
        )

    @classmethod
    def restore(
        cls,
        features: Features,
        ranks: Rows,
        is_topic: Flags,
        postings: Postings,
        place: Facet,
        circumstances: Facet,
    ) -> "Index":
        """Put an index together from what was made before."""
        return cls(
            features=features,
            ranks=ranks,
            is_topic=is_topic,
            postings=postings,
            place=place,
            circumstances=circumstances,
            places=features.take(place.examples),
            plain=without_topics(features.take(circumstances.examples), is_topic),
        )

    def __len__(self) -> int:
        """Return how many profiles there are."""
        return len(self.features)
