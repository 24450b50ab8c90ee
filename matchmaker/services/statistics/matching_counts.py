"""The true counts about matching, of one month: who was shown to whom, and what came of it.

Each time a pair is shown is a row, with its place in the list and the two parts of its score; of a
month there may be a hundred thousand, so that they are fetched as plain rows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from matchmaker import engine
from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    Introduction,
    Organisation,
    Programme,
    ProgrammeMonth,
    ShownSuggestion,
)
from matchmaker.services.public_record import is_public
from matchmaker.services.statistics.headings import (
    ALL,
    BANDS,
    FURTHER_DOWN,
    MANY,
    NOT_GIVEN,
    SIZES_UP_TO,
    VERSIONS,
)
from matchmaker.services.statistics.matching_tables import (
    LABEL,
    OFFERED_BY_RURALITY,
    OFFERED_BY_SIZE,
    OVERFLOW,
    PLACED,
    RURAL,
    SIZE,
    VERSION,
    row_of,
)
from matchmaker.services.statistics.periods import Period, quarter_of
from matchmaker.services.statistics.shapes import Cell
from matchmaker.vocabulary import load_vocabulary

# How long after it was shown a pair is asked for because of that; figures are made after so long.
TIME_TO_ASK = timedelta(days=14)

Pair = tuple[int, int]
Cells = Counter[Cell]

_VERSIONS = frozenset(each.key for each in VERSIONS)


@dataclass(frozen=True, slots=True)
class _Programme:
    """What is looked at of a programme; `places` in a month are None where nobody has said."""

    size: str
    rurality: str
    is_public: bool
    places: int | None


@dataclass(slots=True)
class _Showing:
    """How a pair was shown in a month: from when on, and where it stood highest."""

    first_at: datetime
    rank: int
    version: str
    label: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """When a pair asked, and whether both have said yes."""

    at: datetime
    is_accepted: bool


def count_matching(month: Period) -> Cells:
    """Count a month, and with the last month of a quarter what there was to be shown in it.

    What is 0 is not there.
    """
    programmes = _read_programmes()
    counts: Cells = Counter()
    _count_shown(counts, month, programmes)
    _count_overflow(counts, month, programmes)
    quarter = quarter_of(month.first)
    if quarter.last == month.last:
        _count_offered(counts, quarter, programmes)
    return +counts


def band_of(rank: int) -> str:
    """The row of a place in the list, from 1."""
    return next((band for k, band in BANDS.items() if rank <= k), FURTHER_DOWN)


def _count_shown(counts: Cells, month: Period, programmes: dict[int, _Programme]) -> None:
    asked = _read_asked(month.begins_at, month.ends_at + TIME_TO_ASK)
    for pair, showing in _read_showings(month).items():
        steps = ["shown"]
        introduction = asked.get(pair)
        if introduction is not None and _is_because_of(showing, introduction):
            steps += ["asked", "accepted"] if introduction.is_accepted else ["asked"]
        programme, band = programmes[pair[1]], band_of(showing.rank)
        rows = (
            (PLACED, ALL),
            (PLACED, band),
            (VERSION, row_of(showing.version, band)),
            (LABEL, showing.label),
            (SIZE, programme.size),
            (RURAL, programme.rurality),
        )
        counts.update(Cell(table, row, step) for table, row in rows for step in steps)


def _is_because_of(showing: _Showing, asked: _Asked) -> bool:
    return showing.first_at <= asked.at < showing.first_at + TIME_TO_ASK


def _read_showings(month: Period) -> dict[Pair, _Showing]:
    rows = db.session.execute(
        select(
            ShownSuggestion.professional_id,
            ShownSuggestion.programme_id,
            ShownSuggestion.shown_at,
            ShownSuggestion.rank,
            ShownSuggestion.model_version,
            ShownSuggestion.z_professional,
            ShownSuggestion.z_programme,
        )
        .where(
            ShownSuggestion.shown_at >= month.begins_at, ShownSuggestion.shown_at < month.ends_at
        )
        .order_by(ShownSuggestion.shown_at, ShownSuggestion.id)
    )
    found: dict[Pair, _Showing] = {}
    for professional_id, programme_id, shown_at, rank, version, *z in rows:
        pair = (professional_id, programme_id)
        known = found.get(pair)
        if known is None or rank < known.rank:
            first_at = shown_at if known is None else known.first_at
            of = version if version in _VERSIONS else NOT_GIVEN
            found[pair] = _Showing(first_at, rank, of, _label(version, *z))
    return found


def _label(version: str, z_professional: float, z_programme: float) -> str:
    """What a card of that score is called; of another version nobody knows."""
    if version != engine.MODEL_VERSION:
        return NOT_GIVEN
    return engine.label(engine.Sides(z_professional, z_programme), engine.DEFAULT)


def _read_asked(begins: datetime, ends: datetime) -> dict[Pair, _Asked]:
    """What was asked for in a time; of a pair that asked twice, the first."""
    rows = db.session.execute(
        select(
            Introduction.professional_id,
            Introduction.programme_id,
            Introduction.proposed_at,
            Introduction.professional_answer,
            Introduction.programme_answer,
        )
        .where(Introduction.proposed_at >= begins, Introduction.proposed_at < ends)
        .order_by(Introduction.proposed_at.desc(), Introduction.id.desc())
    )
    return {
        (professional_id, programme_id): _Asked(at, answers == [Answer.YES, Answer.YES])
        for professional_id, programme_id, at, *answers in rows
    }


def _count_overflow(counts: Cells, month: Period, programmes: dict[int, _Programme]) -> None:
    """What was asked for in a month beside the places there were in it."""
    places_then = select(ProgrammeMonth.programme_id, ProgrammeMonth.places).where(
        ProgrammeMonth.month == month.key
    )
    had: dict[int, int] = dict(db.session.execute(places_then).all())
    rows = db.session.execute(
        select(Introduction.programme_id, func.count())
        .where(
            Introduction.proposed_at >= month.begins_at, Introduction.proposed_at < month.ends_at
        )
        .group_by(Introduction.programme_id)
    )
    for programme_id, asked in rows:
        programme = programmes[programme_id]
        places = had.get(programme_id, programme.places)
        if places is None:
            continue
        for row in (ALL, programme.size):
            counts[Cell(OVERFLOW, row, "asked")] += asked
            counts[Cell(OVERFLOW, row, "over")] += max(0, asked - places)


def _count_offered(counts: Cells, quarter: Period, programmes: dict[int, _Programme]) -> None:
    """What there was to be shown in a quarter, and how often it was."""
    shown = _read_times_shown(quarter)
    for programme_id, programme in programmes.items():
        times = shown[programme_id]
        if not (programme.is_public or times):
            continue
        found = {"programmes": 1, "never_shown": 0 if times else 1}
        if programme.places is not None:
            found |= {"places": programme.places * len(quarter.months), "shown": times}
        for table, row in (
            (OFFERED_BY_SIZE, ALL),
            (OFFERED_BY_SIZE, programme.size),
            (OFFERED_BY_RURALITY, programme.rurality),
        ):
            counts.update({Cell(table, row, column): count for column, count in found.items()})


def _read_times_shown(quarter: Period) -> Counter[int]:
    """To how many each programme was shown, month by month, added up."""
    found: Counter[int] = Counter()
    for month in quarter.months:
        pairs = (
            select(ShownSuggestion.professional_id, ShownSuggestion.programme_id)
            .where(
                ShownSuggestion.shown_at >= month.begins_at,
                ShownSuggestion.shown_at < month.ends_at,
            )
            .distinct()
            .subquery()
        )
        times = select(pairs.c.programme_id, func.count()).group_by(pairs.c.programme_id)
        found.update(dict(db.session.execute(times).all()))
    return found


def _read_programmes() -> dict[int, _Programme]:
    """Every programme, also those that nobody sees."""
    rows = db.session.execute(
        select(
            Programme.id,
            Programme.organisation_id,
            Programme.places_per_month,
            Organisation.area_code,
            is_public().label("is_public"),
        ).join(Programme.organisation)
    ).all()
    of_organisation = Counter(each.organisation_id for each in rows)
    return {
        each.id: _Programme(
            _size_of(of_organisation[each.organisation_id]),
            _rurality_of(each.area_code),
            each.is_public,
            each.places_per_month,
        )
        for each in rows
    }


def _size_of(n_programmes: int) -> str:
    return next((size for most, size in SIZES_UP_TO.items() if n_programmes <= most), MANY)


def _rurality_of(area_code: str | None) -> str:
    areas = load_vocabulary().areas
    is_rural = areas.is_rural(area_code) if area_code and area_code in areas else None
    if is_rural is None:
        return NOT_GIVEN
    return "rural" if is_rural else "urban"
