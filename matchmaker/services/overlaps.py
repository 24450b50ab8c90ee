"""Where several organisations offer the same in one area, and which ways of working nobody offers.

Programmes are public, so that everything here is exact, and as it is this moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import Programme, ProgrammeArea, ProgrammeStatus, ProgrammeTerm, TermField
from matchmaker.services.activity.words import name_of
from matchmaker.services.charts import Cell, Chart, Row
from matchmaker.services.places import SERVED_FROM
from matchmaker.services.public_record import is_public
from matchmaker.services.statistics.scope import StatisticalArea
from matchmaker.services.statistics.supply import NEAR_FROM
from matchmaker.vocabulary import Term, load_vocabulary

# How many ids one statement asks for: both databases limit the parameters of a statement.
IDS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Overlap:
    """Programmes of several organisations that all offer the same, by name.

    Attributes:
        conditions: What all of them are about.
        approaches: How all of them work.
        n_organisations: How many organisations run them; two at least.
        programme_ids: Which ones.
    """

    conditions: tuple[str, ...]
    approaches: tuple[str, ...]
    n_organisations: int
    programme_ids: tuple[int, ...]


def is_local(area: StatisticalArea) -> bool:
    """Whether an area is small enough for its programmes to be near one another."""
    return area.parent_code is not None and not area.is_nation


def find_overlaps(area: StatisticalArea) -> list[Overlap]:
    """Where open programmes near one another offer the same, most organisations first.

    Two offer the same where they share a condition and a way of working. Only programmes of the
    area itself count, and not those of its whole nation. What the same programmes have in common is
    told once.
    """
    near = _codes_from(area.code, NEAR_FROM)
    rows = db.session.execute(_open_programmes(near, Programme.id, Programme.organisation_id))
    organisations: dict[int, int] = {row.id: row.organisation_id for row in rows}
    conditions = _terms(TermField.CONDITION, _open_programmes(near, Programme.id))
    approaches = _terms(TermField.APPROACH, _open_programmes(near, Programme.id))
    offering: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for programme_id in sorted(organisations):
        for condition in conditions.get(programme_id, ()):
            for approach in approaches.get(programme_id, ()):
                offering[condition, approach].append(programme_id)
    shared: defaultdict[tuple[int, ...], list[tuple[str, str]]] = defaultdict(list)
    for pair, programmes in offering.items():
        if len({organisations[each] for each in programmes}) > 1:
            shared[tuple(programmes)].append(pair)
    found = [
        Overlap(
            conditions=_labels(TermField.CONDITION, {condition for condition, _approach in pairs}),
            approaches=_labels(TermField.APPROACH, {approach for _condition, approach in pairs}),
            n_organisations=len({organisations[each] for each in programmes}),
            programme_ids=programmes,
        )
        for programmes, pairs in shared.items()
    ]
    found.sort(key=lambda each: (-each.n_organisations, each.conditions, each.approaches))
    return found


def programmes_of(
    overlaps: Collection[Overlap], *, most: int | None = None
) -> Mapping[int, Programme]:
    """The programmes behind some overlaps, or the first of each, with their organisations."""
    ids = sorted({each for overlap in overlaps for each in overlap.programme_ids[:most]})
    found: dict[int, Programme] = {}
    for at in range(0, len(ids), IDS_AT_ONCE):
        rows = db.session.scalars(
            select(Programme)
            .where(Programme.id.in_(ids[at : at + IDS_AT_ONCE]))
            .options(joinedload(Programme.organisation))
        )
        found |= {row.id: row for row in rows}
    return found


def sentence_of(overlaps: Collection[Overlap], area: StatisticalArea) -> str:
    """How much is offered by several, and where the most organisations meet."""
    if not overlaps:
        return _(
            "No two organisations in %(area)s offer the same condition in the same way.",
            area=name_of(area),
        )
    most = next(iter(overlaps))
    return ngettext(
        "One condition and way of working is offered by several organisations in %(area)s."
        " %(most)d organisations offer “%(what)s”.",
        "%(num)d combinations of a condition and a way of working are offered by several"
        " organisations in %(area)s. Offered by the most of them, %(most)d, is “%(what)s”.",
        len(overlaps),
        area=name_of(area),
        most=most.n_organisations,
        what=_("%(approach)s for %(condition)s")
        % {"approach": most.approaches[0], "condition": most.conditions[0]},
    )


def chart_of(
    overlaps: Collection[Overlap], programmes: Mapping[int, Programme], area: StatisticalArea
) -> Chart:
    """Overlaps as a table, with the programmes behind each."""
    return Chart(
        "overlaps",
        _("What several organisations offer"),
        sentence_of(overlaps, area),
        (_("Conditions"), _("Ways of working"), _("Organisations"), _("Programmes")),
        tuple(
            Row(
                ", ".join(each.conditions),
                (
                    Cell(", ".join(each.approaches)),
                    Cell(str(each.n_organisations)),
                    Cell("; ".join(programmes[one].name for one in each.programme_ids)),
                ),
            )
            for each in overlaps
        ),
    )


def chart_of_missing(missing: Collection[Term]) -> Chart:
    """Ways of working that nobody offers, as a table."""
    return Chart(
        "approaches",
        _("Ways of working that no open programme offers"),
        "",
        (_("Way of working"), _("What it is")),
        tuple(Row(term.heading, (Cell(term.definition),)) for term in missing),
    )


def list_missing_approaches(area: StatisticalArea) -> list[Term]:
    """The ways of working that no open programme offers that serves an area, by name.

    A wider term is offered by whoever offers a narrower one.
    """
    thesaurus = load_vocabulary().approaches
    offering = _open_programmes(_codes_from(area.code, SERVED_FROM), Programme.id)
    rows = db.session.scalars(
        select(ProgrammeTerm.code)
        .where(ProgrammeTerm.field == TermField.APPROACH, ProgrammeTerm.programme_id.in_(offering))
        .distinct()
    )
    named = {code for code in rows if code in thesaurus}
    offered = named.union(*(thesaurus.ancestors(code) for code in named))
    missing = (thesaurus[code] for code in thesaurus if code not in offered)
    return sorted(missing, key=lambda term: term.label.casefold())


def _open_programmes(area_codes: Collection[str], *columns: Any) -> Select[Any]:
    """Select columns of the open programmes that name one of some areas."""
    named = select(ProgrammeArea.programme_id).where(ProgrammeArea.area_code.in_(area_codes))
    return (
        select(*columns)
        .join(Programme.organisation)
        .where(is_public(), Programme.status == ProgrammeStatus.OPEN, Programme.id.in_(named))
    )


def _terms(field: TermField, programmes: Select[Any]) -> dict[int, set[str]]:
    """The terms of each of some programmes that the vocabulary knows."""
    thesaurus = load_vocabulary().thesaurus(field)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for programme_id, code in db.session.execute(
        select(ProgrammeTerm.programme_id, ProgrammeTerm.code).where(
            ProgrammeTerm.field == field, ProgrammeTerm.programme_id.in_(programmes)
        )
    ):
        if code in thesaurus:
            found[programme_id].add(code)
    return found


def _labels(field: TermField, codes: Collection[str]) -> tuple[str, ...]:
    thesaurus = load_vocabulary().thesaurus(field)
    return tuple(sorted(thesaurus[code].label for code in codes))


@lru_cache(maxsize=256)
def _codes_from(area_code: str, reach: float) -> frozenset[str]:
    """Every code that a programme may name which serves an area at least so well."""
    areas = load_vocabulary().areas
    return frozenset(code for code in areas if areas.reach(area_code, code) >= reach)
