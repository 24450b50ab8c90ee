"""The attack that comes before a publication: what could somebody work out who has all the figures?

It sees what is published and nothing else, and looks at all of it anew, so that a mistake in what
came before, in the rule or in what was withheld, is found here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

from matchmaker.services.disclosure.attack import Attack, Range
from matchmaker.services.disclosure.figures import Shown
from matchmaker.services.disclosure.knowledge import Key, Pairs, Sums, follows_rule, gather
from matchmaker.services.disclosure.narrowing import Contradiction


@dataclass(frozen=True, slots=True)
class Audit(Generic[Key]):
    """What an attack on published figures came to.

    Attributes:
        hidden: How many figures have no value.
        at_risk: The hidden figures with too few values left, and within which range these lie.
        unruly: Figures that the rule would not have shown as they are.
        is_contradictory: The figures cannot all be true.
    """

    hidden: int
    at_risk: Mapping[Key, Range]
    unruly: tuple[Key, ...]
    is_contradictory: bool = False

    @property
    def is_passed(self) -> bool:
        """Whether this may be published."""
        return not (self.at_risk or self.unruly or self.is_contradictory)

    def list_findings(self) -> list[str]:
        """Why this must not be published, in plain words and without a value."""
        findings = [f"{key} is hidden, but the other figures give it away." for key in self.at_risk]
        findings += [f"{key} is shown, but not as the rule says." for key in self.unruly]
        if self.is_contradictory:
            findings.append("The figures cannot all be true.")
        return findings


def audit(
    shown: Mapping[Key, Shown],
    sums: Sums[Key],
    at_most: Pairs[Key] = (),
    *,
    truth: Mapping[Key, int] | None = None,
    most: int | None = None,
) -> Audit[Key]:
    """Attack what is published.

    Args:
        shown: Every figure that is out, those of earlier releases that share a sum included. A key
            that the sums name and that is not among them is 0.
        sums: What everybody knows: a total, and the parts that make it up.
        at_most: A part, and a whole that it cannot be greater than.
        truth: The true counts, if they are at hand: one solution to begin with, which saves time.
            They decide nothing.
        most: After so many figures at risk there is no need to look for more.
    """
    unruly = tuple(key for key, figure in shown.items() if not follows_rule(figure))
    knowledge = gather(shown, sums, at_most)
    hidden = int(knowledge.is_hidden.sum())
    try:
        return Audit(hidden, Attack(knowledge, truth).run(most), unruly)
    except Contradiction:
        return Audit(hidden, {}, unruly, is_contradictory=True)
