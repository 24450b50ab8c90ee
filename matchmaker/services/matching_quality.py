"""How well matching works, for leads: what is shown, what comes of it, and who is never seen.

Made of published figures alone, for the United Kingdom, quarter by quarter. Shares come from
rounded figures, and so do sums; where a part of a sum is hidden there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from flask_babel import format_decimal
from flask_babel import gettext as _

from matchmaker.services.activity.words import number
from matchmaker.services.charts import (
    UNKNOWN,
    Cell,
    Chart,
    Row,
    cell,
    share_cell,
    share_of,
    text_cell,
)
from matchmaker.services.statistics import catalogue
from matchmaker.services.statistics.figures import Figure, PublishedTable, read_tables
from matchmaker.services.statistics.headings import (
    ALL,
    BANDS,
    FURTHER_DOWN,
    LABELS,
    NOT_GIVEN,
    RURALITY,
    SIZES,
    VERSIONS,
)
from matchmaker.services.statistics.matching_tables import (
    IN,
    LABEL,
    OFFERED_BY_RURALITY,
    OFFERED_BY_SIZE,
    OVERFLOW,
    PLACED,
    RUNNING,
    RURAL,
    SIZE,
    VERSION,
    row_of,
)
from matchmaker.services.statistics.periods import Period
from matchmaker.services.statistics.scope import UNITED_KINGDOM
from matchmaker.services.statistics.shapes import Heading, Words

TABLES = (
    *(PLACED, VERSION, LABEL, SIZE, RURAL),
    *(OFFERED_BY_SIZE, OFFERED_BY_RURALITY, OVERFLOW),
)

Tables = Mapping[str, PublishedTable]


def read_charts(period: Period) -> list[Chart]:
    """Every chart of a quarter, in the order in which they are read; one query."""
    tables = read_tables(TABLES, UNITED_KINGDOM, period)
    return [make(tables) for make in CHARTS.values()]


def find_chart(key: str, period: Period) -> Chart | None:
    """One chart by its key, or None where there is none of that name."""
    if key not in CHARTS:
        return None
    return CHARTS[key](read_tables(TABLES, UNITED_KINGDOM, period))


def _at_k(tables: Tables) -> Chart:
    """What was shown among the first k, and what came of it, version by version."""
    table = tables[VERSION]
    rows = []
    for version in VERSIONS:
        bands: list[str] = []
        for band, label in _up_to():
            bands.append(band)
            shown, asked, accepted = (
                _added(table.figure(row_of(version.key, each), column) for each in bands)
                for column in ("shown", "asked", "accepted")
            )
            if shown is None or shown.shown != 0:
                name = _("%(version)s, %(place)s", version=version.label, place=label)
                rows.append(Row(name, _shown_cells(shown, asked, accepted)))
    return Chart(
        "at-k",
        _("How far down the list, and by which version of the matching"),
        _sentence_at_k(tables[PLACED]),
        (
            *(_("Version, and place in the list"), _("Shown"), _("Asked for"), _("Both said yes")),
            *(_("Asked for, of those shown"), _("Both said yes, of those shown")),
        ),
        tuple(rows),
        note=str(catalogue.get_table(VERSION).description),
    )


def _up_to() -> list[tuple[str, str]]:
    """Each band, and what all up to its end are called."""
    named = [
        (band, _("first place") if k == 1 else _("among the first %(k)s", k=k))
        for k, band in BANDS.items()
    ]
    return [*named, (FURTHER_DOWN, _("anywhere in the list"))]


def _sentence_at_k(table: PublishedTable) -> str:
    found = {
        k: share_of(table.figure(band, "asked"), table.figure(band, "shown"))
        for k, band in BANDS.items()
    }
    first, later = found[1], found[10]
    if first is None or later is None:
        return _nothing_to_say(table.figure(ALL, "shown"))
    return _(
        "Of every 100 shown in the first place, %(first)s were asked for; of every 100 in the"
        " fourth to tenth place it was %(later)s.",
        first=first,
        later=later,
    )


def _by_label(tables: Tables) -> Chart:
    """Whether what we call a strong match is one."""
    table = tables[LABEL]
    return Chart(
        "labels",
        _("Whether what we call a strong match is one"),
        _sentence_about_labels(table),
        (
            *(_("What we called it"), _("Shown"), _("Asked for"), _("Both said yes")),
            *(_("Asked for, of those shown"), _("Both said yes, of those shown")),
        ),
        tuple(
            Row(
                str(label.label),
                _shown_cells(
                    *(table.figure(label.key, each) for each in ("shown", "asked", "accepted"))
                ),
            )
            for label in LABELS
        ),
        note=_(
            "Matching names a suggestion strong, good or possible before anybody has seen it. If"
            " the names are right, more is asked for of what it calls strong."
        ),
    )


def _sentence_about_labels(table: PublishedTable) -> str:
    shares = [
        share_of(table.figure(label.key, "asked"), table.figure(label.key, "shown"))
        for label in LABELS
        if label.key != NOT_GIVEN
    ]
    known = [each for each in shares if each is not None]
    if len(known) < len(shares):
        total = _added(table.figure(label.key, "shown") for label in LABELS)
        return _nothing_to_say(total)
    strong, good, possible = known
    told = _(
        "Of every 100 shown as strong matches %(strong)s were asked for, of the good ones %(good)s"
        " and of the possible ones %(possible)s.",
        strong=strong,
        good=good,
        possible=possible,
    )
    in_order = all(before >= after for before, after in pairwise(known))
    verdict = (
        _("That is the order in which they are named.")
        if in_order
        else _("That is not the order in which they are named: the names need a second look.")
    )
    return f"{told} {verdict}"


def _by_size(tables: Tables) -> Chart:
    return _exposure(
        "size",
        _("Small and large organisations"),
        RUNNING,
        SIZES,
        shown=tables[SIZE],
        offered=tables[OFFERED_BY_SIZE],
    )


def _by_rurality(tables: Tables) -> Chart:
    return _exposure(
        "rurality",
        _("Town and country"),
        IN,
        RURALITY,
        shown=tables[RURAL],
        offered=tables[OFFERED_BY_RURALITY],
    )


def _exposure(
    key: str,
    title: str,
    about: Words,
    rows: Sequence[Heading],
    *,
    shown: PublishedTable,
    offered: PublishedTable,
) -> Chart:
    """How often programmes are shown for the places they have, by sort of organisation."""
    return Chart(
        key,
        title,
        _sentence_about_exposure(offered, rows),
        (
            *(str(about), _("Programmes"), _("Never shown"), _("Shown")),
            *(_("Places"), _("Shown for each place"), _("Asked for, of those shown")),
        ),
        tuple(
            Row(
                str(row.label),
                (
                    text_cell(offered.figure(row.key, "programmes")),
                    text_cell(offered.figure(row.key, "never_shown")),
                    text_cell(shown.figure(row.key, "shown")),
                    text_cell(offered.figure(row.key, "places")),
                    Cell(_per_place(offered, row.key) or UNKNOWN),
                    share_cell(shown.figure(row.key, "asked"), shown.figure(row.key, "shown")),
                ),
            )
            for row in rows
        ),
        note=_(
            "Programmes that were public at the end of the quarter or were shown in it. Places are"
            " those of three months; for each of them counts only what was shown of programmes that"
            " say how many they have. Each figure is rounded by itself, so that small ones may seem"
            " not to go together."
        ),
    )


def _per_place(offered: PublishedTable, row: str) -> str | None:
    """How many were shown for each place, to one decimal; None where a figure is missing."""
    shown, places = offered.figure(row, "shown").shown, offered.figure(row, "places").shown
    if shown is None or not places:
        return None
    return str(format_decimal(round(shown / places, 1)))


def _sentence_about_exposure(offered: PublishedTable, rows: Sequence[Heading]) -> str:
    named = [
        _("“%(rows)s” %(ratio)s", rows=row.label, ratio=ratio)
        for row in rows
        if (ratio := _per_place(offered, row.key)) is not None
    ]
    if not named:
        return _("How often places were shown cannot be told: too little was, or it is kept back.")
    return _("How often they were shown for each place they had: %(each)s.", each=", ".join(named))


def _overflow(tables: Tables) -> Chart:
    """What was asked for beyond what there were places for."""
    table = tables[OVERFLOW]
    asked, over = table.figure(ALL, "asked"), table.figure(ALL, "over")
    sentence = _(
        "Of %(asked)s that were asked for, %(over)s were more than there were places for in the"
        " month.",
        asked=number(asked),
        over=number(over),
    )
    if asked.shown == 0:
        sentence = _("Nothing was asked for of programmes that say how many they can take.")
    return Chart(
        "overflow",
        str(catalogue.get_table(OVERFLOW).title),
        sentence,
        (str(RUNNING), _("Asked for"), _("Too many"), _("Too many, of those asked for")),
        tuple(
            Row(
                str(row.label),
                (
                    cell(table.figure(row.key, "asked")),
                    cell(table.figure(row.key, "over")),
                    share_cell(table.figure(row.key, "over"), table.figure(row.key, "asked")),
                ),
            )
            for row in SIZES
        ),
        note=str(catalogue.get_table(OVERFLOW).description),
    )


def _added(figures: Iterable[Figure]) -> Figure | None:
    """The sum of some figures as they are shown; of a single one, itself; None for no sum."""
    found = list(figures)
    if len(found) == 1:
        return found[0]
    shown = [each.shown for each in found if each.shown is not None]
    return Figure(sum(shown)) if len(shown) == len(found) else None


def _shown_cells(
    shown: Figure | None, asked: Figure | None, accepted: Figure | None
) -> tuple[Cell, ...]:
    counted = (
        Cell(UNKNOWN) if each is None else text_cell(each) for each in (shown, asked, accepted)
    )
    shares = (
        Cell(UNKNOWN) if each is None or shown is None else share_cell(each, shown)
        for each in (asked, accepted)
    )
    return (*counted, *shares)


def _nothing_to_say(shown: Figure | None) -> str:
    if shown is not None and shown.shown == 0:
        return _("Nobody was shown to anybody in this quarter.")
    return _("Too little was asked for to compare, or its figures are kept back.")


CHARTS: Mapping[str, Callable[[Tables], Chart]] = MappingProxyType(
    {
        "at-k": _at_k,
        "labels": _by_label,
        "size": _by_size,
        "rurality": _by_rurality,
        "overflow": _overflow,
    }
)
