"""Registering, signing in and out, the first page, and looking after one's own account."""

from __future__ import annotations

from flask import Blueprint, Response

blueprint = Blueprint("accounts", __name__)


@blueprint.after_request
def _keep_nowhere(response: Response) -> Response:
    """These pages hold links and addresses; no copy of them may stay behind on a shared machine."""
    response.headers["Cache-Control"] = "no-store"
    return response


# Each of these adds its views to the blueprint.
from matchmaker.web.accounts import (  # noqa: E402
    email_change,
    erasing,
    home,
    own_account,
    own_data,
    password_reset,
    registration,
    sign_in,
    signed_in_browsers,
)

__all__ = [
    "blueprint",
    "email_change",
    "erasing",
    "home",
    "own_account",
    "own_data",
    "password_reset",
    "registration",
    "sign_in",
    "signed_in_browsers",
]
