"""What people write where they are asked for a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.vocabulary.areas import load_areas

AREAS = load_areas()


@pytest.mark.parametrize(
    ("wording", "labels"),
    [
        # The council, unless the words say otherwise.
        ("Fife", ["Fife"]),
        ("fife council", ["Fife"]),
        ("NHS Fife", ["NHS Fife"]),
        ("Fife HSCP", ["Fife Health and Social Care Partnership"]),
        ("Highland Health Board", ["NHS Highland"]),
        ("Dorset", ["Dorset"]),
        ("NHS Dorset", ["NHS Dorset Integrated Care Board"]),
        ("Dorset ICB", ["NHS Dorset Integrated Care Board"]),
        ("Powys", ["Powys"]),
        ("NHS Powys", ["Powys Teaching Health Board"]),
        ("Essex", ["Essex"]),
        ("Essex County Council", ["Essex"]),
        ("Belfast", ["Belfast"]),
        ("Belfast trust", ["Belfast Health and Social Care Trust"]),
        ("Dundee HSCP", ["Dundee City Health and Social Care Partnership"]),
        ("Dundee City HSCP", ["Dundee City Health and Social Care Partnership"]),
        # Where no council has the name, the body that has.
        ("Lothian", ["NHS Lothian"]),
        ("Greater Glasgow & Clyde", ["NHS Greater Glasgow and Clyde"]),
        ("Greater Manchester", ["NHS Greater Manchester Integrated Care Board"]),
        ("London", ["London"]),
        ("Southern Trust", ["Southern Health and Social Care Trust"]),
        # Case, punctuation, accents, "the".
        ("  CITY OF EDINBURGH COUNCIL ", ["City of Edinburgh"]),
        ("Armagh City Banbridge & Craigavon", ["Armagh City, Banbridge and Craigavon"]),
        ("King\u2019s Lynn and West Norfolk", ["King's Lynn and West Norfolk"]),
        ("St. Helens", ["St Helens"]),
        ("Ynys Mo\u0302n", ["Isle of Anglesey"]),
        ("The Highlands", ["Highland"]),
        # What people call it.
        ("Western Isles", ["Na h-Eileanan Siar"]),
        ("Edinburgh", ["City of Edinburgh"]),
        ("Glasgow", ["Glasgow City"]),
        ("Orkney", ["Orkney Islands"]),
        ("Hull", ["Kingston upon Hull"]),
        ("Bristol, City of", ["Bristol"]),
        ("Durham", ["County Durham"]),
        ("City of London", ["City of London"]),
        ("Council of the Isles of Scilly", ["Isles of Scilly"]),
        ("Derry", ["Derry City and Strabane"]),
        ("Betsi", ["Betsi Cadwaladr University Health Board"]),
        ("Greater Glasgow", ["NHS Greater Glasgow and Clyde"]),
        ("Cardiff", ["Cardiff"]),
        ("Armagh", ["Armagh City, Banbridge and Craigavon"]),
        # Codes and addresses.
        ("s12000047", ["Fife"]),
        ("http://statistics.data.gov.uk/id/statistical-geography/S12000047", ["Fife"]),
        ("bhsct", ["Belfast Health and Social Care Trust"]),
        # The whole, and places in several parts.
        ("UK", ["United Kingdom"]),
        ("United Kingdom", ["United Kingdom"]),
        ("Great Britain", ["England", "Scotland", "Wales"]),
        ("Sussex", ["Brighton and Hove", "East Sussex", "West Sussex"]),
        # What is no more.
        ("Cumbria", ["Cumberland", "Westmorland and Furness"]),
        ("Waveney District Council", ["East Suffolk"]),
        ("NHS Sussex ICB", ["NHS Surrey and Sussex Integrated Care Board"]),
        ("NHS Sussex", ["NHS Surrey and Sussex Integrated Care Board"]),
        ("NHS North West London", ["NHS West and North London Integrated Care Board"]),
    ],
)
def test_people_find_the_area_they_mean(wording: str, labels: list[str]) -> None:
    assert sorted(AREAS.label(code) for code in AREAS.resolve(wording)) == labels


@pytest.mark.parametrize("wording", ["", "Narnia", "NHS", "Council", "Southern", "S12", "Fife ICB"])
def test_what_is_no_area_gives_nothing(wording: str) -> None:
    assert AREAS.resolve(wording) == frozenset()


def test_code_name_and_every_alias_mean_their_area() -> None:
    mistaken = {
        wording: AREAS.resolve(wording)
        for area in AREAS.current
        for wording in (area.code, area.name, area.name.upper(), *area.aliases)
        if AREAS.resolve(wording) != {area.code}
    }
    assert mistaken == {}


def test_a_pasted_page_is_no_area() -> None:
    assert AREAS.resolve("Fife " + "council " * 100_000) == frozenset()


def test_no_two_current_areas_read_the_same() -> None:
    labels = [area.name for area in AREAS.current]
    assert len(set(labels)) == len(labels)


@given(st.text())
def test_any_text_at_all_resolves_to_current_codes(text: str) -> None:
    assert all(AREAS[code].is_current for code in AREAS.resolve(text))
