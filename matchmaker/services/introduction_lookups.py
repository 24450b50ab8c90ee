"""Finding introductions: one, those of somebody, and the one that two people have under way."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import Introduction, Professional, Programme
from matchmaker.models.introduction import OPEN_STATES
from matchmaker.services.policy import Actor


def find_introduction(introduction_id: int) -> Introduction | None:
    """One introduction with both its sides, or None."""
    return db.session.scalar(
        select(Introduction)
        .where(Introduction.id == introduction_id)
        .options(
            joinedload(Introduction.programme).joinedload(Programme.organisation),
            joinedload(Introduction.professional).joinedload(Professional.user),
        )
    )


def list_introductions(actor: Actor) -> list[Introduction]:
    """Every introduction the person is a side of, the most recently changed first."""
    mine = or_(
        Introduction.professional_id == actor.professional_id,
        Programme.organisation_id.in_(actor.organisation_ids),
    )
    return list(
        db.session.scalars(
            select(Introduction)
            .join(Introduction.programme)
            .where(mine)
            .options(
                joinedload(Introduction.programme).joinedload(Programme.organisation),
                joinedload(Introduction.professional).joinedload(Professional.user),
                # What a limited view is made from.
                joinedload(Introduction.programme).selectinload(Programme.terms),
                joinedload(Introduction.professional).selectinload(Professional.areas),
                joinedload(Introduction.professional).selectinload(Professional.terms),
            )
            .order_by(Introduction.state_changed_at.desc(), Introduction.id.desc())
        )
    )


def find_open_introduction(professional: Professional, programme: Programme) -> Introduction | None:
    """The introduction under way between the two, if there is one."""
    return db.session.scalar(
        select(Introduction).where(
            Introduction.professional_id == professional.id,
            Introduction.programme_id == programme.id,
            Introduction.state.in_(OPEN_STATES),
        )
    )
