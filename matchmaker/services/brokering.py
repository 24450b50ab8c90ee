"""What a lead brings about: two who should meet, and organisations nobody answers for yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    Organisation,
    Professional,
    Programme,
    Proposer,
    User,
    Waiting,
)
from matchmaker.services import audit
from matchmaker.services.administration.pages import Page, fetch_page
from matchmaker.services.candidates import list_ids_elsewhere
from matchmaker.services.matching import (
    SuggestedProfessional,
    SuggestedProgramme,
    suggest_for_professional,
    suggest_for_programme,
)
from matchmaker.services.policy import Actor, reaches_scope

PROGRAMMES_SHOWN = 10
PROFESSIONALS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class UnclaimedRequest:
    """An organisation that professionals ask for and nobody answers for."""

    organisation: Organisation
    introductions: int
    waiting_since_at: datetime


def suggest_within_scope(
    programme: Programme, actor: Actor, *, now: datetime
) -> list[SuggestedProfessional]:
    """Professionals of the lead's areas for a programme, of those who can be found, best first."""
    elsewhere = list_ids_elsewhere(actor)
    return suggest_for_programme(programme, now=now, top=PROFESSIONALS_SHOWN, without=elsewhere)


def suggest_programmes(professional: Professional, *, now: datetime) -> list[SuggestedProgramme]:
    """Programmes that a professional of the lead's areas might meet, best first.

    The reasons that the engine gives tell what the professional wrote: a lead is shown only what
    `limited_view` gives of the pair.
    """
    return suggest_for_professional(professional, now=now, top=PROGRAMMES_SHOWN)


def list_own_proposals(lead: User, number: int) -> Page[Introduction]:
    """The introductions a lead proposed, the latest first. A lead sees how they stand, no more."""
    return fetch_page(
        select(Introduction)
        .where(Introduction.proposer_user_id == lead.id, Introduction.proposed_by == Proposer.LEAD)
        .options(
            joinedload(Introduction.programme).joinedload(Programme.organisation),
            selectinload(Introduction.programme, Programme.terms),
            joinedload(Introduction.professional).selectinload(Professional.areas),
            selectinload(Introduction.professional, Professional.terms),
        )
        .order_by(Introduction.proposed_at.desc(), Introduction.id.desc()),
        number,
    )


def record_look(
    subject: User | Programme | Professional, *, shown: int, actor: User, now: datetime
) -> None:
    """Write down that a lead looked at professionals, and at how many.

    Args:
        subject: The programme for which, the one professional who, or the lead themselves for a
            list of the lead's areas.
        shown: How many professionals the page showed.
        actor: The lead.
        now: When.
    """
    audit.record("lead.saw_professionals", subject, actor=actor, now=now, shown=shown)
    db.session.flush()


def list_unclaimed_requests(actor: Actor) -> list[UnclaimedRequest]:
    """Organisations that have been asked for and that nobody answers for, longest waiting first.

    A lead sees those of their own areas, an administrator all.
    """
    rows = db.session.execute(
        select(Organisation, func.count(Introduction.id), func.min(Introduction.waiting_since_at))
        .join(Programme, Programme.organisation_id == Organisation.id)
        .join(Introduction, Introduction.programme_id == Programme.id)
        .where(Introduction.waiting_for == Waiting.CLAIM)
        .group_by(Organisation.id)
        .order_by(func.min(Introduction.waiting_since_at), Organisation.id)
    )
    return [
        UnclaimedRequest(organisation, count, since)
        for organisation, count, since in rows
        if since is not None and reaches_scope(actor, organisation)
    ]
