"""Two directions, one score.

Each side's log odds of interest are linear in the fields, z = b + Σ_f w_f·s_f, and a pair is ranked
by the probability that both say yes, m = sigmoid(z_professional) · sigmoid(z_programme). A product
of probabilities sums, budgets and calibrates, and one side's enthusiasm does not buy off the
other's indifference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import expit

from matchmaker.engine.fields import share_of_ages
from matchmaker.engine.gates import meeting_in_person, meeting_online, passes
from matchmaker.engine.parameters import (
    APPROACH,
    CONDITION,
    PEOPLE,
    PLACE,
    TEXT,
    Parameters,
)
from matchmaker.engine.profiles import Professional, Programme
from matchmaker.engine.table import AnyTable, Flags, Floats, Table

T = TypeVar("T")

TOPICS = (CONDITION, APPROACH, TEXT)


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


def scaled_weights(sought: Mapping[str, Flags], weights: Mapping[str, float]) -> dict[str, Floats]:
    """Return w_f for each profile, scaled to the same sum over the fields in which it seeks.

    A missing answer is thereby neutral. The weights are 0 for a profile that seeks nothing at all.
    """
    kept = {field: weight * sought[field] for field, weight in weights.items()}
    left: Floats = np.sum(list(kept.values()), axis=0)
    total = sum(weights.values())
    scale = np.divide(total, left, out=np.zeros_like(left), where=left > 0)
    return {field: scale * values for field, values in kept.items()}


def score(
    professionals: Table[Professional], programmes: Table[Programme], parameters: Parameters
) -> Scores:
    """Return the scores of one profile with each row of the other table.

    One of the two tables has exactly one row. The result of a row does not depend on the others, to
    the last bit.
    """
    fixed = Sides(_fixed(professionals, programmes), _fixed(programmes, professionals))
    near = Sides(_near(professionals, programmes), _near(programmes, professionals))
    in_person = meeting_in_person(
        professionals.facts, programmes.facts, is_near=(near.professional > 0)
    )
    online = meeting_online(professionals.facts, programmes.facts)
    far = parameters.online
    base = parameters.base
    here = Sides(
        base + fixed.professional + near.professional, base + fixed.programme + near.programme
    )
    there = Sides(
        base + fixed.professional + far * professionals.weights[PLACE],
        base + fixed.programme + far * programmes.weights[PLACE],
    )
    mutual_here = np.where(in_person, _both(here), -1.0)
    mutual_there = np.where(online, _both(there), -1.0)
    is_online = mutual_there > mutual_here
    return Scores(
        z=Sides(
            np.where(is_online, there.professional, here.professional),
            np.where(is_online, there.programme, here.programme),
        ),
        mutual=np.maximum(mutual_here, mutual_there),
        is_online=is_online,
        is_possible=passes(professionals.facts, programmes.facts) & (in_person | online),
    )


def relevance(seeker: AnyTable, offerers: AnyTable, is_topic: Flags) -> Floats:
    """Return how much of what one profile seeks in its topics each of the others offers.

    Topics are conditions, approaches and text; place, ages and professions only say whether two can
    work together, not on what. The unit is the weightiest single thing sought, be it a term or a
    word: offering that, or as much of several others, is 1, however much else is sought. It is 1
    where the profile seeks nothing in its topics.

    Args:
        seeker: One row.
        offerers: Any number of rows.
        is_topic: Shape (width,): which columns belong to a topic.
    """
    sought = seeker.seeking.toarray()[0] * is_topic
    weightiest = float(sought.max(initial=0.0))
    if not weightiest:
        return np.ones(len(offerers))
    met: Floats = offerers.offering @ sought
    return met / weightiest


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


def _fixed(seeker: AnyTable, offerer: AnyTable) -> Floats:
    """Return Σ w_f·s_f of every field that is the same on both routes."""
    ages = share_of_ages(
        seeker.facts.youngest, seeker.facts.oldest, offerer.facts.youngest, offerer.facts.oldest
    )
    return _products(seeker.seeking, offerer.offering) + seeker.weights[PEOPLE] * ages


def _near(seeker: AnyTable, offerer: AnyTable) -> Floats:
    return _products(seeker.place_seeking, offerer.place_offering)


def _products(seeking: csr_array, offering: csr_array) -> Floats:
    """Return the product of the single row of one matrix with each row of the other."""
    single, many = (seeking, offering) if seeking.shape[0] == 1 else (offering, seeking)
    products: NDArray[np.float64] = many @ single.toarray()[0]
    return products
