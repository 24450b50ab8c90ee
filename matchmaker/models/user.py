"""A person who can sign in."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base

if TYPE_CHECKING:
    from matchmaker.models.organisation import Membership
    from matchmaker.models.professional import Professional


class User(Base):
    """One person with one work e-mail; it exists only once that address has been confirmed.

    A person may be a professional, a member of organisations, a lead and an administrator at once.
    `bounced_at` is when mail to the address was last refused for good. Between `quiet_from_hour`
    and `quiet_until_hour` (in London) no mail is sent that can wait; both None means at any time.
    """

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        CheckConstraint(
            "(quiet_from_hour IS NULL) = (quiet_until_hour IS NULL)", name="quiet_hours_are_a_pair"
        ),
        CheckConstraint(
            "quiet_from_hour >= 0 AND quiet_from_hour <= 23"
            " AND quiet_until_hour >= 0 AND quiet_until_hour <= 23",
            name="quiet_hours_range",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phone: Mapped[str | None]
    password_hash: Mapped[str]
    is_administrator: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    password_changed_at: Mapped[datetime]
    last_active_on: Mapped[date | None]
    bounced_at: Mapped[datetime | None]
    # None is a choice of its own here, not the lack of one.
    quiet_from_hour: Mapped[int | None] = mapped_column(Integer().evaluates_none(), default=20)
    quiet_until_hour: Mapped[int | None] = mapped_column(Integer().evaluates_none(), default=7)
    digest_sent_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    professional: Mapped[Professional | None] = relationship(back_populates="user")
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="user", order_by="Membership.id"
    )
    lead_scopes: Mapped[list[LeadScope]] = relationship(
        back_populates="user", order_by="LeadScope.area_code"
    )


class LeadScope(Base):
    """An area (nation, board, authority …) that a lead looks after."""

    __tablename__ = "lead_scope"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    area_code: Mapped[str] = mapped_column(primary_key=True)

    user: Mapped[User] = relationship(back_populates="lead_scopes")
