"""What the first visitors would otherwise wait for, done before the server forks its workers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from matchmaker.extensions import db
from matchmaker.services import matching

if TYPE_CHECKING:
    from flask import Flask

logger = logging.getLogger(__name__)

# A word, a place and a filter: together they need every part of the page with which people begin.
PAGES = ("/", "/find?q=stroke&where=Fife&within=25&delivery=online", "/find?q=choir&page=2")


def warm_up(app: Flask) -> None:
    """Answer a few pages, so that their templates are compiled and their statements prepared.

    Whatever goes wrong is only logged. No connection stays open.
    """
    client = app.test_client(use_cookies=False)
    try:
        for page in PAGES:
            client.get(page, base_url=app.extensions["settings"].public_url)
    except Exception:
        logger.exception("The first pages could not be prepared.")
    finally:
        with app.app_context():
            # Of a thread that goes on, a worker would inherit the locks it holds and nothing else.
            matching.keeper().wait_for_check()
            db.engine.dispose()
