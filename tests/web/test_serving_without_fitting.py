"""A process that serves suggestions from a snapshot never loads what only fitting needs."""

from __future__ import annotations

import os
import subprocess
import sys
from textwrap import dedent

import pytest

from matchmaker.extensions import db
from matchmaker.services import matching
from tests.factories import make_programme
from tests.servers.web import ROOT, environment_of

pytestmark = pytest.mark.one_database

SERVE = dedent("""
    import sys
    from matchmaker import create_app

    answer = create_app().test_client().get("/try?where=Fife&conditions=stroke")
    assert answer.status_code == 200
    print("Stroke café" in answer.text, *(name for name in sys.modules if name == "sklearn"))
""")


def test_suggestions_of_a_snapshot_are_served_without_scikit_learn(app, writing, settings):
    with writing():
        make_programme(name="Stroke café")
    with app.app_context():
        matching.build_here(db.engine, matching.current_folder())
    environment = {
        **os.environ,
        **environment_of(settings, settings.public_url),
        # Compiling takes most of the time of a process that answers once.
        "NUMBA_DISABLE_JIT": "1",
    }
    serving = subprocess.run(
        [sys.executable, "-c", SERVE],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (serving.stdout, serving.stderr) == ("True\n", "")
