"""Programmes: drafting one, publishing it, and keeping it open, paused or closed.

A draft may be incomplete. What is published must let people see what it is and where: a name, a
description, and a place it serves unless it happens online.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    IntroductionState,
    Organisation,
    Programme,
    ProgrammeStatus,
    User,
)
from matchmaker.services import audit, capacity, interruptions
from matchmaker.services.errors import DomainError, StaleVersion
from matchmaker.services.introduction_locks import lock_programme
from matchmaker.services.programme_details import (
    ProgrammeDetails,
    add_terms,
    apply,
    details_of,
    missing_for_publishing,
)
from matchmaker.services.programme_history import record_published
from matchmaker.services.readings import ReadTerm

ALLOWED_MOVES: Mapping[ProgrammeStatus, frozenset[ProgrammeStatus]] = MappingProxyType(
    {
        ProgrammeStatus.OPEN: frozenset({ProgrammeStatus.PAUSED, ProgrammeStatus.CLOSED}),
        ProgrammeStatus.PAUSED: frozenset({ProgrammeStatus.OPEN, ProgrammeStatus.CLOSED}),
        ProgrammeStatus.CLOSED: frozenset({ProgrammeStatus.OPEN}),
    }
)
_EVENTS = MappingProxyType(
    {
        ProgrammeStatus.OPEN: "reopened",
        ProgrammeStatus.PAUSED: "paused",
        ProgrammeStatus.CLOSED: "closed",
    }
)


def find_programme(programme_id: int) -> Programme | None:
    """One programme with everything its page shows, or None."""
    return db.session.scalar(
        select(Programme)
        .where(Programme.id == programme_id)
        .options(
            joinedload(Programme.organisation),
            selectinload(Programme.areas),
            selectinload(Programme.terms),
            selectinload(Programme.sought_professions),
            selectinload(Programme.locations),
            selectinload(Programme.schedules),
        )
    )


def create_programme(
    organisation: Organisation, details: ProgrammeDetails, *, actor: User, now: datetime
) -> Programme:
    """Begin a draft, which only its organisation sees.

    Raises:
        FieldError: An answer cannot be taken.
    """
    programme = Programme(
        organisation_id=organisation.id,
        status=ProgrammeStatus.OPEN,
        last_checked_at=now,
        created_at=now,
        updated_at=now,
    )
    apply(programme, details)
    db.session.add(programme)
    db.session.flush()
    capacity.set_places_per_month(programme, details.places_per_month, now)
    audit.record("programme.created", programme, actor=actor, now=now)
    db.session.flush()
    return programme


def edit_programme(
    programme: Programme, details: ProgrammeDetails, *, version: int, actor: User, now: datetime
) -> Programme:
    """Change a programme, which also counts as having checked it.

    Raises:
        StaleVersion: Somebody saved it since `version` was shown.
        FieldError: An answer cannot be taken, or a published programme would lack something.
    """
    programme = lock_programme(programme)
    _check_version(programme, version)
    before = details_of(programme)
    put_details(programme, details, now=now)
    _keep_in_history(programme, before, actor=actor, now=now)
    audit.record("programme.edited", programme, actor=actor, now=now)
    db.session.flush()
    return programme


def put_details(programme: Programme, details: ProgrammeDetails, *, now: datetime) -> None:
    """Put all answers into a locked programme, which also counts as having checked it.

    Raises:
        FieldError: An answer cannot be taken, or a published programme would lack something.
    """
    with db.session.no_autoflush:
        apply(programme, details)
        if programme.is_published:
            _check_complete(programme)
    capacity.set_places_per_month(programme, details.places_per_month, now)
    _touch(programme, now)
    _note_check(programme, now)


def confirm_read(
    programme: Programme,
    terms: Sequence[ReadTerm],
    *,
    version: int,
    actor: User,
    now: datetime,
) -> Programme:
    """Add the conditions and approaches that were read in the description and confirmed.

    Raises:
        StaleVersion: Somebody saved it since `version` was shown.
        FieldError: There would be too many.
    """
    programme = lock_programme(programme)
    _check_version(programme, version)
    before = details_of(programme)
    add_terms(programme, terms)
    _keep_in_history(programme, before, actor=actor, now=now)
    return _moved(programme, "edited", actor=actor, now=now)


def publish(programme: Programme, *, actor: User, now: datetime) -> Programme:
    """Show a draft to everybody, and let it take introductions.

    Raises:
        FieldError: Something is missing.
        DomainError: It is closed.
    """
    programme = lock_programme(programme)
    if programme.is_published:
        return programme
    _check_complete(programme)
    programme.published_at = now
    _note_check(programme, now)
    record_published(programme, None, actor=actor, now=now)
    return _moved(programme, "published", actor=actor, now=now)


def pause(programme: Programme, *, actor: User, now: datetime) -> Programme:
    """Take no introductions for a while; the page stays and says so, and open proposals wait.

    Raises:
        DomainError: It is a draft, or not open.
    """
    programme = lock_programme(programme)
    _change_status(programme, ProgrammeStatus.PAUSED, actor=actor, now=now)
    interruptions.programme_changed(programme, actor=actor, now=now)
    return programme


def reopen(programme: Programme, *, actor: User, now: datetime) -> Programme:
    """Take introductions again, after a pause or after having closed; what waited goes on.

    Raises:
        DomainError: It is a draft, or open.
    """
    programme = lock_programme(programme)
    _change_status(programme, ProgrammeStatus.OPEN, actor=actor, now=now)
    interruptions.programme_changed(programme, actor=actor, now=now)
    return programme


def close(programme: Programme, *, actor: User | None, now: datetime) -> Programme:
    """End a programme; proposals that nobody has answered end with it.

    Raises:
        DomainError: It is a draft, or closed.
    """
    programme = lock_programme(programme)
    _change_status(programme, ProgrammeStatus.CLOSED, actor=actor, now=now)
    interruptions.supersede_for(programme, actor=actor, now=now)
    return programme


def confirm_still_right(programme: Programme, *, actor: User, now: datetime) -> Programme:
    """Write down that somebody has read the page and everything on it is still true."""
    programme = lock_programme(programme)
    _note_check(programme, now)
    # The index of suggestions follows this, and with it the caution about old pages goes.
    programme.updated_at = now
    audit.record("programme.checked", programme, actor=actor, now=now)
    db.session.flush()
    return programme


def set_places(
    programme: Programme, places: int | None, *, actor: User, now: datetime
) -> Programme:
    """Say how many introductions a programme can take in a month; None is no limit.

    Raises:
        FieldError: The figure cannot be taken.
    """
    programme = lock_programme(programme)
    before = details_of(programme)
    capacity.set_places_per_month(programme, places, now)
    _touch(programme, now)
    _keep_in_history(programme, before, actor=actor, now=now)
    audit.record("programme.places_set", programme, actor=actor, now=now, places=places)
    db.session.flush()
    return programme


def count_unanswered(programme: Programme) -> int:
    """How many proposals closing the programme would end."""
    return db.session.scalars(
        select(func.count(Introduction.id)).where(
            Introduction.programme_id == programme.id,
            Introduction.state == IntroductionState.PROPOSED,
        )
    ).one()


def _check_version(programme: Programme, version: int) -> None:
    if programme.version != version:
        raise StaleVersion(
            _(
                "Somebody else changed this programme while you were writing, so nothing was saved."
                " Your answers are still here. Look at the page as it is now, then save again."
            )
        )


def _check_complete(programme: Programme) -> None:
    for error in missing_for_publishing(programme):
        raise error


def _change_status(
    programme: Programme, wanted: ProgrammeStatus, *, actor: User | None, now: datetime
) -> Programme:
    if not programme.is_published:
        raise DomainError(_("This programme is a draft. Publish it first."))
    if wanted not in ALLOWED_MOVES[programme.status]:
        raise DomainError(_status_sentence(programme.status))
    programme.status = wanted
    return _moved(programme, _EVENTS[wanted], actor=actor, now=now)


def _status_sentence(status: ProgrammeStatus) -> str:
    sentence: str = {
        ProgrammeStatus.OPEN: _("This programme is open already."),
        ProgrammeStatus.PAUSED: _("This programme is paused already."),
        ProgrammeStatus.CLOSED: _("This programme is closed."),
    }[status]
    return sentence


def _moved(programme: Programme, event: str, *, actor: User | None, now: datetime) -> Programme:
    _touch(programme, now)
    audit.record(f"programme.{event}", programme, actor=actor, now=now)
    db.session.flush()
    return programme


def _keep_in_history(
    programme: Programme, before: ProgrammeDetails, *, actor: User, now: datetime
) -> None:
    """What a draft said before is nobody's business; what was public is."""
    if programme.is_published:
        record_published(programme, before, actor=actor, now=now)


def _note_check(programme: Programme, now: datetime) -> None:
    programme.last_checked_at = now
    programme.freshness_reminders = 0


def _touch(programme: Programme, now: datetime) -> None:
    programme.version += 1
    programme.updated_at = now
