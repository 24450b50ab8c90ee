"""Where a charity works, and how, as far as its register entry says.

A register gives an address and no area. Most charities are local, so that the authority around the
address is what they serve, in person, unless their own words or their register say more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from matchmaker.models import Delivery
from matchmaker.vocabulary import load_vocabulary

UNITED_KINGDOM = "K02000001"
ENGLAND = "E92000001"
SCOTLAND = "S92000003"
WALES = "W92000004"
NORTHERN_IRELAND = "N92000002"
_NATIONS = frozenset({UNITED_KINGDOM, ENGLAND, SCOTLAND, WALES, NORTHERN_IRELAND})

# A charity that works in Scotland or Northern Ireland registers there too, wherever its office is.
_NATION_OF_REGISTER = {"GB-SC": SCOTLAND, "GB-NIC": NORTHERN_IRELAND}

_THE_UK = r"(?:uk|u\.k\.|united kingdom|great britain)\b"
_OF_THE = r"(?:\s+the)?(?:\s+whole\s+of)?(?:\s+the)?\s+"
# "Partners across the UK" and "known nationally" say nothing of where a charity works.
_THROUGHOUT = r"\b(?:throughout|all over|anywhere in|all parts of|the whole of)" + _OF_THE
_EVERYWHERE_IN = r"\b(?:throughout|across|all over|anywhere in|all parts of|the whole of)" + _OF_THE
_HELPED = (
    r"\b(?:people|families|children|adults|patients|anyone|everyone|those|carers|parents"
    r"|branches)\b"
)
_COVERAGE = (
    (
        re.compile(
            _THROUGHOUT
            + _THE_UK
            + r"|\buk[- ]wide\b|\bnationwide\b"
            + r"|(?<!one of )(?<!one of the )\b(?:uk|britain)['\u2019?]s\s+"
            + r"(?:leading|largest|biggest|only|major|national)\b"
            + r"|\bnational\s+(?:\w+\s+)?(?:charity|helpline)\b"
            + r"|"
            + _HELPED
            + r"(?:\s+(?!partners|organi[sz]ations|charities)[\w-]+){0,6}"
            + r"\s+(?:from\s+)?across\s+the\s+"
            + _THE_UK,
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
# "Asthma and Lung UK" and "Scottish Autism" carry in their names where they work.
_NAMED = (
    (
        re.compile(r"\b(?:uk|united kingdom|great britain|british|national)\b", re.IGNORECASE),
        (UNITED_KINGDOM,),
    ),
    (re.compile(r"\b(?:scotland|scottish)\b", re.IGNORECASE), (SCOTLAND,)),
    (re.compile(r"\b(?:wales|welsh|cymru)\b", re.IGNORECASE), (WALES,)),
    (re.compile(r"\b(?:england|english)\b", re.IGNORECASE), (ENGLAND,)),
    (re.compile(r"\b(?:northern ireland|ulster)\b", re.IGNORECASE), (NORTHERN_IRELAND,)),
)
# A branch, a congregation or a school is in one place, whatever it belongs to.
_PART_OF_SOMETHING = re.compile(
    r"\b(?:branch(?:es)?|church(?:es)?|chapel|congregation|parish|diocese|school|club|friends|league"
    r"|federation|(?:north|south|east|west|mid|central|northern|southern|eastern|western)(?:[- ]"
    r"(?:east|west)(?:ern)?)?(?:\s+of)?\s+(?:uk|england|scotland|wales))\b",
    re.IGNORECASE,
)
_AT_HOME = re.compile(
    r"\b(?:in|across|throughout|within|around|of)\s+(?:the\s+)?"
    r"(?:uk|u\.k\.|united kingdom|great britain|britain|england|scotland|wales|ireland)\b",
    re.IGNORECASE,
)
_BEGINNING = 300
# Words in a row that may be the name of a place, and how many such a name has at most.
_CAPITALS = re.compile(
    r"[A-Z][\w'\u2019-]+(?:\s+(?:(?:and|of|upon|the)\s+){0,2}[A-Z][\w'\u2019-]+)*"
)
_LONGEST_PLACE = 4

_AT_A_DISTANCE = re.compile(
    r"\b(?:online(?!\s+(?:donations?|giving|shop|shopping|sales?|services))|helplines?|help\s+line"
    r"|telephone(?!\s+(?:kiosk|box))|by phone|zoom|remotely|webinars?"
    r"|virtual(?:ly)?\s+(?:support|groups?|meetings?|sessions?|classes))\b",
    re.IGNORECASE,
)
# "Our online support has global reach": nobody is too far away for it.
_FROM_ANYWHERE = re.compile(
    r"\b(?:worldwide|world[- ]wide|global(?:ly)?|all over the world|around the world"
    r"|wherever (?:you|they) (?:are|live))\b",
    re.IGNORECASE,
)


def read_served_areas(
    name: str, text: str, register: str, area_code: str | None
) -> tuple[str, ...]:
    """Codes of the areas a charity serves, sorted; none when nothing says where.

    Args:
        name: Its name, which may be that of a nation.
        text: Its activities and objects.
        register: Which register it is in, such as ``GB-SC``.
        area_code: The authority around its address.
    """
    served = {code for pattern, codes in _COVERAGE if pattern.search(text) for code in codes}
    nation = _NATION_OF_REGISTER.get(register)
    served |= _named_areas(name, text, nation)
    if UNITED_KINGDOM in served:
        return (UNITED_KINGDOM,)
    around = frozenset() if area_code is None else load_vocabulary().areas.within(area_code)
    if nation is not None and nation not in around:
        # An entry in the register of a nation tells of the work there, not of that at the office.
        served.add(nation)
    elif area_code is not None:
        served.add(area_code)
    return tuple(sorted(served))


def read_delivery(name: str, text: str, served_areas: Iterable[str]) -> Delivery:
    """How it meets people: in person, unless it speaks of doing so from a distance.

    The helpline of a charity that speaks of one county is for that county, and brings it no nearer
    to the others, unless it serves a whole nation or says that anybody may ring.

    Args:
        name: Its name.
        text: Its activities and objects.
        served_areas: What `read_served_areas` found.
    """
    if not _AT_A_DISTANCE.search(text):
        return Delivery.IN_PERSON
    if not _NATIONS.isdisjoint(served_areas) or _FROM_ANYWHERE.search(text):
        return Delivery.BOTH
    is_local = _names_a_place(name) or _names_a_place(text)
    return Delivery.IN_PERSON if is_local else Delivery.BOTH


def _named_areas(name: str, text: str, nation: str | None) -> set[str]:
    """The nations a name speaks of, unless it speaks of a smaller place or of a part, too.

    "UK" in the name of a charity that works in Tanzania tells where its office is.
    """
    served = {code for pattern, codes in _NAMED if pattern.search(name) for code in codes}
    if not served or _PART_OF_SOMETHING.search(name) or _names_a_place(name):
        return set()
    if _works_abroad(name, text):
        return set()
    if UNITED_KINGDOM in served and nation is not None:
        # The national body of a nation: it is in other registers, too, if it works elsewhere.
        return {nation}
    return served - {UNITED_KINGDOM} or served


def _works_abroad(name: str, text: str) -> bool:
    """Whether the name or the first words are about other countries, and not about this one."""
    vocabulary, beginning = load_vocabulary(), text[:_BEGINNING]
    if any(mention.code == "abroad" for mention in vocabulary.read_audiences(name)):
        return True
    if _AT_HOME.search(beginning):
        return False
    return any(mention.code == "abroad" for mention in vocabulary.read_audiences(beginning))


def _names_a_place(text: str) -> bool:
    """Whether a text names somewhere smaller than a nation."""
    areas = load_vocabulary().areas
    for found in _CAPITALS.finditer(text):
        words = found.group().split()
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST_PLACE, len(words)) + 1):
                codes = areas.resolve(" ".join(words[start:end]))
                if codes and not codes <= _NATIONS:
                    return True
    return False
