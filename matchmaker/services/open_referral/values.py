"""Single values as Open Referral UK writes them. What is empty, or not of its kind, is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# RFC 3986 has no room for anything else.
_UNFIT_FOR_URI = re.compile(r"[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]")
# The codes of the Office for National Statistics; Northern Ireland's trusts have none.
_STATISTICAL_CODE = re.compile(r"[A-Z]\d{8}")
_GEOGRAPHY = "http://statistics.data.gov.uk/id/statistical-geography/"


def filled(values: Mapping[str, Any]) -> Json:
    """`values` without those that say nothing; 0 and False say something."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def web_address(wording: str) -> str:
    """A web address as a URI, or nothing where it is none."""
    address = wording.strip()
    if not address:
        return ""
    if not _SCHEME.match(address):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        is_address = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return address if is_address and not _UNFIT_FOR_URI.search(address) else ""


def email_address(wording: str) -> str:
    """An e-mail address, or nothing where it is none."""
    address = wording.strip()
    return address if address.isascii() and _EMAIL.fullmatch(address) else ""


def area_uri(code: str) -> str:
    """The address of an area at the Office for National Statistics."""
    return f"{_GEOGRAPHY}{code}" if _STATISTICAL_CODE.fullmatch(code) else ""


def day(moment: date | None) -> str:
    """A day, such as 2026-11-21."""
    return "" if moment is None else f"{moment:%Y-%m-%d}"


def moment(value: datetime) -> str:
    """A moment in UTC with milliseconds, as the format asks."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z"


def clock(value: time | None) -> str:
    """A time of day in London, such as 09:30.

    The format asks for an offset from UTC beside it. What comes every week has two a year, so that
    either would be wrong for half of the weeks.
    """
    return "" if value is None else f"{value:%H:%M}"
