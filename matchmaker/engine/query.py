"""A seeker as a query to an index: whom it can meet, and how well anybody suits it exactly."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.features import Features, Flags, Floats, Rows
from matchmaker.engine.gates import meeting_in_person, meeting_online, passes
from matchmaker.engine.index import Index
from matchmaker.engine.kernels import row_products
from matchmaker.engine.parameters import PLACE, Parameters
from matchmaker.engine.score import (
    Parts,
    Routes,
    Scores,
    Sides,
    ages,
    products,
    relevance,
    total,
)

Numbers = NDArray[np.integer]

SEEKER, OFFERER = 0, 1
"""Whose z a number belongs to, as the first axis of arrays for both."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How a seeker and the profiles of an index can meet, by kinds of place and circumstances.

    Attributes:
        near: Shape (2, n_kinds of place): what place adds to each z in person; minus infinity where
            the two are too far apart.
        far: Shape (2, n_kinds of circumstances): what it adds online; minus infinity where they do
            not both work online.
        in_person: Shape (n_kinds of circumstances,): whether both work in person.
        online: Shape (n_kinds of circumstances,): whether both work online.
    """

    near: Floats
    far: Floats
    in_person: Flags
    online: Flags

    @classmethod
    def of(cls, seeker: Features, index: Index, parameters: Parameters) -> "Ways":
        """Return the ways to meet for a seeker, one row."""
        is_near = np.ones((), dtype=np.bool_)
        in_person = meeting_in_person(seeker.facts, index.plain.facts, is_near=is_near)
        online = meeting_online(seeker.facts, index.plain.facts)
        far = np.empty((2, len(online)))
        far[SEEKER] = parameters.online * seeker.weights[PLACE]
        far[OFFERER] = parameters.online * index.plain.weights[PLACE]
        far[:, ~online] = -np.inf
        return cls(_near(seeker, index), far, in_person, online)


class Reachable(NamedTuple):
    """Whom a seeker can meet: the first so many rows online, and some rows in person."""

    n_online: int
    in_person: Rows

    @classmethod
    def of(cls, seeker: Features, index: Index, ways: Ways) -> "Reachable":
        """Return those that a seeker, one row, can meet."""
        n_online = index.n_online if seeker.facts.is_online[0] else 0
        kinds = np.flatnonzero(ways.near[SEEKER] > -np.inf)
        if not seeker.facts.is_in_person[0]:
            kinds = kinds[:0]
        return cls(n_online, index.in_person.of_kinds(kinds))

    def rows(self, places: Numbers) -> Numbers:
        """Return the rows at some places, in ascending order, of both one after the other."""
        n_online = int(np.searchsorted(places, self.n_online))
        near = self.in_person[places[n_online:] - self.n_online]
        rows = np.sort(np.concatenate((places[:n_online], near)))
        # Who can be met both ways counts once.
        return rows[np.diff(rows, prepend=-1) > 0]


@dataclass(frozen=True, slots=True)
class Query:
    """A seeker against the kinds of profiles of an index.

    Attributes:
        index: The profiles.
        seeker: One row.
        seeks_programmes: Whether the seeker is a professional.
        parameters: The constants of the model.
        seeking: Shape (width,): what the seeker seeks.
        offering: Shape (width,): what it offers.
        ages: What each kind of circumstances adds by age.
        is_let_through: Which circumstances no gate keeps from the seeker.
        by_circumstances: Shape (2, n_kinds): the most that each kind of circumstances adds to the z
            of the seeker and of the offerer; minus infinity where a gate is shut.
        ways: How the two can meet.
        reachable: Whom the seeker can meet.
    """

    index: Index
    seeker: Features
    seeks_programmes: bool
    parameters: Parameters
    seeking: Floats
    offering: Floats
    ages: Sides[Floats]
    is_let_through: Flags
    by_circumstances: Floats
    ways: Ways
    reachable: Reachable

    @classmethod
    def of(
        cls, seeker: Features, index: Index, parameters: Parameters, *, seeks_programmes: bool
    ) -> "Query":
        """Return the query that a seeker, one row of features, is to an index."""
        plain = (seeker, index.plain) if seeks_programmes else (index.plain, seeker)
        by_age = ages(*plain)
        is_let_through = passes(plain[0].facts, plain[1].facts)
        by_circumstances = np.where(is_let_through, np.add(by_age, products(*plain)), -np.inf)
        ways = Ways.of(seeker, index, parameters)
        return cls(
            index=index,
            seeker=seeker,
            seeks_programmes=seeks_programmes,
            parameters=parameters,
            seeking=seeker.seeking.toarray()[0],
            offering=seeker.offering.toarray()[0],
            ages=by_age,
            is_let_through=is_let_through,
            by_circumstances=by_circumstances if seeks_programmes else by_circumstances[::-1],
            ways=ways,
            reachable=Reachable.of(seeker, index, ways),
        )

    def score(self, rows: Numbers) -> Scores:
        """Return the exact scores of some rows, to the last bit those of `score.score`."""
        features = self.index.features
        circumstances = self.index.circumstances.kinds[rows]
        parts = Parts(
            products=self._sides(
                row_products(features.offering, rows, self.seeking),
                row_products(features.seeking, rows, self.offering),
            ),
            ages=Sides(*(values[circumstances] for values in self.ages)),
            ways=self._routes(self.index.place.kinds[rows], circumstances),
            is_let_through=self.is_let_through[circumstances],
        )
        return total(parts, self.parameters)

    def relevance(self, rows: Numbers) -> Floats:
        """Return how relevant some rows are; see `matchmaker.engine.score.relevance`."""
        offering = self.index.features.offering
        if 2 * len(rows) > len(self.index):
            # Choosing most rows of a matrix takes longer than multiplying all of them.
            return relevance(self.seeker, offering, self.index.topics)[rows]
        return relevance(self.seeker, offering[rows], self.index.topics)

    def _routes(self, places: Numbers, circumstances: Numbers) -> Routes:
        near, far = self.ways.near[:, places], self.ways.far[:, circumstances]
        return Routes(
            near=self._sides(*near),
            far=self._sides(*far),
            in_person=self.ways.in_person[circumstances] & (near[SEEKER] > -np.inf),
            online=self.ways.online[circumstances],
        )

    def _sides(self, seeker: Floats, offerer: Floats) -> Sides[Floats]:
        return Sides(seeker, offerer) if self.seeks_programmes else Sides(offerer, seeker)


def _near(seeker: Features, index: Index) -> Floats:
    """Return `Ways.near`, each number to the last bit that of `score.routes`."""
    near = np.zeros((2, len(index.place.examples)))
    for added, sought, postings in (
        (near[SEEKER], seeker.place_seeking, index.lists.areas_offered),
        (near[OFFERER], seeker.place_offering, index.lists.areas_sought),
    ):
        postings.add_exactly(added, sought.indices, sought.data)
    # Who is near is the same seen from either side: reach is above 0 or it is not.
    is_near = near[SEEKER] > 0
    if seeker.facts.is_located[0]:
        # An area that is not known rules nothing out.
        is_near |= index.is_unknown
        near += np.where(is_near, 0.0, -np.inf)
    return near
