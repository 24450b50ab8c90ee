"""The index of a process that a test starts."""

from __future__ import annotations

import pytest

from matchmaker.extensions import db
from matchmaker.services import matching
from tests.services.matching_index.processes import Builds


@pytest.fixture
def saved(session):
    """Commit what a test has made: the index reads what is committed."""
    return session.commit


@pytest.fixture
def builds(app):
    return Builds(app)


@pytest.fixture
def start_process(app, builds):
    """Make the keeper that a process has at its start, and let the app use it."""
    keepers = []

    def start():
        with app.app_context():
            keeper = matching.Keeper(
                db.engine, matching.current_folder(), builds, check_every_seconds=0.0
            )
        keepers.append(keeper)
        app.extensions["matching"] = keeper
        return keeper

    yield start
    builds.may_go_on.set()
    for keeper in keepers:
        # A check beside a page may begin a fit, which must not reach into the next test.
        keeper.wait_for_check()
        keeper.wait_until_quiet()


@pytest.fixture
def keeper(start_process):
    return start_process()


@pytest.fixture
def folder(app):
    with app.app_context():
        return matching.current_folder()
