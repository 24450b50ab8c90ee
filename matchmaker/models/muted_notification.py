"""Which mails somebody does not want."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import Base


class NotificationKind(enum.StrEnum):
    """The kinds of mail that can be switched off one by one.

    What is missing here always comes: confirming an address, a changed password, an acceptance, and
    what else somebody would miss to their harm.
    """

    REQUESTS = "requests"
    REMINDERS = "reminders"
    MESSAGES = "messages"
    PROGRESS = "progress"
    CHECK_INS = "check_ins"
    FRESHNESS = "freshness"
    EDITS = "edits"
    EXAMPLES = "examples"
    SURVEYS = "surveys"
    DIGEST = "digest"
    FIGURES = "figures"


class MutedNotification(Base):
    """A kind of mail that a person switched off; without a row, they get it."""

    __tablename__ = "muted_notification"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[NotificationKind] = mapped_column(primary_key=True)
    muted_at: Mapped[datetime]
