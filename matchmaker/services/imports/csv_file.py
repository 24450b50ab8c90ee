"""Reading a CSV file strictly: what cannot be read for certain is refused as a whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _

from matchmaker.services.imports.json_feed import check_count, decode, read_file
from matchmaker.services.imports.records import ON_THE_COMMAND_LINE, Limits
from matchmaker.services.imports.report import BrokenFile, RowError

LARGEST_FIELD = 200_000


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: its number (the header is row 1), its cells, and what is wrong with its shape."""

    number: int
    cells: dict[str, str]
    fault: str = ""

    def __getitem__(self, column: str) -> str:
        """One cell without spaces around it; the empty string where the column is missing."""
        return self.cells.get(column, "")

    def check_shape(self) -> None:
        """Refuse a row that has not as many cells as the header, or holds what cannot be stored.

        Raises:
            RowError: It has.
        """
        if self.fault:
            raise RowError("row", self.fault)


Progress = Callable[[Sequence[CsvRow]], AbstractContextManager[Iterable[CsvRow]]]
"""Wraps rows so that whoever waits sees how far an import is; `nullcontext` shows nothing."""


def read_csv(path: Path, required: Sequence[str]) -> list[CsvRow]:
    """Read every row of a UTF-8 CSV file whose header names all of the `required` columns.

    Raises:
        BrokenFile: It is too large, not UTF-8, lacks a column, or a quotation mark is not closed.
    """
    header, rows = parse_csv(read_file(path, ON_THE_COMMAND_LINE), str(path), ON_THE_COMMAND_LINE)
    for column in required:
        if column not in header:
            raise BrokenFile(path, 1, column, _("this column is missing"))
    return rows


def parse_csv(data: bytes, name: str, limits: Limits) -> tuple[list[str], list[CsvRow]]:
    """The header of a UTF-8 CSV file and every row; `name` is what messages call the file.

    Cells are separated by commas, or by semicolons or tabs where the header has no comma.

    Raises:
        BrokenFile: It is too large, not UTF-8, or a quotation mark is not closed.
    """
    text = decode(data, name, limits)
    # The standard library's limit holds for the whole process; a longer cell is a missing quote.
    csv.field_size_limit(LARGEST_FIELD)
    reader = csv.reader(
        io.StringIO(text, newline=""), strict=True, delimiter=_delimiter(text[:10_000])
    )
    number = 0
    rows: list[CsvRow] = []
    header: list[str] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if number == 1:
                header = _checked_header(name, cells)
            elif any(cell.strip() for cell in cells):
                rows.append(_row(number, header, cells))
    except csv.Error as error:
        raise BrokenFile(
            name,
            number + 1,
            "row",
            _("a quotation mark is missing or one too many (%(error)s)", error=str(error)),
        ) from None
    if not any(header):
        raise BrokenFile(name, 1, "header", _("the file is empty"))
    check_count(len(rows), name, limits)
    return header, rows


def _delimiter(text: str) -> str:
    first = text.splitlines()[0] if text else ""
    return next((mark for mark in (",", ";", "\t") if mark in first), ",")


def _checked_header(name: str, cells: list[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    for column in _repeated(header):
        raise BrokenFile(name, 1, column, _("this column is there twice"))
    return header


def _repeated(header: list[str]) -> Iterator[str]:
    return (name for place, name in enumerate(header) if name and name in header[:place])


def _row(number: int, header: list[str], cells: list[str]) -> CsvRow:
    fault = ""
    if len(cells) != len(header):
        fault = _(
            "it has %(cells)s cells, the header has %(columns)s",
            cells=len(cells),
            columns=len(header),
        )
    elif any("\x00" in cell for cell in cells):
        fault = _("it holds a character that cannot be stored")
    return CsvRow(
        number, {name: cell.strip() for name, cell in zip(header, cells, strict=False)}, fault
    )
