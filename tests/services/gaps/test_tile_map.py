"""A map of tiles, one for each health area."""

from __future__ import annotations

import pytest

from matchmaker.services.gaps.tile_map import NARROW, SHADES, WIDE, draw, list_tiles
from matchmaker.services.statistics.figures import Figure
from matchmaker.services.statistics.scope import list_areas
from matchmaker.vocabulary import load_vocabulary

NHS_FIFE, NHS_TAYSIDE, POWYS = "S08000029", "S08000030", "W11000024"


def test_every_health_area_has_one_tile_of_its_own():
    tiles = list_tiles()
    health_areas = {
        each.code
        for each in list_areas()
        if each.parent_code is not None and not each.is_nation and not each.is_rest
    }
    assert {each.code for each in tiles} == health_areas
    assert len(tiles) == len(health_areas)
    assert len({(each.row, each.column) for each in tiles}) == len(tiles)
    assert all(len(each.short_name) <= 21 for each in tiles)


def test_tiles_lie_to_one_another_as_their_areas_do():
    """North is up and west is left for nearly all, and never far from it."""
    areas = load_vocabulary().areas
    tiles = list_tiles()
    is_right = []
    for one in tiles:
        for other in tiles:
            here, there = areas[one.code], areas[other.code]
            if here.latitude - there.latitude > 1:
                is_right.append(one.row <= other.row)
            if there.longitude - here.longitude > 1.5:
                is_right.append(one.column <= other.column)
    assert sum(is_right) / len(is_right) > 0.95


@pytest.fixture
def drawn(app):
    with app.test_request_context():
        figures = {
            NHS_FIFE: Figure(40),
            NHS_TAYSIDE: Figure(10),
            "S08000024": Figure(None),
            "S08000016": Figure(0),
            "S92000003": Figure(500),
        }
        yield draw(figures)


def _tiles(drawn):
    return {each.tile.code: each for row in drawn for each in row if each is not None}


def test_only_nations_of_which_there_are_figures_are_drawn_from_the_corner(drawn):
    assert len(_tiles(drawn)) == 14
    assert POWYS not in _tiles(drawn)
    assert {len(row) for row in drawn} == {NARROW}
    assert any(drawn[0])
    assert any(row[0] for row in drawn)
    assert any(drawn[-1])


def test_an_area_that_is_not_the_readers_has_no_figure(drawn):
    assert _tiles(drawn)["S08000020"].figure is None
    assert _tiles(drawn)["S08000020"].shade == "none"
    assert _tiles(drawn)[NHS_FIFE].figure == Figure(40)


def test_the_largest_figure_is_the_darkest_and_what_is_hidden_has_no_shade(drawn):
    shades = {code: each.shade for code, each in _tiles(drawn).items()}
    assert shades[NHS_FIFE] == SHADES[-1] == "dark"
    assert shades[NHS_TAYSIDE] == SHADES[0] == "pale"
    assert shades["S08000024"] == shades["S08000016"] == "none"


def test_the_whole_kingdom_is_as_wide_as_it_needs_to_be(app):
    with app.test_request_context():
        drawn = draw({each.code: Figure(10) for each in list_tiles()})
    assert {len(row) for row in drawn} == {WIDE}
    assert len(_tiles(drawn)) == len(list_tiles())


def test_without_figures_there_is_no_map(app):
    assert draw({}) == []
