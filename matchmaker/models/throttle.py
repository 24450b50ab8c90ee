"""Failed attempts, counted for all workers in one place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import Base


class ThrottleCount(Base):
    """How often something failed for one key within one window of time.

    `key_digest` is a keyed digest of an account or an address, so that the table names nobody.
    """

    __tablename__ = "throttle_count"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures_not_negative"),)

    scope: Mapped[str] = mapped_column(primary_key=True)
    key_digest: Mapped[str] = mapped_column(primary_key=True)
    window_started_at: Mapped[datetime] = mapped_column(primary_key=True)
    failures: Mapped[int]
