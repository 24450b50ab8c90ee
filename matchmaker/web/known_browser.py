"""A cookie that says: somebody signed in with this address here before.

It opens nothing. Attempts from a known browser are counted by themselves, so that a stranger who
keeps guessing cannot use up the tries of the person whose account it is (OWASP, "device cookies").
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from matchmaker.services import throttle

if TYPE_CHECKING:
    from flask import Response

LIFETIME = timedelta(days=365)


def recognise(email: str) -> str | None:
    """What names this browser, if somebody signed in with `email` in it before; else None."""
    try:
        name, whom = _serializer().loads(
            request.cookies.get(_cookie_name(), ""), max_age=int(LIFETIME.total_seconds())
        )
    except BadSignature:
        return None
    return str(name) if secrets.compare_digest(whom, _digest(email)) else None


def remember(email: str) -> None:
    """Make this browser known for `email`, under a new name."""
    value = _serializer().dumps([secrets.token_urlsafe(16), _digest(email)])

    @after_this_request
    def _set(response: Response) -> Response:
        response.set_cookie(
            _cookie_name(),
            value,
            max_age=LIFETIME,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _cookie_name() -> str:
    return "__Host-browser" if current_app.config["SESSION_COOKIE_SECURE"] else "browser"


def _digest(email: str) -> str:
    return throttle.digest("known_browser_of", email)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="known browser")
