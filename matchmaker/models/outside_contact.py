"""A contact that came about elsewhere, written down in ten seconds."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.introduction import Introduction
from matchmaker.models.organisation import Organisation
from matchmaker.models.professional import Professional
from matchmaker.models.programme import Programme


class OutsideContact(Base):
    """Whom somebody met, when and what for; counted apart from introductions.

    It belongs to a professional or to an organisation, whichever the person recorded it for.
    `programme_id` is set when whom they met is here, and `introduction_id` once the contact was
    turned into an introduction.
    """

    __tablename__ = "outside_contact"
    __table_args__ = (
        CheckConstraint(
            "(professional_id IS NULL) <> (organisation_id IS NULL)", name="belongs_to_one"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recorded_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    professional_id: Mapped[int | None] = mapped_column(
        ForeignKey("professional.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    met: Mapped[str]
    programme_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme.id", ondelete="SET NULL"), index=True
    )
    introduction_id: Mapped[int | None] = mapped_column(
        ForeignKey("introduction.id", ondelete="SET NULL"), index=True
    )
    met_on: Mapped[date]
    purpose: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    professional: Mapped[Professional | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    programme: Mapped[Programme | None] = relationship()
    introduction: Mapped[Introduction | None] = relationship()
