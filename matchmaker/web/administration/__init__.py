"""The administrators' area: accounts, organisations, what waits, mail and the audit trail.

Every view declares `Action.ADMINISTER`. Who is not an administrator is refused, and what is not
there is not found, as everywhere else.
"""

from __future__ import annotations

from flask import Blueprint, Response

blueprint = Blueprint("administration", __name__, url_prefix="/admin")


@blueprint.after_request
def _keep_nowhere(response: Response) -> Response:
    """These pages name people; no copy of them may stay behind on a shared machine."""
    response.headers["Cache-Control"] = "no-store"
    return response


# Each of these adds its views to the blueprint.
from matchmaker.web.administration import (  # noqa: E402
    audit_trail,
    organisations,
    outbox,
    overview,
    people,
    reports,
)

__all__ = [
    "audit_trail",
    "blueprint",
    "organisations",
    "outbox",
    "overview",
    "people",
    "reports",
]
