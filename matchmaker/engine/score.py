"""Two directions, one score.

Each side's log odds of interest are linear in the fields, z = b + Σ_f w_f·s_f, and a pair is ranked
by the probability that both say yes, m = sigmoid(z_professional) · sigmoid(z_programme). A product
of probabilities sums, budgets and calibrates, and one side's enthusiasm does not buy off the
other's indifference.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import expit

from matchmaker.engine.features import (
    NO_TOPIC,
    Features,
    Flags,
    Floats,
    Topics,
    share_of_ages,
)
from matchmaker.engine.gates import meeting_in_person, meeting_online, passes
from matchmaker.engine.parameters import (
    APPROACH,
    CONDITION,
    PEOPLE,
    PLACE,
    TOPICS,
    Parameters,
)

T = TypeVar("T")


class Sides(NamedTuple, Generic[T]):
    """The same thing for each side."""

    professional: T
    programme: T


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of pairs; arrays of the same shape (n_pairs,).

    Attributes:
        z: Log odds of interest of each side, on the better route.
        mutual: m, the probability that both say yes.
        is_online: Whether the better route is online; in person wins a tie.
        is_possible: Whether no gate stands between the two.
    """

    z: Sides[Floats]
    mutual: Floats
    is_online: Flags
    is_possible: Flags

    def take(self, pairs: NDArray[np.intp]) -> "Scores":
        """Return the scores of some pairs, in the order given."""
        return Scores(
            z=Sides(self.z.professional[pairs], self.z.programme[pairs]),
            mutual=self.mutual[pairs],
            is_online=self.is_online[pairs],
            is_possible=self.is_possible[pairs],
        )

    @classmethod
    def joined(cls, several: Sequence["Scores"]) -> "Scores":
        """Return several scores as one, one after the other."""
        return cls(
            z=Sides(
                np.concatenate([each.z.professional for each in several]),
                np.concatenate([each.z.programme for each in several]),
            ),
            mutual=np.concatenate([each.mutual for each in several]),
            is_online=np.concatenate([each.is_online for each in several]),
            is_possible=np.concatenate([each.is_possible for each in several]),
        )


def scaled_weights(
    sought: Mapping[str, Flags], weights: Mapping[str, float], groups: Sequence[Sequence[str]]
) -> dict[str, Floats]:
    """Return w_f for each profile, scaled to the same sum over the fields in which it seeks.

    A missing answer is thereby neutral: its weight goes to the other fields of its group, and that
    of a group in which nothing is sought to the other groups. The weights are 0 for a profile that
    seeks nothing at all.
    """
    kept = {field: weight * sought[field] for field, weight in weights.items()}
    left: list[Floats] = [np.sum([kept[field] for field in group], axis=0) for group in groups]
    full = [sum(weights[field] for field in group) for group in groups]
    used: Floats = np.sum(
        [all_of * (some > 0) for all_of, some in zip(full, left, strict=True)], axis=0
    )
    scaled: dict[str, Floats] = {}
    for group, some, all_of in zip(groups, left, full, strict=True):
        scale = np.divide(sum(full) * all_of, used * some, out=np.zeros_like(some), where=some > 0)
        scaled |= {field: scale * kept[field] for field in group}
    return {field: scaled[field] for field in weights}


@dataclass(frozen=True, slots=True)
class Routes:
    """The two ways of working together; arrays of shape (n_pairs,).

    Attributes:
        near: What place adds to each side's z in person.
        far: What it adds online.
        in_person: Whether the two can meet in person.
        online: Whether they can work online.
    """

    near: Sides[Floats]
    far: Sides[Floats]
    in_person: Flags
    online: Flags

    def take(self, pairs: NDArray[np.integer]) -> "Routes":
        """Return the routes of some pairs, in the order given."""
        return Routes(
            near=Sides(*(values[pairs] for values in self.near)),
            far=Sides(*(values[pairs] for values in self.far)),
            in_person=self.in_person[pairs],
            online=self.online[pairs],
        )


