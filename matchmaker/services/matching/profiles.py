"""Rows as the engine's profiles: few queries, plain columns, no matter how many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from matchmaker import engine
from matchmaker.models import (
    Organisation,
    Professional,
    ProfessionalArea,
    ProfessionalTerm,
    Programme,
    ProgrammeArea,
    ProgrammeProfession,
    ProgrammeStatus,
    ProgrammeTerm,
    TermField,
    TermSide,
)
from matchmaker.services.answers import Answers
from matchmaker.services.clock import london_date

# The engine wants an id of everybody; nobody with an account has this one.
VISITOR = "visitor"
# How many ids one statement asks for: both databases limit the parameters of a statement.
IDS_AT_ONCE = 1000


def profile_of_answers(answers: Answers) -> engine.Professional:
    """The profile of somebody of whom we know only a few answers."""
    return engine.Professional(
        id=VISITOR,
        profession=answers.profession or "",
        conditions=tuple(
            term.code or term.wording for term in answers.terms if term.field is TermField.CONDITION
        ),
        approaches=tuple(
            term.code or term.wording for term in answers.terms if term.field is TermField.APPROACH
        ),
        areas=answers.place.area_codes if answers.place else (),
        seeks=answers.text,
    )


def profile_of_professional(professional: Professional) -> engine.Professional:
    """One professional as the engine sees them."""
    details = _Details()
    details.areas += [area.area_code for area in professional.areas]
    for term in professional.terms:
        if term.side is TermSide.OFFERS:
            details.add_term(term.field, term.code or term.wording)
    return _professional(professional, details)


def profile_of_programme(programme: Programme) -> engine.Programme:
    """One programme as the engine sees it."""
    details = _Details()
    details.areas += [area.area_code for area in programme.areas]
    details.professions += [each.profession for each in programme.sought_professions]
    for term in programme.terms:
        details.add_term(term.field, term.code or term.wording)
    return _programme(programme, programme.organisation.name, details)


def load_programmes(session: Session, ids: Collection[int] | None = None) -> list[engine.Programme]:
    """The published, open programmes, all or those among `ids`, by id; 4 queries for each 1,000."""
    found: list[engine.Programme] = []
    for some in _in_portions(ids):
        chosen = select(Programme.id).where(
            Programme.published_at.is_not(None), Programme.status == ProgrammeStatus.OPEN
        )
        chosen = chosen if some is None else chosen.where(Programme.id.in_(some))
        details: defaultdict[int, _Details] = defaultdict(_Details)
        areas = select(ProgrammeArea.programme_id, ProgrammeArea.area_code).where(
            ProgrammeArea.programme_id.in_(chosen)
        )
        for programme_id, code in session.execute(_in_order(areas)):
            details[programme_id].areas.append(code)
        professions = select(
            ProgrammeProfession.programme_id, ProgrammeProfession.profession
        ).where(ProgrammeProfession.programme_id.in_(chosen))
        for programme_id, profession in session.execute(_in_order(professions)):
            details[programme_id].professions.append(profession)
        terms = select(
            ProgrammeTerm.programme_id,
            ProgrammeTerm.field,
            ProgrammeTerm.code,
            ProgrammeTerm.wording,
        ).where(ProgrammeTerm.programme_id.in_(chosen))
        for programme_id, term_field, code, wording in session.execute(
            terms.order_by(ProgrammeTerm.id)
        ):
            details[programme_id].add_term(term_field, code or wording)
        programmes = (
            select(
                Programme.id,
                Programme.name,
                Programme.description,
                Programme.min_age,
                Programme.max_age,
                Programme.delivery,
                Programme.seeks_text,
                Programme.places_per_month,
                Programme.status,
                Programme.last_checked_at,
                Organisation.name.label("organisation_name"),
            )
            .join(Programme.organisation)
            .where(Programme.id.in_(chosen))
            .order_by(Programme.id)
        )
        found += [
            _programme(row, row.organisation_name, details[row.id])
            for row in session.execute(programmes)
        ]
    return found


def load_professionals(
    session: Session, ids: Collection[int] | None = None
) -> list[engine.Professional]:
    """The professionals who chose to be found, all or those among `ids`, by id."""
    found: list[engine.Professional] = []
    for some in _in_portions(ids):
        chosen = select(Professional.id).where(Professional.is_findable)
        chosen = chosen if some is None else chosen.where(Professional.id.in_(some))
        details: defaultdict[int, _Details] = defaultdict(_Details)
        areas = select(ProfessionalArea.professional_id, ProfessionalArea.area_code).where(
            ProfessionalArea.professional_id.in_(chosen)
        )
        for professional_id, code in session.execute(_in_order(areas)):
            details[professional_id].areas.append(code)
        terms = select(
            ProfessionalTerm.professional_id,
            ProfessionalTerm.field,
            ProfessionalTerm.code,
            ProfessionalTerm.wording,
        ).where(
            ProfessionalTerm.side == TermSide.OFFERS,
            ProfessionalTerm.professional_id.in_(chosen),
        )
        for professional_id, term_field, code, wording in session.execute(
            terms.order_by(ProfessionalTerm.id)
        ):
            details[professional_id].add_term(term_field, code or wording)
        professionals = (
            select(
                Professional.id,
                Professional.profession,
                Professional.offers_text,
                Professional.seeks_text,
                Professional.min_age,
                Professional.max_age,
                Professional.delivery,
            )
            .where(Professional.id.in_(chosen))
            .order_by(Professional.id)
        )
        found += [_professional(row, details[row.id]) for row in session.execute(professionals)]
    return found


@dataclass(slots=True)
class _Details:
    """What hangs on a profile, gathered from other tables."""

    conditions: list[str] = field(default_factory=list)
    approaches: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    professions: list[str] = field(default_factory=list)

    def add_term(self, term_field: TermField, wording: str) -> None:
        terms = self.conditions if term_field is TermField.CONDITION else self.approaches
        terms.append(wording)


def _programme(row: Any, organisation: str, details: _Details) -> engine.Programme:
    checked = row.last_checked_at
    return engine.Programme(
        id=str(row.id),
        organisation=organisation,
        name=row.name,
        text=row.description,
        conditions=tuple(details.conditions),
        approaches=tuple(details.approaches),
        areas=tuple(details.areas),
        people=engine.Ages(row.min_age, row.max_age),
        delivery=engine.Delivery(row.delivery),
        seeks=engine.Wanted(tuple(details.professions), row.seeks_text),
        capacity=row.places_per_month,
        status=engine.Status(row.status),
        last_checked=None if checked is None else london_date(checked),
    )


def _professional(row: Any, details: _Details) -> engine.Professional:
    return engine.Professional(
        id=str(row.id),
        profession=row.profession or "",
        conditions=tuple(details.conditions),
        approaches=tuple(details.approaches),
        areas=tuple(details.areas),
        people=engine.Ages(row.min_age, row.max_age),
        delivery=engine.Delivery(row.delivery),
        text=row.offers_text,
        seeks=row.seeks_text,
    )


def _in_order(statement: Select[*tuple[Any, ...]]) -> Select[Any]:
    """Order by the selected columns, so that the same rows always make the same profile."""
    return statement.order_by(*statement.selected_columns)


def _in_portions(ids: Collection[int] | None) -> Iterable[Sequence[int] | None]:
    if ids is None:
        return (None,)
    ordered = sorted(ids)
    return [ordered[at : at + IDS_AT_ONCE] for at in range(0, len(ordered), IDS_AT_ONCE)]
