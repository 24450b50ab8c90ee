"""Why two profiles were brought together: the exact terms that made the score, in plain words."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple

from scipy.sparse import csr_array

from matchmaker.engine.features import AnyTable, Table, share_of_ages
from matchmaker.engine.fields import Ground
from matchmaker.engine.model import Model
from matchmaker.engine.parameters import AUDIENCE, PEOPLE, PLACE, PROFESSION, TEXT, Parameters
from matchmaker.engine.profiles import Professional, Programme
from matchmaker.engine.score import Contribution, Inputs, Sides
from matchmaker.engine.sentences import sentence
from matchmaker.engine.statements import Reading

PROFESSIONAL, PROGRAMME = "professional", "programme"
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One term of a side's score.

    ``side`` is the one that seeks. ``relation`` says how the offer relates to the wish: same,
    narrower, broader, related, reach, online, ages, any, word; it is empty where nothing answers.
    ``points`` is the term's share of z.
    """

    side: str
    field: str
    sought: str
    offered: str
    text: str
    points: float
    relation: str = ""


class Term(NamedTuple):
    """Something sought, its share of z, and how to say why; saying it is the slow part."""

    field: str
    column: int
    points: float
    ground: Callable[[], Ground]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The reasons of a pair: the largest few of each side, what they leave, and what is missing.

    For each side, base + the points of its reasons + rest = z. ``inputs`` are all that z is made
    of, field by field, to be kept where a score must be traced later.
    """

    reasons: tuple[Reason, ...]
    rest: Sides[float]
    n_smaller: Sides[int]
    missing: tuple[Reason, ...]
    inputs: Sides[Inputs]


def explain(
    model: Model,
    professional: Table[Professional],
    programme: Table[Programme],
    *,
    z: Sides[float],
    is_online: bool,
    reader: str = PROFESSIONAL,
) -> Explanation:
    """Return why one professional and one programme suit each other, told to the reader.

    Both tables have one row. ``reader`` is the side addressed as "you".
    """
    one_side = partial(_one_side, model, is_online=is_online, reader=reader)
    left = one_side(PROFESSIONAL, (professional, programme), z=z.professional)
    right = one_side(PROGRAMME, (programme, professional), z=z.programme)
    return Explanation(
        reasons=left.reasons + right.reasons,
        rest=Sides(left.rest, right.rest),
        n_smaller=Sides(left.n_smaller, right.n_smaller),
        missing=left.missing + right.missing,
        inputs=Sides(left.inputs, right.inputs),
    )


def reasons_of_professional(
    model: Model,
    professional: Table[Professional],
    programme: Table[Programme],
    *,
    z: float,
    is_online: bool,
) -> tuple[Reason, ...]:
    """Return only why the professional may want the programme, told to them, as `explain` would."""
    pair = (professional, programme)
    return _one_side(
        model, PROFESSIONAL, pair, z=z, is_online=is_online, reader=PROFESSIONAL
    ).reasons


def cautions(programme: Reading[Programme], model: Model, today: date | None) -> tuple[str, ...]:
    """Return what to keep in mind about a programme; nothing about its age without ``today``."""
    audiences = (f"may be mainly for {name}" for name in _audiences(programme, model))
    return (*audiences, *_staleness(programme.profile, today, model.parameters))


def _audiences(programme: Reading[Programme], model: Model) -> Iterator[str]:
    """Yield the groups of people a programme is about, if it names one of a kind and no other."""
    thesaurus = model.vocabulary.audiences
    named = programme.offers.offered(AUDIENCE, model.parameters)
    kinds = Counter(kind for code in named for kind in thesaurus.ancestors(code))
    for code, confidence in named.items():
        is_alone = all(kinds[kind] == 1 for kind in thesaurus.ancestors(code))
        if is_alone and confidence >= model.parameters.confidence_in_focus:
            yield thesaurus[code].label


def _staleness(programme: Programme, today: date | None, parameters: Parameters) -> tuple[str, ...]:
    if today is None or programme.last_checked is None:
        return ()
    checked = programme.last_checked
    months = 12 * (today.year - checked.year) + today.month - checked.month
    if today.day < checked.day:
        months -= 1
    if months < parameters.stale_after_months:
        return ()
    return (f"last checked over {parameters.stale_after_months} months ago",)


class _Side(NamedTuple):
    reasons: tuple[Reason, ...]
    rest: float
    n_smaller: int
    missing: tuple[Reason, ...]
    inputs: Inputs


def _one_side(
    model: Model,
    side: str,
    pair: tuple[AnyTable, AnyTable],
    *,
    z: float,
    is_online: bool,
    reader: str,
) -> _Side:
    terms = list(_terms(model, *pair, is_online=is_online))
    met = sorted((term for term in terms if term.points > 0), key=_by_points)
    shown = met[:MOST_REASONS]
    return _Side(
        reasons=tuple(_reason(side, term, reader) for term in shown),
        rest=z - model.parameters.base - sum(term.points for term in shown),
        n_smaller=len(met) - len(shown),
        missing=tuple(_reason(side, term, reader) for term in _missing(terms)),
        inputs=_inputs(terms, pair[0]),
    )


def _inputs(terms: Sequence[Term], seeker: AnyTable) -> Inputs:
    """Return what each field adds; a field's weight is that of this seeker."""
    weights = {field: float(values[0]) for field, values in seeker.features.weights.items()}
    points = {
        field: math.fsum(term.points for term in terms if term.field == field) for field in weights
    }
    return {
        field: Contribution(weight, points[field] / weight)
        for field, weight in weights.items()
        if weight
    }


