"""Somebody's request to look after an organisation that is here already."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.organisation import Organisation
from matchmaker.models.user import User


class ClaimState(enum.StrEnum):
    """What became of it."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Claim(Base):
    """One request. `by_domain` says that the work e-mail is at the organisation's own domain."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (state = 'waiting')", name="decided_in_full"),
        Index(
            "uq_claim_waiting",
            "organisation_id",
            "user_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    state: Mapped[ClaimState] = mapped_column(default=ClaimState.WAITING)
    by_domain: Mapped[bool] = mapped_column(default=False)
    job: Mapped[str] = mapped_column(default="")
    evidence: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    decided_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(default="")

    organisation: Mapped[Organisation] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
