"""`matchmaker jobs`: the worker."""

from __future__ import annotations

import click
from flask.cli import ScriptInfo, pass_script_info

from matchmaker.jobs.worker import Worker, stopped_by_signals


@click.command("jobs")
@pass_script_info
def jobs(script: ScriptInfo) -> None:
    """Send mail and do the work of the clock until stopped (Ctrl-C)."""
    worker = Worker(script.load_app())
    with stopped_by_signals(worker):
        worker.run()
