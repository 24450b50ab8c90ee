"""From true counts to what may be published.

The rule comes first. Where the sums would still give a hidden figure away, or leave it too few
values, another figure is withheld as well: the one that costs the reader least. What was published
before cannot be taken back, so that only new figures are withheld. Last, `auditing` attacks the
result.

Which figure is withheld depends on what is shown alone, and never on a true count, so that the
choice tells nothing either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Generic

import numpy as np
from scipy.sparse import csr_array

from matchmaker.services.disclosure.attack import WIDE_ENOUGH, Attack
from matchmaker.services.disclosure.auditing import audit
from matchmaker.services.disclosure.figures import KEPT_BACK, NONE_AT_ALL, Shown
from matchmaker.services.disclosure.knowledge import (
    INFINITE,
    SMALL_FROM,
    Integers,
    Key,
    Knowledge,
    Pairs,
    Sums,
    gather,
)
from matchmaker.services.disclosure.narrowing import Contradiction, Narrowing, narrowing_of
from matchmaker.services.disclosure.rule import protect

# How many figures are tried before the cheapest is withheld all the same.
MOST_TRIALS = 8


class NotPublishable(Exception):
    """These figures must not go out; `findings` says why, in plain words and without a value."""

    def __init__(self, findings: Iterable[str]) -> None:
        self.findings = tuple(findings)
        super().__init__(" ".join(self.findings))


def publish(
    counts: Mapping[Key, int],
    sums: Sums[Key],
    at_most: Pairs[Key] = (),
    frozen: Mapping[Key, Shown] | None = None,
) -> dict[Key, Shown]:
    """Protect counts, so that none of the hidden ones can be worked out.

    The same counts always give the same figures.

    Args:
        counts: The true counts, those of frozen figures included. A key that the sums name and that
            is not among them is 0.
        sums: A total, and the parts that make it up. A total may have several, such as by area and
            by who asked.
        at_most: A part, and a whole that it cannot be greater than.
        frozen: What earlier releases have published of the same sums; this stays as it is.

    Returns:
        What to publish for each key of `counts` that is not frozen.

    Raises:
        NotPublishable: The sums do not add up, or no way was found to hide what must be hidden.
    """
    frozen = frozen or {}
    sums = [(total, tuple(parts)) for total, parts in sums]
    at_most = list(at_most)
    _check_sums(counts, sums, at_most, frozen)
    shown = {key: Shown(protect(count)) for key, count in counts.items()} | dict(frozen)
    _Withholding(shown, sums, at_most, frozen, counts).run()
    found = audit(shown, sums, at_most, truth=counts)
    if not found.is_passed:
        raise NotPublishable(found.list_findings())
    return {key: shown[key] for key in counts if key not in frozen}


def _check_sums(
    counts: Mapping[Key, int], sums: Sums[Key], at_most: Pairs[Key], frozen: Mapping[Key, Shown]
) -> None:
    """Everything depends on what readers are told adds up."""
    unknown = {key for key, figure in frozen.items() if key not in counts and figure != NONE_AT_ALL}
    findings = [
        f"{total} is not the sum of its parts."
        for total, parts in sums
        if unknown.isdisjoint((total, *parts))
        and counts.get(total, 0) != sum(counts.get(part, 0) for part in parts)
    ]
    findings += [
        f"{part} is more than {whole}."
        for part, whole in at_most
        if unknown.isdisjoint((part, whole)) and counts.get(part, 0) > counts.get(whole, 0)
    ]
    if findings:
        raise NotPublishable(findings)


class _Withholding(Generic[Key]):
    """Withholds figures, one after the other, until the hidden ones have enough values left."""

    def __init__(
        self,
        shown: dict[Key, Shown],
        sums: Sums[Key],
        at_most: Pairs[Key],
        frozen: Mapping[Key, Shown],
        truth: Mapping[Key, int],
    ) -> None:
        self._shown = shown
        self._truth = truth
        self._knowledge = gather(shown, sums, at_most)
        self._number = {key: number for number, key in enumerate(self._knowledge.keys)}
        known = self._knowledge
        is_withheld = [shown[key].is_withheld for key in known.keys]
        self._may_withhold = np.array(
            [key not in frozen for key in known.keys], dtype=np.bool_
        ) & ~np.array(is_withheld, dtype=np.bool_)
        self._matrix = known.matrix
        self._by_figure = self._matrix.T.tocsr()
        totals = np.bincount(known.column[known.sign < 0], minlength=len(known.keys))
        self._cost = [
            (shown[key].value or 0, int(totals[number]), number)
            for number, key in enumerate(known.keys)
        ]

    def run(self) -> None:
        """Withhold until an attack finds nothing more, or nothing more can be withheld."""
        while at_risk := self._list_at_risk():
            withheld = 0
            for number in at_risk:
                withheld += self._relieve(number, must=not withheld)
            if not withheld:
                return

    def _list_at_risk(self) -> list[int]:
        """What single sums give away; only where that is nothing, what all of them do together."""
        known = self._knowledge
        try:
            low, high = narrowing_of(known).narrow(known.low, known.high)
            narrow = np.flatnonzero(known.is_hidden & (high - low < WIDE_ENOUGH)).tolist()
            return narrow or [self._number[key] for key in Attack(known, self._truth).run()]
        except Contradiction:
            # The audit finds it, too, and says so.
            return []

    def _relieve(self, number: int, *, must: bool) -> bool:
        """Withhold what gives a figure more values again.

        Args:
            number: The figure.
            must: Nothing was withheld yet in this round, so that the figure is still at risk, even
                if what is near it does not show that.

        Returns:
            Whether something was withheld.
        """
        nearby = _Neighbourhood(self._knowledge, self._matrix, self._by_figure, number)
        before = nearby.list_at_risk()
        if number not in before and not must:
            return False
        candidates = self._list_candidates(nearby)
        for candidate in candidates[:MOST_TRIALS]:
            after = nearby.list_at_risk(without=candidate)
            if number not in after and after <= before:
                self._withhold(candidate)
                return True
        if candidates:
            self._withhold(candidates[0])
        return bool(candidates)

    def _list_candidates(self, nearby: _Neighbourhood) -> list[int]:
        """What may be withheld, the cheapest first; what shares a sum before what does not."""
        for figures in (nearby.close, nearby.figures):
            found = [each for each in figures.tolist() if self._may_withhold[each]]
            if found:
                return sorted(found, key=self._cost.__getitem__)
        return []

    def _withhold(self, number: int) -> None:
        known = self._knowledge
        self._shown[known.keys[number]] = KEPT_BACK
        known.low[number], known.high[number] = SMALL_FROM, INFINITE
        known.is_hidden[number] = True
        self._may_withhold[number] = False


class _Neighbourhood:
    """A figure, those that share a sum with it (`close`), and those that share one with these."""

    def __init__(
        self, knowledge: Knowledge[Any], matrix: csr_array, by_figure: csr_array, number: int
    ) -> None:
        self._knowledge = knowledge
        self.close = _reached(matrix, _reached(by_figure, np.array([number])))
        near = _reached(by_figure, self.close)
        self.figures = np.union1d(_reached(matrix, near), [number])
        links = matrix[near][:, self.figures].tocoo()
        self._narrowing = Narrowing(links.row, links.col, links.data, knowledge.is_sum[near])

    def list_at_risk(self, without: int | None = None) -> set[int]:
        """What the sums nearby give away, one of the figures perhaps being withheld."""
        low, high = self._knowledge.low[self.figures], self._knowledge.high[self.figures]
        is_hidden = self._knowledge.is_hidden[self.figures]
        if without is not None:
            place = np.searchsorted(self.figures, without)
            low[place], high[place], is_hidden[place] = SMALL_FROM, INFINITE, True
        low, high = self._narrowing.narrow(low, high)
        return set(self.figures[is_hidden & (high - low < WIDE_ENOUGH)].tolist())


def _reached(matrix: csr_array, rows: Integers) -> Integers:
    """The columns in which some rows have an entry."""
    return np.unique(matrix[rows].indices)
