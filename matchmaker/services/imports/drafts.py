"""Imports under way on the web: a file that was handed in, looked at, and then taken as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select

from matchmaker.extensions import db
from matchmaker.models import ImportDraft, Organisation, SourceFormat, User
from matchmaker.services import audit
from matchmaker.services.errors import AlreadyAnswered, DomainError, FieldError
from matchmaker.services.imports.formats import READERS, SOURCES
from matchmaker.services.imports.loading import carry_out, lock_source
from matchmaker.services.imports.parts import known_districts
from matchmaker.services.imports.plan import Plan, Source
from matchmaker.services.imports.planning import make_plan
from matchmaker.services.imports.records import ON_THE_WEB, Feed
from matchmaker.services.imports.report import ImportReport
from matchmaker.services.imports.table import read_programmes
from matchmaker.services.imports.tables import FIELDS, REQUIRED, Table, guess_columns, read_table

DRAFT_LASTS = timedelta(days=1)
NAME_MAX_LENGTH = 100
# What an organisation's own people need not say of their programmes.
OF_ORGANISATIONS = frozenset({"organisation", "registration"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """A file as it was handed in, and what was said of where it comes from."""

    content: bytes
    file_name: str
    format: SourceFormat
    source_name: str = ""
    url: str = ""
    attribution: str = ""
    licence: str = ""


class OutOfDate(DomainError):
    """What would be done has changed since somebody looked at it: `plan` is what would be now."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(
            _(
                "Something has changed since you looked, so nothing has been brought in yet. Look"
                " at what would happen now."
            )
        )
        self.plan = plan


def find_draft(draft_id: int, *, now: datetime) -> ImportDraft | None:
    """An import that was neither confirmed nor forgotten, or None."""
    return db.session.scalar(
        select(ImportDraft).where(
            ImportDraft.id == draft_id,
            ImportDraft.confirmed_at.is_(None),
            ImportDraft.created_at > now - DRAFT_LASTS,
        )
    )


