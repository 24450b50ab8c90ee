"""Working out what an import would do, without changing anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import ImportedRecord, ImportSource, Organisation, ProgrammeStatus
from matchmaker.services.imports.comparing import compare_organisations, compare_programmes
from matchmaker.services.imports.likeness import Candidate, find_likely
from matchmaker.services.imports.plan import AT_ONCE, LAST_CHECKED, Outcome, Plan, Source, Step
from matchmaker.services.imports.records import Feed, OrganisationRecord, ProgrammeRecord
from matchmaker.services.imports.report import Rejection
from matchmaker.services.imports.values import Values, normalised


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
    compare_organisations(plan.organisations)
    compare_programmes(programmes)
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
