"""Made-up lives of introductions, as rows: for many at once, where telling each is too slow.

What is drawn could have happened: the checks of the tables hold, and nothing happens before what it
follows from, nor after now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from matchmaker.models import (
    Answer,
    CameOfIt,
    DeclineReason,
    EndReason,
    Going,
    IntroductionState,
    Outcome,
    Proposer,
    Side,
    SupersededReason,
    WouldHelp,
)
from matchmaker.services.clock import add_months, london_date, london_midnight

TIME_TO_ANSWER = timedelta(days=14)
CHECKED_ON_AFTER_MONTHS = (3, 6, 12)

_PROPOSERS = {Proposer.PROFESSIONAL: 11, Proposer.PROGRAMME: 7, Proposer.LEAD: 2}
_ENDS_OF_PROPOSALS = {
    IntroductionState.ACCEPTED: 60,
    IntroductionState.DECLINED: 18,
    IntroductionState.EXPIRED: 14,
    IntroductionState.WITHDRAWN: 5,
    IntroductionState.SUPERSEDED: 3,
}
_ENDS_OF_PARTNERSHIPS = {
    IntroductionState.ACTIVE: 30,
    IntroductionState.COMPLETED: 50,
    IntroductionState.ENDED: 14,
    IntroductionState.WITHDRAWN: 6,
}
_DECLINES = {
    DeclineReason.NOT_A_FIT: 5,
    DeclineReason.NO_TIME: 8,
    DeclineReason.TOO_FAR: 3,
    DeclineReason.ALREADY_IN_TOUCH: 3,
    DeclineReason.NOT_NOW: 5,
    DeclineReason.COLLEAGUE: 2,
    DeclineReason.OTHER: 2,
}
_END_REASONS = {
    EndReason.NO_CONTACT: 6,
    EndReason.CHANGED_ROLE: 4,
    EndReason.FUNDING_ENDED: 4,
    EndReason.NOT_A_FIT: 3,
    EndReason.OTHER: 2,
}
_OUTCOMES = {Outcome.ACHIEVED: 11, Outcome.PARTLY: 7, Outcome.NOT_ACHIEVED: 2}
_GOING = {
    Going.GOING: 12,
    Going.NOT_STARTED: 3,
    Going.PAUSED: 2,
    Going.DONE: 4,
    Going.ENDED: 1,
}
_CAME_OF_IT = {
    CameOfIt.ACHIEVED: 7,
    CameOfIt.PARTLY: 7,
    CameOfIt.NOT_ACHIEVED: 1,
    CameOfIt.TOO_EARLY: 5,
}
_WOULD_HELP = {
    WouldHelp.NOTHING: 6,
    WouldHelp.TIME: 6,
    WouldHelp.GETTING_IN_TOUCH: 3,
    WouldHelp.INFORMATION: 3,
    WouldHelp.FUNDING: 4,
    WouldHelp.OTHER: 1,
}


@dataclass(frozen=True, slots=True)
class Life:
    """The columns of an introduction, and of the check-ins that followed."""

    introduction: dict[str, Any]
    check_ins: list[dict[str, Any]]


class Lives:
    """Draws lives; the same seed draws the same."""

    def __init__(self, seed: int, now: datetime) -> None:
        self._random = Random(seed)  # noqa: S311 - nothing depends on its being hard to guess
        self._now = now

    def draw(self, proposed_at: datetime) -> Life:
        """Draw what became of an introduction that was asked for at a moment."""
        proposed_by = self._one(_PROPOSERS)
        row = _proposal(proposed_by, proposed_at)
        end = self._one(_ENDS_OF_PROPOSALS)
        if end is IntroductionState.ACCEPTED:
            return Life(row, self._accept(row))
        if end is IntroductionState.EXPIRED:
            _close(row, end, row["answer_due_at"], self._now)
        elif end is IntroductionState.DECLINED:
            at = proposed_at + self._time_to_answer()
            if at <= self._now:
                _close(row, end, at, self._now)
                _answer(row, self._pending_sides(row)[0], Answer.NO, at)
                row["decline_reason"] = self._one(_DECLINES)
        else:
            at = proposed_at + timedelta(days=self._random.uniform(0.2, 13))
            _close(row, end, at, self._now)
            if end is IntroductionState.SUPERSEDED and row["closed_at"] is not None:
                row["superseded_because"] = SupersededReason.PROGRAMME_CLOSED
        return Life(row, [])

    def _accept(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        at = row["proposed_at"]
        for side in self._pending_sides(row):
            at = max(at, row["proposed_at"] + self._time_to_answer())
            if at > self._now:
                return []
            _answer(row, side, Answer.YES, at)
        row |= {
            "state": IntroductionState.ACCEPTED,
            "state_changed_at": at,
            "released_at": at,
        }
        check_ins = self._work_together(row, at)
        if row["state"] is IntroductionState.WITHDRAWN:
            row["released_at"] = None
        return check_ins

    def _work_together(self, row: dict[str, Any], accepted_at: datetime) -> list[dict[str, Any]]:
        began_at = accepted_at + timedelta(days=self._random.expovariate(1 / 18))
        if self._random.random() < 0.85 and began_at <= self._now:
            row |= {
                "state": IntroductionState.ACTIVE,
                "state_changed_at": began_at,
                "began_at": began_at,
            }
        end = self._one(_ENDS_OF_PARTNERSHIPS)
        over_at = began_at + timedelta(days=self._random.uniform(10, 200))
        if end is not IntroductionState.ACTIVE and over_at <= self._now:
            _close(row, end, over_at, self._now)
            if end is IntroductionState.COMPLETED:
                row["outcome"] = self._one(_OUTCOMES)
            elif end is IntroductionState.ENDED:
                row["end_reason"] = self._one(_END_REASONS)
        return self._check_in(accepted_at, row["closed_at"] or self._now)

    def _check_in(self, accepted_at: datetime, until: datetime) -> list[dict[str, Any]]:
        found = []
        for months in CHECKED_ON_AFTER_MONTHS:
            asked_at = london_midnight(add_months(london_date(accepted_at), months))
            if asked_at > until:
                break
            for side in Side:
                answered_at = asked_at + timedelta(days=self._random.uniform(0.3, 20))
                is_answered = self._random.random() < 0.6 and answered_at <= self._now
                found.append(
                    {
                        "months": months,
                        "side": side,
                        "asked_at": asked_at,
                        "answered_at": answered_at if is_answered else None,
                        "going": self._one(_GOING) if is_answered else None,
                        "came_of_it": self._one(_CAME_OF_IT) if is_answered else None,
                        "would_help": self._one(_WOULD_HELP) if is_answered else None,
                    }
                )
        return found

    def _time_to_answer(self) -> timedelta:
        """Soon, as a rule; some proposals wait for places, or for an answer to a question."""
        if self._random.random() < 0.06:
            return timedelta(days=self._random.uniform(14, 35))
        return timedelta(days=min(13.9, self._random.expovariate(1 / 4)))

    def _pending_sides(self, row: dict[str, Any]) -> list[Side]:
        sides = [each for each in Side if row[f"{each.value}_answer"] is Answer.PENDING]
        self._random.shuffle(sides)
        return sides

    def _one(self, weights: dict[Any, int]) -> Any:
        return self._random.choices(list(weights), list(weights.values()))[0]


def _proposal(proposed_by: Proposer, proposed_at: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "proposed_by": proposed_by,
        "state": IntroductionState.PROPOSED,
        "professional_answer": Answer.PENDING,
        "programme_answer": Answer.PENDING,
        "professional_answered_at": None,
        "programme_answered_at": None,
        "purpose": "",
        "proposed_at": proposed_at,
        "answer_due_at": proposed_at + TIME_TO_ANSWER,
        "state_changed_at": proposed_at,
        "released_at": None,
        "began_at": None,
        "closed_at": None,
        "decline_reason": None,
        "superseded_because": None,
        "end_reason": None,
        "outcome": None,
    }
    if proposed_by is not Proposer.LEAD:
        _answer(row, Side(proposed_by.value), Answer.YES, proposed_at)
    return row


def _answer(row: dict[str, Any], side: Side, answer: Answer, at: datetime) -> None:
    row[f"{side.value}_answer"] = answer
    row[f"{side.value}_answered_at"] = at


def _close(row: dict[str, Any], state: IntroductionState, at: datetime, now: datetime) -> None:
    """Close it, unless that is still to come."""
    if at <= now:
        row |= {"state": state, "state_changed_at": at, "closed_at": at}
