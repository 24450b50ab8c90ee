"""Cookies that keep something on a visitor's device, signed so that only we can have written it.

A signature keeps nothing secret: whoever has the device can read what the cookie holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

if TYPE_CHECKING:
    from datetime import timedelta

    from flask import Response


@dataclass(frozen=True, slots=True)
class SignedCookie:
    """One cookie: `name` as browsers see it, and `purpose`, which no other cookie shares.

    Over HTTPS its name begins with ``__Host-``, so that no neighbouring site can set it.
    """

    name: str
    purpose: str
    lifetime: timedelta

    def read(self) -> Any:
        """What was written, as JSON has it; None where it is missing, too old or not from us."""
        seconds = int(self.lifetime.total_seconds())
        try:
            return self.serializer.loads(request.cookies.get(self._full_name, ""), seconds)
        except BadSignature:
            return None

    def write(self, content: Any) -> None:
        """Set it with the answer to this request; `content` is anything that JSON can hold."""
        value = self.serializer.dumps(content)

        @after_this_request
        def _set(response: Response) -> Response:
            response.set_cookie(
                self._full_name,
                value,
                max_age=self.lifetime,
                secure=_is_secure(),
                httponly=True,
                samesite="Lax",
            )
            return response

    def delete(self) -> None:
        """Have the device forget it."""

        @after_this_request
        def _delete(response: Response) -> Response:
            response.delete_cookie(
                self._full_name, secure=_is_secure(), httponly=True, samesite="Lax"
            )
            return response

    @property
    def serializer(self) -> URLSafeTimedSerializer:
        """What signs it, and checks the signature."""
        return URLSafeTimedSerializer(current_app.secret_key or "", salt=self.purpose)

    @property
    def _full_name(self) -> str:
        return f"__Host-{self.name}" if _is_secure() else self.name


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
