"""What people of the demo asked of leads: help, and a look at the register."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from matchmaker.demo.files import DATA
from matchmaker.demo.timeline import Timeline
from matchmaker.demo.world import World
from matchmaker.models import CheckState
from matchmaker.services import help_requests, professionals, register_checks
from matchmaker.services.professionals import Work

# In minutes after midnight.
NOON, LATE_AFTERNOON = 12 * 60, 16 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpRecord:
    """What a professional asked, and what a lead answered, if one did."""

    by: str
    day: int
    where: str
    words: str
    answered: int | None = None
    reader: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRecord:
    """Whose registration was to be looked up; `checked` is when a lead found it."""

    by: str
    day: int
    number: str
    checked: int | None = None
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """Everything in the file."""

    help: tuple[HelpRecord, ...]
    checks: tuple[CheckRecord, ...]


def read_asking() -> Asking:
    """Read the file. A misspelt key is an error at once."""
    tables = tomllib.loads((DATA / "asking.toml").read_text("utf-8"))
    return Asking(
        tuple(HelpRecord(**table) for table in tables["help"]),
        tuple(CheckRecord(**table) for table in tables["check"]),
    )


def plan_asking(timeline: Timeline, world: World, asking: Asking) -> None:
    """Put on the timeline what was asked, and what leads did about it."""
    for each in asking.help:
        timeline.add(each.day, NOON, partial(_ask, world, each))
        if each.answered is not None:
            timeline.add(each.answered, LATE_AFTERNOON, partial(_answer, world, each))
    for check in asking.checks:
        timeline.add(check.day, NOON, partial(_ask_for_check, world, check))
        if check.checked is not None:
            timeline.add(check.checked, LATE_AFTERNOON, partial(_find, world, check))


def _ask(world: World, record: HelpRecord, now: datetime) -> None:
    professional = world.professionals[record.by]
    help_requests.ask(
        professional, words=record.words, where=record.where, actor=professional.user, now=now
    )


def _answer(world: World, record: HelpRecord, now: datetime) -> None:
    asked = help_requests.list_own(world.users[record.by])[0]
    help_requests.answer(asked, record.answer, actor=world.users[record.reader], now=now)


def _ask_for_check(world: World, record: CheckRecord, now: datetime) -> None:
    professional = world.professionals[record.by]
    work = Work(
        profession=professional.profession,
        setting=professional.setting,
        employer=professional.employer,
        offers_text=professional.offers_text,
        hcpc_number=record.number,
    )
    user = professional.user
    professionals.save(professional, work, version=professional.version, actor=user, now=now)
    register_checks.ask(professional, actor=user, now=now)


def _find(world: World, record: CheckRecord, now: datetime) -> None:
    professional = world.professionals[record.by]
    check = register_checks.find_waiting(professional)
    if check is not None:
        register_checks.decide(
            check,
            CheckState.FOUND,
            digest=register_checks.digest_of(professional),
            actor=world.users[record.reader],
            now=now,
        )
