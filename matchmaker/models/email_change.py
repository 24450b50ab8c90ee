"""A change of e-mail address under way: confirmed at the old address and at the new one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.user import User


class EmailChange(Base):
    """One change; it happens (`done_at`) with the second of the two confirmations."""

    __tablename__ = "email_change"
    __table_args__ = (
        CheckConstraint("new_email = lower(new_email)", name="new_email_is_lower_case"),
        CheckConstraint(
            "done_at IS NULL OR (old_confirmed_at IS NOT NULL AND new_confirmed_at IS NOT NULL)",
            name="done_when_both_confirmed",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    new_email: Mapped[str]
    requested_at: Mapped[datetime]
    old_confirmed_at: Mapped[datetime | None]
    new_confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
