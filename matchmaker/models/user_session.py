"""A signed-in browser. Sign-out ends the row, so a copied cookie is worth nothing afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.user import User


class UserSession(Base):
    """One sign-in. The cookie holds a random token; only its SHA-256 digest is stored.

    `browser` names it in a few words for the person's own list, such as "Firefox on Windows".
    """

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    browser: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
