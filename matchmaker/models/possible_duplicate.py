"""Two organisations that may be one."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.organisation import Organisation


class Likeness(enum.StrEnum):
    """What the two have in common."""

    REGISTRATION = "registration"
    NAME_AND_POSTCODE = "name_and_postcode"
    DOMAIN = "domain"


class DuplicateDecision(enum.StrEnum):
    """What somebody decided after looking at both."""

    MERGED = "merged"
    DISTINCT = "distinct"


class PossibleDuplicate(Base):
    """A pair, the lower number first; it is never merged without somebody's decision."""

    __tablename__ = "possible_duplicate"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="lower_number_first"),
        CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="decided_in_full"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    likeness: Mapped[Likeness]
    found_at: Mapped[datetime]
    decision: Mapped[DuplicateDecision | None]
    decided_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    decided_at: Mapped[datetime | None]

    first: Mapped[Organisation] = relationship(foreign_keys=[first_id])
    second: Mapped[Organisation] = relationship(foreign_keys=[second_id])
