"""Whether pages can be served: the database answers, has our tables, and the index follows it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from matchmaker.extensions import db
from matchmaker.services import matching

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the app is ready, and how many seconds ago its matching index was fitted."""

    is_ready: bool
    index_age_seconds: float | None = None


def check() -> Readiness:
    """Ask the database once and the index, which asks for itself at most once a second.

    Raises:
        OperationalError: The database cannot be reached.
    """
    found = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    wanted = _newest_migrations(current_app.config["MIGRATIONS_DIRECTORY"])
    if found != wanted:
        logger.error("The database is at migration %s; this code needs %s.", found, wanted)
        return Readiness(is_ready=False)
    return Readiness(is_ready=True, index_age_seconds=matching.keeper().age())


@cache
def _newest_migrations(folder: str) -> frozenset[str]:
    return frozenset(ScriptDirectory(folder).get_heads())
