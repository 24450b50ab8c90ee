"""Parts that every format has, read into the values that the tables keep."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import OLDEST_AGE, Outcode, TermField
from matchmaker.services.errors import FieldError
from matchmaker.services.imports.report import RowError
from matchmaker.services.organisations import normalise_website
from matchmaker.services.postcodes import normalise_postcode
from matchmaker.services.programme_details import MOST_WORDINGS
from matchmaker.services.registrations import normalise_registration
from matchmaker.vocabulary import load_vocabulary

EMAIL_MAX_LENGTH = 254
PHONE_MAX_LENGTH = 60
WEBSITE_MAX_LENGTH = 500
WORDING_MAX_LENGTH = 200
# How people say that something costs nothing.
FREE = frozenset({"free", "free of charge", "no charge", "no cost", "none"})
# On its own it says no more than the list does.
_EMPTY_CATEGORIES = frozenset({"conditions", "other"})


def website(wording: str) -> str:
    """The address, or nothing: a mistyped one is no reason to leave a programme out."""
    try:
        address = normalise_website(wording)
    except FieldError:
        return ""
    return address if len(address) <= WEBSITE_MAX_LENGTH else ""


def email(wording: str) -> str:
    """The address, or nothing where it is none."""
    if not wording or len(wording) > EMAIL_MAX_LENGTH:
        return ""
    try:
        found = validate_email(wording, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return ""
    return found.normalized


def phone(wording: str) -> str:
    """The number as written, or nothing where it holds no digit or goes on and on."""
    wording = wording.strip(" \"'")
    is_number = len(wording) <= PHONE_MAX_LENGTH and re.search(r"[0-9]", wording) is not None
    return wording if is_number else ""


def postcode(wording: str) -> str:
    """The postcode in full, or nothing."""
    return normalise_postcode(wording) or ""


def registration(wordings: Iterable[str]) -> str | None:
    """The first registration number that is one, written in full."""
    for wording in wordings:
        try:
            return normalise_registration(wording)
        except FieldError:
            continue
    return None


def ages(least: int | None, most: int | None, names: tuple[str, str]) -> list[int | None]:
    """Youngest and oldest age; None where there is no limit.

    Raises:
        RowError: One is below 0, or they are the wrong way round.
    """
    for name, age in zip(names, (least, most), strict=True):
        if age is not None and age < 0:
            raise RowError(name, _("it is below 0"))
    least = None if least is None else min(least, OLDEST_AGE)
    # 150 or 999 is how some say that nobody is too old.
    most = most if most is not None and most <= OLDEST_AGE else None
    if least is not None and most is not None and least > most:
        raise RowError(names[1], _("the oldest age is below the youngest"))
    return [least, most]


def point(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """Degrees, where both are given.

    Raises:
        RowError: They are no degrees.
    """
    if latitude is None or longitude is None:
        return None
    if not -90 <= latitude <= 90:
        raise RowError("latitude", _("it is not a number of degrees from -90 to 90"))
    if not -180 <= longitude <= 180:
        raise RowError("longitude", _("it is not a number of degrees from -180 to 180"))
    return latitude, longitude


def area_codes(wordings: Iterable[str]) -> list[str]:
    """Current codes of areas, sorted; what is no area that we know is left out."""
    areas = load_vocabulary().areas
    return sorted({code for wording in wordings if wording for code in areas.resolve(wording)})


def areas_around(locations: Sequence[dict[str, Any]], districts: Mapping[str, str]) -> list[str]:
    """The authorities in which places lie, sorted; `districts` gives that of a postcode's half."""
    found = (area_of(each["postcode"], districts) for each in locations)
    return sorted({code for code in found if code is not None})


def area_of(postcode_in_full: str, districts: Mapping[str, str]) -> str | None:
    """The authority around a postcode, or None where it is not known."""
    return districts.get(postcode_in_full.split(" ", maxsplit=1)[0])


def known_districts() -> dict[str, str]:
    """The authority of each postcode district that we know."""
    found = db.session.execute(select(Outcode.outcode, Outcode.area_code))
    return {each.outcode: each.area_code for each in found}


def terms(wordings: Iterable[str], field: TermField) -> list[str]:
    """Wordings of one field as they are kept: none twice, and none that means the same."""
    kept: dict[str, str] = {}
    for wording in wordings:
        short = " ".join(wording.split())
        if short and len(short) <= WORDING_MAX_LENGTH:
            kept.setdefault(code_of(short, field) or short.casefold(), short)
    return sorted(kept.values(), key=str.casefold)[:MOST_WORDINGS]


def sort_terms(categories: Iterable[tuple[str, ...]]) -> tuple[list[str], list[str]]:
    """Conditions and approaches among categories, each given in one or more wordings.

    The first wording that the vocabulary knows decides. What it does not know is kept as an
    approach in the source's words: most categories say what is done.
    """
    found: dict[TermField, list[str]] = {TermField.CONDITION: [], TermField.APPROACH: []}
    for wordings in categories:
        if wordings[0].casefold() not in _EMPTY_CATEGORIES:
            field = next(
                (field for word in wordings for field in found if code_of(word, field)),
                TermField.APPROACH,
            )
            known = next((word for word in wordings if code_of(word, field)), wordings[0])
            found[field].append(known)
    return (
        terms(found[TermField.CONDITION], TermField.CONDITION),
        terms(found[TermField.APPROACH], TermField.APPROACH),
    )


@lru_cache(maxsize=20_000)
def code_of(wording: str, field: TermField) -> str:
    """The code of a condition or approach, or the empty string."""
    return load_vocabulary().thesaurus(field).resolve(wording) or ""
