"""Who is waiting longest: what a lead can do something about today.

This is no statistic. A lead sees the introductions that they proposed themselves, as an
organisation would see the professional, and organisations of their areas that were asked for and
where nobody is there to answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    IntroductionState,
    Professional,
    Programme,
    Proposer,
    User,
)
from matchmaker.services import brokering
from matchmaker.services.brokering import UnclaimedRequest
from matchmaker.services.clock import london_date
from matchmaker.services.limited_view import LimitedView, limited_view
from matchmaker.services.policy import Actor


@dataclass(frozen=True, slots=True)
class WaitingIntroduction:
    """An introduction that a lead proposed and that nobody has settled yet."""

    introduction: Introduction
    professional: LimitedView
    days: int


@dataclass(frozen=True, slots=True)
class WaitingOrganisation:
    """An organisation that was asked for and where nobody answers."""

    request: UnclaimedRequest
    days: int


def list_own_introductions(lead: User, *, now: datetime) -> list[WaitingIntroduction]:
    """A lead's own proposals that wait for an answer, the longest waiting first."""
    found = db.session.scalars(
        select(Introduction)
        .where(
            Introduction.proposer_user_id == lead.id,
            Introduction.proposed_by == Proposer.LEAD,
            Introduction.state == IntroductionState.PROPOSED,
        )
        .options(
            joinedload(Introduction.programme).joinedload(Programme.organisation),
            selectinload(Introduction.programme, Programme.terms),
            joinedload(Introduction.professional).selectinload(Professional.areas),
            selectinload(Introduction.professional, Professional.terms),
        )
        .order_by(Introduction.proposed_at, Introduction.id)
    )
    return [
        WaitingIntroduction(
            each, limited_view(each.professional, each.programme), _days(each.proposed_at, now)
        )
        for each in found
    ]


def list_organisations(actor: Actor, *, now: datetime) -> list[WaitingOrganisation]:
    """Organisations of a lead's areas that wait for somebody, the longest waiting first."""
    return [
        WaitingOrganisation(each, _days(each.waiting_since_at, now))
        for each in brokering.list_unclaimed_requests(actor)
    ]


def _days(since: datetime, now: datetime) -> int:
    return (london_date(now) - london_date(since)).days
