"""Who somebody is, and what is theirs alone."""

from __future__ import annotations

from matchmaker.models import Professional, SavedList, UserSession
from matchmaker.services.policy.actors import Actor


def anyone(_actor: Actor, _subject: object) -> bool:
    """Everybody, signed in or not."""
    return True


def signed_in(actor: Actor, _subject: object) -> bool:
    """Everybody who has signed in."""
    return actor.is_signed_in


def professional(actor: Actor, subject: object) -> bool:
    """Professionals; where a profile is asked about, only whose it is."""
    if actor.professional_id is None:
        return False
    return not isinstance(subject, Professional) or subject.id == actor.professional_id


def lead(actor: Actor, _subject: object) -> bool:
    """Whoever looks after an area."""
    return actor.is_lead


def administrator(actor: Actor, _subject: object) -> bool:
    """Administrators."""
    return actor.is_administrator


def lead_or_administrator(actor: Actor, _subject: object) -> bool:
    """Leads of any area, and administrators."""
    return actor.is_lead or actor.is_administrator


def own_session(actor: Actor, subject: object) -> bool:
    """Whoever signed in there."""
    return isinstance(subject, UserSession) and subject.user_id == actor.user_id


def own_list(actor: Actor, subject: object) -> bool:
    """Whoever keeps the list."""
    return isinstance(subject, SavedList) and subject.user_id == actor.user_id
