"""Asking both sides how it goes, 3, 6 and 12 months after they were introduced."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.introduction import Introduction, Side


class Going(enum.StrEnum):
    """Whether the two are still at it."""

    GOING = "going"
    NOT_STARTED = "not_started"
    PAUSED = "paused"
    DONE = "done"
    ENDED = "ended"


class CameOfIt(enum.StrEnum):
    """What has come of it so far; the first three are also outcomes of a completed introduction."""

    ACHIEVED = "achieved"
    PARTLY = "partly"
    NOT_ACHIEVED = "not_achieved"
    TOO_EARLY = "too_early"


class WouldHelp(enum.StrEnum):
    """What would help the two along."""

    NOTHING = "nothing"
    TIME = "time"
    GETTING_IN_TOUCH = "getting_in_touch"
    INFORMATION = "information"
    FUNDING = "funding"
    OTHER = "other"


class CheckIn(Base):
    """One side's check-in: asked once, answered once or not at all."""

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("introduction_id", "months", "side"),
        CheckConstraint("months IN (3, 6, 12)", name="months_known"),
        CheckConstraint(
            "(answered_at IS NULL) = (going IS NULL)"
            " AND (answered_at IS NULL) = (came_of_it IS NULL)"
            " AND (answered_at IS NULL) = (would_help IS NULL)",
            name="answered_in_full",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    introduction_id: Mapped[int] = mapped_column(
        ForeignKey("introduction.id", ondelete="CASCADE"), index=True
    )
    months: Mapped[int]
    side: Mapped[Side]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    answered_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    going: Mapped[Going | None]
    came_of_it: Mapped[CameOfIt | None]
    would_help: Mapped[WouldHelp | None]
    note: Mapped[str] = mapped_column(default="")

    introduction: Mapped[Introduction] = relationship()
