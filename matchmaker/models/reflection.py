"""What a professional took from an introduction or a contact, for their own development record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import Base


class Reflection(Base):
    """A few words on one introduction or one outside contact; nobody but the author reads them."""

    __tablename__ = "reflection"
    __table_args__ = (
        CheckConstraint(
            "(introduction_id IS NULL) <> (outside_contact_id IS NULL)", name="about_one_thing"
        ),
        UniqueConstraint("professional_id", "introduction_id"),
        UniqueConstraint("professional_id", "outside_contact_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    professional_id: Mapped[int] = mapped_column(ForeignKey("professional.id", ondelete="CASCADE"))
    introduction_id: Mapped[int | None] = mapped_column(
        ForeignKey("introduction.id", ondelete="CASCADE"), index=True
    )
    outside_contact_id: Mapped[int | None] = mapped_column(
        ForeignKey("outside_contact.id", ondelete="CASCADE"), index=True
    )
    body: Mapped[str]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