def _by_points(term: Term) -> tuple[float, str, int]:
    return -term.points, term.field, term.column


def _missing(terms: Sequence[Term]) -> Iterator[Term]:
    """Yield what is sought and not found; one of several professions is enough, and told once."""
    is_profession_settled = any(term.points for term in terms if term.field == PROFESSION)
    for term in terms:
        if term.points or term.field == TEXT:
            continue
        if term.field == PROFESSION:
            if is_profession_settled:
                continue
            is_profession_settled = True
        yield term


def _terms(model: Model, seeker: AnyTable, offerer: AnyTable, *, is_online: bool) -> Iterator[Term]:
    """Yield everything that is sought with its points, 0 where it is not met."""
    seeks, offers = seeker.readings[0].seeks, offerer.readings[0].offers
    answers = offerer.features.offering.toarray()[0]
    for column, weight in _entries(seeker.features.seeking):
        field, local = model.locate(column)
        ground = partial(field.ground, local, seeks, offers)
        yield Term(field.name, local, float(weight * answers[column]), ground)
    yield from _place_terms(model, seeker, offerer, is_online=is_online)
    if weight := float(seeker.features.weights[PEOPLE][0]):
        share = share_of_ages(seeker.features.facts, offerer.features.facts)
        ages = Ground(str(seeks.people), str(offers.people), "ages")
        yield Term(PEOPLE, 0, weight * float(share[0]), lambda: ages)


def _place_terms(
    model: Model, seeker: AnyTable, offerer: AnyTable, *, is_online: bool
) -> Iterator[Term]:
    seeks, offers = seeker.readings[0].seeks, offerer.readings[0].offers
    if is_online:
        if weight := float(seeker.features.weights[PLACE][0]):
            sought = ", ".join(map(model.vocabulary.areas.label, seeks.areas))
            online = Ground(sought, "online", "online")
            yield Term(PLACE, 0, weight * model.parameters.online, lambda: online)
        return
    answers = offerer.features.place_offering.toarray()[0]
    for column, weight in _entries(seeker.features.place_seeking):
        ground = partial(model.place.ground, column, seeks, offers)
        yield Term(PLACE, column, float(weight * answers[column]), ground)


def _entries(row: csr_array) -> Iterator[tuple[int, float]]:
    """Yield the columns of a single row with their values."""
    return zip(row.indices.tolist(), row.data.tolist(), strict=True)


def _reason(side: str, term: Term, reader: str) -> Reason:
    ground = term.ground()
    return Reason(
        side=side,
        field=term.field,
        sought=ground.sought,
        offered=ground.offered,
        text=sentence(term.field, ground, is_reader=side == reader),
        points=term.points,
        relation=ground.relation,
    )
