"""How the open API answers: JSON that any site may read, keep and ask for again cheaply.

It sets no cookie and reads none (see `matchmaker.web.sessions`), so that an answer is the same for
everybody and may be kept by whoever is on the way.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from matchmaker.services import open_referral
from matchmaker.services.open_referral import Part, Source

PREFIX = "/api/oruk/v3"
KEPT_SECONDS = 300

HEADERS = MappingProxyType(
    {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Last-Modified",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
)
HEADERS_OF_PREFLIGHT = MappingProxyType(
    {
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "If-Modified-Since, If-None-Match",
        "Access-Control-Max-Age": "86400",
    }
)


def is_asked() -> bool:
    """Whether this request is for the open API, even for an address that it does not have."""
    return request.path == PREFIX or request.path.startswith(f"{PREFIX}/")


def answer(content: object, *, changed_at: datetime | None = None) -> Response:
    """`content` as JSON, or 304 where whoever asks has it already.

    `changed_at` is when it last changed, where that is known without comparing.
    """
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(body, mimetype="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    if changed_at is not None:
        response.last_modified = changed_at
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.make_conditional(request.environ)
    return response


def page(contents: list[Any], total: int, part: Part, sources: list[Source]) -> dict[str, Any]:
    """A page of a list in the envelope of the format, with the sources of what is on it."""
    place = open_referral.envelope(
        total, size=len(contents), page=part.page, per_page=part.per_page
    )
    return {
        **place,
        "contents": contents,
        **({"attribution": list(map(open_referral.attribution, sources))} if sources else {}),
    }


def problem(status: int, detail: str = "", **more: str) -> Response:
    """Why there is no answer, in the form of RFC 9457 and in plain words."""
    found = HTTPStatus(status)
    content = {
        "type": "about:blank",
        "title": found.phrase,
        "status": int(found),
        "detail": detail or _usual_detail(found),
        **more,
    }
    body = json.dumps(content, ensure_ascii=False).encode()
    response = Response(body, found, mimetype="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return open_to_all(response)


def open_to_all(response: Response) -> Response:
    """Let pages of every site read the answer."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.method == "OPTIONS":
        for name, value in HEADERS_OF_PREFLIGHT.items():
            response.headers[name] = value
    return response


def _usual_detail(status: HTTPStatus) -> str:
    said = {
        HTTPStatus.NOT_FOUND: _("There is nothing here under this address or id."),
        HTTPStatus.METHOD_NOT_ALLOWED: _("This can only be read: use GET, HEAD or OPTIONS."),
        HTTPStatus.SERVICE_UNAVAILABLE: _("The database cannot be reached. Please try again soon."),
    }
    if status in said:
        return said[status]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _("Something went wrong here. Please try again later.")
    return _("The request cannot be understood.")
