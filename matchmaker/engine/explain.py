"""Why two profiles were brought together: the exact terms that made the score, in plain words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from matchmaker.engine.fields import Ground, share_of_ages
from matchmaker.engine.model import Model
from matchmaker.engine.parameters import PEOPLE, PLACE, PROFESSION, TEXT, Parameters
from matchmaker.engine.profiles import Professional, Programme
from matchmaker.engine.score import Sides
from matchmaker.engine.sentences import sentence
from matchmaker.engine.table import AnyTable, Table

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


@dataclass(frozen=True, slots=True)
class Explanation:
    """The reasons of a pair: the largest few of each side, what they leave, and what is missing.

    For each side, base + the points of its reasons + rest = z.
    """

    reasons: tuple[Reason, ...]
    rest: Sides[float]
    n_smaller: Sides[int]
    missing: tuple[Reason, ...]


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
    pairs: dict[str, tuple[AnyTable, AnyTable]] = {
        PROFESSIONAL: (professional, programme),
        PROGRAMME: (programme, professional),
    }
    reasons: list[Reason] = []
    missing: list[Reason] = []
    rest: dict[str, float] = {}
    smaller: dict[str, int] = {}
    for side, (seeker, offerer) in pairs.items():
        terms = [
            _reason(side, field, ground, points, is_reader=side == reader)
            for field, ground, points in _terms(model, seeker, offerer, is_online=is_online)
        ]
        met = sorted(
            (term for term in terms if term.points > 0),
            key=lambda term: (-term.points, term.field, term.sought),
        )
        shown = met[:MOST_REASONS]
        reasons += shown
        missing += _missing(terms)
        rest[side] = (
            getattr(z, side) - model.parameters.base - sum(map(attrgetter("points"), shown))
        )
        smaller[side] = len(met) - len(shown)
    return Explanation(
        reasons=tuple(reasons),
        rest=Sides(rest[PROFESSIONAL], rest[PROGRAMME]),
        n_smaller=Sides(smaller[PROFESSIONAL], smaller[PROGRAMME]),
        missing=tuple(missing),
    )


def cautions(programme: Programme, today: date | None, parameters: Parameters) -> tuple[str, ...]:
    """Return what to keep in mind about a programme; nothing about its age without ``today``."""
    if today is None or programme.last_checked is None:
        return ()
    checked = programme.last_checked
    months = 12 * (today.year - checked.year) + today.month - checked.month
    if today.day < checked.day:
        months -= 1
    if months < parameters.stale_after_months:
        return ()
    return (f"last checked over {parameters.stale_after_months} months ago",)


def _missing(terms: Sequence[Reason]) -> Iterator[Reason]:
    """Yield what is sought and not found; any one of several professions is enough."""
    has_profession = any(term.points for term in terms if term.field == PROFESSION)
    told: set[str] = set()
    for term in terms:
        is_met = term.points or (term.field == PROFESSION and has_profession)
        if not is_met and term.text not in told:
            told.add(term.text)
            yield term


def _terms(
    model: Model, seeker: AnyTable, offerer: AnyTable, *, is_online: bool
) -> Iterator[tuple[str, Ground, float]]:
    """Yield every sought term with its field, its ground and its points, 0 where it is not met."""
    seeks, offers = seeker.seeks[0], offerer.offers[0]
    answers = offerer.offering.toarray()[0]
    for column, weight in zip(seeker.seeking.indices, seeker.seeking.data, strict=True):
        points = float(weight * answers[column])
        field, local = model.locate(int(column))
        if points or field.name != TEXT:
            yield field.name, field.ground(local, seeks, offers), points
    yield from _place_terms(model, seeker, offerer, is_online=is_online)
    if weight := float(seeker.weights[PEOPLE][0]):
        share = share_of_ages(
            seeker.facts.youngest, seeker.facts.oldest, offerer.facts.youngest, offerer.facts.oldest
        )
        ground = Ground(str(seeks.people), str(offers.people), "ages")
        yield PEOPLE, ground, weight * float(share[0])


def _place_terms(
    model: Model, seeker: AnyTable, offerer: AnyTable, *, is_online: bool
) -> Iterator[tuple[str, Ground, float]]:
    seeks, offers = seeker.seeks[0], offerer.offers[0]
    if is_online:
        if weight := float(seeker.weights[PLACE][0]):
            sought = ", ".join(map(model.vocabulary.areas.label, seeks.areas))
            yield PLACE, Ground(sought, "online", "online"), weight * model.parameters.online
        return
    answers = offerer.place_offering.toarray()[0]
    for column, weight in zip(seeker.place_seeking.indices, seeker.place_seeking.data, strict=True):
        ground = model.place.ground(int(column), seeks, offers)
        yield PLACE, ground, float(weight * answers[column])


def _reason(side: str, field: str, ground: Ground, points: float, *, is_reader: bool) -> Reason:
    return Reason(
        side=side,
        field=field,
        sought=ground.sought,
        offered=ground.offered,
        text=sentence(field, ground, is_reader=is_reader),
        points=points,
        relation=ground.relation,
    )
