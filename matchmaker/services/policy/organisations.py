"""Belonging to an organisation, and coming to belong to it."""

from __future__ import annotations

from matchmaker.models import Claim, Organisation, Programme
from matchmaker.services.policy.actors import Actor
from matchmaker.services.policy.areas import reaches_scope
from matchmaker.services.policy.people import lead_or_administrator


def member(actor: Actor, subject: object) -> bool:
    """Members of an organisation, in either role, and of the one that runs a programme."""
    if isinstance(subject, Organisation):
        return subject.id in actor.organisation_ids
    if isinstance(subject, Programme):
        return subject.organisation_id in actor.organisation_ids
    return False


def owner(actor: Actor, subject: object) -> bool:
    """Owners of the organisation."""
    return isinstance(subject, Organisation) and subject.id in actor.owned_organisation_ids


def invite_organisation(actor: Actor, subject: object) -> bool:
    """A lead who reaches it, or an administrator, as long as nobody looks after it."""
    return (
        isinstance(subject, Organisation)
        and not subject.is_claimed
        and subject.merged_into_id is None
        and lead_or_administrator(actor, subject)
        and reaches_scope(actor, subject)
    )


def claim_organisation(actor: Actor, subject: object) -> bool:
    """Whoever has signed in and does not belong to it."""
    return (
        actor.is_signed_in
        and isinstance(subject, Organisation)
        and subject.merged_into_id is None
        and subject.id not in actor.organisation_ids
    )


def review_claim(actor: Actor, subject: object) -> bool:
    """Its owners decide about an organisation that has some; nobody decides about themselves."""
    if not isinstance(subject, Claim) or subject.user_id == actor.user_id:
        return False
    if subject.organisation.is_claimed:
        return owner(actor, subject.organisation)
    return invite_organisation(actor, subject.organisation)


def own_claim(actor: Actor, subject: object) -> bool:
    """Whoever asked."""
    return isinstance(subject, Claim) and subject.user_id == actor.user_id
