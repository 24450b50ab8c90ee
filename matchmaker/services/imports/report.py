"""What an import did, row by row where something was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from matchmaker.services.errors import DomainError


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was left out. Rows are numbered as a spreadsheet does: the header is row 1."""

    row: int
    field: str
    reason: str

    def __str__(self) -> str:
        """One line for the report."""
        return f"row {self.row}: {self.field}: {self.reason}"


@dataclass(slots=True)
class ImportReport:
    """How many rows were new, changed, as before, left out on purpose, and rejected.

    `conflicts` counts what was edited here and changed at its source as well, and
    `possible_duplicates` the pairs of organisations that may be one. `missing` are programmes that
    the source had before and has no longer.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    conflicts: int = 0
    possible_duplicates: int = 0
    missing: int = 0

    def reject(self, row: int, field_name: str, reason: str) -> None:
        """Write down that a row was left out, and why."""
        self.rejected.append(Rejection(row, field_name, reason))

    def add(self, other: ImportReport) -> None:
        """Count what another part of the same import did as well."""
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.skipped += other.skipped
        self.rejected += other.rejected
        self.conflicts += other.conflicts
        self.possible_duplicates += other.possible_duplicates
        self.missing += other.missing


class RowError(DomainError):
    """One row cannot be taken; the others can."""

    def __init__(self, field_name: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field_name


class BrokenFile(DomainError):
    """A file cannot be read as a whole, so nothing of it was taken."""

    def __init__(self, path: Path | str, row: int | None, field_name: str, reason: str) -> None:
        place = str(path) if row is None else f"{path}:{row}"
        super().__init__(f"{place}: {field_name}: {reason}")


class ImportNotPossible(DomainError):
    """The file may be in order, but something else has to be done first."""
