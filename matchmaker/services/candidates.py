"""Whom a lead might bring together: those in the lead's areas, and of them whom nobody noticed.

A professional is in no list who did not choose to be found. Lists come a page at a time, with the
same few queries however many there are.
"""

from __future__ import annotations

import enum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    IntroductionState,
    Organisation,
    Professional,
    ProfessionalArea,
    Programme,
    ProgrammeArea,
    ProgrammeStatus,
    Proposer,
    ShownSuggestion,
    Side,
)
from matchmaker.services.administration.pages import Page, fetch_page
from matchmaker.services.policy import Actor
from matchmaker.services.public_record import is_public
from matchmaker.vocabulary import load_vocabulary

# A programme that serves an area around the lead's, such as the board around a council, is one of
# theirs; one for a whole region or nation is everybody's.
OWN_FROM = 0.9
# How a request ends that nobody answered.
UNANSWERED_STATES = (IntroductionState.EXPIRED, IntroductionState.SUPERSEDED)


class Which(enum.StrEnum):
    """A part of the list: everybody, or those whom nobody noticed."""

    EVERYBODY = "everybody"
    NEVER_SUGGESTED = "never-suggested"
    NEVER_ANSWERED = "never-answered"


def list_professionals(
    actor: Actor, which: Which, number: int, *, profession: str = ""
) -> Page[Professional]:
    """Professionals of the lead's areas who chose to be found and are available, oldest first.

    Never suggested: they and a programme were never shown to each other. Never answered: they asked
    for an introduction, it ran out, and no programme ever answered or asked them.
    """
    query = select(Professional).where(
        Professional.is_findable,
        Professional.is_available,
        Professional.id.in_(_ids_in_scope(actor)),
        *_conditions(which, Side.PROFESSIONAL),
    )
    if profession:
        query = query.where(Professional.profession == profession)
    return fetch_page(
        query.options(selectinload(Professional.areas), selectinload(Professional.terms)).order_by(
            Professional.created_at, Professional.id
        ),
        number,
    )


def list_ids_elsewhere(actor: Actor) -> list[int]:
    """The professionals who chose to be found and work in none of the lead's areas."""
    elsewhere = Professional.id.not_in(_ids_in_scope(actor))
    return list(
        db.session.scalars(select(Professional.id).where(Professional.is_findable, elsewhere))
    )


def list_programmes(actor: Actor, which: Which, words: str, number: int) -> Page[Programme]:
    """Open programmes whose name, or whose organisation's name, holds `words`, by name.

    Everybody's are found, wherever they are; of those whom nobody noticed, only the ones that serve
    the lead's areas. `which` is meant as for professionals.
    """
    query = _open_programmes(words)
    if which is not Which.EVERYBODY:
        in_scope = select(ProgrammeArea.programme_id).where(
            ProgrammeArea.area_code.in_(_codes_serving(actor.lead_area_codes))
        )
        query = query.where(Programme.id.in_(in_scope), *_conditions(which, Side.PROGRAMME))
    return fetch_page(
        query.options(joinedload(Programme.organisation), selectinload(Programme.areas)).order_by(
            Programme.name, Programme.id
        ),
        number,
    )


def _ids_in_scope(actor: Actor) -> Select[Any]:
    codes = _codes_inside(actor.lead_area_codes)
    return select(ProfessionalArea.professional_id).where(ProfessionalArea.area_code.in_(codes))


def _open_programmes(words: str) -> Select[Programme]:
    query = (
        select(Programme)
        .join(Programme.organisation)
        .where(is_public(), Programme.status == ProgrammeStatus.OPEN)
    )
    if words:
        query = query.where(
            Programme.name.icontains(words, autoescape=True)
            | Organisation.name.icontains(words, autoescape=True)
        )
    return query


def _conditions(which: Which, side: Side) -> tuple[ColumnElement[bool], ...]:
    """What holds for those of `side` who are meant, in terms of `Professional` or `Programme`."""
    if which is Which.EVERYBODY:
        return ()
    if side is Side.PROFESSIONAL:
        introduced = Introduction.professional_id == Professional.id
        shown = ShownSuggestion.professional_id == Professional.id
        is_answered = Introduction.programme_answered_at.is_not(None)
    else:
        introduced = Introduction.programme_id == Programme.id
        shown = ShownSuggestion.programme_id == Programme.id
        is_answered = Introduction.professional_answered_at.is_not(None)
    if which is Which.NEVER_SUGGESTED:
        return (~exists().where(shown), ~exists().where(introduced))
    ran_out = Introduction.proposed_by == Proposer(side), Introduction.state.in_(UNANSWERED_STATES)
    return (exists().where(introduced, *ran_out), ~exists().where(introduced, is_answered))


@lru_cache(maxsize=256)
def _codes_inside(area_codes: frozenset[str]) -> frozenset[str]:
    """Every code of an area inside one of these, superseded ones included, as `policy` has it."""
    areas = load_vocabulary().areas
    return frozenset(code for code in areas if area_codes & ({code} | areas.within(code)))


@lru_cache(maxsize=256)
def _codes_serving(area_codes: frozenset[str]) -> frozenset[str]:
    """Every code of an area that a programme of these areas may name."""
    areas = load_vocabulary().areas
    return frozenset(
        code
        for code in areas
        if any(areas.reach(sought, code) >= OWN_FROM for sought in area_codes)
    )
