"""Where imported entries come from, what their source last said, and imports under way."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base
from matchmaker.models.organisation import Organisation
from matchmaker.models.programme import Programme


class SourceFormat(enum.StrEnum):
    """How a source writes its entries."""

    ORUK = "oruk"
    ALISS = "aliss"
    CSV = "csv"


class ImportSource(Base):
    """A publisher of entries. `attribution` is shown wherever something of it is shown."""

    __tablename__ = "import_source"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    format: Mapped[SourceFormat]
    url: Mapped[str] = mapped_column(default="")
    attribution: Mapped[str] = mapped_column(default="")
    licence: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    last_imported_at: Mapped[datetime | None]


class ImportedRecord(Base):
    """An entry of a source and the row here that it became: an organisation or a programme.

    `taken` holds, field by field, the source's value that the row last took; `offered` what the
    source says now. Where the row no longer holds what was taken, somebody edited it here, and a
    new value of the source waits for a decision: that is a conflict.
    """

    __tablename__ = "imported_record"
    __table_args__ = (
        CheckConstraint(
            "(organisation_id IS NULL) <> (programme_id IS NULL)", name="about_one_thing"
        ),
        *(
            Index(
                f"uq_imported_record_{of_what}",
                "source_id",
                "external_id",
                unique=True,
                sqlite_where=text(f"{of_what}_id IS NOT NULL"),
                postgresql_where=text(f"{of_what}_id IS NOT NULL"),
            )
            for of_what in ("organisation", "programme")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(
        ForeignKey("import_source.id", ondelete="CASCADE"), index=True
    )
    external_id: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    programme_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    permalink: Mapped[str] = mapped_column(default="")
    taken: Mapped[dict[str, Any]] = mapped_column(JSON)
    offered: Mapped[dict[str, Any]] = mapped_column(JSON)
    has_conflict: Mapped[bool] = mapped_column(default=False, index=True)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]

    source: Mapped[ImportSource] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    programme: Mapped[Programme | None] = relationship()


class ImportDraft(Base):
    """A file that somebody uploaded and has not confirmed: looked at first, then taken as a whole.

    `content` is the file as it came; `choices` say how it is read, such as which column is which.
    """

    __tablename__ = "import_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    source_name: Mapped[str]
    format: Mapped[SourceFormat]
    file_name: Mapped[str] = mapped_column(default="")
    content: Mapped[bytes] = mapped_column(LargeBinary)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
