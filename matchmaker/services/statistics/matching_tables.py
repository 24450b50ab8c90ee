"""The tables about matching: who is shown to whom, what comes of it, and who is never seen.

What is counted is a pair in a month: a professional and a programme who were shown to each other,
however often. They are for the whole of the United Kingdom, which one model serves.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from flask_babel import lazy_gettext as _l

from matchmaker.services.statistics.headings import (
    ALL,
    EVERYTHING,
    LABELS,
    PLACES,
    RURALITY,
    SHOWN,
    SIZES,
    VERSIONS,
)
from matchmaker.services.statistics.shapes import Cell, Heading, Sum, Table, Words

PLACED, VERSION, LABEL = "match_place", "match_version", "match_label"
SIZE, RURAL = "match_size", "match_rurality"
OFFERED_BY_SIZE, OFFERED_BY_RURALITY = "offered_size", "offered_rurality"
OVERFLOW = "match_overflow"

# What the rows by size and by place say of organisations.
RUNNING, IN = _l("Organisations that run"), _l("Organisations in")
_OFFERED = (
    Heading("programmes", _l("Programmes")),
    Heading("never_shown", _l("Never shown to anybody in the quarter")),
    Heading("places", _l("Places in the quarter, where programmes say so")),
    Heading("shown", _l("Shown, of programmes that say how many places they have")),
)
_OVERFLOW = (
    Heading("asked", _l("Asked for, of programmes that say how many they can take")),
    Heading("over", _l("More than they had places for in the month")),
)


def row_of(version: str, place: str) -> str:
    """The row of a version of the model and a place in the list."""
    return f"{version}_{place}"


def list_matching_tables() -> tuple[Table, ...]:
    """Every table about matching, in the order in which they are read."""
    return (
        _placed(),
        _by_version(),
        _part(
            LABEL,
            _l("What we called it, and what came of it"),
            _l("What they were called"),
            LABELS,
        ),
        _part(SIZE, _l("By size of the organisation"), RUNNING, SIZES),
        _part(RURAL, _l("By where the organisation is"), IN, RURALITY),
        _offered_by_size(),
        _offered_by_rurality(),
        _overflow(),
    )


_ABOUT = _l(
    "A professional and a programme who were shown to each other count once a month. They count as"
    " asked for where one of the two asked within 14 days, and as accepted where both had said yes"
    " when this was counted."
)


def _placed() -> Table:
    return Table(
        PLACED,
        _l("By place in the list"),
        _ABOUT,
        (*EVERYTHING, *PLACES),
        SHOWN,
        row_heading=_l("The best place in which they were"),
        sums=(
            *_all_of_column(PLACED, PLACES, SHOWN),
            Sum(Cell("funnel", ALL, "suggested"), (Cell(PLACED, ALL, "shown"),)),
        ),
        at_most=tuple(_never_more(PLACED, PLACES, SHOWN)),
        is_national=True,
    )


def _by_version() -> Table:
    rows = tuple(
        Heading(
            row_of(version.key, place.key),
            _l("%(version)s: %(place)s", version=version.label, place=place.label),
        )
        for version in VERSIONS
        for place in PLACES
    )
    return Table(
        VERSION,
        _l("By version of the matching"),
        _ABOUT,
        rows,
        SHOWN,
        row_heading=_l("Version, and place in the list"),
        sums=tuple(
            Sum(
                Cell(PLACED, place.key, column.key),
                tuple(
                    Cell(VERSION, row_of(version.key, place.key), column.key)
                    for version in VERSIONS
                ),
            )
            for place in PLACES
            for column in SHOWN
        ),
        at_most=tuple(_never_more(VERSION, rows, SHOWN)),
        is_national=True,
    )


def _part(key: str, title: Words, row_heading: Words, rows: tuple[Heading, ...]) -> Table:
    """Rows that part what was shown: each pair is in one of them."""
    return Table(
        key,
        title,
        _ABOUT,
        rows,
        SHOWN,
        row_heading=row_heading,
        sums=tuple(
            Sum(Cell(PLACED, ALL, each.key), _column(key, rows, each.key)) for each in SHOWN
        ),
        at_most=tuple(_never_more(key, rows, SHOWN)),
        is_national=True,
    )


_ABOUT_OFFERED = _l(
    "Programmes that were public at the end of the quarter or were shown in it, and how many"
    " introductions they say they can take in three months."
)


def _offered_by_size() -> Table:
    return Table(
        OFFERED_BY_SIZE,
        _l("Programmes by size of the organisation"),
        _ABOUT_OFFERED,
        (*EVERYTHING, *SIZES),
        _OFFERED,
        row_heading=RUNNING,
        sums=_all_of_column(OFFERED_BY_SIZE, SIZES, _OFFERED),
        at_most=tuple(_never_more_than_offered(OFFERED_BY_SIZE, SIZE, SIZES)),
        is_stock=True,
        is_national=True,
    )


def _offered_by_rurality() -> Table:
    return Table(
        OFFERED_BY_RURALITY,
        _l("Programmes by where the organisation is"),
        _ABOUT_OFFERED,
        RURALITY,
        _OFFERED,
        row_heading=IN,
        sums=tuple(
            Sum(
                Cell(OFFERED_BY_SIZE, ALL, each.key),
                _column(OFFERED_BY_RURALITY, RURALITY, each.key),
            )
            for each in _OFFERED
        ),
        at_most=tuple(_never_more_than_offered(OFFERED_BY_RURALITY, RURAL, RURALITY)),
        is_stock=True,
        is_national=True,
    )


def _never_more_than_offered(
    key: str, shown_key: str, rows: tuple[Heading, ...]
) -> Iterator[tuple[Cell, Cell]]:
    for row in rows:
        yield Cell(key, row.key, "never_shown"), Cell(key, row.key, "programmes")
        yield Cell(key, row.key, "shown"), Cell(shown_key, row.key, "shown")


def _overflow() -> Table:
    return Table(
        OVERFLOW,
        _l("More than there were places for"),
        _l(
            "Introductions asked for in the period of programmes that say how many they can take in"
            " a month, and how many of them were more than that."
        ),
        (*EVERYTHING, *SIZES),
        _OVERFLOW,
        row_heading=RUNNING,
        sums=_all_of_column(OVERFLOW, SIZES, _OVERFLOW),
        at_most=(
            (Cell(OVERFLOW, ALL, "asked"), Cell("funnel", ALL, "asked")),
            *_never_more(OVERFLOW, SIZES, _OVERFLOW),
        ),
        is_national=True,
    )


def _all_of_column(
    key: str, rows: tuple[Heading, ...], columns: tuple[Heading, ...]
) -> tuple[Sum, ...]:
    """In each column, the rows add up to the row of everything."""
    return tuple(Sum(Cell(key, ALL, each.key), _column(key, rows, each.key)) for each in columns)


def _column(key: str, rows: tuple[Heading, ...], column: str) -> tuple[Cell, ...]:
    return tuple(Cell(key, row.key, column) for row in rows)


def _never_more(
    key: str, rows: tuple[Heading, ...], columns: tuple[Heading, ...]
) -> Iterator[tuple[Cell, Cell]]:
    """In each row, no column is more than the one before."""
    for row in rows:
        for before, after in pairwise(columns):
            yield Cell(key, row.key, after.key), Cell(key, row.key, before.key)
