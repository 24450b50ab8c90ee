"""Two who are kept apart."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.introduction import Side
from matchmaker.models.organisation import Organisation
from matchmaker.models.professional import Professional


class Block(Base):
    """A professional and an organisation, one of which wants nothing to do with the other.

    `side` is who wants it so; the other side is never told. Neither is suggested to the other, and
    neither can ask for an introduction.
    """

    __tablename__ = "block"
    __table_args__ = (UniqueConstraint("professional_id", "organisation_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[Side]
    professional_id: Mapped[int] = mapped_column(ForeignKey("professional.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    created_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]

    professional: Mapped[Professional] = relationship()
    organisation: Mapped[Organisation] = relationship()
