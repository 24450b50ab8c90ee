"""From true counts to what may be published.

The rule comes first. Where the sums would still give a hidden figure away, or leave it too few
values, another figure is withheld as well: the one that costs the reader least. What was published
before cannot be taken back, so that only new figures are withheld. Last, `auditing` attacks the
result.

Which figure is withheld depends on what is shown alone, and never on a true count, so that the
choice tells nothing either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic

from matchmaker.services.disclosure.attack import Attack
from matchmaker.services.disclosure.auditing import audit
from matchmaker.services.disclosure.causes import Cause, Causes
from matchmaker.services.disclosure.figures import KEPT_BACK, NONE_AT_ALL, Shown
from matchmaker.services.disclosure.knowledge import INFINITE, SMALL_FROM, Key, Pairs, Sums, gather
from matchmaker.services.disclosure.narrowing import Contradiction
from matchmaker.services.disclosure.rule import protect

# How many figures are tried before the cheapest is withheld all the same.
MOST_TRIALS = 8
# Withholding for some relieves others, so that it is not worth while to find all of them first.
MOST_AT_ONCE = 20
# Where it goes on for longer than that, it comes to no end in a sensible time.
MOST_ATTACKS = 12


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
    found = audit(shown, sums, at_most, truth=counts, most=MOST_AT_ONCE)
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
        self._frozen = frozen
        self._truth = truth
        self._attack: Attack[Key] | None = None
        self._n_attacks = 0
        known = self._knowledge = gather(shown, sums, at_most)
        self._causes = Causes(known)
        self._number = {key: number for number, key in enumerate(known.keys)}
        self._may_withhold = [
            key not in frozen and not shown[key].is_withheld for key in known.keys
        ]
        self._values = [shown[key].value or 0 for key in known.keys]

    def run(self) -> None:
        """Withhold until an attack finds nothing more, or nothing more can be withheld."""
        try:
            while self._n_attacks < MOST_ATTACKS and (found := self._list_at_risk()):
                if not self._relieve(found):
                    return
        except Contradiction:
            # The audit finds it, too, and says so.
            return

    def _list_at_risk(self) -> dict[int, Cause]:
        """What single sums give away; only where that is nothing, what all of them do together."""
        if narrow := self._causes.narrow():
            return {number: self._causes.explain(number) for number in narrow}
        self._n_attacks += 1
        self._attack = Attack(self._knowledge, self._truth, self._attack)
        found = [self._number[key] for key in self._attack.run(MOST_AT_ONCE)]
        return {number: self._causes.list_beside(number) for number in found}

    def _relieve(self, at_risk: Mapping[int, Cause]) -> set[int]:
        """Give figures more values again; what shares a cause with another waits for what comes.

        Returns:
            What was withheld.
        """
        cited = Counter(figure for cause in at_risk.values() for figure in cause.figures)

        def cost(number: int) -> tuple[int, int, int]:
            return self._values[number], -cited[number], number

        withheld: set[int] = set()
        for number, cause in at_risk.items():
            if not withheld.isdisjoint(cause.figures | cause.floors):
                continue
            candidates = [each for each in cause.figures if self._may_withhold[each]]
            if candidates:
                candidates.sort(key=cost)
                chosen = self._choose(number, cause, candidates)
                self._withhold(chosen, SMALL_FROM)
                withheld.add(chosen)
            elif floors := [each for each in cause.floors if self._may_be_none(each)]:
                chosen = min(floors, key=cost)
                self._withhold(chosen, 0)
                withheld.add(chosen)
        return withheld

    def _may_be_none(self, number: int) -> bool:
        """Whether a figure can be withheld in earnest, so that not even its not being 0 counts.

        Readers are told that an ``x`` may be 0. As long as there is another way, it is better not
        to rely on that.
        """
        is_new = self._knowledge.keys[number] not in self._frozen
        return is_new and bool(self._knowledge.low[number] == SMALL_FROM)

    def _choose(self, number: int, cause: Cause, candidates: Sequence[int]) -> int:
        """The cheapest candidate that is enough, or the cheapest if none of the first is."""
        for candidate in candidates[:MOST_TRIALS]:
            if self._causes.is_relieved(number, cause, candidate):
                return candidate
        return candidates[0]

    def _withhold(self, number: int, lowest: int) -> None:
        known = self._knowledge
        self._shown[known.keys[number]] = KEPT_BACK
        known.low[number], known.high[number] = lowest, INFINITE
        known.is_hidden[number] = True
        self._may_withhold[number] = False
        self._values[number] = 0
