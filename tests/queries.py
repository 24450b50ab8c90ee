"""What is sent to the database while something happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from matchmaker.extensions import db


@contextmanager
def statements_sent(app: Flask, *kinds: str) -> Iterator[list[str]]:
    """Collect the statements that are sent inside the block; of some kinds, such as SELECT, only.

    Those of other threads are among them.
    """
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not kinds or statement.startswith(kinds):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
