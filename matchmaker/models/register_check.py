"""A professional's wish to have their registration looked up, and what was found."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.professional import Professional


class CheckState(enum.StrEnum):
    """What became of it; it is withdrawn when the number or the name changes meanwhile."""

    WAITING = "waiting"
    FOUND = "found"
    NOT_FOUND = "not_found"
    DIFFERS = "differs"
    WITHDRAWN = "withdrawn"


class RegisterCheck(Base):
    """One check. The number itself stands in the profile only, and goes from there."""

    __tablename__ = "register_check"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (state = 'waiting')", name="decided_in_full"),
        Index(
            "uq_register_check_waiting",
            "professional_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    professional_id: Mapped[int] = mapped_column(
        ForeignKey("professional.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[CheckState] = mapped_column(default=CheckState.WAITING)
    requested_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )

    professional: Mapped[Professional] = relationship()
