"""Profiles of one side, ready to be searched."""

from dataclasses import dataclass

from matchmaker.engine.facets import Facet, by_circumstances, by_place, without_topics
from matchmaker.engine.features import NO_TOPIC, Features, Rows, Topics, only_columns
from matchmaker.engine.postings import Postings


@dataclass(frozen=True, slots=True)
class Lists:
    """What profiles have in their topics, and kinds of places in their areas, inverted."""

    offered: Postings
    sought: Postings
    areas_offered: Postings
    areas_sought: Postings


@dataclass(frozen=True, slots=True)
class Index:
    """Profiles of one side, ready to be searched.

    Attributes:
        features: Their numbers.
        ranks: Shape (n,): the place of each row when the ids are sorted.
        topics: Shape (width,): the topic of each column.
        place: Kinds of rows by what the routes depend on.
        circumstances: Kinds of rows by what else does not depend on topics.
        lists: Topics and places, inverted.
        places: The numbers of the examples of ``place``.
        plain: The numbers of the examples of ``circumstances``, without topics.
    """

    features: Features
    ranks: Rows
    topics: Topics
    place: Facet
    circumstances: Facet
    lists: Lists
    places: Features
    plain: Features

    @classmethod
    def of(cls, features: Features, ranks: Rows, topics: Topics) -> "Index":
        """Make the index of some profiles."""
        place = by_place(features)
        is_topic = topics != NO_TOPIC
        lists = Lists(
            offered=Postings.of(only_columns(features.offering, is_topic)),
            sought=Postings.of(only_columns(features.seeking, is_topic)),
            areas_offered=Postings.of(features.place_offering[place.examples]),
            areas_sought=Postings.of(features.place_seeking[place.examples]),
        )
        circumstances = by_circumstances(features, is_topic)
        return cls.restore(features, ranks, topics, place, circumstances, lists)

    @classmethod
    def restore(
        cls,
        features: Features,
        ranks: Rows,
        topics: Topics,
        place: Facet,
        circumstances: Facet,
        lists: Lists,
    ) -> "Index":
        """Put an index together from what was made before."""
        plain = features.take(circumstances.examples)
        return cls(
            features=features,
            ranks=ranks,
            topics=topics,
            place=place,
            circumstances=circumstances,
            lists=lists,
            places=features.take(place.examples),
            plain=without_topics(plain, topics != NO_TOPIC),
        )

    def __len__(self) -> int:
        """Return how many profiles there are."""
        return len(self.features)
