"""A map of tiles: one for each board, trust or integrated care board, about where it lies.

`tiles.csv` says where, laid out by hand: rows from the north, columns from the west.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask_babel import gettext as _

from matchmaker.services.charts import Chart, Row, cell
from matchmaker.services.gaps.table import (
    DEMAND,
    INTRODUCTIONS,
    PROFESSIONALS,
    UNMET,
    Gap,
    counted,
    listed,
)
from matchmaker.services.statistics.figures import Figure, read_figure
from matchmaker.services.statistics.periods import Period
from matchmaker.services.statistics.scope import StatisticalArea, list_areas
from matchmaker.services.statistics.supply import NO_SUPPLY, read_supply
from matchmaker.vocabulary import TermGroup

# From the lightest; the darkest is for the largest figure.
SHADES = ("pale", "light", "deep", "dark")
NO_SHADE = "none"
# A map has as many columns as it needs, of these.
NARROW, WIDE = 5, 9


@dataclass(frozen=True, slots=True)
class Tile:
    """Where an area lies on the map, counted from 1, and what it is called where room is short."""

    code: str
    row: int
    column: int
    short_name: str


@dataclass(frozen=True, slots=True)
class DrawnTile:
    """A tile on a page. `figure` is None where the area is not the reader's."""

    tile: Tile
    label: str
    figure: Figure | None
    shade: str


@lru_cache(maxsize=1)
def list_tiles() -> tuple[Tile, ...]:
    """Every tile, from the north-west to the south-east."""
    with Path(__file__).with_name("tiles.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Tile(row["code"], int(row["row"]), int(row["column"]), row["short_name"])
            for row in csv.DictReader(file)
        )


def read_map(
    group: TermGroup, areas: Collection[StatisticalArea], period: Period
) -> dict[str, Gap]:
    """What is known of a group of conditions in each of some areas; three queries."""
    codes = [each.code for each in areas if not each.is_rest]
    demand = read_figure(DEMAND, group.code, PROFESSIONALS, codes, period)
    unmet = read_figure(UNMET, group.code, INTRODUCTIONS, codes, period)
    offered = read_supply(codes, period, group_code=group.code)
    return {
        code: Gap(group, demand[code], offered.get((code, group.code), NO_SUPPLY), unmet[code])
        for code in codes
    }


def draw(figures: Mapping[str, Figure]) -> list[list[DrawnTile | None]]:
    """The map, row by row, of the nations that the figures are of; None where there is no tile."""
    areas = {each.code: each for each in list_areas()}
    nations = {areas[code].parent_code for code in figures if not areas[code].is_nation}
    tiles = [each for each in list_tiles() if areas[each.code].parent_code in nations]
    sizes = [figures[each.code].shown or 0 for each in tiles if each.code in figures]
    drawn = {
        (each.row, each.column): DrawnTile(
            each,
            label=areas[each.code].label,
            figure=figures.get(each.code),
            shade=_shade(figures.get(each.code), max(sizes, default=0)),
        )
        for each in tiles
    }
    if not drawn:
        return []
    left, right = (edge(column for _row, column in drawn) for edge in (min, max))
    width = NARROW if right - left < NARROW else WIDE
    return [
        [drawn.get((row, column)) for column in range(left, left + width)]
        for row in range(min(drawn)[0], max(drawn)[0] + 1)
    ]


def chart_of(
    group: TermGroup, gaps: Mapping[str, Gap], areas: Collection[StatisticalArea], period: Period
) -> Chart:
    """The table under the map."""
    rows = [each for each in areas if each.code in gaps]
    return Chart(
        "map",
        _("%(group)s, area by area", group=group.heading),
        _sentence(group, gaps, rows, period),
        (
            _("Area"),
            _("Professionals"),
            _("Programmes with places"),
            _("Not met"),
        ),
        tuple(
            Row(
                each.label,
                (
                    cell(gaps[each.code].demand),
                    counted(gaps[each.code].supply.programmes),
                    cell(gaps[each.code].unmet),
                ),
                is_total=each.parent_code is None or each.is_nation,
            )
            for each in rows
        ),
    )


def _sentence(
    group: TermGroup,
    gaps: Mapping[str, Gap],
    areas: Collection[StatisticalArea],
    period: Period,
) -> str:
    parts = [each for each in areas if each.parent_code is not None and not each.is_nation]
    sizes = {each.label: gaps[each.code].demand.shown or 0 for each in parts}
    most = max(sizes.values(), default=0)
    without = [each.label for each in parts if not gaps[each.code].supply.programmes]
    if most:
        said = (
            _(
                "At the end of %(month)s the area here with the most professionals who work with"
                " “%(group)s” was %(areas)s: about %(number)s."
            )
            if len(sizes) > 1
            else _(
                "At the end of %(month)s professionals who work with “%(group)s” were in"
                " %(areas)s: about %(number)s."
            )
        )
        first = said % {
            "month": period.last_month.label,
            "group": group.label,
            "areas": listed(name for name, size in sizes.items() if size == most),
            "number": f"{most:,}",
        }
    else:
        first = _(
            "At the end of %(month)s nowhere did so many professionals work with “%(group)s” that"
            " their number could be shown.",
            month=period.last_month.label,
            group=group.label,
        )
    if not without:
        return first
    second = _("No programme with places reaches %(areas)s.", areas=listed(without))
    return f"{first} {second}"


def _shade(figure: Figure | None, most: int) -> str:
    if figure is None or not figure.shown:
        return NO_SHADE
    return SHADES[-(-len(SHADES) * figure.shown // most) - 1]
