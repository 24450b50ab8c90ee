"""A voluntary organisation and the people who look after its pages."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.public_ids import new_public_id
from matchmaker.models.user import User

if TYPE_CHECKING:
    from matchmaker.models.programme import Programme


class OrganisationKind(enum.StrEnum):
    """What sort of body it is."""

    CHARITY = "charity"
    COMMUNITY_GROUP = "community_group"
    SOCIAL_ENTERPRISE = "social_enterprise"
    FAITH_GROUP = "faith_group"
    HOUSING_ASSOCIATION = "housing_association"
    PUBLIC_BODY = "public_body"
    OTHER = "other"


class MembershipRole(enum.StrEnum):
    """What a member may do: an owner may also look after the other members."""

    OWNER = "owner"
    EDITOR = "editor"


class Organisation(Base):
    """An organisation. Imported ones are unclaimed until someone who works there takes them over.

    `registration` is the org-id.guide identifier, such as GB-SC-SC012345. `public_id`
    names it in open data. An organisation that turned out to be another one here stays
    as a signpost (`merged_into_id`) without programmes and members, so that its address still leads
    somewhere.
    """

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(default=new_public_id, unique=True)
    name: Mapped[str] = mapped_column(index=True)
    kind: Mapped[OrganisationKind] = mapped_column(default=OrganisationKind.CHARITY)
    registration: Mapped[str | None] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    area_code: Mapped[str | None] = mapped_column(index=True)
    source: Mapped[str | None]
    claimed_at: Mapped[datetime | None]
    last_checked_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", order_by="Membership.id"
    )
    programmes: Mapped[list[Programme]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", order_by="Programme.id"
    )

    @property
    def is_claimed(self) -> bool:
        """Whether someone who works there looks after it."""
        return self.claimed_at is not None


class Membership(Base):
    """A user's place in an organisation."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[MembershipRole]
    created_at: Mapped[datetime]

    user: Mapped[User] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")
