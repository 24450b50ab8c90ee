"""What a program asks for in the query of an address, read strictly and refused in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from types import MappingProxyType
from typing import TypeVar

from flask import request
from flask_babel import gettext as _

from matchmaker.services import open_referral
from matchmaker.services.open_referral import Part, Wanted
from matchmaker.services.places import district_of

SEARCH_MAX_LENGTH = 100
LARGEST_PAGE = 1_000_000
PER_PAGE = 50
MOST_PER_PAGE = 100
OLDEST = 150
FARTHEST_METRES = 200_000
NAMES_OF_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
# The two letters of RFC 5545, or the name of the day with or without its capital.
DAYS = MappingProxyType(
    {
        wording: letters
        for letters, name in zip(open_referral.WEEKDAYS, NAMES_OF_DAYS, strict=True)
        for wording in (letters, name, name.lower())
    }
)
POSTCODE = "[A-Za-z]{1,2}[0-9][A-Za-z0-9]?( ?[0-9][A-Za-z]{2})?"
TIME = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"

# Python reads no more than 4,300 digits.
_WHOLE = re.compile(r"[0-9]{1,4000}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")

Value = TypeVar("Value")


class WrongParameter(Exception):
    """A parameter cannot be used; the message says what would do."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


def read_part() -> Part:
    """Which page is wanted; more than the most that a page holds counts as the most."""
    page = _read("page", _page)
    per_page = _read("per_page", _per_page)
    return Part(page or 1, PER_PAGE if per_page is None else min(per_page, MOST_PER_PAGE))


def read_wanted(*, with_place: bool = False) -> Wanted:
    """What the list is narrowed to; only places are asked for by postcode and distance."""
    return Wanted(
        search=_read("search", _search) or "",
        taxonomy_term_id=_read("taxonomy_term_id", _name) or "",
        taxonomy_id=_read("taxonomy_id", _name) or "",
        minimum_age=_read("minimum_age", _age),
        maximum_age=_read("maximum_age", _age),
        start_time=_read("start_time", _time),
        end_time=_read("end_time", _time),
        weekday=_read("day", _day) or "",
        district=(_read("postcode", _district) or "") if with_place else "",
        metres=_read("proximity", _metres) if with_place else None,
    )


def read_taxonomy_id() -> str | None:
    """The taxonomy whose terms are wanted."""
    return _read("taxonomy_id", _name)


def read_full() -> bool:
    """Whether every entry of a list is wanted with all that belongs to it."""
    return _read("full", _yes_or_no) or False


def _read(name: str, understand: Callable[[str], Value | None]) -> Value | None:
    """The value of a parameter, or None where it is not there.

    Raises:
        WrongParameter: It is there twice, or cannot be understood.
    """
    given = request.args.getlist(name)
    if not given:
        return None
    if len(given) > 1:
        raise WrongParameter(name, _("%(name)s may be given once only.", name=name))
    value = understand(given[0])
    if value is None:
        raise WrongParameter(name, f"{name} {_wants()[name]}")
    return value


def _wants() -> dict[str, str]:
    """What each parameter has to be, to follow its name."""
    name = _("must be a UUID, such as those that /taxonomies and /taxonomy_terms give.")
    age = _("must be a number of years from 0 to %(most)s.", most=OLDEST)
    clock = _("must be a time of day such as 09:30.")
    return {
        "search": _("must be %(most)s characters or fewer.", most=SEARCH_MAX_LENGTH),
        "page": _("must be a whole number from 1 to %(most)s.", most=f"{LARGEST_PAGE:,}"),
        "per_page": _("must be a whole number from 1."),
        "taxonomy_term_id": name,
        "taxonomy_id": name,
        "minimum_age": age,
        "maximum_age": age,
        "start_time": clock,
        "end_time": clock,
        "day": _("must be MO, TU, WE, TH, FR, SA or SU, or the name of a day such as Monday."),
        "postcode": _("must be a postcode or the first half of one, such as KY12 7JA or KY12."),
        "proximity": _(
            "must be a number of metres from 0 to %(most)s.", most=f"{FARTHEST_METRES:,}"
        ),
        "full": _("must be true or false."),
    }


def _search(text: str) -> str | None:
    return text if len(text) <= SEARCH_MAX_LENGTH else None


def _page(text: str) -> int | None:
    number = _whole(text)
    return number if number is not None and number <= LARGEST_PAGE else None


def _per_page(text: str) -> int | None:
    return _whole(text)


def _whole(text: str) -> int | None:
    if not _WHOLE.fullmatch(text):
        return None
    number = int(text)
    return number if number >= 1 else None


def _name(text: str) -> str | None:
    return open_referral.find_name(text)


def _age(text: str) -> float | None:
    return _number(text, OLDEST)


def _metres(text: str) -> float | None:
    return _number(text, FARTHEST_METRES)


def _number(text: str, most: float) -> float | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if 0 <= number <= most else None


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if re.fullmatch(TIME, text) else None


def _day(text: str) -> str | None:
    return DAYS.get(text)


def _district(text: str) -> str | None:
    return district_of(text) if re.fullmatch(POSTCODE, text) else None


def _yes_or_no(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)
