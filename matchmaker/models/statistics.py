"""Figures for leads: what was counted, month by month, and what of it may be read.

Nobody is in these tables: they hold sums for areas. They outlive the rows that were counted, and
nothing in them changes once a release is published.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import Base


class StatisticsRelease(Base):
    """The figures of one calendar month in London, and of the quarter that ends with it.

    `begun_at` is when a worker last began to build it, so that no second one does the same work
    meanwhile; `failure` says why the last attempt published nothing.
    """

    __tablename__ = "statistics_release"
    __table_args__ = (
        CheckConstraint("published_at IS NULL OR failure = ''", name="published_or_failed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(unique=True)
    begun_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(default="")


class StatisticCount(Base):
    """A true count of one month. It is kept to be added up, and is never shown to anybody.

    A count of 0 has no row. `area_code` is a health area, or what is left of a nation or of the
    United Kingdom; wider areas are sums of these. Of a table that is for the United Kingdom alone
    it is this.
    """

    __tablename__ = "statistic_count"
    __table_args__ = (CheckConstraint("count > 0", name="counts_something"),)

    month: Mapped[str] = mapped_column(primary_key=True)
    table_key: Mapped[str] = mapped_column(primary_key=True)
    area_code: Mapped[str] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(primary_key=True)
    column_key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class StatisticFigure(Base):
    """A figure as everybody who may see it reads it; one that is 0 has no row.

    Where `shown` is None it is hidden: because it is small, or (`is_withheld`) because it would
    give another one away.
    """

    __tablename__ = "statistic_figure"
    __table_args__ = (
        CheckConstraint("shown > 0", name="shows_something"),
        CheckConstraint("shown IS NULL OR NOT is_withheld", name="withheld_or_shown"),
    )

    period_key: Mapped[str] = mapped_column(primary_key=True)
    table_key: Mapped[str] = mapped_column(primary_key=True)
    area_code: Mapped[str] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(primary_key=True)
    column_key: Mapped[str] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(
        ForeignKey("statistics_release.id", ondelete="CASCADE"), index=True
    )
    shown: Mapped[int | None]
    is_withheld: Mapped[bool] = mapped_column(default=False)
