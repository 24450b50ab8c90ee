"""A list of programmes that somebody keeps in their account, to print and to share."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.programme import Programme


class SavedList(Base):
    """A list with a name of its owner's choice; it says nothing about whom it is for."""

    __tablename__ = "saved_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    entries: Mapped[list[SavedListEntry]] = relationship(
        cascade="all, delete-orphan", order_by="SavedListEntry.id"
    )


class SavedListEntry(Base):
    """One programme on a list, in the order in which they were added."""

    __tablename__ = "saved_list_entry"
    __table_args__ = (UniqueConstraint("saved_list_id", "programme_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    saved_list_id: Mapped[int] = mapped_column(ForeignKey("saved_list.id", ondelete="CASCADE"))
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )

    programme: Mapped[Programme] = relationship()
