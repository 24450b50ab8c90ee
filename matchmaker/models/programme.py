"""Something an organisation runs, and the places it has for new introductions."""

from __future__ import annotations

import enum
from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from matchmaker.extensions import Base
from matchmaker.models.organisation import Organisation
from matchmaker.models.professional import OLDEST_AGE, Delivery, TermField
from matchmaker.models.public_ids import new_public_id


class ProgrammeStatus(enum.StrEnum):
    """Whether it takes new introductions."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class Programme(Base):
    """A programme; it is a draft, seen by its organisation only, until `published_at` is set.

    `places_per_month` is how many new introductions it can take in a calendar month in London; None
    means that nobody has said, which is no limit. `contact_*` are told to a professional once both
    have said yes; `website`, `public_email` and `public_phone` are for everybody. `is_free` is None
    where nobody has said. `freshness_reminders` counts the reminders since `last_checked_at`.
    """

    __tablename__ = "programme"
    __table_args__ = (
        CheckConstraint(f"min_age >= 0 AND min_age <= {OLDEST_AGE}", name="min_age_range"),
        CheckConstraint(f"max_age >= 0 AND max_age <= {OLDEST_AGE}", name="max_age_range"),
        CheckConstraint("min_age <= max_age", name="ages_in_order"),
        CheckConstraint("places_per_month >= 0", name="places_not_negative"),
        CheckConstraint("freshness_reminders >= 0", name="freshness_reminders_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(default=new_public_id, unique=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    delivery: Mapped[Delivery] = mapped_column(default=Delivery.BOTH)
    is_free: Mapped[bool | None]
    cost: Mapped[str] = mapped_column(default="")
    funded_by: Mapped[str] = mapped_column(default="")
    seeks_text: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    public_email: Mapped[str] = mapped_column(default="")
    public_phone: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    places_per_month: Mapped[int | None]
    status: Mapped[ProgrammeStatus] = mapped_column(default=ProgrammeStatus.OPEN)
    published_at: Mapped[datetime | None]
    last_checked_at: Mapped[datetime | None]
    freshness_reminders: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
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
    locations: Mapped[list[ProgrammeLocation]] = relationship(
        cascade="all, delete-orphan", order_by="ProgrammeLocation.id"
    )
    schedules: Mapped[list[ProgrammeSchedule]] = relationship(
        cascade="all, delete-orphan", order_by="ProgrammeSchedule.id"
    )

    @validates("last_checked_at")
    def _remind_anew(self, _name: str, checked_at: datetime | None) -> datetime | None:
        """Whoever checks the entry, by whichever way, starts the reminders anew."""
        self.freshness_reminders = 0
        return checked_at

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
    area_code: Mapped[str] = mapped_column(primary_key=True, index=True)


class ProgrammeTerm(Base):
    """A condition or approach of a programme, confirmed by its author; see `ProfessionalTerm`."""

    __tablename__ = "programme_term"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    field: Mapped[TermField]
    wording: Mapped[str]
    code: Mapped[str] = mapped_column(default="", index=True)


class ProgrammeProfession(Base):
    """A profession a programme would like to meet."""

    __tablename__ = "programme_profession"

    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True
    )
    profession: Mapped[str] = mapped_column(primary_key=True)


class ProgrammeLocation(Base):
    """A place people come to. Degrees are WGS 84; None where nobody knows."""

    __tablename__ = "programme_location"
    __table_args__ = (
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_in_full"),
        CheckConstraint("latitude >= -90 AND latitude <= 90", name="latitude_range"),
        CheckConstraint("longitude >= -180 AND longitude <= 180", name="longitude_range"),
        Index("ix_programme_location_point", "latitude", "longitude"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(default=new_public_id, unique=True)
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    town: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class Frequency(enum.StrEnum):
    """How often it comes again, in the words of RFC 5545."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class ProgrammeSchedule(Base):
    """When it takes place, in local time (Europe/London).

    `weekdays` are RFC 5545's, with commas (MO,TH, or 1MO for the first Monday of a month). It comes
    again every `interval` days, weeks or months; without a frequency, `starts_on` is the only day.
    """

    __tablename__ = "programme_schedule"
    __table_args__ = (
        CheckConstraint('"interval" >= 1', name="interval_positive"),
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("closes_at > opens_at", name="times_in_order"),
        CheckConstraint("frequency IS NOT NULL OR starts_on IS NOT NULL", name="has_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(default=new_public_id, unique=True)
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    frequency: Mapped[Frequency | None]
    interval: Mapped[int] = mapped_column(default=1)
    weekdays: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    opens_at: Mapped[time | None]
    closes_at: Mapped[time | None]
    note: Mapped[str] = mapped_column(default="")


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
        # The directory asks each second who has no places left.
        Index(
            "ix_programme_month_full",
            "month",
            "programme_id",
            sqlite_where=text("taken >= places"),
            postgresql_where=text("taken >= places"),
        ),
    )

    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True
    )
    month: Mapped[str] = mapped_column(primary_key=True)
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
