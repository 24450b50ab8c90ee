"""Changing a published programme: at once, later, or when an owner agrees.

An owner's change is public at once, unless they keep it for later. An editor's waits for an owner,
and what was last published stays public and suggested meanwhile. A programme has one change at
most that is to be decided; whoever else wants to change it goes on with that one, so that nothing
is lost. What was published since a change was begun is kept: only what the change says differently
is changed, and where both changed the same answer an owner chooses.

Every function takes the programme's row first, and then the change's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import EditState, Programme, ProgrammeEdit, User
from matchmaker.services import audit, edit_mail, programmes
from matchmaker.services.clock import long_date
from matchmaker.services.errors import DomainError, FieldError, StaleVersion
from matchmaker.services.introduction_locks import lock_programme
from matchmaker.services.policy import Action, actor_for, may
from matchmaker.services.programme_details import (
    ProgrammeDetails,
    add_terms,
    details_of,
    missing_for_publishing,
)
from matchmaker.services.programme_history import (
    AFTER,
    BEFORE,
    Merged,
    details_after,
    details_before,
    find_undecided,
    merge,
    published_details,
    scratch_of,
)
from matchmaker.services.programme_json import to_json
from matchmaker.services.readings import Reading, ReadTerm, chosen_terms

NOTE_MAX_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Seen:
    """What a form was opened on: the programme's version, and that of a change, if it is one."""

    version: int
    edit_id: int | None = None
    edit_version: int | None = None


class EditUnderWay(StaleVersion):
    """Somebody began a change meanwhile; `merged` is theirs with these answers on top."""

    def __init__(self, edit: ProgrammeEdit, merged: ProgrammeDetails) -> None:
        super().__init__(
            _(
                "%(name)s began a change of this programme on %(day)s, so nothing was saved yet."
                " Their change is in the form below now, with your answers on top. Look at it, then"
                " save again.",
                name=author_name(edit),
                day=long_date(edit.created_at),
            )
        )
        self.edit_id = edit.id
        self.merged = merged


class AlreadyDecided(DomainError):
    """Somebody was quicker."""


