"""Tables as CSV files that a spreadsheet opens, and never runs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection").
RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Without it, Excel reads UTF-8 as if it were Windows-1252.
BYTE_ORDER_MARK = "\ufeff"


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table as RFC 4180 has it; what would run as a formula is prefixed with ``'``."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(headings)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + file.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(RUNS_AS_FORMULA) else cell
