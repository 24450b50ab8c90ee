"""In which figures an introduction counts, by what became of it and when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from matchmaker.models import Answer, IntroductionState
from matchmaker.services.statistics.headings import ALL
from matchmaker.services.statistics.shapes import Cell

# The days up to which each column of `days_between` counts; what is longer goes into the last.
DAYS_BETWEEN = {"up_to_7": 7, "up_to_14": 14, "up_to_30": 30, "up_to_90": 90}
LONGER = "longer"

# States that say by themselves how an introduction ended, and the column that counts them.
_ENDS = {
    IntroductionState.COMPLETED: "completed",
    IntroductionState.ENDED: "ended",
    IntroductionState.DECLINED: "declined",
    IntroductionState.EXPIRED: "expired",
    IntroductionState.WITHDRAWN: "withdrawn",
    IntroductionState.SUPERSEDED: "superseded",
}


class Life:
    """What became of one introduction, and when."""

    def __init__(self, row: Any) -> None:
        self._row = row
        answers = (row.professional_answer, row.programme_answer)
        self.accepted_at: datetime | None = None
        self.answered_at: datetime | None = None
        if answers == (Answer.YES, Answer.YES):
            self.accepted_at = max(row.professional_answered_at, row.programme_answered_at)
            self.answered_at = self.accepted_at
        elif row.state is IntroductionState.DECLINED:
            self.answered_at = row.closed_at

    @property
    def is_unmet(self) -> bool:
        """Whether the two were not brought together, at least not yet."""
        return self.accepted_at is None

    def list_steps(self, begins: datetime, ends: datetime) -> list[str]:
        """Of being asked for, accepted and completed: what happened in the month."""
        taken = {
            "asked": self._row.proposed_at,
            "accepted": self.accepted_at,
            "completed": self._completed_at,
        }
        return [step for step, at in taken.items() if at is not None and begins <= at < ends]

    def list_cells(self, begins: datetime, ends: datetime) -> list[Cell]:
        """The figures in which it counts, but for those by profession and the like."""
        row = self._row
        found: list[Cell] = []

        def happened(at: datetime | None) -> bool:
            return at is not None and begins <= at < ends

        if happened(row.proposed_at):
            asked_by = f"asked_by_{row.proposed_by.value}"
            found += [Cell("funnel", ALL, "asked"), Cell("funnel", ALL, asked_by)]
            found.append(Cell("time_to_answer", ALL, self._soon()))
        if happened(self.answered_at):
            found += _taken("answered", "to_answer", row.proposed_at, self.answered_at)
        if happened(self.accepted_at):
            found.append(Cell("funnel", ALL, "accepted"))
        if happened(row.began_at):
            found += _taken("began", "to_begin", self.accepted_at, row.began_at)
        if happened(row.closed_at):
            found += self._list_ends()
        return found

    @property
    def _completed_at(self) -> datetime | None:
        row = self._row
        return row.closed_at if row.state is IntroductionState.COMPLETED else None

    def _list_ends(self) -> list[Cell]:
        row = self._row
        column = _ENDS[row.state]
        if column == "completed":
            days = _taken("completed", "to_complete", self.accepted_at, row.closed_at)
            return [*days, Cell("outcome", row.outcome.value, column)]
        found = [Cell("funnel", ALL, column)]
        if column == "declined":
            found.append(Cell("decline_reason", row.decline_reason.value, column))
        elif column == "ended":
            found.append(Cell("end_reason", row.end_reason.value, column))
        return found

    def _soon(self) -> str:
        if self.answered_at is None:
            return "later_or_not"
        days = self.answered_at - self._row.proposed_at
        if days <= timedelta(days=7):
            return "within_7"
        return "within_14" if days <= timedelta(days=14) else "later_or_not"


def _taken(column: str, row: str, since: datetime | None, at: datetime | None) -> list[Cell]:
    """A step, and how long it took since the one before."""
    if since is None or at is None:
        raise ValueError("A step was counted that was not taken.")
    within = (key for key, days in DAYS_BETWEEN.items() if at - since <= timedelta(days=days))
    return [Cell("funnel", ALL, column), Cell("days_between", row, next(within, LONGER))]
