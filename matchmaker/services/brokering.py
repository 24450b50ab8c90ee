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
    ProgrammeStatus,
    User,
    Waiting,
)
from matchmaker.services.matching import SuggestedProfessional, suggest_for_programme
from matchmaker.services.policy import Actor, is_in_scope, reaches_scope

PROGRAMMES_SHOWN = 20
PROFESSIONALS_SHOWN = 10
# Suggestions are ranked for the whole country; a scope is cut out of this many of the best.
PROFESSIONALS_CONSIDERED = 200


@dataclass(frozen=True, slots=True)
class UnclaimedRequest:
    """An organisation that professionals ask for and nobody answers for."""

    organisation: Organisation
    introductions: int
    waiting_since_at: datetime


def find_programmes(words: str) -> list[Programme]:
    """Open programmes whose name, or whose organisation's name, holds `words`, by name."""
    words = words.strip()
    if not words:
        return []
    return list(
        db.session.scalars(
            select(Programme)
            .join(Programme.organisation)
            .where(
                Programme.published_at.is_not(None),
                Programme.status == ProgrammeStatus.OPEN,
                Programme.name.icontains(words, autoescape=True)
                | Organisation.name.icontains(words, autoescape=True),
            )
            .options(joinedload(Programme.organisation), selectinload(Programme.areas))
            .order_by(Programme.name, Programme.id)
            .limit(PROGRAMMES_SHOWN)
        )
    )


def suggest_within_scope(
    programme: Programme, actor: Actor, *, now: datetime
) -> list[SuggestedProfessional]:
    """Professionals of the lead's areas for a programme, of those who can be found, best first."""
    suggested = suggest_for_programme(programme, now=now, top=PROFESSIONALS_CONSIDERED)
    within = [each for each in suggested if is_in_scope(actor, each.professional)]
    return within[:PROFESSIONALS_SHOWN]


def list_own_proposals(lead: User) -> list[Introduction]:
    """The introductions a lead proposed, the latest first. A lead sees how they stand, no more."""
    return list(
        db.session.scalars(
            select(Introduction)
            .where(Introduction.proposer_user_id == lead.id, Introduction.proposed_by == "lead")
            .options(
                joinedload(Introduction.programme).joinedload(Programme.organisation),
                selectinload(Introduction.programme, Programme.terms),
                joinedload(Introduction.professional).selectinload(Professional.areas),
                selectinload(Introduction.professional, Professional.terms),
            )
            .order_by(Introduction.proposed_at.desc(), Introduction.id.desc())
        )
    )


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
