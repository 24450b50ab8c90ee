"""Asking a lead for help or for a check of a registration."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.models import HelpRequest, RegisterCheck
from matchmaker.services.policy.actors import Actor
from matchmaker.services.policy.areas import is_in_scope, looks_after


@dataclass(frozen=True, slots=True)
class HelpCase:
    """A request for help; `has_lead` says whether anybody looks after its area."""

    request: HelpRequest
    has_lead: bool


def ask_for_help(actor: Actor, _subject: object) -> bool:
    """Professionals and members of organisations."""
    return actor.professional_id is not None or bool(actor.organisation_ids)


def own_help_request(actor: Actor, subject: object) -> bool:
    """Whoever asked."""
    return isinstance(subject, HelpRequest) and subject.user_id == actor.user_id


def answer_help_request(actor: Actor, subject: object) -> bool:
    """A lead of the area; where there is none, an administrator. Nobody answers themselves."""
    if not isinstance(subject, HelpCase) or subject.request.user_id == actor.user_id:
        return False
    return looks_after(actor, subject.request.area_code) or (
        actor.is_administrator and not subject.has_lead
    )


def check_registration(actor: Actor, subject: object) -> bool:
    """A lead of a place they work in, who alone may see a number; never their own."""
    return (
        isinstance(subject, RegisterCheck)
        and subject.professional_id != actor.professional_id
        and is_in_scope(actor, subject.professional)
    )
