from __future__ import annotations

import pytest

from matchmaker.services.policy import ANONYMOUS, Actor
from matchmaker.services.statistics.scope import (
    UNITED_KINGDOM,
    area_of,
    find_visible_area,
    get_area,
    list_areas,
    list_parts,
    visible_areas,
)
from matchmaker.vocabulary import load_vocabulary
from matchmaker.vocabulary.areas import HEALTH_KINDS
from tests.factories import EDINBURGH, FIFE

SCOTLAND = "S92000003"
NHS_FIFE = "S08000029"
NHS_LOTHIAN = "S08000024"


def codes_seen_from(*scope):
    actor = Actor(user_id=1, lead_area_codes=frozenset(scope))
    return [each.code for each in visible_areas(actor)]


def test_parts_cover_every_area_once():
    areas = load_vocabulary().areas
    health_areas = {each.code for each in areas.current if each.kind in HEALTH_KINDS}
    nations = list_parts(UNITED_KINGDOM)
    inside = [part.code for nation in nations for part in list_parts(nation.code)]
    assert [each.label for each in nations][:4] == [
        "England",
        "Northern Ireland",
        "Scotland",
        "Wales",
    ]
    assert {each for each in inside if not get_area(each).is_rest} == health_areas
    assert len(inside) == len(set(inside)) == len(health_areas) + 4
    assert len(list_areas()) == 1 + 5 + len(inside)


def test_every_area_a_professional_may_name_counts_in_one_part():
    areas = load_vocabulary().areas
    leaves = {each.code for each in list_areas() if not list_parts(each.code)}
    assert {area_of([each]) for each in areas} <= leaves


@pytest.mark.parametrize(
    ("named", "counts_in"),
    [
        ([FIFE], NHS_FIFE),
        ([NHS_FIFE], NHS_FIFE),
        ([EDINBURGH, FIFE], NHS_LOTHIAN),
        ([SCOTLAND], SCOTLAND + "-rest"),
        ([SCOTLAND, FIFE], NHS_FIFE),
        (["E12000007"], "E92000001-rest"),
        ([UNITED_KINGDOM, SCOTLAND], SCOTLAND + "-rest"),
        ([UNITED_KINGDOM], UNITED_KINGDOM + "-rest"),
        ([], UNITED_KINGDOM + "-rest"),
        (["nowhere"], UNITED_KINGDOM + "-rest"),
    ],
)
def test_a_professional_counts_in_one_area(named, counts_in):
    assert area_of(named) == area_of(reversed(named)) == counts_in


def test_a_superseded_area_counts_where_its_successor_lies():
    old_fife = next(
        each
        for each in load_vocabulary().areas
        if each != FIFE and load_vocabulary().areas.resolve(each) == {FIFE}
    )
    assert area_of([old_fife]) == NHS_FIFE


def test_a_lead_of_a_council_sees_the_board_around_it_and_all_wider_areas():
    assert codes_seen_from(FIFE) == [UNITED_KINGDOM, SCOTLAND, NHS_FIFE]


def test_a_lead_of_a_nation_sees_everything_inside_and_what_is_left_of_it():
    seen = codes_seen_from(SCOTLAND)
    assert seen[:2] == [UNITED_KINGDOM, SCOTLAND]
    assert {NHS_FIFE, NHS_LOTHIAN, SCOTLAND + "-rest"} <= set(seen)
    assert not {each for each in seen if each.startswith("E")}
    assert len(seen) == 2 + 14 + 1


def test_a_lead_of_a_region_sees_the_boards_that_reach_into_it_and_nothing_beside():
    seen = codes_seen_from("E12000007")
    areas = load_vocabulary().areas
    assert seen[:2] == [UNITED_KINGDOM, "E92000001"]
    assert len(seen) > 2
    for each in seen[2:]:
        assert not areas.authorities(each).isdisjoint(areas.authorities("E12000007"))


def test_a_lead_of_everything_sees_every_area():
    assert len(codes_seen_from(UNITED_KINGDOM)) == len(list_areas())


def test_nobody_but_leads_sees_figures():
    assert visible_areas(ANONYMOUS) == ()
    assert visible_areas(Actor(user_id=1, is_administrator=True)) == ()


def test_an_area_that_is_not_the_leads_does_not_exist():
    lead = Actor(user_id=1, lead_area_codes=frozenset({FIFE}))
    assert find_visible_area(lead, NHS_FIFE) == get_area(NHS_FIFE)
    assert find_visible_area(lead, NHS_LOTHIAN) is None
    assert find_visible_area(lead, "nowhere") is None


def test_a_scope_that_the_vocabulary_does_not_know_is_no_area():
    assert codes_seen_from("nowhere") == [UNITED_KINGDOM]


def test_what_is_left_of_a_nation_says_so():
    assert get_area(SCOTLAND + "-rest").label == "Scotland, area not given"
    assert get_area(SCOTLAND).is_nation
    assert not get_area(NHS_FIFE).is_nation
    assert not get_area(UNITED_KINGDOM + "-rest").is_nation
