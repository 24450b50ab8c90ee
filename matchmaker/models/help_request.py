"""Somebody who found nothing and asked a lead for help."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.organisation import Organisation
from matchmaker.models.professional import Professional
from matchmaker.models.user import User


class HelpState(enum.StrEnum):
    """How far it is; the first two are open."""

    WAITING = "waiting"
    TAKEN = "taken"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class HelpRequest(Base):
    """What somebody looks for, in their words, asked for a professional or for an organisation."""

    __tablename__ = "help_request"
    __table_args__ = (
        CheckConstraint(
            "(professional_id IS NULL) <> (organisation_id IS NULL)", name="for_one_side"
        ),
        CheckConstraint("(taken_at IS NOT NULL) = (state = 'taken')", name="taken_has_time"),
        CheckConstraint(
            "(closed_at IS NULL) = (state IN ('waiting', 'taken'))", name="closed_when_over"
        ),
        CheckConstraint(
            "taken_by_user_id IS NULL OR state = 'taken'", name="taken_by_somebody_while_taken"
        ),
        Index("ix_help_request_state", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    professional_id: Mapped[int | None] = mapped_column(
        ForeignKey("professional.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    area_code: Mapped[str]
    words: Mapped[str]
    state: Mapped[HelpState] = mapped_column(default=HelpState.WAITING)
    taken_at: Mapped[datetime | None]
    taken_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    closed_at: Mapped[datetime | None]
    closed_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    answer: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    professional: Mapped[Professional | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits for an answer."""
        return self.closed_at is None
