"""Changing a published programme: at once, later, or when an owner agrees.

An owner's change is public at once, unless they keep it for later. An editor's waits for an owner,
and what was last published stays public and suggested meanwhile. A programme has one change at
most that is to be decided; whoever else wants to change it goes on with that one, so that nothing
is lost. What was published since a change was begun is kept: only what the change says differently
is changed, and where both changed the same answer an owner chooses.

Every function takes the programme's row first, and then the change's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import EditState, Programme, ProgrammeEdit, User
from matchmaker.services import audit, edit_mail, programmes
from matchmaker.services.clock import long_date
from matchmaker.services.edit_decisions import (
    Seen,
    lock_edit,
    lock_open,
    merged_with_page,
    publish_locked,
)
from matchmaker.services.errors import StaleVersion
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
    details_after,
    details_before,
    find_undecided,
    merge,
    scratch_of,
)
from matchmaker.services.programme_json import to_json
from matchmaker.services.readings import Reading, ReadTerm, chosen_terms


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
        publish_locked(edit, {}, actor=actor, now=now)
        return None
    if edit.state is EditState.WAITING and not is_public_at_once:
        edit_mail.tell_owners(edit, actor=actor, now=now)
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
    edit = lock_open(edit)
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


def _lock_undecided(programme: Programme) -> ProgrammeEdit | None:
    edit = find_undecided(programme)
    return None if edit is None else lock_edit(edit)
