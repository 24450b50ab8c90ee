"""What was shown to whom, and what was put aside."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import Base
from matchmaker.models.introduction import Side


class ShownSuggestion(Base):
    """One suggestion on one page. Suggestions are computed; only what was *shown* is kept.

    What is shown to someone without an account is not kept. `propensity` is the probability with
    which this card was put in this place (1 when nothing was left to chance), and `is_unexpected`
    marks the one card of a list that was drawn from outside the usual pattern.
    """

    __tablename__ = "shown_suggestion"
    __table_args__ = (
        CheckConstraint("rank >= 1", name="rank_from_one"),
        CheckConstraint("propensity > 0 AND propensity <= 1", name="propensity_is_probability"),
        Index("ix_shown_suggestion_pair", "professional_id", "programme_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shown_at: Mapped[datetime] = mapped_column(index=True)
    shown_to: Mapped[Side]
    professional_id: Mapped[int] = mapped_column(ForeignKey("professional.id", ondelete="CASCADE"))
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    rank: Mapped[int]
    score: Mapped[float]
    z_professional: Mapped[float]
    z_programme: Mapped[float]
    model_version: Mapped[str]
    # For each side, by field: weight and share. With the constants of the version, they make up z.
    inputs: Mapped[dict[str, dict[str, list[float]]]] = mapped_column(JSON, default=dict)
    propensity: Mapped[float] = mapped_column(default=1.0)
    is_unexpected: Mapped[bool] = mapped_column(default=False)


class DismissalKind(enum.StrEnum):
    """How firmly a suggestion was put aside."""

    NOT_NOW = "not_now"
    NOT_FOR_US = "not_for_us"


class Dismissal(Base):
    """A suggestion one side put aside: for 90 days (`not now`) or for good (`not for us`)."""

    __tablename__ = "dismissal"
    __table_args__ = (UniqueConstraint("side", "professional_id", "programme_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[Side]
    professional_id: Mapped[int] = mapped_column(
        ForeignKey("professional.id", ondelete="CASCADE"), index=True
    )
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[DismissalKind]
    reason: Mapped[str] = mapped_column(default="")
    until_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
