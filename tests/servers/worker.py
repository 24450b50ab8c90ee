"""The worker that sends mail and does the work of the clock, as `matchmaker jobs` starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.servers.processes import stopping
from tests.servers.web import ROOT, environment_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matchmaker.config import Settings


@contextmanager
def running_worker(settings: Settings, url: str, folder: Path) -> Iterator[None]:
    """Run the worker beside the app that is served at `url`, and log into `folder`."""
    with (folder / "worker.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "matchmaker", "jobs"],
            cwd=ROOT,
            env={**os.environ, **environment_of(settings, url)},
            stdout=output,
            stderr=output,
        )
    with stopping(process):
        yield
