"""Who suits, and how well: the engine's lists of both snapshots of a view, as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matchmaker.services.directory.catalogue import Floats, Places
from matchmaker.services.directory.wishes import Within
from matchmaker.services.matching.profiles import profile_of_answers
from matchmaker.services.matching.standing import LEAST_RELEVANCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matchmaker import engine
    from matchmaker.engine.features import Table
    from matchmaker.engine.search import Best
    from matchmaker.services.directory.listing import Listing, Source
    from matchmaker.services.directory.wishes import Wishes

NOWHERE = -1
"""The list of a programme that nobody ranked."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one snapshot found for somebody."""

    source: Source
    professional: Table[engine.Professional]
    best: Best

    @property
    def places(self) -> Places:
        """Where each stands in the catalogue; -1 for those that are not there."""
        return self.source.places[self.best.rows]

    def why(self, position: int) -> engine.Why:
        """Why what stands at one position suits."""
        return self.source.snapshot.why(self.professional, self.best, position)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Programmes that suit, in no order; arrays of shape (n,).

    Attributes:
        places: Where each stands in the catalogue.
        scores: The engine's m; 0 where nothing was said that could be ranked by.
        tiers: 0 for those that reach the place, 1 for those that are listed all the same.
        lists: Which of `found` each comes from, or `NOWHERE`.
        positions: Where it stands in that list.
        found: The lists they come from.
    """

    places: Places
    scores: Floats
    tiers: Places
    lists: Places
    positions: Places
    found: tuple[Found, ...]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.places)

    def why(self, which: int) -> engine.Why | None:
        """Why one of them suits; None where it was not ranked."""
        if self.lists[which] == NOWHERE:
            return None
        return self.found[int(self.lists[which])].why(int(self.positions[which]))


def unranked(places: Places) -> Ranked:
    """Programmes that all suit as well."""
    zeros = np.zeros(len(places), dtype=np.intp)
    return Ranked(places, zeros.astype(np.float64), zeros, zeros + NOWHERE, zeros, ())


def ranked(wishes: Wishes, listing: Listing) -> Ranked:
    """Everything that the engine would suggest for some wishes, and what has no places left.

    Where any distance will do, those that do not reach the place follow as a second tier.
    """
    profile = profile_of_answers(wishes.as_answers())
    found = list(_found(profile, listing))
    tiers = [0] * len(found)
    if wishes.within is Within.ANYWHERE and profile.areas:
        anywhere = list(_found(replace(profile, areas=()), listing))
        found += anywhere
        tiers += [1] * len(anywhere)
    places = [each.places for each in found]
    joined = Ranked(
        places=np.concatenate(places),
        scores=np.concatenate([each.best.scores.mutual for each in found]),
        tiers=_repeated(tiers, places),
        lists=_repeated(range(len(found)), places),
        positions=np.concatenate([np.arange(len(each)) for each in places]),
        found=tuple(found),
    )
    return _once_each(joined)


def alphabetical(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers that sort as the decimal numerals of some ids do as words: 10 before 9."""
    if not len(ids):
        return ids
    n_digits = np.floor(np.log10(np.maximum(ids, 1))).astype(np.int64) + 1
    most = int(n_digits.max())
    # With as many digits each; of two that then are equal the shorter comes first.
    return ids * 10 ** (most - n_digits) * (most + 1) + n_digits


def _found(profile: engine.Professional, listing: Listing) -> Iterator[Found]:
    # Both snapshots have the same statistics, so that the profile is encoded once.
    one = listing.view.snapshot.encode_professional(profile)
    for source in listing.sources:
        best = source.snapshot.rank(one, least_relevance=LEAST_RELEVANCE, even_full=True)
        yield Found(source, one, best)


def _repeated(values: Iterable[int], places: Sequence[Places]) -> Places:
    return np.repeat(np.array([*values], dtype=np.intp), [len(each) for each in places])


def _once_each(joined: Ranked) -> Ranked:
    """Leave out what is not in the catalogue, and in the second tier what is in the first."""
    is_in_first = np.zeros(int(joined.places.max(initial=-1)) + 1, dtype=np.bool_)
    first = joined.places[joined.tiers == 0]
    is_in_first[first[first >= 0]] = True
    is_kept = joined.places >= 0
    is_kept &= (joined.tiers == 0) | ~is_in_first[joined.places]
    kept = np.flatnonzero(is_kept)
    return replace(
        joined,
        places=joined.places[kept],
        scores=joined.scores[kept],
        tiers=joined.tiers[kept],
        lists=joined.lists[kept],
        positions=joined.positions[kept],
    )
