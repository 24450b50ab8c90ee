"""What an import would do, worked out without changing anything.

For each field there are three values: `taken`, the source's value that the row took last; what the
row says now; and what the source says now. A row that still says what it took follows the source. A
row that says something else was edited here: it stays, and where the source has changed as well,
the two are a conflict that somebody decides.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import (
    ImportedRecord,
    ImportSource,
    Organisation,
    Programme,
    ProgrammeStatus,
    SourceFormat,
)
from matchmaker.services.imports.likeness import Candidate, Likely, find_likely
from matchmaker.services.imports.records import Feed, OrganisationRecord, ProgrammeRecord
from matchmaker.services.imports.report import Rejection
from matchmaker.services.imports.values import (
    Values,
    is_said,
    normalised,
    organisation_value,
    programme_value,
)

AT_ONCE = 500
LAST_CHECKED = "last_checked_on"
_NEVER_TAKEN = object()


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


def make_plan(
    feed: Feed, source: Source, *, now: datetime, only_for: Organisation | None = None
) -> Plan:
    """Work out what an import would do; changes nothing.

    Args:
        feed: What was read.
        source: Where it comes from; known by its name.
        now: The moment, in UTC; nothing can have been checked after it.
        only_for: The organisation that every programme belongs to, where its own members import
            them; the feed then has no organisations.
    """
    plan = Plan(rejected=sorted(feed.rejected, key=lambda each: each.row))
    known = _Known(db.session.scalar(select(ImportSource).where(ImportSource.name == source.name)))
    steps = [
        Step(record, _offered(record), known=known.organisations.get(record.external_id))
        for record in feed.organisations.values()
    ]
    left_alone = _leave_out_taken_registrations(steps, source)
    programmes = []
    for record in feed.programmes.values():
        step = Step(record, _offered(record), known=known.programmes.get(record.external_id))
        if record.last_checked_on is not None and record.last_checked_on > now.date():
            plan.rejected.append(
                Rejection(record.row, "last checked", _("this day has not come yet"))
            )
        elif step.known is None and record.organisation in left_alone:
            step.is_left_alone = True
            plan.programmes.append(step)
        elif step.known is None and record.values.get("status") == ProgrammeStatus.CLOSED:
            plan.skipped.append(record)
        else:
            programmes.append(step)
    plan.organisations = steps if only_for else _with_something_to_run(steps, programmes)
    _compare(plan.organisations, _organisations, organisation_value)
    _compare(programmes, _programmes, programme_value)
    plan.programmes += programmes
    plan.missing = len(known.programmes.keys() - feed.programmes.keys())
    if source.is_register:
        for step in plan.steps:
            step.leave_if_looked_after()
    new = [step for step in plan.organisations if step.outcome is Outcome.CREATED]
    plan.likely = find_likely(_candidates(new, programmes))
    return plan


class _Known:
    """What of a source is here already, by external id."""

    def __init__(self, source: ImportSource | None) -> None:
        self.organisations: dict[str, ImportedRecord] = {}
        self.programmes: dict[str, ImportedRecord] = {}
        if source is None:
            return
        found = select(ImportedRecord).where(ImportedRecord.source_id == source.id)
        for record in db.session.scalars(found):
            of_organisation = record.organisation_id is not None
            (self.organisations if of_organisation else self.programmes)[record.external_id] = (
                record
            )


def _offered(record: OrganisationRecord | ProgrammeRecord) -> Values:
    offered = {name: normalised(name, value) for name, value in record.values.items()}
    if isinstance(record, ProgrammeRecord) and record.last_checked_on is not None:
        offered[LAST_CHECKED] = record.last_checked_on.isoformat()
    return offered


def _compare(
    steps: Sequence[Step],
    load: Callable[[Sequence[int]], Mapping[int, Any]],
    value_of: Callable[[Any, str], Any],
) -> None:
    """Say of each step what becomes of it, and give it its row where something changes."""
    changed = []
    for step in steps:
        if step.is_left_alone:
            continue
        if step.known is None:
            step.outcome = Outcome.CREATED
        elif step.offered != step.known.offered:
            changed.append(step)
    for start in range(0, len(changed), AT_ONCE):
        some = changed[start : start + AT_ONCE]
        rows = load([_row_id(step.known) for step in some if step.known is not None])
        for step in some:
            assert step.known is not None  # noqa: S101 - chosen so above
            step.row = rows[_row_id(step.known)]
            _compare_fields(step, step.known, step.row, value_of)


def _row_id(known: ImportedRecord) -> int:
    row_id = known.organisation_id or known.programme_id
    if row_id is None:
        raise RuntimeError("An imported record is about an organisation or a programme.")
    return row_id


def _compare_fields(
    step: Step, known: ImportedRecord, row: Any, value_of: Callable[[Any, str], Any]
) -> None:
    for name, theirs in step.offered.items():
        if name == LAST_CHECKED:
            continue
        ours = value_of(row, name)
        difference = difference_of(name, ours, known.taken, theirs)
        if difference is Following.TAKES:
            step.changes.append(Difference(name, ours, theirs))
        elif difference is Following.CONFLICT:
            step.conflicts.append(Difference(name, ours, theirs))
    is_checked_later = is_later_check(step.record, row)
    step.outcome = Outcome.UPDATED if step.changes or is_checked_later else Outcome.UNCHANGED


class Following(enum.Enum):
    """How a field of a row stands to what its source says now."""

    SAME = enum.auto()
    TAKES = enum.auto()
    EDITED_HERE = enum.auto()
    CONFLICT = enum.auto()


def difference_of(name: str, ours: Any, taken: Mapping[str, Any], theirs: Any) -> Following:
    """How a field stands: `ours` the row's value, `theirs` the source's new one."""
    if ours == theirs:
        return Following.SAME
    before = taken.get(name, _NEVER_TAKEN)
    if ours == before or (before is _NEVER_TAKEN and not is_said(ours)):
        return Following.TAKES
    return Following.EDITED_HERE if before == theirs else Following.CONFLICT


def is_later_check(record: OrganisationRecord | ProgrammeRecord, row: Any) -> bool:
    """Whether the source has checked a programme since anybody here did."""
    if not isinstance(record, ProgrammeRecord) or record.last_checked_on is None:
        return False
    before = row.last_checked_at
    return before is None or checked_at(record) > before


def checked_at(record: ProgrammeRecord) -> datetime:
    """When a source checked a programme, in UTC: the start of that day."""
    day = record.last_checked_on
    if day is None:
        raise ValueError("The source does not say when.")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _organisations(ids: Sequence[int]) -> dict[int, Organisation]:
    found = select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.id)
    return {each.id: each for each in db.session.scalars(found)}


def _programmes(ids: Sequence[int]) -> dict[int, Programme]:
    found = (
        select(Programme)
        .where(Programme.id.in_(ids))
        .options(
            joinedload(Programme.organisation),
            selectinload(Programme.terms),
            selectinload(Programme.areas),
            selectinload(Programme.locations),
            selectinload(Programme.schedules),
        )
        .order_by(Programme.id)
    )
    return {each.id: each for each in db.session.scalars(found)}


def _leave_out_taken_registrations(steps: Iterable[Step], source: Source) -> set[str]:
    """Give no number to two: whoever has it keeps it, and the other is shown as a likely double.

    Returns:
        External ids of those that a register leaves alone, as they are here already.
    """
    wanted = [step for step in steps if step.offered.get("registration")]
    holders: dict[str, int | None] = {}
    numbers = [step.offered["registration"] for step in wanted]
    for start in range(0, len(numbers), AT_ONCE):
        found = select(Organisation.registration, Organisation.id).where(
            Organisation.registration.in_(numbers[start : start + AT_ONCE])
        )
        holders |= {number: holder for number, holder in db.session.execute(found) if number}
    left_alone = set()
    for step in wanted:
        number = step.offered["registration"]
        own_id = None if step.known is None else step.known.organisation_id
        if number not in holders:
            holders[number] = own_id
        elif own_id is None and source.is_register:
            step.is_left_alone = True
            left_alone.add(step.record.external_id)
        elif own_id is None or holders[number] != own_id:
            del step.offered["registration"]
    return left_alone


def _with_something_to_run(steps: Iterable[Step], programmes: Iterable[Step]) -> list[Step]:
    """Leave out new organisations that would have nothing to run.

    Of such, everything is over already, or belongs here to another organisation.
    """
    needed = {
        step.record.organisation
        for step in programmes
        if isinstance(step.record, ProgrammeRecord) and step.known is None
    }
    return [
        step
        for step in steps
        if step.known is not None or step.is_left_alone or step.record.external_id in needed
    ]


def _candidates(new: Iterable[Step], programmes: Iterable[Step]) -> list[Candidate]:
    postcodes: defaultdict[str, set[str]] = defaultdict(set)
    for step in programmes:
        if isinstance(step.record, ProgrammeRecord):
            postcodes[step.record.organisation] |= {
                place["postcode"] for place in step.record.values.get("locations", ())
            }
    return [
        Candidate(
            step.record.external_id,
            step.record.values,
            frozenset(filter(None, postcodes[step.record.external_id])),
        )
        for step in new
    ]
