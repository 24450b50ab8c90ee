"""Headers every answer carries, which hosts are ours, and whose word a proxy's is.

Sources: OWASP ASVS 5.0 chapter 3 (web front end security) and the OWASP Secure Headers Project.
"""

from __future__ import annotations

import secrets
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, session
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from matchmaker.config import Settings

STRICT_TRANSPORT_SECURITY = "max-age=63072000; includeSubDomains"
# Everything a page loads is a file of ours. The design system has one script of a line in the page
# itself, which says that scripts run; it carries the nonce.
CONTENT_SECURITY_POLICY = MappingProxyType(
    {
        "default-src": "'none'",
        "script-src": "'self' 'nonce-{nonce}'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
)
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Not no-referrer: over HTTPS the check against forged forms needs the address they came from.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
LOOPBACK_HOSTS = ("127.0.0.1", "[::1]", "localhost")
# The names of compiled files hold a hash of their content, so a copy never goes stale.
FOR_EVER = "public, max-age=31536000, immutable"


def csp_nonce() -> str:
    """The value a script written into this page must carry to be run; new for every request."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def content_security_policy(**changed: str) -> str:
    """The policy of this answer, a page's own exceptions in it: ``frame_ancestors="*"``."""
    exceptions = {name.replace("_", "-"): value for name, value in changed.items()}
    directives = {**CONTENT_SECURITY_POLICY, **exceptions}
    written = "; ".join(f"{name} {value}" for name, value in directives.items())
    return written.format(nonce=csp_nonce())


def allowed_hosts(settings: Settings) -> list[str] | None:
    """The hosts requests may name, or None (any) in development, where nothing is to protect."""
    if settings.is_development:
        return None
    public = urlsplit(settings.public_url).hostname or ""
    return [public, *LOOPBACK_HOSTS]


def init_app(app: Flask) -> None:
    """Set the headers, check the host, and read the visitor's address through known proxies."""
    settings: Settings = app.extensions["settings"]
    app.config["TRUSTED_HOSTS"] = allowed_hosts(settings)
    if settings.trusted_proxies:
        # Only what the outermost trusted proxy wrote counts; a visitor may write the rest.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies
        )
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", content_security_policy())
    if current_app.extensions["settings"].has_secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT_SECURITY)
    if request.endpoint == "static" and response.status_code in {200, 206, 304}:
        response.headers["Cache-Control"] = FOR_EVER
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = _how_long_to_keep()
    return response


def _how_long_to_keep() -> str:
    """Pages of people who signed in are kept nowhere, not even for the Back button.

    Nor are those behind a link in a mail, which show what was written to somebody.
    """
    is_behind_link = "token" in (request.view_args or {})
    return "no-store" if is_behind_link or "_user_id" in session else "no-cache, private"
