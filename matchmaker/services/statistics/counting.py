"""The true counts of one month, from the rows as they stand.

A few queries fetch what happened in the month; it is then counted in one go, so that all tables
agree with one another whatever is written meanwhile. Counts are by health area, or what is left of
a wider one (see `scope`); those about matching are for the United Kingdom as a whole. Nothing here
is for anybody's eyes; see `releases`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from matchmaker.extensions import db
from matchmaker.models import (
    CheckIn,
    Introduction,
    Professional,
    ProfessionalArea,
    ProfessionalTerm,
    Programme,
    ProgrammeTerm,
    ShownSuggestion,
    TermField,
    User,
)
from matchmaker.services.statistics.headings import ALL, NOT_GIVEN
from matchmaker.services.statistics.lives import Life
from matchmaker.services.statistics.matching_counts import count_matching
from matchmaker.services.statistics.periods import Period, quarter_of
from matchmaker.services.statistics.scope import REST, UNITED_KINGDOM, area_of
from matchmaker.services.statistics.shapes import Cell
from matchmaker.vocabulary import TermGroups, load_vocabulary

_NOWHERE = UNITED_KINGDOM + REST


class Place(NamedTuple):
    """A cell in an area."""

    area_code: str
    cell: Cell


Counts = Counter[Place]


@dataclass(frozen=True, slots=True)
class _Programme:
    """What figures look at of a programme."""

    delivery: str
    condition_groups: tuple[str, ...]
    approach_groups: tuple[str, ...]


def count_month(month: Period) -> Counts:
    """Count a month; what is 0 is not there."""
    professionals = _Professionals()
    counts: Counts = Counter()
    _count_suggestions(counts, month, professionals)
    _count_introductions(counts, month, professionals)
    _count_check_ins(counts, month, professionals)
    for cell, count in count_matching(month).items():
        counts[Place(UNITED_KINGDOM, cell)] += count
    if quarter_of(month.first).last == month.last:
        _count_demand(counts, month, professionals)
    return counts


class _Professionals:
    """Of every professional: the area of statistics, and the profession."""

    def __init__(self) -> None:
        area_codes: defaultdict[int, list[str]] = defaultdict(list)
        areas = select(ProfessionalArea.professional_id, ProfessionalArea.area_code)
        for professional_id, area_code in db.session.execute(areas):
            area_codes[professional_id].append(area_code)
        self._areas = {number: area_of(codes) for number, codes in area_codes.items()}
        professions = select(Professional.id, Professional.profession)
        known = load_vocabulary().professions
        self._professions = {
            number: profession if profession in known else NOT_GIVEN
            for number, profession in db.session.execute(professions)
        }

    def area(self, professional_id: int) -> str:
        return self._areas.get(professional_id, _NOWHERE)

    def profession(self, professional_id: int) -> str:
        return self._professions.get(professional_id) or NOT_GIVEN


def _in(month: Period, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return and_(column >= month.begins_at, column < month.ends_at)


def _count_suggestions(counts: Counts, month: Period, professionals: _Professionals) -> None:
    """Two who were shown to each other count once a month, however often and to whom."""
    pairs = (
        select(ShownSuggestion.professional_id, ShownSuggestion.programme_id)
        .where(_in(month, ShownSuggestion.shown_at))
        .distinct()
        .subquery()
    )
    of_each = select(pairs.c.professional_id, func.count()).group_by(pairs.c.professional_id)
    for professional_id, count in db.session.execute(of_each):
        place = Place(professionals.area(professional_id), Cell("funnel", ALL, "suggested"))
        counts[place] += count


def _count_introductions(counts: Counts, month: Period, professionals: _Professionals) -> None:
    happened = or_(
        _in(month, Introduction.proposed_at),
        _in(month, Introduction.professional_answered_at),
        _in(month, Introduction.programme_answered_at),
        _in(month, Introduction.began_at),
        _in(month, Introduction.closed_at),
    )
    programmes = _read_programmes(happened)
    rows = db.session.execute(
        select(
            Introduction.professional_id,
            Introduction.programme_id,
            Introduction.proposed_by,
            Introduction.state,
            Introduction.professional_answer,
            Introduction.programme_answer,
            Introduction.professional_answered_at,
            Introduction.programme_answered_at,
            Introduction.proposed_at,
            Introduction.began_at,
            Introduction.closed_at,
            Introduction.decline_reason,
            Introduction.end_reason,
            Introduction.outcome,
        ).where(happened)
    )
    begins, ends = month.begins_at, month.ends_at
    for row in rows:
        life = Life(row)
        area = professionals.area(row.professional_id)
        for cell in life.list_cells(begins, ends):
            counts[Place(area, cell)] += 1
        dimensions = _list_dimensions(
            professionals.profession(row.professional_id), programmes[row.programme_id]
        )
        for step in life.list_steps(begins, ends):
            for table, key in dimensions:
                counts[Place(area, Cell(table, key, step))] += 1
        if life.is_unmet and begins <= row.proposed_at < ends:
            for key in (ALL, *programmes[row.programme_id].condition_groups):
                counts[Place(area, Cell("unmet", key, "introductions"))] += 1


def _list_dimensions(profession: str, programme: _Programme) -> list[tuple[str, str]]:
    """The tables by what somebody or something is, and the rows of these."""
    return [
        ("profession", profession),
        ("delivery", programme.delivery),
        *(("condition_group", key) for key in programme.condition_groups),
        *(("approach_group", key) for key in programme.approach_groups),
    ]


def _read_programmes(happened: ColumnElement[bool]) -> Mapping[int, _Programme]:
    """The programmes of these introductions."""
    of_these = select(Introduction.programme_id).where(happened)
    codes: defaultdict[tuple[int, TermField], list[str]] = defaultdict(list)
    terms = select(ProgrammeTerm.programme_id, ProgrammeTerm.field, ProgrammeTerm.code).where(
        ProgrammeTerm.programme_id.in_(of_these)
    )
    for number, term_field, code in db.session.execute(terms):
        codes[number, term_field].append(code)
    vocabulary = load_vocabulary()
    programmes = select(Programme.id, Programme.delivery).where(Programme.id.in_(of_these))
    return {
        number: _Programme(
            delivery.value,
            _groups_of(codes[number, TermField.CONDITION], vocabulary.condition_groups),
            _groups_of(codes[number, TermField.APPROACH], vocabulary.approach_groups),
        )
        for number, delivery in db.session.execute(programmes)
    }


def _groups_of(codes: Iterable[str], groups: TermGroups) -> tuple[str, ...]:
    """The groups that some terms belong to, each once."""
    found = dict.fromkeys(group for code in codes for group in groups.groups_of(code))
    return tuple(found) or (NOT_GIVEN,)


def _count_check_ins(counts: Counts, month: Period, professionals: _Professionals) -> None:
    rows = db.session.execute(
        select(
            Introduction.professional_id,
            CheckIn.months,
            CheckIn.asked_at,
            CheckIn.answered_at,
            CheckIn.going,
            CheckIn.came_of_it,
            CheckIn.would_help,
        )
        .join(CheckIn.introduction)
        .where(or_(_in(month, CheckIn.asked_at), _in(month, CheckIn.answered_at)))
    )
    begins, ends = month.begins_at, month.ends_at
    for row in rows:
        cells = []
        rows_of = (ALL, f"{row.months}_months")
        if begins <= row.asked_at < ends:
            cells += [Cell("check_in", each, "asked") for each in rows_of]
        if row.answered_at is not None and begins <= row.answered_at < ends:
            cells += [Cell("check_in", each, "answered") for each in rows_of]
            cells += [
                Cell("going", row.going.value, "answered"),
                Cell("came_of_it", row.came_of_it.value, "answered"),
                Cell("would_help", row.would_help.value, "answered"),
            ]
        for cell in cells:
            counts[Place(professionals.area(row.professional_id), cell)] += 1


def _count_demand(counts: Counts, month: Period, professionals: _Professionals) -> None:
    """Who was there at the end of the month, as their profiles stand now."""
    is_there = and_(Professional.created_at < month.ends_at, User.erased_at.is_(None))
    codes: dict[int, list[str]] = {
        number: []
        for number in db.session.scalars(
            select(Professional.id).join(Professional.user).where(is_there)
        )
    }
    terms = select(ProfessionalTerm.professional_id, ProfessionalTerm.code).where(
        ProfessionalTerm.field == TermField.CONDITION
    )
    for number, code in db.session.execute(terms):
        if number in codes:
            codes[number].append(code)
    groups = load_vocabulary().condition_groups
    for number, named in codes.items():
        for key in (ALL, *_groups_of(named, groups)):
            place = Place(professionals.area(number), Cell("demand", key, "professionals"))
            counts[place] += 1
