"""Writing a survey: its title and introduction, whom it is for, and its questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import (
    QuestionKind,
    SurveyQuestion,
    SurveySection,
    SurveyWave,
    User,
    WaveState,
)
from matchmaker.models.public_ids import new_public_id
from matchmaker.services import audit
from matchmaker.services.errors import DomainError, FieldError, StaleVersion
from matchmaker.services.policy import Action, Actor, may
from matchmaker.services.surveys.baseline import Asked, baseline
from matchmaker.vocabulary import load_vocabulary
from matchmaker.vocabulary.areas import HEALTH_KINDS

TITLE_MAX_LENGTH = 120
INTRODUCTION_MAX_LENGTH = 2000
WORDING_MAX_LENGTH = 200
END_MAX_LENGTH = 40
MOST_QUESTIONS = 40
# A survey is for these and nothing smaller: below, figures could hardly ever be shown.
WIDE_KINDS = ("country_group", "nation")


class NotADraft(DomainError):
    """What is asked cannot change once somebody may have answered it."""


@dataclass(frozen=True, slots=True)
class WaveDetails:
    """What a lead says of a wave."""

    title: str
    introduction: str
    area_code: str


def find_wave(wave_id: int) -> SurveyWave | None:
    """One wave with its questions, or None."""
    return db.session.scalar(
        select(SurveyWave)
        .where(SurveyWave.id == wave_id)
        .options(selectinload(SurveyWave.questions), joinedload(SurveyWave.compared_with))
    )


def find_question(question_id: int) -> SurveyQuestion | None:
    """One question with its wave, or None."""
    return db.session.scalar(
        select(SurveyQuestion)
        .where(SurveyQuestion.id == question_id)
        .options(joinedload(SurveyQuestion.wave))
    )


def list_waves(actor: Actor) -> list[SurveyWave]:
    """The waves of the areas a lead looks after, the newest first."""
    waves = db.session.scalars(
        select(SurveyWave).order_by(SurveyWave.created_at.desc(), SurveyWave.id.desc())
    )
    return [each for each in waves if may(actor, Action.RUN_SURVEY, each)]


def list_earlier(actor: Actor) -> list[SurveyWave]:
    """The waves whose questions another can take over and whose answers it can be compared with."""
    return [each for each in list_waves(actor) if each.state is not WaveState.DRAFT]


def list_areas(actor: Actor) -> list[str]:
    """The areas a lead may ask: their own, by name, then the nations and health areas inside."""
    areas = load_vocabulary().areas
    inside = {
        area.code
        for area in areas.current
        if area.kind in HEALTH_KINDS or area.kind in WIDE_KINDS
        if actor.lead_area_codes & areas.within(area.code)
    }
    own = actor.lead_area_codes
    return [*sorted(own, key=areas.label), *sorted(inside - own, key=areas.label)]


def create_wave(
    details: WaveDetails,
    *,
    earlier: SurveyWave | None,
    actor: User,
    now: datetime,
) -> SurveyWave:
    """Begin a draft with the questions of an earlier wave, or with the built-in ones.

    Raises:
        FieldError: The title is empty, or something is too long.
    """
    wave = SurveyWave(created_by_user_id=actor.id, created_at=now, compared_with=earlier)
    _take_over(wave, details)
    asked = baseline() if earlier is None else [Asked.of(each) for each in earlier.questions]
    _add_all(wave, asked)
    db.session.add(wave)
    db.session.flush()
    audit.record("survey.drafted", wave, actor=actor, now=now)
    db.session.flush()
    return wave


def edit_wave(
    wave: SurveyWave, details: WaveDetails, *, version: int, actor: User, now: datetime
) -> None:
    """Change what a draft says and whom it is for.

    Raises:
        NotADraft: It has been opened.
        StaleVersion: Somebody else changed it in the meantime.
        FieldError: The title is empty, or something is too long.
    """
    lock_draft(wave, version)
    _take_over(wave, details)
    wave.version += 1
    audit.record("survey.edited", wave, actor=actor, now=now)
    db.session.flush()


def delete_draft(wave: SurveyWave, *, actor: User, now: datetime) -> None:
    """Throw a draft away.

    Raises:
        NotADraft: It has been opened.
    """
    lock_draft(wave)
    audit.record("survey.deleted", wave, actor=actor, now=now)
    db.session.delete(wave)
    db.session.flush()


def add_question(wave: SurveyWave, asked: Asked, *, actor: User, now: datetime) -> SurveyQuestion:
    """Add a question of one's own at the end of its page; its key is made here.

    Raises:
        NotADraft: The wave has been opened.
        FieldError: The wording or an end of the scale is missing or too long.
        DomainError: There are as many questions as anybody will answer.
    """
    lock_draft(wave)
    if len(wave.questions) >= MOST_QUESTIONS:
        raise DomainError(
            _("There are %(most)s questions already. Take one out first.", most=MOST_QUESTIONS)
        )
    question = _question(asked, key=f"own.{new_public_id()}", position=_end_of(wave))
    wave.questions.append(question)
    _changed(wave, actor, now)
    return question


def edit_question(
    question: SurveyQuestion, asked: Asked, *, version: int, actor: User, now: datetime
) -> None:
    """Say a question in other words; answered in another way it is another one, with a new key.

    Raises:
        NotADraft: The wave has been opened.
        StaleVersion: Somebody else changed the wave in the meantime.
        FieldError: The wording or an end of the scale is missing or too long.
    """
    lock_draft(question.wave, version)
    checked = _question(asked, key=question.key, position=question.position)
    if question.kind is not asked.kind:
        question.key = f"own.{new_public_id()}"
    question.section, question.kind = checked.section, checked.kind
    question.wording = checked.wording
    question.low_label, question.high_label = checked.low_label, checked.high_label
    _changed(question.wave, actor, now)


def move_question(question: SurveyQuestion, *, is_up: bool, actor: User, now: datetime) -> None:
    """Swap a question with the one before or after it on its page; at an end nothing happens.

    Raises:
        NotADraft: The wave has been opened.
    """
    wave = question.wave
    lock_draft(wave)
    page = questions_of(wave, question.section)
    place = page.index(question)
    other = place - 1 if is_up else place + 1
    if 0 <= other < len(page):
        swapped = page[other]
        question.position, swapped.position = swapped.position, question.position
        _changed(wave, actor, now)


def remove_question(question: SurveyQuestion, *, actor: User, now: datetime) -> None:
    """Take a question out.

    Raises:
        NotADraft: The wave has been opened.
    """
    wave = question.wave
    lock_draft(wave)
    wave.questions.remove(question)
    _changed(wave, actor, now)


def sections_of(wave: SurveyWave) -> list[SurveySection]:
    """The pages that ask something, in their order."""
    present = {each.section for each in wave.questions}
    return [section for section in SurveySection if section in present]


def questions_of(wave: SurveyWave, section: SurveySection) -> list[SurveyQuestion]:
    """The questions of one page, in their order."""
    return sorted(
        (each for each in wave.questions if each.section is section),
        key=lambda each: (each.position, each.id),
    )


def lock_draft(wave: SurveyWave, version: int | None = None) -> None:
    """Lock a wave that is still a draft, in the version that was looked at.

    Raises:
        NotADraft: It has been opened.
        StaleVersion: Somebody else changed it in the meantime.
    """
    db.session.refresh(wave, with_for_update={"of": SurveyWave})
    if wave.state is not WaveState.DRAFT:
        raise NotADraft(_("This survey has been opened, so its questions cannot change any more."))
    if version is not None and wave.version != version:
        raise StaleVersion(
            _("Somebody else has changed this survey. Save again if yours is right.")
        )


def _take_over(wave: SurveyWave, details: WaveDetails) -> None:
    wave.title = _checked("title", details.title, TITLE_MAX_LENGTH, _("Enter a title"))
    wave.introduction = _checked("introduction", details.introduction, INTRODUCTION_MAX_LENGTH)
    wave.area_code = details.area_code


def _add_all(wave: SurveyWave, asked: Iterable[Asked]) -> None:
    for position, each in enumerate(asked):
        wave.questions.append(_question(each, key=each.key, position=position))


def _question(asked: Asked, *, key: str, position: int) -> SurveyQuestion:
    is_scale = asked.kind is QuestionKind.SCALE
    empty = _("Say what this end of the scale means") if is_scale else None
    low, high = (asked.low_label, asked.high_label) if is_scale else ("", "")
    return SurveyQuestion(
        key=key,
        section=asked.section,
        kind=asked.kind,
        position=position,
        wording=_checked("wording", asked.wording, WORDING_MAX_LENGTH, _("Enter a question")),
        low_label=_checked("low_label", low, END_MAX_LENGTH, empty),
        high_label=_checked("high_label", high, END_MAX_LENGTH, empty),
    )


def _end_of(wave: SurveyWave) -> int:
    return 1 + max((each.position for each in wave.questions), default=0)


def _changed(wave: SurveyWave, actor: User, now: datetime) -> None:
    wave.version += 1
    audit.record("survey.edited", wave, actor=actor, now=now)
    db.session.flush()
    db.session.expire(wave, ["questions"])


def _checked(field: str, text: str, longest: int, empty: str | None = None) -> str:
    """The text without spaces around it.

    Raises:
        FieldError: It is empty where it must not be, or too long.
    """
    text = text.strip()
    if empty is not None and not text:
        raise FieldError(field, empty)
    if len(text) > longest:
        raise FieldError(field, _("Use %(longest)s characters or fewer", longest=longest))
    return text
