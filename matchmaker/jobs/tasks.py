"""What the worker does, and how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from matchmaker.jobs import outbox
from matchmaker.services import retention


@dataclass(frozen=True, slots=True)
class Task:
    """One periodic task.

    `run` gets the moment, in an app context with write intent; the worker commits after it, or
    rolls back when it raises. It returns True when there is more to do at once.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], bool]


def _forget_expired(now: datetime) -> bool:
    retention.forget_expired(now=now)
    return False


TASKS = (
    Task("send mail", timedelta(seconds=2), outbox.send_next),
    Task("forget what has expired", timedelta(hours=1), _forget_expired),
)
