"""Pages for when something goes wrong, each in plain words and with a next step.

A page about a failing database must not ask the database who is reading it, so every error page is
rendered as for a stranger when that is the only safe thing (see `_page_for_anyone`).
"""

from __future__ import annotations

from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from matchmaker.extensions import db
from matchmaker.services.errors import (
    AlreadyAnswered,
    AlreadyIntroduced,
    DomainError,
    LinkUnusable,
    NoPlacesLeft,
    StaleVersion,
    Throttled,
)
from matchmaker.services.policy import ANONYMOUS
from matchmaker.web.open_referral import answers

if TYPE_CHECKING:
    from flask import Flask

# What SQLAlchemy raises when the database cannot be reached, is full, or answers no one in time.
UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout)
RETRY_AFTER_SECONDS = 30

STATUS_OF_REFUSAL = MappingProxyType(
    {
        StaleVersion: HTTPStatus.CONFLICT,
        AlreadyAnswered: HTTPStatus.CONFLICT,
        AlreadyIntroduced: HTTPStatus.CONFLICT,
        NoPlacesLeft: HTTPStatus.CONFLICT,
        LinkUnusable: HTTPStatus.GONE,
        Throttled: HTTPStatus.TOO_MANY_REQUESTS,
    }
)


STATUSES_WITH_A_PAGE = frozenset({400, 403, 404, 405, 409, 410, 413, 429, 500, 503})


def init_app(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(CSRFError, _forged_or_expired)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(InternalServerError, _broken)
    for unavailable in UNAVAILABLE:
        app.register_error_handler(unavailable, _unavailable)


def _http_error(error: HTTPException) -> Response:
    """Any error with a status of its own."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(error, SecurityError):
        # A host that is not ours has no addresses to put into a page.
        words = _("This address is not one that the service answers to.")
        return Response(words, status, mimetype="text/plain")
    response = _page(status)
    # Allow, Retry-After and their like are part of what the status means.
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers.setdefault(name, value)
    return response


def _refused(error: DomainError) -> Response:
    """A rule said no where the view had no place of its own to say so."""
    db.session.rollback()
    status = STATUS_OF_REFUSAL.get(type(error), HTTPStatus.BAD_REQUEST)
    page = render_template("errors/refused.html", heading=_heading_of(error), sentence=str(error))
    response = make_response(page, status)
    if isinstance(error, Throttled):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def _heading_of(error: DomainError) -> str:
    if isinstance(error, StaleVersion | AlreadyAnswered):
        return _("This has changed in the meantime")
    if isinstance(error, LinkUnusable):
        return _("This link no longer works")
    if isinstance(error, Throttled):
        return _("Please wait a little")
    return _("That cannot be done")


def _broken(error: InternalServerError) -> Response:
    """A fault of ours; or the database failing while another error page was being made."""
    if isinstance(error.original_exception, UNAVAILABLE):
        return _unavailable(error.original_exception)
    return _page_for_anyone(HTTPStatus.INTERNAL_SERVER_ERROR)


def _unavailable(error: DBAPIError | PoolTimeout) -> Response:
    # The statement's values are people's data, so only the driver's own words are logged.
    cause = error.orig if isinstance(error, DBAPIError) else error
    current_app.logger.error("The database is unavailable: %s: %s", type(cause).__name__, cause)
    response = _page_for_anyone(HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _forged_or_expired(_error: CSRFError) -> Response:
    """A form without its token: from another site, or from a page that stood open too long.

    The second gets its answers back, to send again with one press. The first must not: one press
    would then do what the other site wanted. It gets no new token either, whose cookie would take
    the place of the visitor's own.
    """
    if not _is_from_our_own_page():
        return _page_for_anyone(HTTPStatus.BAD_REQUEST)
    answers = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != current_app.config.get("WTF_CSRF_FIELD_NAME", "csrf_token")
    ]
    has_secrets = any(_is_secret(name) for name, _value in answers) or bool(request.files)
    page = render_template(
        "errors/expired_form.html",
        answers=[] if has_secrets else answers,
        can_send_again=bool(answers) and not has_secrets,
        address=request.full_path.rstrip("?"),
    )
    return make_response(page, HTTPStatus.BAD_REQUEST)


def _is_from_our_own_page() -> bool:
    """Whether the browser says that a page of this site sent the form; silence is a no."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    parts = urlsplit(source)
    return (parts.scheme, parts.netloc) == (request.scheme, request.host)


def _is_secret(name: str) -> bool:
    return any(word in name for word in ("password", "code", "token"))


def _page(status: int) -> Response:
    if answers.is_asked():
        return answers.problem(status)
    return make_response(render_template(_template_of(status)), status)


def _page_for_anyone(status: int) -> Response:
    """Render without the context processors, which would look up who is signed in."""
    if answers.is_asked():
        return answers.problem(status)
    template = current_app.jinja_env.get_template(_template_of(status))
    return make_response(template.render(actor=ANONYMOUS), status)


def _template_of(status: int) -> str:
    """The page for a status, or for its kind: a fault of ours, or a request that makes no sense."""
    if status in STATUSES_WITH_A_PAGE:
        return f"errors/{int(status)}.html"
    return "errors/500.html" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "errors/400.html"
