"""What a process does with the index, for tests: it builds, asks, and is asked."""

from __future__ import annotations

import threading
from datetime import timedelta

from matchmaker.extensions import db
from matchmaker.services import matching
from tests.factories import NOW, make_organisation, make_programme

# Later than a transaction may be committed after it wrote.
LATER = NOW + timedelta(minutes=10)
SECONDS = 20


class Builds:
    """The building of snapshots, counted; it can be made to fail, or to wait."""

    def __init__(self, app):
        self.app = app
        self.count = 0
        self.failure = None
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self):
        assert self.may_go_on.wait(SECONDS)
        self.count += 1
        if self.failure is not None:
            raise self.failure
        with self.app.app_context():
            matching.build_here(db.engine, matching.current_folder())


def names(professional, **options):
    found = matching.suggest_for_professional(professional, **{"now": NOW, "top": 100, **options})
    return [each.programme.name for each in found]


def followed(keeper):
    """The names in the index of what changed since the fit; a page shows those of the rows."""
    return {each and each.name for each in keeper.view().programmes.changed.values()}


def scores(professional):
    found = matching.suggest_for_professional(professional, now=NOW, top=100)
    return {each.programme.name: each.match.score for each in found}


def make_groups(number):
    organisation = make_organisation()
    return [
        make_programme(name=f"Stroke group {each:02}", organisation=organisation)
        for each in range(number)
    ]
