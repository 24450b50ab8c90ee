"""What people write down of whom they met: contacts, reflections and practice examples."""

from __future__ import annotations

from matchmaker.models import Introduction, OutsideContact, PracticeExample, Side
from matchmaker.services.policy.actors import Actor, sides_of
from matchmaker.services.policy.areas import is_in_scope, looks_after
from matchmaker.services.policy.introductions import party


def keep_contacts(actor: Actor, subject: object) -> bool:
    """Whoever it was written down for; to begin one, professionals and members."""
    if isinstance(subject, OutsideContact):
        return _is_own_contact(actor, subject) or subject.organisation_id in actor.organisation_ids
    return actor.professional_id is not None or bool(actor.organisation_ids)


def reflect(actor: Actor, subject: object) -> bool:
    """The professional whose introduction or contact it is."""
    if isinstance(subject, Introduction):
        return Side.PROFESSIONAL in sides_of(actor, subject)
    if isinstance(subject, OutsideContact):
        return _is_own_contact(actor, subject)
    return actor.professional_id is not None


def _is_own_contact(actor: Actor, contact: OutsideContact) -> bool:
    return actor.professional_id is not None and contact.professional_id == actor.professional_id


def tell_example(actor: Actor, subject: object) -> bool:
    """The two of whom it is told, as long as they are introduced."""
    introduction = subject.introduction if isinstance(subject, PracticeExample) else subject
    return (
        isinstance(introduction, Introduction)
        and introduction.is_released
        and party(actor, introduction)
    )


def review_example(actor: Actor, subject: object) -> bool:
    """An administrator, or a lead of the area; nobody reads for us what they tell themselves."""
    if not isinstance(subject, PracticeExample) or sides_of(actor, subject.introduction):
        return False
    return (
        actor.is_administrator
        or looks_after(actor, subject.area_code)
        or is_in_scope(actor, subject.introduction.professional)
    )
