"""Gates: what rules a pair out before any score, each with its reason in plain words.

Facts broadcast, so the same rule reads one pair or one profile against many. What is not known is
no gate.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matchmaker.engine.features import Facts, Flags
from matchmaker.engine.profiles import Professional, Programme


@dataclass(frozen=True, slots=True)
class Gate:
    """One rule: when it lets a pair through, and what it says when it does not."""

    name: str
    lets_through: Callable[[Facts, Facts], Flags]
    because: Callable[[Professional, Programme], str]


def _ages_meet(professionals: Facts, programmes: Facts) -> Flags:
    return (professionals.youngest <= programmes.oldest) & (
        programmes.youngest <= professionals.oldest
    )


GATES = (
    Gate(
        "status",
        lambda _, programmes: programmes.is_open,
        lambda _, programme: f"The programme is {programme.status}.",
    ),
    Gate(
        "places",
        lambda _, programmes: programmes.has_room,
        lambda *_: "The programme has no places left for new introductions.",
    ),
    Gate(
        "room",
        lambda professionals, _: professionals.has_room,
        lambda *_: "The professional has no room for new introductions.",
    ),
    Gate(
        "ages",
        _ages_meet,
        lambda professional, programme: (
            f"The ages do not meet: the professional works with {professional.people}, "
            f"the programme with {programme.people}."
        ),
    ),
)

NO_WAY = "They cannot reach each other: they work too far apart, and do not both work online."


def passes(professionals: Facts, programmes: Facts) -> Flags:
    """Return for each pair whether every gate lets it through."""
    allowed: Flags = np.logical_and.reduce(
        np.broadcast_arrays(*(gate.lets_through(professionals, programmes) for gate in GATES))
    )
    return allowed


def meeting_in_person(professionals: Facts, programmes: Facts, *, is_near: Flags) -> Flags:
    """Return whether the two can meet; an area that is not known rules nothing out."""
    both_located = professionals.is_located & programmes.is_located
    return professionals.is_in_person & programmes.is_in_person & (is_near | ~both_located)


def meeting_online(professionals: Facts, programmes: Facts) -> Flags:
    """Return whether both work online."""
    return professionals.is_online & programmes.is_online


def refusal(professional: Professional, programme: Programme, facts: tuple[Facts, Facts]) -> str:
    """Return why a pair with these facts is ruled out, by the first gate that is shut."""
    for gate in GATES:
        if not gate.lets_through(*facts).all():
            return gate.because(professional, programme)
    return NO_WAY
