"""A postcode district, such as KY12."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import Base


class Outcode(Base):
    """The first half of a postcode, its centre (WGS 84 degrees) and the authority around that."""

    __tablename__ = "outcode"

    outcode: Mapped[str] = mapped_column(primary_key=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    town: Mapped[str] = mapped_column(default="")
    area_code: Mapped[str] = mapped_column(index=True)
