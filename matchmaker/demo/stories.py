"""The demo's introductions, lived through with the real services, and the clock between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from types import MappingProxyType

from matchmaker.demo.files import StepRecord, StoryRecord
from matchmaker.demo.timeline import Timeline
from matchmaker.demo.world import World
from matchmaker.models import Introduction, Outcome, Proposer, Side, User
from matchmaker.services import introduction_clock, introductions, partnerships, questions
from matchmaker.services.clock import london_date

YEAR = 366
# When the worker looks what is due, in minutes after midnight.
WORKER = 6 * 60
# Things happen from nine o'clock, spread over four hours; the steps of a day follow each other.
OPENING, SPREAD, STRIDE, APART = 9 * 60, 240, 17, 25


@dataclass(slots=True)
class Storyteller:
    """Lives through one introduction."""

    world: World
    story: StoryRecord
    introduction: Introduction = field(init=False)

    def plan(self, timeline: Timeline, number: int) -> None:
        """Put the asking and every step on the timeline."""
        start = OPENING + number * STRIDE % SPREAD
        timeline.add(self.story.day, start, self._propose)
        for position, step in enumerate(self.story.steps, start=1):
            act = partial(self._take, step)
            timeline.add(step.day, start + position * APART, act)

    def _propose(self, now: datetime) -> None:
        story = self.story
        actor = {
            Proposer.PROFESSIONAL: partial(self._actor, Side.PROFESSIONAL, now),
            Proposer.PROGRAMME: partial(self._actor, Side.PROGRAMME, now),
            Proposer.LEAD: partial(self.world.users.__getitem__, story.lead or ""),
        }[story.by]()
        self.introduction = introductions.propose(
            self.world.professionals[story.professional],
            self.world.programmes[story.programme],
            proposed_by=story.by,
            purpose=story.purpose,
            lead_note=story.note,
            actor=actor,
            now=now,
        )

    def _take(self, step: StepRecord, now: datetime) -> None:
        _STEPS[step.does](self, step, now)

    def _actor(self, side: Side, now: datetime) -> User:
        """Who acts for a side, and is here to do so."""
        if side is Side.PROFESSIONAL:
            user = self.world.users[self.story.professional]
        else:
            user = self.world.spokesperson(self.story.programme)
        user.last_active_on = london_date(now)
        return user

    @property
    def _asking_side(self) -> Side:
        return Side(self.story.by) if self.story.by is not Proposer.LEAD else Side.PROFESSIONAL

    def say(self, step: StepRecord, now: datetime) -> None:
        """Write to the other side."""
        side = step.says or self._asking_side
        partnerships.send_message(
            self.introduction,
            side,
            step.text,
            seen_id=partnerships.newest_message_id(self.introduction),
            actor=self._actor(side, now),
            now=now,
        )

    def accept(self, step: StepRecord, now: datetime) -> None:
        """Say yes."""
        side = step.side or self._asking_side.other
        introductions.accept(self.introduction, side, actor=self._actor(side, now), now=now)

    def decline(self, step: StepRecord, now: datetime) -> None:
        """Say no."""
        side = step.side or self._asking_side.other
        introductions.decline(
            self.introduction,
            side,
            reason=step.decline_reason,
            note=step.note,
            actor=self._actor(side, now),
            now=now,
        )

    def ask(self, step: StepRecord, now: datetime) -> None:
        """Ask something before answering."""
        side = step.side or self._asking_side.other
        questions.ask(self.introduction, side, step.text, actor=self._actor(side, now), now=now)

    def reply(self, step: StepRecord, now: datetime) -> None:
        """Reply to a question."""
        side = step.side or self._asking_side
        questions.reply(self.introduction, side, step.text, actor=self._actor(side, now), now=now)

    def withdraw(self, step: StepRecord, now: datetime) -> None:
        """Take back a yes."""
        side = step.side or self._asking_side
        introductions.withdraw(self.introduction, side, actor=self._actor(side, now), now=now)

    def agree(self, step: StepRecord, now: datetime) -> None:
        """Write down what was agreed."""
        due_in = step.due_in
        partnerships.agree(
            self.introduction,
            shared_purpose=step.purpose,
            next_step=step.next_step,
            next_step_on=None if due_in is None else self.world.calendar.day(step.day - due_in),
            version=self.introduction.version,
            actor=self._actor(step.side or Side.PROFESSIONAL, now),
            now=now,
        )

    def start(self, step: StepRecord, now: datetime) -> None:
        """Begin, or go on."""
        actor = self._actor(step.side or Side.PROFESSIONAL, now)
        partnerships.start(self.introduction, actor=actor, now=now)

    def hold(self, step: StepRecord, now: datetime) -> None:
        """Pause."""
        actor = self._actor(step.side or Side.PROGRAMME, now)
        partnerships.hold(self.introduction, actor=actor, now=now)

    def complete(self, step: StepRecord, now: datetime) -> None:
        """Say what came of it."""
        partnerships.complete(
            self.introduction,
            outcome=step.outcome or Outcome.ACHIEVED,
            note=step.note,
            actor=self._actor(step.side or Side.PROFESSIONAL, now),
            now=now,
        )

    def end(self, step: StepRecord, now: datetime) -> None:
        """Say why it came to nothing more."""
        partnerships.end(
            self.introduction,
            reason=step.end_reason,
            note=step.note,
            actor=self._actor(step.side or Side.PROGRAMME, now),
            now=now,
        )


_STEPS: MappingProxyType[str, Callable[[Storyteller, StepRecord, datetime], None]] = (
    MappingProxyType(
        {
            "say": Storyteller.say,
            "accept": Storyteller.accept,
            "decline": Storyteller.decline,
            "ask": Storyteller.ask,
            "reply": Storyteller.reply,
            "withdraw": Storyteller.withdraw,
            "agree": Storyteller.agree,
            "start": Storyteller.start,
            "hold": Storyteller.hold,
            "complete": Storyteller.complete,
            "end": Storyteller.end,
        }
    )
)


def plan_stories(timeline: Timeline, world: World, stories: Iterable[StoryRecord]) -> None:
    """Put every introduction on the timeline, and each morning what the worker does by itself."""
    for days_ago in range(YEAR, -1, -1):
        timeline.add(days_ago, WORKER, _do_what_is_due)
    for number, story in enumerate(stories):
        Storyteller(world, story).plan(timeline, number)


def _do_what_is_due(now: datetime) -> None:
    introduction_clock.reopen_waiting(now=now)
    introduction_clock.remind_due(now=now)
    introduction_clock.close_unanswered_questions(now=now)
    # Nobody reads a mail of last year, so nothing is looked for to put into it.
    introduction_clock.expire_due(now=now, find_others=lambda *_args, **_moment: [])
