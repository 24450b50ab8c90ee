"""What editors of the demo changed of published programmes, and what became of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from matchmaker.demo.files import DATA, read_time
from matchmaker.demo.timeline import Timeline
from matchmaker.demo.world import World
from matchmaker.services import edit_decisions, programme_edits, programme_history
from matchmaker.services.edit_decisions import Seen
from matchmaker.services.programme_details import ProgrammeDetails, details_of

# In minutes after midnight.
AFTERNOON = 15 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRecord:
    """A change by an editor; `published` is the day on which an owner published it."""

    programme: str
    by: str
    day: int
    published: int | None = None
    times: tuple[str, ...] = ()
    seeks: str = ""
    funded_by: str = ""

    def put_into(self, details: ProgrammeDetails) -> ProgrammeDetails:
        """What the programme says with the change."""
        changed: dict[str, Any] = {
            "seeks_text": self.seeks,
            "funded_by": self.funded_by,
            "schedules": tuple(read_time(each) for each in self.times),
        }
        return replace(details, **{name: value for name, value in changed.items() if value})


def read_changes() -> tuple[ChangeRecord, ...]:
    """The changes, in the order of the file."""
    tables = tomllib.loads((DATA / "changes.toml").read_text("utf-8"))["change"]
    return tuple(
        ChangeRecord(**{**table, "times": tuple(table.get("times", ()))}) for table in tables
    )


def plan_changes(timeline: Timeline, world: World, changes: Iterable[ChangeRecord]) -> None:
    """Put on the timeline what was changed, and what owners published."""
    for change in changes:
        timeline.add(change.day, AFTERNOON, partial(_save, world, change))
        if change.published is not None:
            timeline.add(change.published, AFTERNOON, partial(_publish, world, change))


def _save(world: World, change: ChangeRecord, now: datetime) -> None:
    programme = world.programmes[change.programme]
    programme_edits.save_change(
        programme,
        change.put_into(details_of(programme)),
        seen=Seen(programme.version),
        is_finished=True,
        actor=world.users[change.by],
        now=now,
    )


def _publish(world: World, change: ChangeRecord, now: datetime) -> None:
    programme = world.programmes[change.programme]
    edit = programme_history.find_undecided(programme)
    if edit is not None:
        edit_decisions.publish(
            edit,
            seen=Seen(programme.version, edit.id, edit.version),
            choices={},
            actor=world.spokesperson(change.programme),
            now=now,
        )
