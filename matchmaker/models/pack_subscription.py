"""Which evidence packs a lead is told of by e-mail."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import Base


class PackFrequency(enum.StrEnum):
    """How often somebody is told."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class PackSubscription(Base):
    """A wish to be told when the figures of an area are published.

    `told_of` is the key of the latest period that the person was told of, such as ``2026-10``.
    """

    __tablename__ = "pack_subscription"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    area_code: Mapped[str] = mapped_column(primary_key=True)
    frequency: Mapped[PackFrequency]
    created_at: Mapped[datetime]
    told_of: Mapped[str | None]
