"""An allied health professional's profile."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.user import User

OLDEST_AGE = 120


class Delivery(enum.StrEnum):
    """How people are met."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    BOTH = "both"


class Setting(enum.StrEnum):
    """Where a professional works."""

    ACUTE = "acute"
    COMMUNITY = "community"
    PRIMARY_CARE = "primary_care"
    MENTAL_HEALTH = "mental_health"
    SCHOOL = "school"
    SOCIAL_CARE = "social_care"
    INDEPENDENT = "independent"
    OTHER = "other"


class TermField(enum.StrEnum):
    """Which vocabulary a term comes from."""

    CONDITION = "condition"
    APPROACH = "approach"


class TermSide(enum.StrEnum):
    """Whether a term is offered or looked for."""

    OFFERS = "offers"
    SEEKS = "seeks"


class Professional(Base):
    """What a professional does, where, with whom, how, and what they look for.

    The `is_willing_to_*` columns say how far they want to go, from pointing people the right way to
    running things together (after the levels of engagement of the Royal Society for Public Health).
    """

    __tablename__ = "professional"
    __table_args__ = (
        CheckConstraint(f"min_age >= 0 AND min_age <= {OLDEST_AGE}", name="min_age_range"),
        CheckConstraint(f"max_age >= 0 AND max_age <= {OLDEST_AGE}", name="max_age_range"),
        CheckConstraint("min_age <= max_age", name="ages_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    profession: Mapped[str | None]
    setting: Mapped[Setting | None]
    employer: Mapped[str] = mapped_column(default="")
    hcpc_number: Mapped[str] = mapped_column(default="")
    hcpc_checked_at: Mapped[datetime | None]
    offers_text: Mapped[str] = mapped_column(default="")
    seeks_text: Mapped[str] = mapped_column(default="")
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    delivery: Mapped[Delivery] = mapped_column(default=Delivery.BOTH)
    is_willing_to_signpost: Mapped[bool] = mapped_column(default=False)
    is_willing_to_refer: Mapped[bool] = mapped_column(default=False)
    is_willing_to_advise: Mapped[bool] = mapped_column(default=False)
    is_willing_to_run_together: Mapped[bool] = mapped_column(default=False)
    is_findable: Mapped[bool] = mapped_column(default=False)
    is_available: Mapped[bool] = mapped_column(default=True)
    available_again_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)

    user: Mapped[User] = relationship(back_populates="professional")
    areas: Mapped[list[ProfessionalArea]] = relationship(
        cascade="all, delete-orphan", order_by="ProfessionalArea.area_code"
    )
    terms: Mapped[list[ProfessionalTerm]] = relationship(
        cascade="all, delete-orphan", order_by="ProfessionalTerm.id"
    )


class ProfessionalArea(Base):
    """An area a professional works in; `district` is the postcode district it was read from."""

    __tablename__ = "professional_area"

    professional_id: Mapped[int] = mapped_column(
        ForeignKey("professional.id", ondelete="CASCADE"), primary_key=True
    )
    area_code: Mapped[str] = mapped_column(primary_key=True)
    district: Mapped[str | None]


class ProfessionalTerm(Base):
    """A condition or approach, in the professional's wording.

    `code` is the vocabulary's term for the wording; it is empty when the vocabulary does not know
    the wording, which then still counts as text.
    """

    __tablename__ = "professional_term"

    id: Mapped[int] = mapped_column(primary_key=True)
    professional_id: Mapped[int] = mapped_column(
        ForeignKey("professional.id", ondelete="CASCADE"), index=True
    )
    field: Mapped[TermField]
    side: Mapped[TermSide]
    wording: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
