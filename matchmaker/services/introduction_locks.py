"""Taking the rows of an introduction, so that people who act at the same moment take turns.

Whoever changes an introduction first locks its programme and then the introduction, always in this
order, so that two never wait for each other in a circle. Who needs a professional's row as well
takes it before these two.
"""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import Introduction, IntroductionState, Programme


def lock_programme(programme: Programme) -> Programme:
    """Take the programme's row, so that whoever else changes its introductions waits."""
    return db.session.scalars(
        select(Programme)
        .where(Programme.id == programme.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def lock_introduction(introduction: Introduction) -> Introduction:
    """Take the introduction's row and read it afresh."""
    return db.session.scalars(
        select(Introduction)
        .where(Introduction.id == introduction.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def list_open_proposals(programme: Programme) -> list[Introduction]:
    """A programme's proposals that have not been settled, locked, the oldest first."""
    return list(
        db.session.scalars(
            select(Introduction)
            .where(
                Introduction.programme_id == programme.id,
                Introduction.state == IntroductionState.PROPOSED,
            )
            .order_by(Introduction.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