def start_draft(
    given: GivenFile, *, organisation: Organisation | None = None, actor: User, now: datetime
) -> ImportDraft:
    """Keep a file until its import is confirmed; of each person the last is kept.

    Raises:
        FieldError: Nobody said where it comes from.
        BrokenFile: It cannot be read as a whole.
    """
    source_name = " ".join(given.source_name.split())
    if organisation is not None:
        source_name = f"organisation {organisation.public_id}"
    elif given.format is SourceFormat.ALISS:
        source_name = source_name or SOURCES[SourceFormat.ALISS].name
    if not source_name:
        raise FieldError("source_name", _("Enter who publishes the list"))
    if len(source_name) > NAME_MAX_LENGTH:
        raise FieldError(
            "source_name", _("The name must be %(most)s characters or fewer", most=NAME_MAX_LENGTH)
        )
    draft = ImportDraft(
        user_id=actor.id,
        organisation_id=None if organisation is None else organisation.id,
        source_name=source_name,
        format=given.format,
        file_name=given.file_name[:NAME_MAX_LENGTH] or _("the file"),
        content=given.content,
        choices={
            "url": given.url,
            "attribution": given.attribution,
            "licence": given.licence,
        },
        created_at=now,
    )
    if given.format is SourceFormat.CSV:
        columns = guess_columns(read_draft_table(draft).columns)
        draft.choices = {**draft.choices, "columns": columns}
    else:
        _read_feed(draft)
    db.session.execute(
        delete(ImportDraft).where(
            ImportDraft.user_id == actor.id, ImportDraft.confirmed_at.is_(None)
        )
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def read_draft_table(draft: ImportDraft) -> Table:
    """The table of a draft, whose columns are still to be chosen.

    Raises:
        BrokenFile: It cannot be read as a whole.
    """
    return read_table(draft.content, draft.file_name, ON_THE_WEB)


def columns_of(draft: ImportDraft) -> dict[str, str]:
    """Which column holds what, as guessed or chosen."""
    columns: dict[str, str] = draft.choices.get("columns", {})
    return columns


def fields_of(draft: ImportDraft) -> list[str]:
    """What a column of the draft's table may mean."""
    is_own = draft.organisation_id is not None
    return [field for field in FIELDS if not (is_own and field in OF_ORGANISATIONS)]


def choose_columns(draft: ImportDraft, columns: Mapping[str, str]) -> None:
    """Say which column holds what; an empty one leaves it out.

    Raises:
        FieldError: There is no column for something that every programme needs.
    """
    wanted = fields_of(draft)
    known = read_draft_table(draft).columns
    chosen = {
        field: column for field, column in columns.items() if field in wanted and column in known
    }
    for field in REQUIRED:
        if field in wanted and field not in chosen:
            raise FieldError(field, _("Choose the column that holds this"))
    draft.choices = {**draft.choices, "columns": chosen}
    db.session.flush()


def lacks_columns(draft: ImportDraft) -> bool:
    """Whether somebody has to say first which column holds what."""
    if draft.format is not SourceFormat.CSV:
        return False
    columns = columns_of(draft)
    return any(field in fields_of(draft) and field not in columns for field in REQUIRED)


def plan_draft(draft: ImportDraft, *, now: datetime) -> Plan:
    """What would be done if it were confirmed now."""
    organisation = _organisation(draft)
    return make_plan(_read(draft), source_of(draft), now=now, only_for=organisation)


def confirm(draft: ImportDraft, digest: str, *, actor: User, now: datetime) -> ImportReport:
    """Take the file as a whole, if that still does what somebody looked at.

    Args:
        draft: The import.
        digest: That of the plan that was shown.
        actor: Who confirms.
        now: The moment, in UTC.

    Raises:
        AlreadyAnswered: It was confirmed before.
        OutOfDate: Something else would be done by now; nothing has been.
    """
    draft = db.session.scalars(
        select(ImportDraft)
        .where(ImportDraft.id == draft.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if draft.confirmed_at is not None:
        raise AlreadyAnswered(_("This has been brought in already."))
    source = source_of(draft)
    organisation = _organisation(draft)
    feed = _read(draft)
    row = lock_source(source, now=now)
    plan = make_plan(feed, source, now=now, only_for=organisation)
    if plan.digest != digest:
        raise OutOfDate(plan)
    report = carry_out(plan, source, row, actor=actor, now=now, only_for=organisation)
    draft.confirmed_at = now
    # Nobody needs the file any more; the records say what it said.
    draft.content = b""
    audit.record(
        "import.confirmed",
        row,
        actor=actor,
        now=now,
        created=report.created,
        updated=report.updated,
        rejected=len(report.rejected),
    )
    db.session.flush()
    return report


def discard(draft: ImportDraft) -> None:
    """Forget a file without bringing anything in."""
    db.session.delete(draft)
    db.session.flush()


def source_of(draft: ImportDraft) -> Source:
    """Where a draft's entries come from."""
    known = SOURCES.get(draft.format, Source(name="", format=draft.format))
    choices: Mapping[str, str] = draft.choices
    return replace(
        known,
        name=draft.source_name,
        url=choices.get("url") or known.url,
        attribution=choices.get("attribution") or known.attribution,
        licence=choices.get("licence") or known.licence,
    )


def _organisation(draft: ImportDraft) -> Organisation | None:
    if draft.organisation_id is None:
        return None
    return db.session.get_one(Organisation, draft.organisation_id)


def _read(draft: ImportDraft) -> Feed:
    if draft.format is not SourceFormat.CSV:
        return _read_feed(draft)
    return read_programmes(
        read_draft_table(draft),
        columns_of(draft),
        known_districts(),
        has_organisations=draft.organisation_id is None,
    )


def _read_feed(draft: ImportDraft) -> Feed:
    reader = READERS[draft.format]
    return reader(draft.content, draft.file_name, ON_THE_WEB, known_districts())
