"""What an import would do: a step for each record, and the plan that they make."""

from __future__ import annotations

import enum
import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from matchmaker.models import ImportedRecord, Organisation, Programme, SourceFormat
from matchmaker.services.imports.likeness import Likely
from matchmaker.services.imports.records import OrganisationRecord, ProgrammeRecord
from matchmaker.services.imports.report import Rejection
from matchmaker.services.imports.values import Values

AT_ONCE = 500
LAST_CHECKED = "last_checked_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publisher of entries, as whoever imports describes it; `code` is kept with organisations.

    A register says no more than that an organisation exists: it leaves alone whom it finds here by
    their number, and those that somebody looks after.
    """

    name: str
    format: SourceFormat
    url: str = ""
    attribution: str = ""
    licence: str = ""
    code: str = ""
    is_register: bool = False


class Outcome(enum.IntEnum):
    """What becomes of a record; of two, the higher says more."""

    UNCHANGED = 0
    UPDATED = 1
    CREATED = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of which a row and its source say different things."""

    field: str
    ours: Any
    theirs: Any


@dataclass(slots=True)
class Step:
    """What becomes of one record. `row` is the organisation or programme here, if there is one."""

    record: OrganisationRecord | ProgrammeRecord
    offered: Values
    outcome: Outcome = Outcome.UNCHANGED
    known: ImportedRecord | None = None
    row: Organisation | Programme | None = None
    changes: list[Difference] = field(default_factory=list)
    conflicts: list[Difference] = field(default_factory=list)
    is_left_alone: bool = False

    def leave_if_looked_after(self) -> None:
        """Do nothing to an organisation that somebody looks after, nor to what it runs."""
        row = self.row
        organisation = row.organisation if isinstance(row, Programme) else row
        if organisation is not None and organisation.is_claimed:
            self.is_left_alone = True
            self.outcome = Outcome.UNCHANGED
            self.changes, self.conflicts = [], []

    @property
    def name(self) -> str:
        """What a person calls it."""
        return str(self.record.values.get("name") or getattr(self.row, "name", ""))


@dataclass(slots=True)
class Plan:
    """What an import would do, in the order of the records.

    `missing` counts programmes that came from this source and are not in the feed any more. They
    stay as they are: a file may be a part of a list.
    """

    organisations: list[Step] = field(default_factory=list)
    programmes: list[Step] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    skipped: list[ProgrammeRecord] = field(default_factory=list)
    likely: list[Likely] = field(default_factory=list)
    missing: int = 0

    @property
    def steps(self) -> Iterable[Step]:
        """Those of organisations, then those of programmes."""
        return (*self.organisations, *self.programmes)

    def outcomes(self) -> Counter[Outcome]:
        """How many rows of the file are new, changed or as before."""
        by_row: dict[int, Outcome] = {}
        for step in self.steps:
            row = step.record.row
            by_row[row] = max(step.outcome, by_row.get(row, Outcome.UNCHANGED))
        return Counter(by_row.values())

    @property
    def conflicts(self) -> list[Step]:
        """Those of which the source and people here say different new things."""
        return [step for step in self.steps if step.conflicts]

    @property
    def digest(self) -> str:
        """Changes whenever anything would be done otherwise; 64 hexadecimal digits."""
        told = [
            [
                step.record.external_id,
                step.outcome,
                None if step.row is None else step.row.id,
                [[each.field, each.ours, each.theirs] for each in (*step.changes, *step.conflicts)],
            ]
            for step in self.steps
        ]
        likely = [[each.external_id, each.other] for each in self.likely]
        whole = json.dumps([told, likely, [str(each) for each in self.rejected]])
        return hashlib.sha256(whole.encode()).hexdigest()
