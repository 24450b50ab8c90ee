"""The list of somebody without an account: a cookie on their device, and nothing with us.

It holds the numbers of programmes and the list's name. It is signed, so that nobody can have us
read anything else out of it; it says nothing about who keeps it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from matchmaker.services.saved_lists import MOST_PROGRAMMES, ProgrammeList, clean_name

if TYPE_CHECKING:
    from flask import Response

# As the privacy notice says.
LIFETIME = timedelta(days=30)


def read() -> ProgrammeList:
    """The list on this device, which is empty where there is none."""
    try:
        name, numbers = _serializer().loads(
            request.cookies.get(_cookie_name(), ""), max_age=int(LIFETIME.total_seconds())
        )
    except BadSignature:
        return ProgrammeList()
    return ProgrammeList(clean_name(name), tuple(numbers[:MOST_PROGRAMMES]))


def write(kept: ProgrammeList) -> None:
    """Keep the list on this device; one with nothing in it is forgotten."""
    if not kept.name and not kept.programme_ids:
        forget()
        return
    value = _serializer().dumps([kept.name, kept.programme_ids])

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


def forget() -> None:
    """Take the list off this device."""

    @after_this_request
    def _delete(response: Response) -> Response:
        response.delete_cookie(
            _cookie_name(),
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _cookie_name() -> str:
    return "__Host-list" if current_app.config["SESSION_COOKIE_SECURE"] else "list"


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="list on this device")
