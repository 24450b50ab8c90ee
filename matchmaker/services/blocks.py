"""Who is kept apart: read wherever two could be brought together.

Blocking and its undoing are in `blocking.py`; they end introductions, whose rules ask here.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import Block, Organisation, Professional, Programme, Proposer, Side
from matchmaker.services.errors import DomainError
from matchmaker.services.policy import Actor


def are_apart(professional: Professional, organisation: Organisation) -> bool:
    """Whether either wants nothing to do with the other."""
    return any(find_block(side, professional, organisation) is not None for side in Side)


def find_block(side: Side, professional: Professional, organisation: Organisation) -> Block | None:
    """The block that `side` has put between the two, or None."""
    return db.session.scalar(
        select(Block).where(
            Block.side == side,
            Block.professional_id == professional.id,
            Block.organisation_id == organisation.id,
        )
    )


def refuse_if_apart(
    professional: Professional, organisation: Organisation, *, proposed_by: Proposer
) -> None:
    """Refuse to introduce two who are kept apart.

    Whoever is blocked reads what they would read of anybody who takes no introductions. Only the
    side that blocked is told so, and how to undo it.

    Raises:
        DomainError: They are kept apart.
    """
    if not are_apart(professional, organisation):
        return
    if proposed_by is not Proposer.LEAD and find_block(
        Side(proposed_by), professional, organisation
    ):
        raise DomainError(
            _("You have blocked each other from being introduced. Undo that on your account page.")
        )
    if proposed_by is Proposer.PROFESSIONAL:
        raise DomainError(_("This programme takes no introductions at the moment."))
    raise DomainError(_("This professional takes no introductions at the moment."))


def list_blocks(actor: Actor) -> list[Block]:
    """What a person, or an organisation of theirs, has blocked, the latest first."""
    mine = or_(
        and_(Block.side == Side.PROFESSIONAL, Block.professional_id == actor.professional_id),
        and_(Block.side == Side.PROGRAMME, Block.organisation_id.in_(actor.organisation_ids)),
    )
    return list(
        db.session.scalars(
            select(Block)
            .where(mine)
            .options(
                joinedload(Block.organisation),
                joinedload(Block.professional).selectinload(Professional.areas),
                joinedload(Block.professional).selectinload(Professional.terms),
            )
            .order_by(Block.created_at.desc(), Block.id.desc())
        )
    )


def ids_apart_from(side: Side, own_id: int) -> set[int]:
    """Whom never to suggest: programmes for a professional's id, professionals for a programme's.

    It does not matter which of the two blocked the other.
    """
    if side is Side.PROFESSIONAL:
        found = (
            select(Programme.id)
            .join(Block, Block.organisation_id == Programme.organisation_id)
            .where(Block.professional_id == own_id)
        )
    else:
        found = (
            select(Block.professional_id)
            .join(Programme, Programme.organisation_id == Block.organisation_id)
            .where(Programme.id == own_id)
        )
    return set(db.session.scalars(found))
