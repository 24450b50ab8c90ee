"""What surrounds every request: its time, its write intent and its one commit."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime

from flask import Flask, Response, g, request

from matchmaker.extensions import db, write_intent

logger = logging.getLogger(__name__)

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def now() -> datetime:
    """The moment this request is dealt with, in UTC; the same throughout the request."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    moment: datetime = g.now
    return moment


def commit() -> None:
    """Make what the view did last. Views call this once, when everything has gone well."""
    db.session.commit()


def after_page(record: Callable[[], None]) -> None:
    """Run `record` in a short writing transaction of its own once the page has been built.

    For the few things a GET writes down: what was shown, and when a session was last used. If that
    fails it is logged, and the page is sent all the same.
    """
    g.setdefault("records", []).append(record)


def init_app(app: Flask) -> None:
    """Register before anything else: the intent must be known before a transaction begins."""

    @app.before_request
    def _declare_intent() -> None:
        g.request_stack = ExitStack()
        if request.method not in READING_METHODS:
            g.request_stack.enter_context(write_intent())

    @app.after_request
    def _write_records(response: Response) -> Response:
        records = g.pop("records", [])
        if records:
            try:
                _write(records)
            except Exception:
                db.session.rollback()
                logger.exception("What a page was to write down could not be written down.")
        return response

    @app.teardown_request
    def _end_intent(_error: BaseException | None) -> None:
        stack = g.pop("request_stack", None)
        if stack is not None:
            db.session.rollback()
            stack.close()


def _write(records: list[Callable[[], None]]) -> None:
    db.session.rollback()
    with write_intent():
        for record in records:
            record()
        db.session.commit()
