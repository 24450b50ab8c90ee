"""A change of a programme: what was written, by whom, and whether it is public."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.programme import Programme
from matchmaker.models.user import User


class EditState(enum.StrEnum):
    """How far a change is; the first two are still to be decided, and a programme has one such."""

    DRAFT = "draft"
    WAITING = "waiting"
    PUBLISHED = "published"
    SENT_BACK = "sent_back"
    DISCARDED = "discarded"


class ProgrammeEdit(Base):
    """A change of a programme: `details` holds what it says `before` and `after` it, in full.

    The row in `programme` is what is public: the last published change. A waiting change touches
    it only when an owner publishes it. `based_on_version` is the programme's version when the
    change was begun; `before` is None for the change that made the programme public. See
    `services/programme_history.py`.
    """

    __tablename__ = "programme_edit"
    __table_args__ = (
        CheckConstraint(
            "(decided_at IS NULL) = (state IN ('draft', 'waiting'))", name="decided_in_full"
        ),
        Index(
            "uq_programme_edit_undecided",
            "programme_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[EditState]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    based_on_version: Mapped[int]
    author_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    decided_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys=[author_user_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_user_id])
