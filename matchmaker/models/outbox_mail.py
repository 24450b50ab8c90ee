"""A mail waiting to be sent, written in the transaction of what it tells about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.extensions import Base


class OutboxMail(Base):
    """One mail to one person about one event.

    `dedupe_key` makes it one; the fixed `message_id` lets a mail server recognise a repeat. A
    sender claims the row for a while (`claimed_until`) that is longer than its SMTP timeout.
    `kind` is the name of the mail's template. `html` is the same text for readers that show it, and
    `unsubscribe_url` the address behind the mail program's own "unsubscribe"; empty for none.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        Index("ix_outbox_mail_waiting", "sent_at", "failed_at", "send_after_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(default="")
    recipient: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    body: Mapped[str]
    html: Mapped[str] = mapped_column(default="")
    unsubscribe_url: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    send_after_at: Mapped[datetime]
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
