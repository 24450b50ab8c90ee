"""What two made of an introduction, told by both so that others can learn from it."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.introduction import Introduction, Side
from matchmaker.models.professional import TermField
from matchmaker.models.user import User


class ExampleState(enum.StrEnum):
    """How far an example is; a withdrawn one stays as a number, so that its page can say so."""

    DRAFT = "draft"
    WAITING = "waiting"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class PracticeExample(Base):
    """One example. Both have agreed to its very words exactly while it waits or is public.

    `version` is that of the words: a consent is for the words that were there when it was given,
    and whatever changes them takes both consents back. `profession` and `area_code` are those of
    the professional when it was begun, as far as they may be told without a name.
    `is_kept_when_erased` is what the professional chose for the time after their account: that it
    stays without their name. `taken_down_at` is when it was last public and ceased to be.
    """

    __tablename__ = "practice_example"
    __table_args__ = (
        CheckConstraint(
            "(professional_agreed_at IS NOT NULL AND programme_agreed_at IS NOT NULL)"
            " = (state IN ('waiting', 'published'))",
            name="agreed_by_both",
        ),
        CheckConstraint(
            "(published_at IS NOT NULL) = (state = 'published')", name="published_has_time"
        ),
        CheckConstraint(
            "(withdrawn_at IS NOT NULL) = (state = 'withdrawn')", name="withdrawn_has_time"
        ),
        CheckConstraint(
            "state <> 'withdrawn'"
            " OR (professional_agreed_at IS NULL AND programme_agreed_at IS NULL)",
            name="withdrawn_is_agreed_by_nobody",
        ),
        CheckConstraint(
            "state <> 'published' OR reviewed_at IS NOT NULL", name="published_after_review"
        ),
        CheckConstraint(
            "professional_agreed_at IS NOT NULL OR professional_agreed_by_user_id IS NULL",
            name="professional_agreed_at_some_time",
        ),
        CheckConstraint(
            "programme_agreed_at IS NOT NULL OR programme_agreed_by_user_id IS NULL",
            name="programme_agreed_at_some_time",
        ),
        Index(
            "uq_practice_example_introduction",
            "introduction_id",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix_practice_example_state", "state", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    introduction_id: Mapped[int] = mapped_column(
        ForeignKey("introduction.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[ExampleState] = mapped_column(default=ExampleState.DRAFT)
    title: Mapped[str] = mapped_column(default="")
    did: Mapped[str] = mapped_column(default="")
    changed: Mapped[str] = mapped_column(default="")
    took: Mapped[str] = mapped_column(default="")
    advice: Mapped[str] = mapped_column(default="")
    profession: Mapped[str | None]
    area_code: Mapped[str]
    shows_professional: Mapped[bool] = mapped_column(default=False)
    shows_organisation: Mapped[bool] = mapped_column(default=False)
    is_kept_when_erased: Mapped[bool] = mapped_column(default=False)
    author_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    professional_agreed_at: Mapped[datetime | None]
    professional_agreed_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    programme_agreed_at: Mapped[datetime | None]
    programme_agreed_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    reviewed_at: Mapped[datetime | None]
    reviewed_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    review_note: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime | None]
    taken_down_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    introduction: Mapped[Introduction] = relationship()
    terms: Mapped[list[PracticeExampleTerm]] = relationship(
        cascade="all, delete-orphan", order_by="PracticeExampleTerm.id"
    )

    @property
    def is_published(self) -> bool:
        """Whether everybody can read it."""
        return self.state is ExampleState.PUBLISHED

    def agreed_at(self, side: Side) -> datetime | None:
        """When `side` agreed to the words that are there now; None when it has not."""
        is_professional = side is Side.PROFESSIONAL
        return self.professional_agreed_at if is_professional else self.programme_agreed_at

    def record_agreement(self, side: Side, user: User, now: datetime) -> None:
        """Write down that `side` agrees to the words as they are."""
        if side is Side.PROFESSIONAL:
            self.professional_agreed_at, self.professional_agreed_by_user_id = now, user.id
        else:
            self.programme_agreed_at, self.programme_agreed_by_user_id = now, user.id

    def take_back_agreement(self, side: Side) -> None:
        """Take back what `side` agreed to, so that it is a draft; the other's consent stays.

        What is public is withdrawn instead.
        """
        self.state = ExampleState.DRAFT
        if side is Side.PROFESSIONAL:
            self.professional_agreed_at = self.professional_agreed_by_user_id = None
        else:
            self.programme_agreed_at = self.programme_agreed_by_user_id = None

    def move_to(self, state: ExampleState, now: datetime) -> None:
        """Go to `state`; whatever is no longer agreed, or no longer public, goes with the step."""
        if self.state is ExampleState.PUBLISHED and state is not ExampleState.PUBLISHED:
            self.taken_down_at = now
        self.state = state
        self.published_at = now if state is ExampleState.PUBLISHED else None
        self.withdrawn_at = now if state is ExampleState.WITHDRAWN else None
        if state in (ExampleState.DRAFT, ExampleState.WITHDRAWN):
            self.professional_agreed_at = self.professional_agreed_by_user_id = None
            self.programme_agreed_at = self.programme_agreed_by_user_id = None


class PracticeExampleTerm(Base):
    """A condition or approach that an example is about; `code` is the vocabulary's."""

    __tablename__ = "practice_example_term"

    id: Mapped[int] = mapped_column(primary_key=True)
    practice_example_id: Mapped[int] = mapped_column(
        ForeignKey("practice_example.id", ondelete="CASCADE"), index=True
    )
    field: Mapped[TermField]
    code: Mapped[str]
