"""What came after acceptance in the demo: check-ins, reflections, and contacts made elsewhere."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select

from matchmaker.demo.files import DATA
from matchmaker.demo.timeline import Timeline
from matchmaker.demo.world import World
from matchmaker.extensions import db
from matchmaker.models import CameOfIt, Going, Introduction, Side, WouldHelp
from matchmaker.services import check_ins, development_record, outside_contacts
from matchmaker.services.outside_contacts import ContactDetails

# Nobody is asked anything in the first three months of the year.
FIRST_DAY = 366 - 89
# In minutes after midnight: what is due is asked in the morning, and answered after lunch.
MORNING, AFTERNOON = 6 * 60, 14 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInRecord:
    """How one side answered the check-in that was open on that day."""

    between: tuple[str, str]
    day: int
    side: Side
    going: Going
    came_of_it: CameOfIt
    would_help: WouldHelp
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflectionRecord:
    """What a professional took from an introduction."""

    between: tuple[str, str]
    day: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecord:
    """Whom a professional met, or somebody (`by`) for an organisation."""

    day: int
    met: str
    purpose: str
    professional: str | None = None
    organisation: str | None = None
    by: str | None = None
    reflection: str = ""


@dataclass(frozen=True, slots=True)
class Afterwards:
    """Everything in the file."""

    check_ins: tuple[CheckInRecord, ...]
    reflections: tuple[ReflectionRecord, ...]
    contacts: tuple[ContactRecord, ...]


def read_afterwards() -> Afterwards:
    """Read the file. A misspelt key is an error at once."""
    tables = tomllib.loads((DATA / "afterwards.toml").read_text("utf-8"))
    return Afterwards(
        check_ins=tuple(
            CheckInRecord(
                between=_pair(table),
                day=table["day"],
                side=Side(table["side"]),
                going=Going(table["going"]),
                came_of_it=CameOfIt(table["came_of_it"]),
                would_help=WouldHelp(table["would_help"]),
                note=table.get("note", ""),
            )
            for table in tables["check_in"]
        ),
        reflections=tuple(
            ReflectionRecord(between=_pair(table), day=table["day"], text=table["text"])
            for table in tables["reflection"]
        ),
        contacts=tuple(ContactRecord(**table) for table in tables["contact"]),
    )


def plan_afterwards(timeline: Timeline, world: World, afterwards: Afterwards) -> None:
    """Put it on the timeline, and each morning the check-ins that are due."""
    for days_ago in range(FIRST_DAY, -1, -1):
        timeline.add(days_ago, MORNING, _ask_what_is_due)
    happenings: list[tuple[int, Callable[[datetime], None]]] = [
        *((each.day, partial(_answer, world, each)) for each in afterwards.check_ins),
        *((each.day, partial(_reflect, world, each)) for each in afterwards.reflections),
        *((each.day, partial(_record, world, each)) for each in afterwards.contacts),
    ]
    for day, happen in happenings:
        timeline.add(day, AFTERNOON, happen)


def _ask_what_is_due(now: datetime) -> None:
    check_ins.ask_due(now=now)


def _answer(world: World, record: CheckInRecord, now: datetime) -> None:
    professional, programme = record.between
    is_professional = record.side is Side.PROFESSIONAL
    user = world.users[professional] if is_professional else world.spokesperson(programme)
    check_ins.answer(
        check_ins.list_of(find_accepted(world, record.between), record.side)[-1],
        going=record.going,
        came_of_it=record.came_of_it,
        would_help=record.would_help,
        note=record.note,
        actor=user,
        now=now,
    )


def _reflect(world: World, record: ReflectionRecord, now: datetime) -> None:
    development_record.save_reflection(
        world.professionals[record.between[0]],
        find_accepted(world, record.between),
        record.text,
        version=0,
        now=now,
    )


def _record(world: World, record: ContactRecord, now: datetime) -> None:
    details = ContactDetails(record.met, world.calendar.day(record.day), record.purpose)
    if record.organisation is not None and record.by is not None:
        organisation = world.organisations[record.organisation]
        outside_contacts.record(organisation, details, actor=world.users[record.by], now=now)
    elif record.professional is not None:
        professional = world.professionals[record.professional]
        contact = outside_contacts.record(professional, details, actor=professional.user, now=now)
        development_record.save_reflection(
            professional, contact, record.reflection, version=0, now=now
        )


def find_accepted(world: World, between: tuple[str, str]) -> Introduction:
    """The introduction of the two that both said yes to."""
    professional, programme = between
    return db.session.scalars(
        select(Introduction).where(
            Introduction.professional_id == world.professionals[professional].id,
            Introduction.programme_id == world.programmes[programme].id,
            Introduction.released_at.is_not(None),
        )
    ).one()


def _pair(table: dict[str, list[str]]) -> tuple[str, str]:
    professional, programme = table["between"]
    return professional, programme
