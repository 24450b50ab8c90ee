"""What may be shown of the answers: counted once, when a wave closes, and frozen.

Nothing is shown of fewer than 8 who answered, in the whole or to one question. All figures of a
wave go through `disclosure.publish` together, so that none can be worked out from the others.
Whoever reads results reads what was frozen, and never an answer.

People are compared with themselves, under their key, on questions that had the same key and kind
the time before: how many went up, stayed, went down, and for scales the mean change.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from matchmaker.extensions import db
from matchmaker.models import (
    QuestionKind,
    SurveyAnswer,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
    SurveyWave,
    WaveState,
)
from matchmaker.services.disclosure import NotPublishable, Shown, protect, publish
from matchmaker.services.statistics.figures import HIDDEN, WITHHELD, Figure
from matchmaker.services.surveys import keys
from matchmaker.services.surveys.choices import choices_of, step_of

logger = logging.getLogger(__name__)

FEWEST_PEOPLE = 8
TOTAL = "total"
CHANGES = ("lower", "same", "higher")

Key = tuple[str, ...]


@dataclass(slots=True)
class Counts:
    """True counts and how they hang together, on their way to be protected."""

    counts: dict[Key, int] = field(default_factory=dict)
    sums: list[tuple[Key, list[Key]]] = field(default_factory=list)
    at_most: list[tuple[Key, Key]] = field(default_factory=list)

    def add_parts(self, whole: Key, parts: Mapping[str, int], *, within: Key) -> None:
        """Add figures that make up `whole`, which is a part of `within`."""
        self.counts[whole] = sum(parts.values())
        self.counts |= {(*whole[:-1], name): count for name, count in parts.items()}
        self.sums.append((whole, [(*whole[:-1], name) for name in parts]))
        self.at_most.append((whole, within))


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many chose what; for words, only how many wrote any."""

    total: Figure
    choices: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Change:
    """How the same people answered before and now; `mean` is in tenths, for scales only."""

    total: Figure
    changes: Mapping[str, Figure]
    mean_tenths: int | None


@dataclass(frozen=True, slots=True)
class Results:
    """What was frozen of a wave. A question that is missing had fewer than 8 answers."""

    asked: Figure
    answered: Figure
    is_enough: bool
    distributions: Mapping[int, Distribution]
    changes: Mapping[int, Change]


def count_so_far(wave: SurveyWave) -> tuple[Figure, Figure]:
    """How many were asked, and how many have answered, as a lead may know it at any time."""
    asked, answered = _participation(wave)
    return Figure(protect(asked)), Figure(protect(answered))


def freeze(wave: SurveyWave) -> dict[str, Any]:
    """Count what was sent, and keep what may be shown of it."""
    counted, means = _count(wave)
    is_enough = counted.counts["answered",] >= FEWEST_PEOPLE
    try:
        # Two counts that add up to nothing need the rule alone.
        shown = (
            publish(counted.counts, counted.sums, counted.at_most)
            if is_enough
            else {key: Shown(protect(count)) for key, count in counted.counts.items()}
        )
    except NotPublishable as error:
        logger.warning("The results of survey %s are kept back. %s", wave.id, error)
        shown = dict.fromkeys(counted.counts, Shown(None, is_withheld=True))
        means = {}
    return {
        "is_enough": is_enough,
        "figures": {"/".join(key): _frozen(figure) for key, figure in shown.items()},
        "means": {str(question_id): tenths for question_id, tenths in means.items()},
    }


def read(wave: SurveyWave) -> Results | None:
    """What was frozen; None before the wave has closed."""
    if wave.figures is None:
        return None
    figures = {
        tuple(key.split("/")): _thawed(value) for key, value in wave.figures["figures"].items()
    }
    tables: dict[Key, dict[str, Figure]] = {}
    for (*table, name), figure in figures.items():
        tables.setdefault(tuple(table), {})[name] = figure
    means = wave.figures["means"]
    return Results(
        asked=figures["asked",],
        answered=figures["answered",],
        is_enough=wave.figures["is_enough"],
        distributions={
            int(key[1]): Distribution(cells.pop(TOTAL), cells)
            for key, cells in tables.items()
            if key[:1] == ("chosen",)
        },
        changes={
            int(key[1]): Change(cells.pop(TOTAL), cells, means.get(key[1]))
            for key, cells in tables.items()
            if key[:1] == ("changed",)
        },
    )


def comparable(wave: SurveyWave) -> SurveyWave | None:
    """The earlier wave that the same people can be compared with, if there is one."""
    earlier = wave.compared_with
    if earlier is None or earlier.state is not WaveState.CLOSED:
        return None
    return earlier if keys.is_known(earlier) and keys.is_known(wave) else None


