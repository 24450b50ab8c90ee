"""A programme's page, and changes of it."""

from __future__ import annotations

from matchmaker.models import Programme, ProgrammeEdit
from matchmaker.services.policy.actors import Actor
from matchmaker.services.policy.organisations import member


def view_programme(actor: Actor, subject: object) -> bool:
    """Everybody when it is published; its organisation always."""
    return isinstance(subject, Programme) and (
        subject.is_published or subject.organisation_id in actor.organisation_ids
    )


def view_edits(actor: Actor, subject: object) -> bool:
    """Members of the organisation."""
    return member(actor, subject.programme if isinstance(subject, ProgrammeEdit) else subject)


def decide_edit(actor: Actor, subject: object) -> bool:
    """Owners of the organisation, who also publish at once."""
    programme = subject.programme if isinstance(subject, ProgrammeEdit) else subject
    return (
        isinstance(programme, Programme)
        and programme.organisation_id in actor.owned_organisation_ids
    )


def withdraw_edit(actor: Actor, subject: object) -> bool:
    """Whoever wrote it, while they are a member, and the owners."""
    if not isinstance(subject, ProgrammeEdit):
        return False
    is_own = subject.author_user_id == actor.user_id and view_edits(actor, subject)
    return is_own or decide_edit(actor, subject)