def routes(professionals: Features, programmes: Features, parameters: Parameters) -> Routes:
    """Return the routes of one profile with each row of the other side."""
    near = Sides(
        _products(professionals.place_seeking, programmes.place_offering),
        _products(programmes.place_seeking, professionals.place_offering),
    )
    is_near = near.professional > 0
    return Routes(
        near=near,
        far=Sides(
            np.broadcast_to(parameters.online * professionals.weights[PLACE], is_near.shape),
            np.broadcast_to(parameters.online * programmes.weights[PLACE], is_near.shape),
        ),
        in_person=meeting_in_person(professionals.facts, programmes.facts, is_near=is_near),
        online=meeting_online(professionals.facts, programmes.facts),
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """All that the scores of some pairs are made of; arrays of shape (n_pairs,).

    Attributes:
        products: Σ w_f·s_f of each side over the columns that stand side by side.
        ages: The same of the people field.
        ways: The routes.
        is_let_through: Whether every gate lets the pair through.
    """

    products: Sides[Floats]
    ages: Sides[Floats]
    ways: Routes
    is_let_through: Flags


def ages(professionals: Features, programmes: Features) -> Sides[Floats]:
    """Return what the people field adds to each side's z."""
    return Sides(_ages(professionals, programmes), _ages(programmes, professionals))


def score(professionals: Features, programmes: Features, parameters: Parameters) -> Scores:
    """Return the scores of one profile with each row of the other side.

    One of the two has exactly one row. The result of a row does not depend on the others, to the
    last bit.
    """
    parts = Parts(
        products=products(professionals, programmes),
        ages=ages(professionals, programmes),
        ways=routes(professionals, programmes, parameters),
        is_let_through=passes(professionals.facts, programmes.facts),
    )
    return total(parts, parameters)


def products(professionals: Features, programmes: Features) -> Sides[Floats]:
    """Return Σ w_f·s_f of each side over the columns that stand side by side."""
    return Sides(
        _products(professionals.seeking, programmes.offering),
        _products(programmes.seeking, professionals.offering),
    )


def total(parts: Parts, parameters: Parameters) -> Scores:
    """Return the scores that the parts of some pairs come to, each on its better route."""
    ways = parts.ways
    start = Sides(
        parameters.base + (parts.products.professional + parts.ages.professional),
        parameters.base + (parts.products.programme + parts.ages.programme),
    )
    here = Sides(start.professional + ways.near.professional, start.programme + ways.near.programme)
    there = Sides(start.professional + ways.far.professional, start.programme + ways.far.programme)
    mutual_here = np.where(ways.in_person, _both(here), -1.0)
    mutual_there = np.where(ways.online, _both(there), -1.0)
    is_online = mutual_there > mutual_here
    return Scores(
        z=Sides(
            np.where(is_online, there.professional, here.professional),
            np.where(is_online, there.programme, here.programme),
        ),
        mutual=np.maximum(mutual_here, mutual_there),
        is_online=is_online,
        is_possible=parts.is_let_through & (ways.in_person | ways.online),
    )


def relevance(seeker: Features, offering: csr_array, topics: Topics) -> Floats:
    """Return how much of what one profile seeks in its topics each of the others offers.

    Topics are conditions, approaches and text; place, ages and professions only say whether two can
    work together, not on what. The unit is the weightiest single thing sought, be it a term or a
    word, and be it one that nobody knows: offering that, or as much of several others, is 1,
    however much else is sought. It is 1 where the profile seeks nothing in its topics. To somebody
    who names conditions a way of working alone says nothing: peer support is for people with
    something in common.

    Args:
        seeker: One row.
        offering: Shape (n, width): what the others offer.
        topics: Shape (width,): the topic of each column.
    """
    if not has_topics(seeker):
        return np.ones(offering.shape[0])
    sought = topics_sought(seeker, topics)
    met: Floats = (offering @ sought) / sought.max()
    return met


def has_topics(seeker: Features) -> bool:
    """Return whether one profile seeks anything in its topics."""
    return any(seeker.weights[topic][0] for topic in TOPICS)


def topics_sought(seeker: Features, topics: Topics) -> Floats:
    """Return, shape (width,), what one profile seeks in the topics that make others relevant."""
    counts = topics != NO_TOPIC
    if seeker.weights[CONDITION][0]:
        counts &= topics != TOPICS.index(APPROACH)
    sought: Floats = seeker.seeking.toarray()[0] * counts
    return sought


class Contribution(NamedTuple):
    """What one field adds to a side's z: its weight w_f times the share s_f, in [0, 1]."""

    weight: float
    share: float


Inputs = Mapping[str, Contribution]
"""What a side's z is made of, by field; fields in which the side seeks nothing are left out."""


def replay(inputs: Sides[Inputs], parameters: Parameters) -> tuple[Sides[float], float]:
    """Return the two z and the score m that were shown, from what was kept of them.

    ``parameters`` must be those of the version that was kept with the inputs. Agrees with what was
    shown to 1e-9.
    """
    z = Sides(*(parameters.base + math.fsum(w * s for w, s in each.values()) for each in inputs))
    return z, float(expit(z.professional) * expit(z.programme))


def coverage(z: float, weights: Mapping[str, float], parameters: Parameters) -> float:
    """Return Σ w_f·s_f / Σ w_f of one side, in [0, 1], from its log odds."""
    return (z - parameters.base) / sum(weights.values())


def label(z: Sides[float], parameters: Parameters) -> str:
    """Return strong, good or possible, by the side that gets less of what it seeks."""
    smaller = min(
        coverage(z.professional, parameters.professional_weights, parameters),
        coverage(z.programme, parameters.programme_weights, parameters),
    )
    if smaller >= parameters.strong:
        return "strong"
    return "good" if smaller >= parameters.good else "possible"


def _both(z: Sides[Floats]) -> Floats:
    mutual: Floats = expit(z.professional) * expit(z.programme)
    return mutual


def _ages(seeker: Features, offerer: Features) -> Floats:
    added: Floats = seeker.weights[PEOPLE] * share_of_ages(seeker.facts, offerer.facts)
    return added


def _products(seeking: csr_array, offering: csr_array) -> Floats:
    """Return the product of the single row of one matrix with each row of the other."""
    single, many = (seeking, offering) if seeking.shape[0] == 1 else (offering, seeking)
    products: NDArray[np.float64] = many @ single.toarray()[0]
    return products
