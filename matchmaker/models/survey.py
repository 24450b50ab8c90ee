"""Surveys that leads open in waves, and what people answer under a key that is not their name.

Who was asked (`SurveyInvitation`) and what was answered (`SurveyResponse`, `SurveyAnswer`) share no
column: answers lie under a keyed hash of the person's number (`matchmaker.services.surveys.keys`),
without a time and without a number that would tell in which order they came.
"""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.public_ids import new_public_id


class WaveState(enum.StrEnum):
    """How far a wave has come."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class SurveySection(enum.StrEnum):
    """The pages of a survey, in the order in which they are asked."""

    ACTIVITY = "activity"
    PARTNERSHIP = "partnership"
    WORKS = "works"
    HINDERS = "hinders"
    WOULD_HELP = "would_help"


class QuestionKind(enum.StrEnum):
    """How a question is answered."""

    SCALE = "scale"
    HOW_MANY = "how_many"
    HOW_OFTEN = "how_often"
    TEXT = "text"


class SurveyWave(Base):
    """One asking of the questions, to those who work in an area.

    `key_mark` names the secret under which its answers lie; `asked` says how many were to be asked
    when it was opened. `figures` holds what may be shown of the answers, frozen when it was closed.
    """

    __tablename__ = "survey_wave"
    __table_args__ = (
        CheckConstraint("(opened_at IS NULL) = (state = 'draft')", name="opened_in_full"),
        CheckConstraint("(closed_at IS NULL) = (state <> 'closed')", name="closed_in_full"),
        CheckConstraint("(figures IS NULL) = (state <> 'closed')", name="figures_when_closed"),
        CheckConstraint("compared_with_id <> id", name="not_compared_with_itself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    introduction: Mapped[str] = mapped_column(default="")
    area_code: Mapped[str] = mapped_column(index=True)
    state: Mapped[WaveState] = mapped_column(default=WaveState.DRAFT, index=True)
    compared_with_id: Mapped[int | None] = mapped_column(
        ForeignKey("survey_wave.id", ondelete="SET NULL"), index=True
    )
    created_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closes_on: Mapped[date | None]
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    themes_found_at: Mapped[datetime | None]
    key_mark: Mapped[str] = mapped_column(default="")
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int] = mapped_column(default=1)

    compared_with: Mapped[SurveyWave | None] = relationship(remote_side="SurveyWave.id")
    questions: Mapped[list[SurveyQuestion]] = relationship(
        back_populates="wave",
        cascade="all, delete-orphan",
        order_by="SurveyQuestion.position, SurveyQuestion.id",
    )


class SurveyQuestion(Base):
    """One question of a wave; `key` stays the same from wave to wave, so that answers pair."""

    __tablename__ = "survey_question"
    __table_args__ = (
        UniqueConstraint("wave_id", "key"),
        CheckConstraint(
            "kind = 'scale' OR (low_label = '' AND high_label = '')", name="only_scales_have_ends"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("survey_wave.id", ondelete="CASCADE"))
    key: Mapped[str]
    section: Mapped[SurveySection]
    kind: Mapped[QuestionKind]
    position: Mapped[int]
    wording: Mapped[str]
    low_label: Mapped[str] = mapped_column(default="")
    high_label: Mapped[str] = mapped_column(default="")

    wave: Mapped[SurveyWave] = relationship(back_populates="questions")


class SurveyInvitation(Base):
    """Who was asked, and whether they have answered: for reminders only, and without a time.

    No lead sees it, and nothing in it leads to what was answered.
    """

    __tablename__ = "survey_invitation"

    wave_id: Mapped[int] = mapped_column(
        ForeignKey("survey_wave.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    has_answered: Mapped[bool] = mapped_column(default=False)
    mailed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]

    wave: Mapped[SurveyWave] = relationship()


class SurveyResponse(Base):
    """What one person answered, under a keyed hash of who they are; it counts once it was sent."""

    __tablename__ = "survey_response"

    wave_id: Mapped[int] = mapped_column(
        ForeignKey("survey_wave.id", ondelete="CASCADE"), primary_key=True
    )
    person_key: Mapped[str] = mapped_column(primary_key=True)
    is_sent: Mapped[bool] = mapped_column(default=False)

    answers: Mapped[list[SurveyAnswer]] = relationship(
        cascade="all, delete-orphan", order_by="SurveyAnswer.question_id"
    )


class SurveyAnswer(Base):
    """An answer to one question: a choice, or words.

    The id is random: numbers in a row would tell which words are of the same person. Words are
    quoted only if the person agreed to that, and a lead chose them.
    """

    __tablename__ = "survey_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["wave_id", "person_key"],
            ["survey_response.wave_id", "survey_response.person_key"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("wave_id", "person_key", "question_id"),
        CheckConstraint("choice = '' OR text = ''", name="a_choice_or_words"),
        CheckConstraint("may_quote OR NOT is_quoted", name="quoted_with_consent"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_public_id)
    wave_id: Mapped[int]
    person_key: Mapped[str] = mapped_column(index=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("survey_question.id", ondelete="CASCADE"), index=True
    )
    choice: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    may_quote: Mapped[bool] = mapped_column(default=False)
    is_quoted: Mapped[bool] = mapped_column(default=False)
    theme_id: Mapped[int | None] = mapped_column(
        ForeignKey("survey_theme.id", ondelete="SET NULL"), index=True
    )

    question: Mapped[SurveyQuestion] = relationship()


class SurveyTheme(Base):
    """What several people wrote about in answer to one question.

    `words` were each used by several people; `shown` is the protected number of texts.
    """

    __tablename__ = "survey_theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("survey_question.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    words: Mapped[list[str]] = mapped_column(JSON)
    shown: Mapped[int | None]
    is_withheld: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    question: Mapped[SurveyQuestion] = relationship()
