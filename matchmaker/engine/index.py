"""Profiles of one side, ready to be searched."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaker.engine.facets import Facet, Members, by_circumstances, by_place, without_topics
from matchmaker.engine.features import NO_TOPIC, Features, Flags, Rows, Topics, only_columns
from matchmaker.engine.parameters import APPROACH, CONDITION, TOPICS
from matchmaker.engine.postings import Postings, Shares

RARE, APPROACHES, COMMON, COMMONEST = range(4)
N_TIERS = 4
"""In which order lists are read: by how much a list tells for each profile that is in it.

A condition tells much, and so does a rare word; there are few approaches and many profiles of each;
a word that everybody uses tells next to nothing.
"""

# Words are common, and commonest, from this share of all profiles on.
COMMON_SHARE = 1 / 256
COMMONEST_SHARE = 1 / 16

Tiers = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Lists:
    """What profiles have in their topics, and kinds of places in their areas, inverted."""

    offered: Postings
    sought: Postings
    areas_offered: Postings
    areas_sought: Postings


@dataclass(frozen=True, slots=True)
class Common:
    """What rows have in columns that most searches leave unread.

    Attributes:
        approaches_offered, approaches_sought: Shape (n, width): as in the features, of the
            approaches alone: there are few to a row, so that they are looked up sooner than read.
        words_sought: Shape (n,): what each row seeks in common words, all of them together.
    """

    approaches_offered: csr_array
    approaches_sought: csr_array
    words_sought: Shares


@dataclass(frozen=True, slots=True)
class Index:
    """Profiles of one side, ready to be searched; in the order of `Features.alike`.

    Attributes:
        features: Their numbers.
        ranks: Shape (n,): the place of each row when the ids are sorted.
        topics: Shape (width,): the topic of each column.
        place: Kinds of rows by what they say of place.
        circumstances: Kinds of rows by what else does not depend on topics.
        in_person: Those who work in person, by their kind of place.
        lists: Topics and places, inverted.
        common: What is looked up and not read.
        tiers: Shape (width,): when the lists of a column are read.
        is_unknown: Shape (n_kinds,): which kinds of place name none.
        plain: The numbers of the examples of ``circumstances``, without topics.
        n_online: How many rows work online.
    """

    features: Features
    ranks: Rows
    topics: Topics
    place: Facet
    circumstances: Facet
    in_person: Members
    lists: Lists
    common: Common
    tiers: Tiers
    is_unknown: Flags
    plain: Features
    n_online: int

    @classmethod
    def of(cls, features: Features, ranks: Rows, topics: Topics) -> "Index":
        """Make the index of some profiles."""
        place = by_place(features)
        is_topic, is_approach = topics != NO_TOPIC, topics == TOPICS.index(APPROACH)
        lists = Lists(
            offered=Postings.of(only_columns(features.offering, is_topic)),
            sought=Postings.of(only_columns(features.seeking, is_topic)),
            areas_offered=Postings.of(features.place_offering[place.examples], np.float64),
            areas_sought=Postings.of(features.place_seeking[place.examples], np.float64),
        )
        is_common = _tiers(lists, topics, len(features)) >= COMMON
        return cls.restore(
            features,
            ranks,
            topics,
            place=place,
            circumstances=by_circumstances(features, is_topic),
            in_person=Members.of(place, features.facts.is_in_person),
            lists=lists,
            common=Common(
                approaches_offered=only_columns(features.offering, is_approach),
                approaches_sought=only_columns(features.seeking, is_approach),
                words_sought=(features.seeking @ is_common.astype(np.float64)).astype(np.float32),
            ),
        )

    @classmethod
    def restore(
        cls,
        features: Features,
        ranks: Rows,
        topics: Topics,
        *,
        place: Facet,
        circumstances: Facet,
        in_person: Members,
        lists: Lists,
        common: Common,
    ) -> "Index":
        """Put an index together from what was made before."""
        plain = features.take(circumstances.examples)
        return cls(
            features=features,
            ranks=ranks,
            topics=topics,
            place=place,
            circumstances=circumstances,
            in_person=in_person,
            lists=lists,
            common=common,
            tiers=_tiers(lists, topics, len(features)),
            is_unknown=~features.facts.is_located[place.examples],
            plain=without_topics(plain, topics != NO_TOPIC),
            n_online=int(np.count_nonzero(features.facts.is_online)),
        )

    def __len__(self) -> int:
        """Return how many profiles there are."""
        return len(self.features)

    def with_room(self) -> "Index":
        """Return the same profiles as if each had room; no score depends on that."""
        facts = replace(self.plain.facts, has_room=np.ones_like(self.plain.facts.has_room))
        return replace(self, plain=replace(self.plain, facts=facts))


def _tiers(lists: Lists, topics: Topics, n_rows: int) -> Tiers:
    lengths = np.maximum(np.diff(lists.offered.starts), np.diff(lists.sought.starts))
    tiers = np.full(len(topics), RARE, dtype=np.int8)
    tiers[lengths > COMMON_SHARE * n_rows] = COMMON
    tiers[lengths > COMMONEST_SHARE * n_rows] = COMMONEST
    tiers[topics == TOPICS.index(CONDITION)] = RARE
    tiers[topics == TOPICS.index(APPROACH)] = APPROACHES
    return tiers
