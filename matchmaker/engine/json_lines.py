"""Reading the files of ``matchmaker match`` and ``matchmaker evaluate``.

Lines come as bytes, one entry each, in UTF-8. Keys that are not known are ignored, null is a
missing answer, and anything else that does not fit stops the reading with the line and the field.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from matchmaker.engine.evaluation import Document
from matchmaker.engine.profiles import Ages, Delivery, Professional, Programme, Status, Wanted

Choice = TypeVar("Choice", bound=StrEnum)
Entry = TypeVar("Entry", Professional, Programme, Document)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class FieldError(ValueError):
    """A field does not hold what it should."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")


class LineError(ValueError):
    """A line cannot be used; the message is ``LINE: field: what is wrong``."""

    def __init__(self, number: int, error: FieldError) -> None:
        super().__init__(f"{number}: {error}")
        self.number = number


class Fields:
    """The fields of one entry, each read as the kind of value it should be."""

    def __init__(self, values: Mapping[str, Any], prefix: str = "") -> None:
        self._values = values
        self._prefix = prefix

    def identifier(self) -> str:
        """Return the id, the only field that must be there."""
        identifier = self.text("id")
        if not identifier.strip():
            raise self._error("id", "is missing")
        return identifier

    def text(self, name: str) -> str:
        """Return a text, empty when missing."""
        value = self._values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._error(name, "is not a text")
        return self._encodable(name, value)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty when missing."""
        values = self._values.get(name)
        if values is None:
            return ()
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self._error(name, "is not a list of texts")
        return tuple(self._encodable(name, value) for value in values)

    def whole_number(self, name: str) -> int | None:
        """Return a whole number from 0 up, None when missing."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self._error(name, "is not a whole number from 0 up")
        return value

    def choice(self, name: str, default: Choice) -> Choice:
        """Return one of the values of the default's kind."""
        value = self._values.get(name)
        if value is None:
            return default
        choices = type(default)
        if not isinstance(value, str) or value not in list(choices):
            raise self._error(name, f"is none of {', '.join(choices)}")
        return choices(value)

    def day(self, name: str) -> date | None:
        """Return a day, None when missing."""
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise self._error(name, "is not a day such as 2026-01-31") from None

    def ages(self, name: str) -> Ages:
        """Return an age range, all ages when missing."""
        fields = self.inside(name)
        youngest, oldest = fields.whole_number("min_age"), fields.whole_number("max_age")
        try:
            return Ages(youngest, oldest)
        except ValueError as error:
            raise self._error(name, str(error)) from None

    def inside(self, name: str) -> "Fields":
        """Return the fields of an object within the entry, none when it is missing."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, dict):
            raise self._error(name, "is not an object")
        return Fields(value or {}, prefix=f"{self._prefix}{name}.")

    def _encodable(self, name: str, text: str) -> str:
        try:
            text.encode()
        except UnicodeEncodeError:
            raise self._error(name, "holds half of a character (a lone surrogate)") from None
        return text

    def _error(self, name: str, problem: str) -> FieldError:
        return FieldError(self._prefix + name, problem)


def read_professionals(lines: Iterable[bytes]) -> list[Professional]:
    """Return the professionals of a file; raise LineError for the first line that is wrong."""
    return _read(lines, _professional)


def read_programmes(lines: Iterable[bytes]) -> list[Programme]:
    """Return the programmes of a file; raise LineError for the first line that is wrong."""
    return _read(lines, _programme)


def read_documents(lines: Iterable[bytes]) -> list[Document]:
    """Return the documents or queries of a file; raise LineError for the first wrong line."""
    return _read(lines, _document)


def read_judgements(lines: Iterable[bytes]) -> dict[str, dict[str, int]]:
    """Return grades by query and document from ``query-id TAB document-id TAB grade`` lines.

    Raises:
        LineError: a line is wrong, or judges a pair again and otherwise.
    """
    judgements: dict[str, dict[str, int]] = {}
    for number, line in _lines(lines):
        parts = [part.strip() for part in line.split("\t")]
        if len(parts) != 3:
            problem = "is not three values with tabs between"
            raise LineError(number, FieldError("line", problem))
        query, document, grade = parts
        for field, value in (("query-id", query), ("document-id", document)):
            if not value:
                raise LineError(number, FieldError(field, "is missing"))
        try:
            value_of_grade = int(grade)
        except ValueError:
            raise LineError(number, FieldError("grade", "is not a whole number")) from None
        known = judgements.setdefault(query, {}).setdefault(document, value_of_grade)
        if known != value_of_grade:
            raise LineError(number, FieldError("grade", f"was {known} on an earlier line"))
    return judgements


def _professional(fields: Fields) -> Professional:
    return Professional(
        id=fields.identifier(),
        profession=fields.text("profession"),
        conditions=fields.texts("conditions"),
        approaches=fields.texts("approaches"),
        areas=fields.texts("areas"),
        people=fields.ages("people"),
        delivery=fields.choice("delivery", Delivery.BOTH),
        text=fields.text("text"),
        seeks=fields.text("seeks"),
        capacity=fields.whole_number("capacity"),
    )


def _programme(fields: Fields) -> Programme:
    seeks = fields.inside("seeks")
    return Programme(
        id=fields.identifier(),
        organisation=fields.text("organisation"),
        name=fields.text("name"),
        text=fields.text("text"),
        conditions=fields.texts("conditions"),
        approaches=fields.texts("approaches"),
        areas=fields.texts("areas"),
        people=fields.ages("people"),
        delivery=fields.choice("delivery", Delivery.BOTH),
        seeks=Wanted(seeks.texts("professions"), seeks.text("text")),
        capacity=fields.whole_number("capacity"),
        status=fields.choice("status", Status.OPEN),
        last_checked=fields.day("last_checked"),
    )


def _document(fields: Fields) -> Document:
    return Document(id=fields.identifier(), title=fields.text("title"), text=fields.text("text"))


def _read(lines: Iterable[bytes], make: Callable[[Fields], Entry]) -> list[Entry]:
    entries: list[Entry] = []
    first_lines: dict[str, int] = {}
    for number, line in _lines(lines):
        try:
            entry = make(Fields(_object(line)))
            first = first_lines.setdefault(entry.id, number)
            if first != number:
                raise FieldError("id", f"{entry.id} is also on line {first}")
        except FieldError as error:
            raise LineError(number, error) from None
        entries.append(entry)
    return entries


def _lines(lines: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Yield the lines that hold anything, with their numbers from 1."""
    for number, raw in enumerate(lines, start=1):
        content = raw.removeprefix(_BYTE_ORDER_MARK) if number == 1 else raw
        try:
            line = content.decode()
        except UnicodeDecodeError:
            raise LineError(number, FieldError("line", "is not UTF-8")) from None
        if line.strip():
            yield number, line.rstrip("\r\n")


def _object(line: str) -> Mapping[str, Any]:
    try:
        value = json.loads(line, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise FieldError("line", f"is not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError) as error:
        raise FieldError("line", f"is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise FieldError("line", "is not a JSON object")
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON value")
