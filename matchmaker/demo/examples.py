"""What pairs of the demo tell others of their introductions, and how far that is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from matchmaker.demo.afterwards import find_accepted
from matchmaker.demo.files import DATA
from matchmaker.demo.timeline import Timeline
from matchmaker.demo.world import World
from matchmaker.models import Introduction, PracticeExample, Side, User
from matchmaker.services import practice_examples
from matchmaker.services.practice_examples import ExampleDetails, first_details

# In minutes after midnight.
EVENING = 17 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleRecord:
    """An example by a professional and an organisation.

    `waits_for` is the side whose consent is missing, and `names` are the sides that are named.
    """

    between: tuple[str, str]
    day: int
    title: str
    did: str
    changed: str
    took: str
    advice: str = ""
    names: tuple[Side, ...] = ()
    waits_for: Side | None = None
    published: int | None = None
    reader: str = ""


def read_examples() -> tuple[ExampleRecord, ...]:
    """The examples, in the order of the file. A misspelt key is an error at once."""
    tables = tomllib.loads((DATA / "examples.toml").read_text("utf-8"))["example"]
    return tuple(_record(**table) for table in tables)


def plan_examples(timeline: Timeline, world: World, examples: Iterable[ExampleRecord]) -> None:
    """Put on the timeline what was written, agreed to and published."""
    for example in examples:
        timeline.add(example.day, EVENING, partial(_write, world, example))
        timeline.add(example.day - 1, EVENING, partial(_agree, world, example))
        if example.published is not None:
            timeline.add(example.published, EVENING, partial(_publish, world, example))


def _record(
    between: list[str], names: list[str], waits_for: str | None = None, **values: str | int
) -> ExampleRecord:
    professional, programme = between
    texts = {
        name: value.strip() if isinstance(value, str) else value for name, value in values.items()
    }
    return ExampleRecord(
        between=(professional, programme),
        names=tuple(map(Side, names)),
        waits_for=None if waits_for is None else Side(waits_for),
        **texts,  # type: ignore[arg-type]  # as the file names them
    )


def _write(world: World, record: ExampleRecord, now: datetime) -> None:
    introduction = find_accepted(world, record.between)
    for version, side in enumerate((Side.PROFESSIONAL, Side.PROGRAMME)):
        details = ExampleDetails(
            title=record.title,
            did=record.did,
            changed=record.changed,
            took=record.took,
            advice=record.advice,
            terms=first_details(introduction, side).terms,
            names_own_side=side in record.names,
        )
        practice_examples.write(
            introduction,
            side,
            details,
            version=version,
            actor=_person(world, record, side),
            now=now,
        )


def _agree(world: World, record: ExampleRecord, now: datetime) -> None:
    for side in Side:
        if side is not record.waits_for:
            example = _example(find_accepted(world, record.between))
            practice_examples.agree(
                example,
                side,
                version=example.version,
                actor=_person(world, record, side),
                now=now,
            )


def _publish(world: World, record: ExampleRecord, now: datetime) -> None:
    example = _example(find_accepted(world, record.between))
    reader = world.users[record.reader]
    practice_examples.publish(example, version=example.version, actor=reader, now=now)


def _example(introduction: Introduction) -> PracticeExample:
    example = practice_examples.find_current(introduction)
    if example is None:
        raise LookupError(f"Nothing is told of introduction {introduction.id}.")
    return example


def _person(world: World, record: ExampleRecord, side: Side) -> User:
    professional, programme = record.between
    is_professional = side is Side.PROFESSIONAL
    return world.users[professional] if is_professional else world.spokesperson(programme)
