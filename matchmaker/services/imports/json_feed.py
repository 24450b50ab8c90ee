"""Reading JSON strictly: what cannot be read for certain is refused, as a whole or row by row."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from matchmaker.services.imports.capitals import shorten
from matchmaker.services.imports.plain_text import plain_line, plain_text
from matchmaker.services.imports.records import MEGABYTE, Limits
from matchmaker.services.imports.report import BrokenFile, RowError

# An entry with more parts than this, such as places or categories, is a mistake.
MOST_PARTS = 500
# A database's whole number holds no more, and no count in a feed comes near.
LARGEST_NUMBER = 1_000_000
EXTERNAL_ID_MAX_LENGTH = 300


def read_json(data: bytes, name: str, limits: Limits) -> Any:
    """Read JSON in UTF-8.

    Raises:
        BrokenFile: It is too large, not UTF-8, not JSON, or nested too deeply.
    """
    return _parse(decode(data, name, limits), name)


def read_file(path: Path, limits: Limits) -> bytes:
    """What a file holds.

    Raises:
        BrokenFile: It is too large; nothing of it was read.
    """
    if path.stat().st_size > limits.largest_bytes:
        raise _too_large(str(path), limits)
    return path.read_bytes()


def decode(data: bytes, name: str, limits: Limits) -> str:
    """The text of a file.

    Raises:
        BrokenFile: It is too large, or not UTF-8.
    """
    if len(data) > limits.largest_bytes:
        raise _too_large(name, limits)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise BrokenFile(name, row, "file", _("it is not UTF-8 text")) from None


def read_json_lines(data: bytes, name: str, limits: Limits) -> Iterator[tuple[int, Any]]:
    """Each line's number and what it holds.

    Raises:
        BrokenFile: It is too large, not UTF-8, or a line is not JSON.
    """
    # Not `splitlines`: a JSON text may hold other characters that end a line.
    for number, line in enumerate(decode(data, name, limits).split("\n"), start=1):
        if line.strip():
            yield number, _parse(line, name, number)


def check_count(count: int, name: str, limits: Limits) -> None:
    """Refuse a file with too many rows.

    Raises:
        BrokenFile: There are more than are read at once.
    """
    if count > limits.most_rows:
        raise BrokenFile(
            name,
            None,
            "file",
            _(
                "it has %(count)s rows, and at most %(most)s are read at once",
                count=f"{count:,}",
                most=f"{limits.most_rows:,}",
            ),
        )


def _too_large(name: str, limits: Limits) -> BrokenFile:
    most = limits.largest_bytes // MEGABYTE
    return BrokenFile(name, None, "file", _("it is larger than %(most)s MB", most=most))


def _parse(text: str, name: str, row: int | None = None) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise BrokenFile(name, row, "file", _("it is nested too deeply")) from None
    except json.JSONDecodeError as error:
        raise BrokenFile(
            name,
            row or error.lineno,
            "file",
            _("it is not JSON (%(error)s)", error=error.msg),
        ) from None
    except ValueError:  # a constant that JSON does not have, or a number of thousands of digits
        raise BrokenFile(name, row, "file", _("it holds a number that cannot be read")) from None


def _refuse_constant(_name: str) -> None:
    raise ValueError


class Entry:
    """One JSON object of a feed; each way to read a part of it says what is wrong with it."""

    def __init__(self, content: Any, field: str = "row") -> None:
        """Take an object.

        Raises:
            RowError: It is something else.
        """
        if not isinstance(content, dict):
            raise RowError(field, _("it is not an object with names and values"))
        self._content: dict[str, Any] = content

    def says(self, *names: str) -> bool:
        """Whether it speaks of any of these."""
        return any(name in self._content for name in names)

    def id(self, name: str) -> str:
        """What the source calls it.

        Raises:
            RowError: There is none, or it is no text and no number.
        """
        value = self._content.get(name)
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise RowError(name, _("it is missing"))
        found = plain_line(str(value))
        if not found or len(found) > EXTERNAL_ID_MAX_LENGTH:
            raise RowError(name, _("it is empty or too long"))
        return found

    def line(self, name: str, most: int, *, required: bool = False) -> str:
        """One line of plain text.

        Raises:
            RowError: It is no text, too long, or empty though it is needed.
        """
        found = plain_line(self._text(name))
        if len(found) > most:
            raise RowError(name, _("it is longer than %(most)s characters", most=most))
        if required and not found:
            raise RowError(name, _("it is empty"))
        return found

    def text(self, name: str, most: int) -> str:
        """Plain text in paragraphs, cut after a sentence where it is longer than `most`.

        Raises:
            RowError: It is no text.
        """
        return shorten(plain_text(self._text(name)), most)

    def number(self, name: str) -> float | None:
        """A number, which some write as text; None where there is none.

        Raises:
            RowError: It is no number, or larger than any that makes sense.
        """
        value = self._content.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise _no_number(name, value)
        try:
            found = float(value)
        except (ValueError, OverflowError):
            raise _no_number(name, value) from None
        if not math.isfinite(found) or abs(found) > LARGEST_NUMBER:
            raise _no_number(name, value)
        return found

    def whole_number(self, name: str) -> int | None:
        """A whole number; None where there is none.

        Raises:
            RowError: It is none.
        """
        found = self.number(name)
        if found is not None and found != int(found):
            raise _no_number(name, found)
        return None if found is None else int(found)

    def date(self, name: str) -> date | None:
        """A day, also where a time of day follows it; None where there is none.

        Raises:
            RowError: It is no day of the calendar.
        """
        wording = plain_line(self._text(name))
        if not wording:
            return None
        try:
            return date.fromisoformat(wording[:10])
        except ValueError:
            raise RowError(
                name,
                _("“%(value)s” is not a date like 2026-11-30", value=shorten(wording, 40)),
            ) from None

    def object(self, name: str) -> Entry | None:
        """What hangs under a name; None where nothing does.

        Raises:
            RowError: It is no object.
        """
        content = self._content.get(name)
        return None if content is None else Entry(content, name)

    def objects(self, name: str) -> list[Entry]:
        """The parts under a name.

        Raises:
            RowError: They are no list of objects, or too many.
        """
        content = self._content.get(name)
        if content is None:
            return []
        if not isinstance(content, list):
            raise RowError(name, _("it is not a list"))
        if len(content) > MOST_PARTS:
            raise RowError(name, _("it has more than %(most)s parts", most=MOST_PARTS))
        return [Entry(each, name) for each in content if each is not None]

    def _text(self, name: str) -> str:
        value = self._content.get(name)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise RowError(name, _("it is not text"))
        try:
            return str(value)
        except ValueError:  # a number of thousands of digits
            raise _no_number(name, "") from None


def _no_number(name: str, value: object) -> RowError:
    return RowError(name, _("“%(value)s” is not a number", value=shorten(repr(value), 40)))
