"""The list of somebody without an account: a cookie on their device, and nothing with us.

It holds the numbers of programmes and the list's name. It is signed, so that nobody can have us
read anything else out of it; it says nothing about who keeps it.
"""

from __future__ import annotations

from datetime import timedelta

from matchmaker.services.saved_lists import MOST_PROGRAMMES, ProgrammeList, clean_name
from matchmaker.web.signed_cookie import SignedCookie

# For as long as the privacy notice says.
COOKIE = SignedCookie("list", purpose="list on this device", lifetime=timedelta(days=30))


def read() -> ProgrammeList:
    """The list on this device, which is empty where there is none."""
    kept = COOKIE.read()
    if kept is None:
        return ProgrammeList()
    name, numbers = kept
    return ProgrammeList(clean_name(name), tuple(numbers[:MOST_PROGRAMMES]))


def write(kept: ProgrammeList) -> None:
    """Keep the list on this device; one with nothing in it is forgotten."""
    if kept.name or kept.programme_ids:
        COOKIE.write([kept.name, kept.programme_ids])
    else:
        forget()


def forget() -> None:
    """Take the list off this device."""
    COOKIE.delete()
