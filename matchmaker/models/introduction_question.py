"""A question somebody asks before they answer a proposal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import Base
from matchmaker.models.introduction import Side


class IntroductionQuestion(Base):
    """One question of one side to the other; while it is open, the proposal's clock stands still.

    It is over (`closed_at`) with a reply, or without one when the time for it has passed, when the
    proposal was settled in the meantime, or when whoever asked did not want to wait.
    """

    __tablename__ = "introduction_question"
    __table_args__ = (
        CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", name="reply_has_time"),
        CheckConstraint("replied_at IS NULL OR closed_at IS NOT NULL", name="a_reply_closes"),
        Index(
            "uq_introduction_question_open",
            "introduction_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    introduction_id: Mapped[int] = mapped_column(
        ForeignKey("introduction.id", ondelete="CASCADE"), index=True
    )
    side: Mapped[Side]
    author_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    body: Mapped[str]
    asked_at: Mapped[datetime]
    reply: Mapped[str | None]
    replied_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    replied_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
