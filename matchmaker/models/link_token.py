"""A link that was sent by mail: it does one thing, once, until it expires."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import Base


class LinkPurpose(enum.StrEnum):
    """What a mailed link is for; a link made for one purpose opens nothing else."""

    REGISTER = "register"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a password
    ANSWER_INTRODUCTION = "answer_introduction"
    JOIN_ORGANISATION = "join_organisation"
    REPLY_TO_QUESTION = "reply_to_question"
    REPLY_TO_MESSAGE = "reply_to_message"
    CHECK_IN = "check_in"
    CHANGE_EMAIL = "change_email"
    CONFIRM_PROGRAMME = "confirm_programme"


class LinkToken(Base):
    """The database's half of a mailed link; the other half is the signature in its address."""

    __tablename__ = "link_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[LinkPurpose]
    email: Mapped[str] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    introduction_id: Mapped[int | None] = mapped_column(
        ForeignKey("introduction.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    programme_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