def _count(wave: SurveyWave) -> tuple[Counts, dict[int, int]]:
    """The true counts of everything that has enough answers, and the mean changes."""
    counted = Counts()
    means: dict[int, int] = {}
    asked, answered = _participation(wave)
    counted.counts = {("asked",): asked, ("answered",): answered}
    counted.at_most = [(("answered",), ("asked",))]
    if answered < FEWEST_PEOPLE:
        return counted, means
    answers = _answers_of(wave)
    earlier = _pairs_of(wave)
    for question in wave.questions:
        given = answers.get(question.id, [])
        if len(given) < FEWEST_PEOPLE:
            continue
        whole = ("chosen", str(question.id), TOTAL)
        if question.kind is QuestionKind.TEXT:
            counted.counts[whole] = len(given)
            counted.at_most.append((whole, ("answered",)))
            continue
        chosen = Counter(given)
        parts = {choice: chosen[choice] for choice in choices_of(question.kind)}
        counted.add_parts(whole, parts, within=("answered",))
        moves = _moves(question, earlier.get(question.id, []))
        if len(moves) >= FEWEST_PEOPLE:
            signs = Counter(CHANGES[(move > 0) - (move < 0) + 1] for move in moves)
            parts = {name: signs[name] for name in CHANGES}
            counted.add_parts(("changed", str(question.id), TOTAL), parts, within=whole)
            if question.kind is QuestionKind.SCALE:
                means[question.id] = _tenths(moves)
    return counted, means


def _participation(wave: SurveyWave) -> tuple[int, int]:
    asked = select(func.count()).where(SurveyInvitation.wave_id == wave.id)
    answered = select(func.count()).where(
        SurveyResponse.wave_id == wave.id, SurveyResponse.is_sent.is_(True)
    )
    return db.session.scalar(asked) or 0, db.session.scalar(answered) or 0


def _answers_of(wave: SurveyWave) -> dict[int, list[str]]:
    """What was chosen, question by question; an empty text for each who wrote words."""
    rows = db.session.execute(
        select(SurveyAnswer.question_id, SurveyAnswer.choice)
        .join(SurveyResponse, _of_same_person(SurveyResponse, SurveyAnswer))
        .where(SurveyAnswer.wave_id == wave.id, SurveyResponse.is_sent.is_(True))
    )
    answers: dict[int, list[str]] = {}
    for question_id, choice in rows:
        answers.setdefault(question_id, []).append(choice)
    return answers


def _pairs_of(wave: SurveyWave) -> dict[int, list[tuple[str, str]]]:
    """What the same people chose before and now, by the number of the present question."""
    earlier = comparable(wave)
    if earlier is None:
        return {}
    now, before = aliased(SurveyAnswer), aliased(SurveyAnswer)
    sent_now, sent_before = aliased(SurveyResponse), aliased(SurveyResponse)
    asked_now, asked_before = aliased(SurveyQuestion), aliased(SurveyQuestion)
    rows = db.session.execute(
        select(asked_now.id, before.choice, now.choice)
        .join(now, now.question_id == asked_now.id)
        .join(sent_now, _of_same_person(sent_now, now))
        .join(
            asked_before,
            (asked_before.key == asked_now.key) & (asked_before.kind == asked_now.kind),
        )
        .join(
            before,
            (before.question_id == asked_before.id) & (before.person_key == now.person_key),
        )
        .join(sent_before, _of_same_person(sent_before, before))
        .where(
            asked_now.wave_id == wave.id,
            asked_before.wave_id == earlier.id,
            sent_now.is_sent.is_(True),
            sent_before.is_sent.is_(True),
        )
    )
    pairs: dict[int, list[tuple[str, str]]] = {}
    for question_id, chosen_before, chosen_now in rows:
        pairs.setdefault(question_id, []).append((chosen_before, chosen_now))
    return pairs


def _of_same_person(response: Any, answer: Any) -> Any:
    return (response.wave_id == answer.wave_id) & (response.person_key == answer.person_key)


def _moves(question: SurveyQuestion, pairs: Iterable[tuple[str, str]]) -> list[int]:
    """By how many steps each went up; who did not know at one time is left out."""
    steps = [(step_of(question.kind, old), step_of(question.kind, new)) for old, new in pairs]
    return [new - old for old, new in steps if old is not None and new is not None]


def _tenths(moves: list[int]) -> int:
    """The mean in tenths, half of one away from 0."""
    total, count = 10 * sum(moves), len(moves)
    size = (2 * abs(total) + count) // (2 * count)
    return size if total >= 0 else -size


def _frozen(shown: Shown) -> int | str:
    return shown.text if shown.value is None else shown.value


def _thawed(value: int | str) -> Figure:
    return Figure(None, value == WITHHELD) if value in (HIDDEN, WITHHELD) else Figure(int(value))
