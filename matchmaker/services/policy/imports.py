"""Lists from elsewhere, and what has to be decided about them."""

from __future__ import annotations

from matchmaker.models import ImportDraft, ImportedRecord, PossibleDuplicate
from matchmaker.services.policy.actors import Actor
from matchmaker.services.policy.areas import reaches_scope
from matchmaker.services.policy.people import lead_or_administrator


def finish_import(actor: Actor, subject: object) -> bool:
    """Whoever began it, while they still may."""
    if not isinstance(subject, ImportDraft) or subject.user_id != actor.user_id:
        return False
    if subject.organisation_id is None:
        return lead_or_administrator(actor, subject)
    return subject.organisation_id in actor.owned_organisation_ids


def see_conflicts(actor: Actor, subject: object) -> bool:
    """Owners, leads and administrators; which of them they decide is another rule."""
    return lead_or_administrator(actor, subject) or bool(actor.owned_organisation_ids)


def decide_conflict(actor: Actor, subject: object) -> bool:
    """Its owners decide; where nobody looks after it, an administrator or a lead of its area."""
    if not isinstance(subject, ImportedRecord):
        return False
    programme = subject.programme
    organisation = subject.organisation if programme is None else programme.organisation
    if organisation is None or actor.is_administrator:
        return actor.is_administrator
    if organisation.is_claimed:
        return organisation.id in actor.owned_organisation_ids
    return actor.is_lead and reaches_scope(actor, organisation)


def decide_duplicate(actor: Actor, subject: object) -> bool:
    """An administrator; or a lead of both areas, unless people look after both already."""
    if not isinstance(subject, PossibleDuplicate):
        return False
    pair = (subject.first, subject.second)
    if actor.is_administrator:
        return True
    return (
        actor.is_lead
        and not all(each.is_claimed for each in pair)
        and all(reaches_scope(actor, each) for each in pair)
    )