class ConflictingChanges(DomainError):
    """The same answers were changed since; `fields` names those that somebody has to choose."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(
            _("The page has changed since this change was begun. Choose which answer is right.")
        )
        self.fields = fields


def author_name(edit: ProgrammeEdit) -> str:
    """Who wrote a change, as far as it is still known."""
    return edit.author.name if edit.author is not None else _("Somebody who has left")


def may_publish(actor: User, programme: Programme) -> bool:
    """Whether somebody's change of a published programme needs nobody else's agreement."""
    return may(actor_for(actor), Action.DECIDE_EDIT, programme)


def save_change(
    programme: Programme,
    details: ProgrammeDetails,
    *,
    seen: Seen,
    is_finished: bool,
    actor: User,
    now: datetime,
) -> ProgrammeEdit | None:
    """Save a change of a published programme, and publish it if that is for the actor to decide.

    Args:
        programme: A published programme.
        details: All answers.
        seen: What the form was opened on.
        is_finished: False for a change that somebody wants to go on with later.
        actor: A member of its organisation.
        now: The moment, in UTC.

    Returns:
        The change that is still to be decided, or None: it is public now, or changed nothing.

    Raises:
        StaleVersion: Somebody saved it since; `EditUnderWay` if they began another change.
        FieldError: An answer cannot be taken, or the page would lack something.
    """
    programme = lock_programme(programme)
    is_public_at_once = is_finished and may_publish(actor, programme)
    edit = _lock_undecided(programme)
    scratch = scratch_of(details)
    checked = details_of(scratch)
    _check_seen(programme, edit, seen, checked)
    if edit is None and is_public_at_once:
        programmes.edit_programme(programme, checked, version=seen.version, actor=actor, now=now)
        return None
    if is_finished:
        for error in missing_for_publishing(scratch):
            raise error
    if edit is None:
        if checked == details_of(programme):
            return None
        edit = _begin(programme, actor=actor, now=now)
    _write(edit, checked, is_finished=is_finished, actor=actor, now=now)
    if is_public_at_once and not merged_with_page(edit).conflicts:
        _publish(edit, {}, actor=actor, now=now)
        return None
    if edit.state is EditState.WAITING and not is_public_at_once:
        edit_mail.tell_owners(edit, actor=actor, now=now)
    return edit


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
    _publish(edit, choices, actor=actor, now=now)
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
    edit = _lock_open(edit)
    _decide(edit, EditState.DISCARDED, "edit_withdrawn", actor=actor, now=now)
    return edit


def reading_of(edit: ProgrammeEdit) -> Reading:
    """The description of a change beside the conditions and approaches chosen in it."""
    scratch = scratch_of(details_after(edit))
    return Reading(scratch.description, chosen_terms(scratch.terms), edit.version)


def confirm_read(
    edit: ProgrammeEdit, terms: Sequence[ReadTerm], *, version: int, actor: User, now: datetime
) -> ProgrammeEdit:
    """Add to a change what was read in its description and confirmed.

    Raises:
        AlreadyDecided: It was decided meanwhile.
        StaleVersion: Somebody saved it since `version` was shown.
        FieldError: There would be too many.
    """
    edit = _lock_open(edit)
    if edit.version != version:
        raise _stale()
    scratch = scratch_of(details_after(edit))
    add_terms(scratch, terms)
    is_finished = edit.state is EditState.WAITING
    _write(edit, details_of(scratch), is_finished=is_finished, actor=actor, now=now)
    return edit


def _check_seen(
    programme: Programme, edit: ProgrammeEdit | None, seen: Seen, typed: ProgrammeDetails
) -> None:
    """Refuse what was written on top of something else than is there now."""
    if edit is None and seen.edit_id is not None:
        raise StaleVersion(
            _(
                "This change was decided while you were writing, so nothing was saved. Your answers"
                " are still here. Look at the page as it is now, then save again."
            )
        )
    if edit is None:
        if programme.version != seen.version:
            raise _stale()
    elif edit.id != seen.edit_id:
        base = details_before(edit) or typed
        raise EditUnderWay(edit, merge(base, typed, details_after(edit)).details)
    elif edit.version != seen.edit_version:
        raise _stale()


def _stale() -> StaleVersion:
    return StaleVersion(
        _(
            "Somebody else changed this programme while you were writing, so nothing was saved."
            " Your answers are still here. Look at the page as it is now, then save again."
        )
    )


def _begin(programme: Programme, *, actor: User, now: datetime) -> ProgrammeEdit:
    said = to_json(details_of(programme))
    edit = ProgrammeEdit(
        programme=programme,
        state=EditState.DRAFT,
        details={BEFORE: said, AFTER: said},
        based_on_version=programme.version,
        author=actor,
        created_at=now,
        updated_at=now,
        version=0,
    )
    db.session.add(edit)
    return edit


def _write(
    edit: ProgrammeEdit,
    details: ProgrammeDetails,
    *,
    is_finished: bool,
    actor: User,
    now: datetime,
) -> None:
    edit.details = {**edit.details, AFTER: to_json(details)}
    edit.state = EditState.WAITING if is_finished else EditState.DRAFT
    edit.author = edit.author or actor
    edit.version += 1
    edit.updated_at = now
    db.session.flush()
    action = "programme.edit_sent" if is_finished else "programme.edit_kept"
    audit.record(action, edit.programme, actor=actor, now=now, edit_id=edit.id)


def _publish(
    edit: ProgrammeEdit, choices: Mapping[str, bool], *, actor: User, now: datetime
) -> None:
    programme = edit.programme
    before = details_of(programme)
    page_is_right = {name: getattr(before, name) for name, is_new in choices.items() if not is_new}
    details = replace(merged_with_page(edit).details, **page_is_right)
    programmes.put_details(programme, details, now=now)
    edit.details = published_details(before, details_of(programme))
    _decide(edit, EditState.PUBLISHED, "edit_published", actor=actor, now=now)
    if edit.author_user_id != actor.id:
        edit_mail.tell_author(edit, "edit_published", now=now)


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


def _lock_undecided(programme: Programme) -> ProgrammeEdit | None:
    edit = find_undecided(programme)
    return None if edit is None else _lock(edit)


def _lock_open(edit: ProgrammeEdit) -> ProgrammeEdit:
    """Take a change that is still to be decided, after its programme."""
    lock_programme(edit.programme)
    edit = _lock(edit)
    if edit.decided_at is not None:
        raise AlreadyDecided(_decided_sentence(edit))
    return edit


def _lock_waiting(edit: ProgrammeEdit) -> ProgrammeEdit:
    edit = _lock_open(edit)
    if edit.state is not EditState.WAITING:
        raise DomainError(_("This change is not finished yet."))
    return edit


def _lock(edit: ProgrammeEdit) -> ProgrammeEdit:
    return db.session.scalars(
        select(ProgrammeEdit)
        .where(ProgrammeEdit.id == edit.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _decided_sentence(edit: ProgrammeEdit) -> str:
    name = edit.decided_by.name if edit.decided_by is not None else _("Somebody who has left")
    sentence: str = {
        EditState.PUBLISHED: _("%(name)s has published this change already.", name=name),
        EditState.SENT_BACK: _("%(name)s has sent this change back already.", name=name),
        EditState.DISCARDED: _("%(name)s has taken this change back already.", name=name),
    }[edit.state]
    return sentence
