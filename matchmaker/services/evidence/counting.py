"""What happened to the introductions of an organisation in a quarter, and how it adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    IntroductionState,
    Organisation,
    Professional,
    Programme,
)
from matchmaker.services.statistics.periods import Period

PROGRAMME, OUTCOME, PROFESSION, AREA = "programme", "outcome", "profession", "area"
ASKED, ACCEPTED, COMPLETED = "asked", "accepted", "completed"
COLUMNS = (ASKED, ACCEPTED, COMPLETED)
ALL = "all"
NOT_GIVEN = ""


class Cell(NamedTuple):
    """Where a figure stands: a table, what its row is about, and a column."""

    table: str
    row: str
    column: str


WHOLES = {column: Cell(PROGRAMME, ALL, column) for column in COLUMNS}


def count_quarter(organisation: Organisation, quarter: Period) -> Counter[Cell]:
    """Count what happened in a quarter, each thing when it happened."""
    counts: Counter[Cell] = Counter()
    for each in _list_introductions(organisation, quarter):
        is_completed = each.state is IntroductionState.COMPLETED
        moments = {
            ASKED: each.proposed_at,
            ACCEPTED: each.released_at,
            COMPLETED: each.closed_at if is_completed else None,
        }
        happened = [
            column
            for column, moment in moments.items()
            if moment is not None and quarter.begins_at <= moment < quarter.ends_at
        ]
        for column in happened:
            counts[Cell(PROGRAMME, str(each.programme_id), column)] += 1
            counts[WHOLES[column]] += 1
        if ACCEPTED in happened:
            counts.update(_cells_about(each.professional))
        if COMPLETED in happened and each.outcome is not None:
            counts[Cell(OUTCOME, each.outcome, COMPLETED)] += 1
    return counts


def _cells_about(professional: Professional) -> Iterator[Cell]:
    """The rows in which an introduction to a professional counts: in each area they work in."""
    yield Cell(PROFESSION, professional.profession or NOT_GIVEN, ACCEPTED)
    for each in professional.areas:
        yield Cell(AREA, each.area_code, ACCEPTED)


def _list_introductions(organisation: Organisation, quarter: Period) -> list[Introduction]:
    moments = (Introduction.proposed_at, Introduction.released_at, Introduction.closed_at)
    is_within = [(each >= quarter.begins_at) & (each < quarter.ends_at) for each in moments]
    professional = joinedload(Introduction.professional)
    return list(
        db.session.scalars(
            select(Introduction)
            .join(Introduction.programme)
            .where(Programme.organisation_id == organisation.id, or_(*is_within))
            .options(professional.selectinload(Professional.areas))
            .order_by(Introduction.id)
        )
    )
