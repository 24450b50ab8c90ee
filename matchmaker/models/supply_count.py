"""How many programmes there were about what, as they were counted with a release of figures."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import Base


class SupplyCount(Base):
    """The programmes about one group of conditions that serve one area, open and with places.

    Programmes are public, and these counts are exact: they stand apart from the figures of people.
    `near` counts those that meet people in person nearby, `online` those that meet them online; one
    may be both, or neither. Where there is no programme at all there is no row.
    """

    __tablename__ = "supply_count"
    __table_args__ = (
        CheckConstraint("programmes > 0", name="counts_something"),
        CheckConstraint("near >= 0 AND near <= programmes", name="near_within_programmes"),
        CheckConstraint("online >= 0 AND online <= programmes", name="online_within_programmes"),
    )

    release_id: Mapped[int] = mapped_column(
        ForeignKey("statistics_release.id", ondelete="CASCADE"), primary_key=True
    )
    area_code: Mapped[str] = mapped_column(primary_key=True)
    group_code: Mapped[str] = mapped_column(primary_key=True)
    programmes: Mapped[int]
    near: Mapped[int]
    online: Mapped[int]
