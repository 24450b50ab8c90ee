"""Where a charity works, and how, as far as its register entry says.

A register gives an address and no area. Most charities are local, so that the authority around the
address is what they serve, in person, unless their own words or their register say more.
"""

from __future__ import annotations

import re

from matchmaker.models import Delivery
from matchmaker.vocabulary import load_vocabulary

UNITED_KINGDOM = "K02000001"
ENGLAND = "E92000001"
SCOTLAND = "S92000003"
WALES = "W92000004"
NORTHERN_IRELAND = "N92000002"

# A charity that works in Scotland or Northern Ireland registers there too, wherever its office is.
_NATION_OF_REGISTER = {"GB-SC": SCOTLAND, "GB-NIC": NORTHERN_IRELAND}

_OF_THE = r"(?:\s+the)?(?:\s+whole\s+of)?(?:\s+the)?\s+"
# "Partners across the UK" and "known nationally" say nothing of where a charity works.
_THROUGHOUT = r"\b(?:throughout|all over|anywhere in|all parts of|the whole of)" + _OF_THE
_EVERYWHERE_IN = r"\b(?:throughout|across|all over|anywhere in|all parts of|the whole of)" + _OF_THE
_COVERAGE = (
    (
        re.compile(
            _THROUGHOUT
            + r"(?:uk|u\.k\.|united kingdom|great britain)\b|\buk[- ]wide\b|\bnationwide\b",
            re.IGNORECASE,
        ),
        (UNITED_KINGDOM,),
    ),
    (re.compile(_EVERYWHERE_IN + r"england and wales\b", re.IGNORECASE), (ENGLAND, WALES)),
    (re.compile(_EVERYWHERE_IN + r"england\b(?! and wales)", re.IGNORECASE), (ENGLAND,)),
    (re.compile(_EVERYWHERE_IN + r"scotland\b", re.IGNORECASE), (SCOTLAND,)),
    (re.compile(_EVERYWHERE_IN + r"wales\b", re.IGNORECASE), (WALES,)),
    (re.compile(_EVERYWHERE_IN + r"northern ireland\b", re.IGNORECASE), (NORTHERN_IRELAND,)),
)
_AT_A_DISTANCE = re.compile(
    r"\b(?:online|helplines?|telephone|by phone|zoom|virtual(?:ly)?|remote(?:ly)?|webinars?)\b",
    re.IGNORECASE,
)


def read_served_areas(text: str, register: str, area_code: str | None) -> tuple[str, ...]:
    """Codes of the areas a charity serves, sorted; none when nothing says where.

    Args:
        text: Its activities and objects.
        register: Which register it is in, such as ``GB-SC``.
        area_code: The authority around its address.
    """
    served = {code for pattern, codes in _COVERAGE if pattern.search(text) for code in codes}
    if UNITED_KINGDOM in served:
        return (UNITED_KINGDOM,)
    if area_code is not None:
        served.add(area_code)
    nation = _NATION_OF_REGISTER.get(register)
    around = frozenset() if area_code is None else load_vocabulary().areas.within(area_code)
    if nation is not None and nation not in around:
        served.add(nation)
    return tuple(sorted(served))


def read_delivery(text: str) -> Delivery:
    """How it meets people: in person, unless it speaks of doing so from a distance."""
    return Delivery.BOTH if _AT_A_DISTANCE.search(text) else Delivery.IN_PERSON
