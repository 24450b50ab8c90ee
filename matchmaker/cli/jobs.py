"""`matchmaker jobs`: the worker."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from matchmaker.jobs.worker import Worker, stopped_by_signals


@click.command("jobs")
@with_appcontext
def jobs() -> None:
    """Send mail and do the work of the clock until stopped (Ctrl-C)."""
    worker = Worker(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001
    with stopped_by_signals(worker):
        worker.run()
