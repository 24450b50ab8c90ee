"""Figures that an organisation shows to those who pay for it, as they were made.

They are sums, and outlive the introductions that were counted. Each is written once and read as a
whole, so that the figures stand in one column.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import Base

StoredCount = tuple[str, str, str, int]
StoredFigure = tuple[str, str, str, int | None, bool]


class EvidenceCounts(Base):
    """The true counts of an organisation in one calendar quarter; nobody is shown them.

    `counts` holds a table, a row, a column and a count for everything that is not 0.
    """

    __tablename__ = "evidence_counts"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    quarter_key: Mapped[str] = mapped_column(primary_key=True)
    counts: Mapped[list[StoredCount]] = mapped_column(JSON)
    counted_at: Mapped[datetime]


class EvidenceReport(Base):
    """The figures of one period as they are shown, for good.

    `figures` holds a table, a row, a column, what is shown (None where it is hidden) and whether it
    is hidden for the sake of another.
    """

    __tablename__ = "evidence_report"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    period_key: Mapped[str] = mapped_column(primary_key=True)
    figures: Mapped[list[StoredFigure]] = mapped_column(JSON)
    made_at: Mapped[datetime]
