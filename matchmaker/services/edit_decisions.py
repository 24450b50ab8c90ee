"""Deciding about a change of a published programme: publishing it, sending it back, taking it back.

Every function takes the programme's row first, and then the change's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import EditState, ProgrammeEdit, User
from matchmaker.services import audit, edit_mail, programmes
from matchmaker.services.errors import DomainError, FieldError, StaleVersion
from matchmaker.services.introduction_locks import lock_programme
from matchmaker.services.programme_details import details_of
from matchmaker.services.programme_history import (
    Merged,
    details_after,
    details_before,
    merge,
    published_details,
)

NOTE_MAX_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Seen:
    """What a form was opened on: the programme's version, and that of a change, if it is one."""

    version: int
    edit_id: int | None = None
    edit_version: int | None = None


class AlreadyDecided(DomainError):
    """Somebody was quicker."""


class ConflictingChanges(DomainError):
    """The same answers were changed since; `fields` names those that somebody has to choose."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(
            _("The page has changed since this change was begun. Choose which answer is right.")
        )
        self.fields = fields


def merged_with_page(edit: ProgrammeEdit) -> Merged:
    """A change that is to be decided, on top of what the programme says now."""
    change, now = details_after(edit), details_of(edit.programme)
    return merge(details_before(edit) or now, change, now)


def publish(
    edit: ProgrammeEdit,
    *,
    seen: Seen,
    choices: Mapping[str, bool],
    actor: User,
    now: datetime,
) -> ProgrammeEdit:
    """Make a change that waits public, exactly as the owner saw it.

    `choices` says for answers that were changed on the page as well whether the change's is right.

    Raises:
        AlreadyDecided: Somebody was quicker.
        StaleVersion: The change, or the page, is not as the owner saw it any more.
        ConflictingChanges: An answer was changed in both, and nobody chose.
        FieldError: The page would lack something.
    """
    edit = _lock_waiting(edit)
    if (edit.programme.version, edit.version) != (seen.version, seen.edit_version):
        raise StaleVersion(
            _("This has changed since you opened the page, so nothing was published. Look again.")
        )
    unchosen = tuple(name for name in merged_with_page(edit).conflicts if name not in choices)
    if unchosen:
        raise ConflictingChanges(unchosen)
    publish_locked(edit, choices, actor=actor, now=now)
    return edit


def send_back(edit: ProgrammeEdit, note: str, *, actor: User, now: datetime) -> ProgrammeEdit:
    """Ask the author for something else; what they wrote is kept for them to go on with.

    Raises:
        AlreadyDecided: Somebody was quicker.
        FieldError: It does not say why.
    """
    edit = _lock_waiting(edit)
    note = note.strip()
    if not note:
        raise FieldError("note", _("Say in a sentence what should be different"))
    if len(note) > NOTE_MAX_LENGTH:
        raise FieldError("note", _("Use %(most)s characters or fewer", most=NOTE_MAX_LENGTH))
    edit.note = note
    _decide(edit, EditState.SENT_BACK, "edit_sent_back", actor=actor, now=now)
    edit_mail.tell_author(edit, "edit_sent_back", now=now)
    return edit


def withdraw(edit: ProgrammeEdit, *, actor: User, now: datetime) -> ProgrammeEdit:
    """Take a change back that is to be decided; the page stays as it is.

    Raises:
        AlreadyDecided: Somebody was quicker.
    """
    edit = lock_open(edit)
    _decide(edit, EditState.DISCARDED, "edit_withdrawn", actor=actor, now=now)
    return edit


def publish_locked(
    edit: ProgrammeEdit, choices: Mapping[str, bool], *, actor: User, now: datetime
) -> None:
    """Make a change public whose rows have been taken, and of which nothing is left to choose."""
    programme = edit.programme
    before = details_of(programme)
    page_is_right = {name: getattr(before, name) for name, is_new in choices.items() if not is_new}
    details = replace(merged_with_page(edit).details, **page_is_right)
    programmes.put_details(programme, details, now=now)
    edit.details = published_details(before, details_of(programme))
    _decide(edit, EditState.PUBLISHED, "edit_published", actor=actor, now=now)
    if edit.author_user_id != actor.id:
        edit_mail.tell_author(edit, "edit_published", now=now)


def lock_open(edit: ProgrammeEdit) -> ProgrammeEdit:
    """Take a change that is still to be decided, after its programme.

    Raises:
        AlreadyDecided: Somebody was quicker.
    """
    lock_programme(edit.programme)
    edit = lock_edit(edit)
    if edit.decided_at is not None:
        raise AlreadyDecided(_decided_sentence(edit))
    return edit


def lock_edit(edit: ProgrammeEdit) -> ProgrammeEdit:
    """Take the change's row and read it afresh; its programme's has been taken."""
    return db.session.scalars(
        select(ProgrammeEdit)
        .where(ProgrammeEdit.id == edit.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _lock_waiting(edit: ProgrammeEdit) -> ProgrammeEdit:
    edit = lock_open(edit)
    if edit.state is not EditState.WAITING:
        raise DomainError(_("This change is not finished yet."))
    return edit


def _decide(
    edit: ProgrammeEdit, state: EditState, event: str, *, actor: User, now: datetime
) -> None:
    edit.state = state
    edit.decided_by = actor
    edit.decided_at = edit.updated_at = now
    edit.version += 1
    db.session.flush()
    audit.record(f"programme.{event}", edit.programme, actor=actor, now=now, edit_id=edit.id)
    edit_mail.ask_owners_no_more(edit, now=now)


def _decided_sentence(edit: ProgrammeEdit) -> str:
    name = edit.decided_by.name if edit.decided_by is not None else _("Somebody who has left")
    sentence: str = {
        EditState.PUBLISHED: _("%(name)s has published this change already.", name=name),
        EditState.SENT_BACK: _("%(name)s has sent this change back already.", name=name),
        EditState.DISCARDED: _("%(name)s has taken this change back already.", name=name),
    }[edit.state]
    return sentence
