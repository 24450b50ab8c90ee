"""Writing postcodes as the post office does."""

from __future__ import annotations

import re

# The second half begins with a digit; people type the letter O for nought there.
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9O])([A-Z]{2})")
_DISTRICT = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")


def normalise_postcode(wording: str) -> str | None:
    """A full postcode such as "KY12 7JA", for any way of typing it; None when it is not one."""
    found = _POSTCODE.fullmatch(re.sub(r"[\s.,]+", "", wording).upper())
    if found is None:
        return None
    district, digit, letters = found.groups()
    return f"{district} {digit.replace('O', '0')}{letters}"


def normalise_district(wording: str) -> str | None:
    """A postcode district such as "KY12"; None when it is not one."""
    district = wording.strip().upper()
    return district if _DISTRICT.fullmatch(district) else None
