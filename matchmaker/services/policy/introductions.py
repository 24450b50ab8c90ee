"""Introductions: asking for one, taking part in it, and keeping somebody away."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.models import (
    Block,
    CheckIn,
    Introduction,
    IntroductionMessage,
    Organisation,
    Professional,
    Programme,
    Side,
)
from matchmaker.services.policy.actors import Actor, sides_of
from matchmaker.services.policy.areas import may_be_found, see_in_scope
from matchmaker.services.policy.organisations import member


@dataclass(frozen=True, slots=True)
class Pairing:
    """A professional and a programme that somebody would like to introduce."""

    professional: Professional
    programme: Programme


def propose_to_programme(actor: Actor, subject: object) -> bool:
    """Professionals, for what is published."""
    return (
        actor.professional_id is not None
        and isinstance(subject, Programme)
        and subject.is_published
    )


def propose_for_programme(actor: Actor, subject: object) -> bool:
    """Members of its organisation, for professionals who may be found."""
    return (
        isinstance(subject, Pairing)
        and member(actor, subject.programme)
        and may_be_found(subject.professional)
    )


def propose_between(actor: Actor, subject: object) -> bool:
    """Leads who see the professional, for what is published."""
    return (
        isinstance(subject, Pairing)
        and subject.programme.is_published
        and see_in_scope(actor, subject.professional)
    )


def party(actor: Actor, subject: object) -> bool:
    """Whoever may speak for one of the two sides."""
    return isinstance(subject, Introduction) and bool(sides_of(actor, subject))


def side_checked_on(actor: Actor, subject: object) -> bool:
    """The side that was asked."""
    return isinstance(subject, CheckIn) and subject.side in sides_of(actor, subject.introduction)


def report_message(actor: Actor, subject: object) -> bool:
    """The two who are introduced, who alone can read it."""
    return (
        isinstance(subject, IntroductionMessage)
        and subject.introduction.is_released
        and party(actor, subject.introduction)
    )


def block_organisation(actor: Actor, subject: object) -> bool:
    """Professionals who do not belong to it."""
    return (
        actor.professional_id is not None
        and isinstance(subject, Organisation)
        and subject.merged_into_id is None
        and subject.id not in actor.organisation_ids
    )


def own_block(actor: Actor, subject: object) -> bool:
    """The side that blocks, and not the one that is blocked."""
    if not isinstance(subject, Block):
        return False
    if subject.side is Side.PROFESSIONAL:
        return subject.professional_id == actor.professional_id
    return subject.organisation_id in actor.organisation_ids
