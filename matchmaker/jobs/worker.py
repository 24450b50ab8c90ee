"""The loop behind `matchmaker jobs`."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType

from flask import Flask

from matchmaker.extensions import db, write_intent
from matchmaker.jobs.tasks import TASKS, Task

logger = logging.getLogger(__name__)


class Worker:
    """Runs each task when it is due, one after the other, until told to stop.

    Several workers may run side by side: the tasks claim what they work on in the database.
    """

    def __init__(self, app: Flask, tasks: Sequence[Task] = TASKS) -> None:
        self._app = app
        self._stop = threading.Event()
        self._due = {task: time.monotonic() for task in tasks}

    def stop(self) -> None:
        """Ask the loop to end: at once when it waits, else after what is being done right now."""
        self._stop.set()

    def run(self) -> None:
        """Work until `stop` is called."""
        logger.info("worker started")
        while not self._stop.is_set():
            task = min(self._due, key=lambda each: self._due[each])
            if self._stop.wait(max(0.0, self._due[task] - time.monotonic())):
                break
            has_more = self._run_once(task)
            self._due[task] = time.monotonic() + (0 if has_more else task.every.total_seconds())
        logger.info("worker stopped")

    def _run_once(self, task: Task) -> bool:
        """Run a task in a transaction of its own; what it raises is logged and ends nothing."""
        with self._app.app_context(), write_intent():
            try:
                has_more = task.run(datetime.now(UTC))
                db.session.commit()
            except Exception:
                db.session.rollback()
                logger.exception("task failed", extra={"task": task.name})
                return False
        return has_more


@contextmanager
def stopped_by_signals(worker: Worker) -> Iterator[None]:
    """Let SIGTERM and SIGINT stop `worker`; afterwards the signals do what they did before."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        worker.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
