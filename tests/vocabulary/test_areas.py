"""The shipped area tables, worked through by hand in the four nations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.vocabulary.areas import KINDS, LOCAL_KINDS, load_areas

AREAS = load_areas()

UK = "K02000001"
ENGLAND, NORTHERN_IRELAND, SCOTLAND, WALES = "E92000001", "N92000002", "S92000003", "W92000004"
FIFE, NHS_FIFE, FIFE_PARTNERSHIP = "S12000047", "S08000029", "S37000032"
EDINBURGH, WEST_LOTHIAN, DUNDEE = "S12000036", "S12000040", "S12000042"
STIRLING, FALKIRK, CLACKMANNANSHIRE = "S12000030", "S12000014", "S12000005"
ORKNEY, SHETLAND, WESTERN_ISLES, HIGHLAND = "S12000023", "S12000027", "S12000013", "S12000017"
PLYMOUTH, EXETER, DEVON, DEVON_ICB = "E06000026", "E07000041", "E10000008", "E54000037"
SOUTH_WEST, SOUTH_EAST, EAST_OF_ENGLAND = "E12000009", "E12000008", "E12000006"
CENTRAL_EAST, MILTON_KEYNES, LUTON = "E54000065", "E06000042", "E06000032"
GWYNEDD, ANGLESEY, BETSI, SHROPSHIRE = "W06000002", "W06000001", "W11000023", "E06000051"
BELFAST, BELFAST_TRUST, LISBURN = "N09000003", "BHSCT", "N09000007"

OLD_BOARDS = [code for code in AREAS if AREAS[code].kind == "icb" and AREAS[code].valid_to]

codes = st.sampled_from(sorted(AREAS))
current_codes = st.sampled_from([area.code for area in AREAS.current])


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("country_group", 1),
        ("nation", 4),
        ("region", 9),
        ("health_board", 14),
        ("local_health_board", 7),
        ("trust", 5),
        ("icb", 36),
        ("partnership", 31),
        ("county", 21),
        ("authority", 361),
    ],
)
def test_every_area_of_a_kind_is_there(kind: str, count: int) -> None:
    assert len(AREAS.by_kind(kind)) == count


@pytest.mark.parametrize(
    ("nation", "count"),
    [(SCOTLAND, 32), (WALES, 22), (NORTHERN_IRELAND, 11), (ENGLAND, 296), (UK, 361)],
)
def test_every_authority_of_a_nation_is_there(nation: str, count: int) -> None:
    assert len(AREAS.authorities(nation)) == count


def test_health_bodies_share_the_authorities_out_without_gap_or_overlap() -> None:
    bodies = [
        area
        for kind in ("health_board", "local_health_board", "trust", "icb")
        for area in AREAS.by_kind(kind)
    ]
    shared_out = [code for body in bodies for code in AREAS.authorities(body.code)]
    assert sorted(shared_out) == sorted(AREAS.authorities(UK))


def test_drop_down_lists_are_sorted_by_name() -> None:
    names = [area.name for area in AREAS.by_kind("health_board")]
    assert names[:2] == ["NHS Ayrshire and Arran", "NHS Borders"]
    assert names == sorted(names)


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="'parish' is none of country_group, nation"):
        AREAS.by_kind("parish")


def test_an_authority_is_inside_partnership_board_and_nation() -> None:
    assert AREAS.within(FIFE) == {FIFE_PARTNERSHIP, NHS_FIFE, SCOTLAND, UK}


def test_an_english_district_is_inside_county_board_region_and_nation() -> None:
    assert AREAS.within(EXETER) == {DEVON, DEVON_ICB, SOUTH_WEST, ENGLAND, UK}


def test_a_board_across_two_regions_is_inside_neither() -> None:
    assert AREAS.within(CENTRAL_EAST) == {ENGLAND, UK}
    assert AREAS.within(MILTON_KEYNES) == {CENTRAL_EAST, SOUTH_EAST, ENGLAND, UK}


def test_a_partnership_of_two_councils_has_both() -> None:
    assert AREAS.authorities("S37000005") == {STIRLING, CLACKMANNANSHIRE}


@pytest.mark.parametrize("old", OLD_BOARDS)
def test_an_abolished_board_resolves_to_one_new_board_or_to_authorities(old: str) -> None:
    successors = [AREAS[code] for code in AREAS.resolve(old)]
    assert all(area.is_current for area in successors)
    kinds = {area.kind for area in successors}
    assert kinds == {"authority"} or (kinds == {"icb"} and len(successors) == 1)


def test_all_42_boards_of_2025_resolve_and_leave_no_part_of_england_out() -> None:
    unchanged = [area.code for area in AREAS.by_kind("icb") if area.valid_from is None]
    assert len(OLD_BOARDS) + len(unchanged) == 42
    covered = {code for board in (*OLD_BOARDS, *unchanged) for code in AREAS.authorities(board)}
    assert covered == AREAS.authorities(ENGLAND)


def test_a_merged_board_resolves_to_the_new_one_and_a_split_one_to_its_authorities() -> None:
    assert AREAS.resolve("E54000063") == AREAS.resolve("E54000064") == {"E54000069"}
    frimley = {"E06000036", "E06000039", "E06000040", "E07000089", "E07000092", "E07000214"}
    assert AREAS.resolve("E54000034") == frimley


def test_successors_are_followed_to_the_end() -> None:
    """Taunton Deane became Somerset West and Taunton in 2019, and that Somerset in 2023."""
    assert AREAS.resolve("E07000190") == {"E06000066"}


def test_a_superseded_code_stands_for_its_successors_everywhere() -> None:
    old_fife = "S12000015"
    assert AREAS[old_fife].valid_to == AREAS[FIFE].valid_from == "2018-02-02"
    assert AREAS.within(old_fife) == AREAS.within(FIFE)
    assert AREAS.authorities(old_fife) == {FIFE}
    assert AREAS.adjacent(old_fife) == AREAS.adjacent(FIFE)
    assert AREAS.reach_map(old_fife) == AREAS.reach_map(FIFE)
    assert AREAS.reach(FIFE, old_fife) == 1.0


def test_bridges_and_ferries_join_what_water_parts() -> None:
    assert {EDINBURGH, DUNDEE} <= AREAS.adjacent(FIFE)
    assert WEST_LOTHIAN not in AREAS.adjacent(FIFE)
    assert AREAS.adjacent(ORKNEY) >= {HIGHLAND, SHETLAND}
    assert AREAS.adjacent(WESTERN_ISLES) == {HIGHLAND, "S12000035"}
    assert AREAS.adjacent(ANGLESEY) == {GWYNEDD}
    assert AREAS.adjacent("E06000046") == {"E06000044", "E06000045", "E07000091"}


def test_nobody_is_left_without_a_neighbour() -> None:
    assert [area.name for area in AREAS.by_kind("authority") if not AREAS.adjacent(area.code)] == []


def test_boards_next_door_follow_from_their_authorities() -> None:
    assert AREAS.adjacent(NHS_FIFE) == {"S08000019", "S08000024", "S08000030"}
    assert "E54000011" in AREAS.adjacent("W11000024"), "Powys has Shropshire's board next door"
    assert AREAS.adjacent(NORTHERN_IRELAND) == frozenset()


@pytest.mark.parametrize(
    ("sought", "offered", "reach"),
    [
        # Scotland
        (FIFE, FIFE, 1.0),
        (NHS_FIFE, FIFE, 1.0),
        (FIFE, FIFE_PARTNERSHIP, 0.9),
        (FIFE, NHS_FIFE, 0.9),
        (FIFE, SCOTLAND, 0.7),
        (FIFE, UK, 0.7),
        (SCOTLAND, FIFE, 1.0),
        (STIRLING, FALKIRK, 0.5),
        (FIFE, EDINBURGH, 0.4),
        (FIFE, "S08000024", 0.4),
        (NHS_FIFE, EDINBURGH, 0.4),
        (FIFE, WEST_LOTHIAN, 0.0),
        (FIFE, "S12000049", 0.0),
        # England
        (EXETER, DEVON, 0.9),
        (EXETER, DEVON_ICB, 0.9),
        (EXETER, SOUTH_WEST, 0.8),
        (EXETER, ENGLAND, 0.7),
        (EXETER, PLYMOUTH, 0.5),
        (DEVON, PLYMOUTH, 0.5),
        (PLYMOUTH, "E06000052", 0.4),
        (MILTON_KEYNES, LUTON, 0.5),
        (EAST_OF_ENGLAND, CENTRAL_EAST, 0.9),
        (CENTRAL_EAST, SOUTH_EAST, 0.8),
        (EAST_OF_ENGLAND, MILTON_KEYNES, 0.0),
        # Wales
        (GWYNEDD, BETSI, 0.9),
        (GWYNEDD, WALES, 0.7),
        (GWYNEDD, ANGLESEY, 0.5),
        ("W06000023", SHROPSHIRE, 0.4),
        (GWYNEDD, SCOTLAND, 0.0),
        # Northern Ireland
        (BELFAST, BELFAST_TRUST, 0.9),
        (BELFAST, NORTHERN_IRELAND, 0.7),
        (BELFAST, LISBURN, 0.4),
        # Wider areas have nobody next door.
        (SCOTLAND, "E06000057", 0.0),
        ("S12000026", "E12000001", 0.0),
        ("S12000026", ENGLAND, 0.0),
        ("S12000026", "E06000057", 0.4),
        # A split board is its authorities: Slough itself, Brighton by way of Surrey Heath.
        ("E06000039", "E54000034", 1.0),
        ("E06000043", "E54000034", 0.5),
    ],
)
def test_reach_by_hand(sought: str, offered: str, reach: float) -> None:
    assert AREAS.reach(sought, offered) == reach


@given(sought=codes, offered=codes)
def test_reach_is_between_0_and_1(sought: str, offered: str) -> None:
    assert 0.0 <= AREAS.reach(sought, offered) <= 1.0


@given(codes)
def test_an_area_reaches_itself(code: str) -> None:
    assert AREAS.reach(code, code) == 1.0


@given(sought=current_codes, offered=current_codes)
def test_reach_map_holds_exactly_what_reach_says(sought: str, offered: str) -> None:
    assert AREAS.reach_map(sought).get(offered, 0.0) == AREAS.reach(sought, offered)
    assert 0.0 not in AREAS.reach_map(sought).values()


@given(sought=current_codes, offered=current_codes)
def test_reach_is_1_exactly_inside(sought: str, offered: str) -> None:
    is_inside = sought == offered or sought in AREAS.within(offered)
    assert (AREAS.reach(sought, offered) == 1.0) == is_inside


@given(code=current_codes, other=current_codes)
def test_no_two_areas_are_inside_each_other(code: str, other: str) -> None:
    assert code not in AREAS.within(code)
    assert not (code in AREAS.within(other) and other in AREAS.within(code))


@given(current_codes)
def test_everything_is_inside_what_is_around_what_it_is_in(code: str) -> None:
    for parent in AREAS.within(code):
        assert AREAS.within(parent) < AREAS.within(code)
        assert AREAS.authorities(code) <= AREAS.authorities(parent)
        assert KINDS.index(AREAS[parent].kind) < KINDS.index(AREAS[code].kind)


@given(code=current_codes, other=current_codes)
def test_next_door_is_mutual(code: str, other: str) -> None:
    assert (other in AREAS.adjacent(code)) == (code in AREAS.adjacent(other))
    if other in AREAS.adjacent(code) and AREAS[code].kind in LOCAL_KINDS:
        assert AREAS.reach(code, other) >= 0.4


def test_mostly_rural_is_said_of_authorities_only() -> None:
    rural = [HIGHLAND, ORKNEY, GWYNEDD, SHROPSHIRE]
    assert [AREAS.is_rural(each) for each in rural] == [True] * 4
    assert [AREAS.is_rural(each) for each in (FIFE, EDINBURGH, BELFAST, LUTON)] == [False] * 4
    assert [AREAS.is_rural(each) for each in (UK, SCOTLAND, NHS_FIFE, DEVON)] == [None] * 4


def test_unknown_code_is_a_key_error() -> None:
    for method in (AREAS.within, AREAS.authorities, AREAS.adjacent, AREAS.label, AREAS.reach_map):
        with pytest.raises(KeyError, match="S99"):
            method("S99")
    assert "S99" not in AREAS
