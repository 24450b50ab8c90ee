"""Three surveys of the demo: two that have closed, half a year apart, and one that is open."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select, update

from matchmaker.demo.files import DATA
from matchmaker.demo.timeline import Timeline
from matchmaker.demo.world import World
from matchmaker.extensions import db
from matchmaker.models import (
    QuestionKind,
    SurveyAnswer,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
    SurveyWave,
    User,
)
from matchmaker.services.clock import london_date
from matchmaker.services.surveys import audience, closing, themes, waves
from matchmaker.services.surveys.choices import STEPS, UNKNOWN
from matchmaker.services.surveys.keys import person_key
from matchmaker.services.surveys.waves import WaveDetails

SCOTLAND, NHS_FIFE = "S92000003", "S08000029"
LEAD, LEAD_OF_FIFE = "fiona-drummond", "graham-melville"
# In minutes after midnight.
NOON, EVENING = 12 * 60, 18 * 60
FIRST_OPENED, FIRST_CLOSED = 262, 240
SECOND_OPENED, SECOND_CLOSED = 45, 12
OPENED = 3
# Of every ten who are asked, so many answer.
ANSWERING = 9


@dataclass(slots=True)
class Surveys:
    """The surveys so far; who answers what is drawn, the same each time."""

    world: World
    said: dict[str, Any]
    first: SurveyWave | None = None
    second: SurveyWave | None = None
    chance: Random = field(default_factory=lambda: Random(7))  # noqa: S311 - made-up answers

    def open_first(self, now: datetime) -> None:
        """Ask everybody in Scotland for the first time."""
        details = self._details("first_title", SCOTLAND)
        self.first = self._open(details, None, LEAD, now)
        self._answer(self.first, mood=0)

    def close_first(self, now: datetime) -> None:
        """Close it and sort what was written."""
        self._close(self.first, now)

    def open_second(self, now: datetime) -> None:
        """Ask again, by now a little more cheerfully answered."""
        details = self._details("second_title", SCOTLAND)
        self.second = self._open(details, self.first, LEAD, now)
        self._answer(self.second, mood=1)

    def close_second(self, now: datetime) -> None:
        """Close it, sort what was written, and choose a quote for each theme."""
        self._close(self.second, now)
        chosen = themes.list_themes(self.second) if self.second is not None else {}
        for each in (shown.theme for several in chosen.values() for shown in several):
            quotable = sorted(themes.list_quotable(each), key=lambda answer: answer.text)
            themes.edit_theme(
                each,
                name=each.name,
                quoted_ids=[answer.id for answer in quotable[:1]],
                version=each.version,
                actor=self.world.users[LEAD],
                now=now,
            )

    def open_third(self, now: datetime) -> None:
        """Ask Fife; this is still open, and its mails were read long ago."""
        wave = self._open(self._details("open_title", NHS_FIFE), None, LEAD_OF_FIFE, now)
        wave.closes_on = london_date(now + timedelta(days=28))
        is_of_wave = SurveyInvitation.wave_id == wave.id
        db.session.execute(
            update(SurveyInvitation).where(is_of_wave).values(mailed_at=now, reminded_at=now)
        )

    def _details(self, title: str, area_code: str) -> WaveDetails:
        return WaveDetails(self.said[title], self.said["introduction"], area_code)

    def _open(
        self, details: WaveDetails, earlier: SurveyWave | None, lead: str, now: datetime
    ) -> SurveyWave:
        actor = self.world.users[lead]
        wave = waves.create_wave(details, earlier=earlier, actor=actor, now=now)
        audience.open_wave(wave, closes_on=None, version=wave.version, actor=actor, now=now)
        return wave

    def _close(self, wave: SurveyWave | None, now: datetime) -> None:
        if wave is not None:
            closing.close_wave(wave, actor=self.world.users[LEAD], now=now)
            themes.find_due(now=now)

    def _answer(self, wave: SurveyWave, *, mood: int) -> None:
        """Let some of those who were asked answer, the same people as far as they are there."""
        asked = db.session.execute(
            select(SurveyInvitation, User.email)
            .join(User, SurveyInvitation.user_id == User.id)
            .where(SurveyInvitation.wave_id == wave.id)
            .order_by(User.email)
        ).all()
        answering = [
            invitation
            for invitation, email in asked
            if Random(email).randrange(10) < ANSWERING  # noqa: S311 - the same people each time
        ]
        words = {key: list(texts) for key, texts in self.said["texts"].items()}
        for texts in words.values():
            self.chance.shuffle(texts)
        for invitation in answering:
            invitation.has_answered = True
            response = SurveyResponse(
                wave_id=wave.id, person_key=person_key(invitation.user_id), is_sent=True
            )
            response.answers = list(self._answers(wave.questions, words, mood))
            db.session.add(response)
        db.session.flush()

    def _answers(
        self, questions: Iterable[SurveyQuestion], words: dict[str, list[str]], mood: int
    ) -> Iterable[SurveyAnswer]:
        for question in questions:
            if question.kind is not QuestionKind.TEXT:
                yield SurveyAnswer(question=question, choice=self._choice(question.kind, mood))
            elif words.get(question.key) and self.chance.random() < 0.55:
                text = words[question.key].pop()
                yield SurveyAnswer(
                    question=question, text=text, may_quote=self.chance.random() < 0.6
                )

    def _choice(self, kind: QuestionKind, mood: int) -> str:
        if self.chance.random() < 0.05:
            return UNKNOWN
        steps = STEPS[kind]
        middle = self.chance.gauss(1.6 + 0.6 * mood, 1.0)
        return steps[max(0, min(len(steps) - 1, round(middle)))]


def plan_surveys(timeline: Timeline, world: World) -> None:
    """Put on the timeline when each survey is opened and closed."""
    said = tomllib.loads((DATA / "surveys.toml").read_text("utf-8"))
    surveys = Surveys(world, said)
    for days_ago, minutes, happen in (
        (FIRST_OPENED, NOON, surveys.open_first),
        (FIRST_CLOSED, EVENING, surveys.close_first),
        (SECOND_OPENED, NOON, surveys.open_second),
        (SECOND_CLOSED, EVENING, surveys.close_second),
        (OPENED, NOON, surveys.open_third),
    ):
        timeline.add(days_ago, minutes, happen)
