"""Whom leads see: who may be found, and what lies in the areas they look after."""

from __future__ import annotations

from matchmaker.models import Organisation, Professional
from matchmaker.services.policy.actors import Actor
from matchmaker.vocabulary import load_vocabulary


def may_be_found(professional: Professional) -> bool:
    """Whether people who have not been introduced to `professional` may know of them at all."""
    return professional.is_findable and professional.is_available


def is_in_scope(actor: Actor, professional: Professional) -> bool:
    """Whether `professional` works in an area that the person, a lead, looks after."""
    return any(looks_after(actor, each.area_code) for each in professional.areas)


def reaches_scope(actor: Actor, organisation: Organisation) -> bool:
    """Whether the person may look for somebody at `organisation`, where nobody is yet.

    One whose area is not known is anybody's to find.
    """
    if actor.is_administrator or organisation.area_code is None:
        return True
    return looks_after(actor, organisation.area_code)


def looks_after(actor: Actor, area_code: str) -> bool:
    """Whether the person, a lead, looks after this area or one around it."""
    return bool(actor.lead_area_codes & ({area_code} | load_vocabulary().areas.within(area_code)))


def see_in_scope(actor: Actor, subject: object) -> bool:
    """A lead sees of professionals only those of their areas who chose to be found."""
    return (
        isinstance(subject, Professional) and may_be_found(subject) and is_in_scope(actor, subject)
    )
