"""Something on a page or in a message that somebody told the administrators about."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import Base


class ReportReason(enum.StrEnum):
    """What is wrong with it."""

    PATIENT_DETAILS = "patient_details"
    WRONG = "wrong"
    UNKIND = "unkind"
    UNSAFE = "unsafe"
    ADVERTISING = "advertising"
    OTHER = "other"


class ReportResolution(enum.StrEnum):
    """What an administrator did about it."""

    REMOVED = "removed"
    CORRECTED = "corrected"
    SPOKEN_TO = "spoken_to"
    NOTHING_WRONG = "nothing_wrong"


class Report(Base):
    """One report. An administrator reads what was reported (`quoted`) and nothing around it.

    `address` is the path of the page it was reported from. A message is copied when it is reported,
    because administrators do not read messages otherwise, and because it may be gone later.
    """

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint("(resolved_at IS NULL) = (resolution IS NULL)", name="resolved_in_full"),
        Index("ix_report_open", "resolved_at", "reported_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reporter_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    address: Mapped[str]
    message_id: Mapped[int | None] = mapped_column(
        ForeignKey("introduction_message.id", ondelete="SET NULL"), index=True
    )
    quoted: Mapped[str] = mapped_column(default="")
    reason: Mapped[ReportReason]
    note: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime]
    resolution: Mapped[ReportResolution | None]
    resolution_note: Mapped[str] = mapped_column(default="")
    resolved_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    resolved_at: Mapped[datetime | None]
