"""Logs: one JSON object a line, in UTC, and nothing in them that names a person.

What people type does not belong in a log message. As a second line of defence, whatever still looks
like an e-mail address, a query string or a secret link is blanked in the finished line, tracebacks
included.
"""

from __future__ import annotations

import logging
import logging.config
import re
from typing import TYPE_CHECKING

from pythonjsonlogger.json import JsonFormatter

from matchmaker.config import Environment

if TYPE_CHECKING:
    from matchmaker.config import Settings

# Each looks from the beginning of a word only, so that a long line takes no longer than it is.
EMAIL_ADDRESS = re.compile(
    r"(?<![^\s\"'<>()\[\]:=,;/\\])[^\s\"'<>()\[\]:=,;/\\]+@[^\s\"'<>()\[\],;/\\]+"
)
QUERY_STRING = re.compile(r"(?<=[\w/])\?[^\s\"'<>=?]+=[^\s\"'<>]*")
# Tokens in links: the signed part is 27 characters long.
SECRET_SEGMENT = re.compile(r"(?<=/)[\w.-]+\.[\w-]{27}(?![\w-])")


class PrivateJsonFormatter(JsonFormatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Format the record, and blank what names a person."""
        return without_personal_data(super().format(record))


class PrivateFormatter(logging.Formatter):
    """A log record as a line for a developer's console."""

    def format(self, record: logging.LogRecord) -> str:
        """Format the record, and blank what names a person."""
        return without_personal_data(super().format(record))


def without_personal_data(line: str) -> str:
    """`line` with e-mail addresses, query strings and secret links blanked."""
    line = EMAIL_ADDRESS.sub("[e-mail]", line)
    line = QUERY_STRING.sub("?[query]", line)
    return SECRET_SEGMENT.sub("[token]", line)


def configure(settings: Settings) -> None:
    """Send every log record to standard error: JSON in production, plain in development.

    Tests keep pytest's own handling, which looks at records and not at lines.
    """
    if settings.environment is Environment.TESTING:
        return
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": _formatter(is_json=not settings.is_development)},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            # The migration tool tells of every step; only its warnings matter to us.
            "loggers": {"alembic": {"level": "WARNING"}},
        }
    )


def _formatter(*, is_json: bool) -> dict[str, object]:
    if is_json:
        return {
            "()": PrivateJsonFormatter,
            "fmt": ["levelname", "name", "message"],
            "rename_fields": {"levelname": "level", "name": "logger"},
            "timestamp": "time",
            "json_ensure_ascii": False,
        }
    return {"()": PrivateFormatter, "format": "%(levelname)s %(name)s: %(message)s"}
