"""A cookie that says: somebody signed in with this address here before.

It opens nothing. Attempts from a known browser are counted by themselves, so that a stranger who
keeps guessing cannot use up the tries of the person whose account it is (OWASP, "device cookies").
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from matchmaker.services import throttle
from matchmaker.web.signed_cookie import SignedCookie

COOKIE = SignedCookie("browser", purpose="known browser", lifetime=timedelta(days=365))


def recognise(email: str) -> str | None:
    """What names this browser, if somebody signed in with `email` in it before; else None."""
    kept = COOKIE.read()
    if kept is None:
        return None
    name, whom = kept
    return str(name) if secrets.compare_digest(whom, _digest(email)) else None


def remember(email: str) -> None:
    """Make this browser known for `email`, under a new name."""
    COOKIE.write([secrets.token_urlsafe(16), _digest(email)])


def _digest(email: str) -> str:
    return throttle.digest("known_browser_of", email)
