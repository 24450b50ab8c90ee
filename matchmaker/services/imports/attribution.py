"""Whom to name wherever something that was imported is shown."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import ImportedRecord, ImportSource, Organisation, Programme


@dataclass(frozen=True, slots=True)
class Attribution:
    """What a source asks for: its words, its licence, and where the entry stands there."""

    words: str
    licence: str
    link: str


def attributions_of(row: Organisation | Programme) -> list[Attribution]:
    """The sources of an organisation or a programme that want to be named, by name."""
    column = (
        ImportedRecord.organisation_id
        if isinstance(row, Organisation)
        else ImportedRecord.programme_id
    )
    found = db.session.execute(
        select(
            ImportSource.attribution,
            ImportSource.licence,
            ImportSource.url,
            ImportedRecord.permalink,
        )
        .join(ImportedRecord.source)
        .where(column == row.id, ImportSource.attribution != "")
        .order_by(ImportSource.name, ImportedRecord.id)
    )
    named = [
        Attribution(words, licence, permalink or url) for words, licence, url, permalink in found
    ]
    return list(dict.fromkeys(named))
