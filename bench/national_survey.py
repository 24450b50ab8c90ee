"""Two waves of a survey of a whole nation, one after the other, for `bench.national_year`."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from matchmaker.extensions import db, write_intent
from matchmaker.models import (
    QuestionKind,
    SurveyAnswer,
    SurveyInvitation,
    SurveyResponse,
    SurveyWave,
    User,
)
from matchmaker.models.public_ids import new_public_id
from matchmaker.services.clock import london_date
from matchmaker.services.surveys import audience, closing, keys, themes, waves
from matchmaker.services.surveys.choices import choices_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

N_ANSWERS = 4_000
AT_ONCE = 5_000
TITLE = "How we work together"
# What people write is made of these: who, what, and what it does.
_WHO = ("the peer group", "our link worker", "the charity's coordinator", "a named contact")
_WHAT = (
    *("meets us every month", "answers within a day", "has no funding after spring"),
    *("changes too often", "is too far away by bus", "has a waiting list"),
)
_SO = (
    *("so that people with stroke keep exercising", "and referral forms take too long"),
    *("so that carers get a break", "and nobody knows who to ring"),
)


def hold_waves(app: Flask, area_code: str, now: datetime) -> dict[str, float]:
    """Ask twice and close each; returns the seconds of what the last one took."""
    seconds: dict[str, float] = {}
    earlier_id = None
    for number in (1, 2):
        with app.app_context(), write_intent():
            earlier_id = _hold(earlier_id, area_code, now + timedelta(days=number), seconds)
            db.session.commit()
            db.engine.dispose()
    return seconds


def _hold(earlier_id: int | None, area_code: str, now: datetime, seconds: dict[str, float]) -> int:
    lead = db.session.scalars(select(User).order_by(User.id.desc())).first()
    if lead is None:
        raise ValueError("Nobody is there to ask.")
    earlier = None if earlier_id is None else db.session.get(SurveyWave, earlier_id)
    wave = waves.create_wave(
        waves.WaveDetails(title=TITLE, introduction="", area_code=area_code),
        earlier=earlier,
        actor=lead,
        now=now,
    )
    with _timed(seconds, "open a wave"):
        audience.open_wave(
            wave,
            closes_on=london_date(now) + timedelta(days=30),
            version=wave.version,
            actor=lead,
            now=now,
        )
    _answer(wave)
    with _timed(seconds, "close a wave"):
        closing.close_wave(wave, actor=lead, now=now)
    with _timed(seconds, "find its themes"):
        themes.find_due(now=now)
    return wave.id


def _answer(wave: SurveyWave) -> None:
    """Let the first of those who were asked answer everything."""
    random = Random(wave.id)
    of_wave = SurveyInvitation.wave_id == wave.id
    user_ids = db.session.scalars(
        select(SurveyInvitation.user_id)
        .where(of_wave)
        .order_by(SurveyInvitation.user_id)
        .limit(N_ANSWERS)
    ).all()
    db.session.execute(
        update(SurveyInvitation)
        .where(of_wave, SurveyInvitation.user_id.in_(user_ids))
        .values(has_answered=True)
    )
    person_keys = [keys.person_key(user_id) for user_id in user_ids]
    db.session.execute(
        insert(SurveyResponse),
        [{"wave_id": wave.id, "person_key": each, "is_sent": True} for each in person_keys],
    )
    for question in wave.questions:
        choices = choices_of(question.kind)
        is_text = question.kind is QuestionKind.TEXT
        rows = [
            {
                "id": new_public_id(),
                "wave_id": wave.id,
                "person_key": each,
                "question_id": question.id,
                "choice": "" if is_text else random.choice(choices),
                "text": _sentence(random) if is_text else "",
                "may_quote": is_text and random.random() < 0.5,
            }
            for each in person_keys
        ]
        for start in range(0, len(rows), AT_ONCE):
            db.session.execute(insert(SurveyAnswer), rows[start : start + AT_ONCE])


def _sentence(random: Random) -> str:
    return " ".join(random.choice(each) for each in (_WHO, _WHAT, _SO)).capitalize() + "."


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[name] = round(time.perf_counter() - started, 1)
