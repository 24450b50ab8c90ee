"""Something an organisation runs, and the places it has for new introductions."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.organisation import Organisation
from matchmaker.models.professional import OLDEST_AGE, Delivery, TermField


class ProgrammeStatus(enum.StrEnum):
    """Whether it takes new introductions."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class Programme(Base):
    """A programme; it is a draft, seen by its organisation only, until `published_at` is set.

    `places_per_month` is how many new introductions it can take in a calendar month in London; None
    means that nobody has said, which is no limit.
    """

    __tablename__ = "programme"
    __table_args__ = (
        CheckConstraint(f"min_age >= 0 AND min_age <= {OLDEST_AGE}", name="min_age_range"),
        CheckConstraint(f"max_age >= 0 AND max_age <= {OLDEST_AGE}", name="max_age_range"),
        CheckConstraint("min_age <= max_age", name="ages_in_order"),
        CheckConstraint("places_per_month >= 0", name="places_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    delivery: Mapped[Delivery] = mapped_column(default=Delivery.BOTH)
    cost: Mapped[str] = mapped_column(default="")
    funded_by: Mapped[str] = mapped_column(default="")
    seeks_text: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    places_per_month: Mapped[int | None]
    status: Mapped[ProgrammeStatus] = mapped_column(default=ProgrammeStatus.OPEN)
    published_at: Mapped[datetime | None]
    last_checked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(back_populates="programmes")
    areas: Mapped[list[ProgrammeArea]] = relationship(
        cascade="all, delete-orphan", order_by="ProgrammeArea.area_code"
    )
    terms: Mapped[list[ProgrammeTerm]] = relationship(
        cascade="all, delete-orphan", order_by="ProgrammeTerm.id"
    )
    sought_professions: Mapped[list[ProgrammeProfession]] = relationship(
        cascade="all, delete-orphan", order_by="ProgrammeProfession.profession"
    )

    @property
    def is_published(self) -> bool:
        """Whether people outside the organisation can see it."""
        return self.published_at is not None


class ProgrammeArea(Base):
    """An area a programme serves."""

    __tablename__ = "programme_area"

    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True
    )
    area_code: Mapped[str] = mapped_column(primary_key=True)


class ProgrammeTerm(Base):
    """A condition or approach of a programme, confirmed by its author; see `ProfessionalTerm`."""

    __tablename__ = "programme_term"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    field: Mapped[TermField]
    wording: Mapped[str]
    code: Mapped[str] = mapped_column(default="")


class ProgrammeProfession(Base):
    """A profession a programme would like to meet."""

    __tablename__ = "programme_profession"

    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True
    )
    profession: Mapped[str] = mapped_column(primary_key=True)


class ProgrammeMonth(Base):
    """The places of one programme in one calendar month in London (`month`, such as 2026-11).

    Places are taken at acceptance by a conditional UPDATE and not given back. The row exists once a
    place was taken, or the figure set, in that month; `places` follows the programme's figure but
    never falls below what is already taken.
    """

    __tablename__ = "programme_month"
    __table_args__ = (
        CheckConstraint("taken >= 0", name="taken_not_negative"),
        CheckConstraint("taken <= places", name="taken_within_places"),
    )

    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True
    )
    month: Mapped[str] = mapped_column(primary_key=True)
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
