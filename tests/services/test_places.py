from __future__ import annotations

import pytest

from matchmaker.services import places
from matchmaker.services.places import Centre
from tests.factories import EDINBURGH, FIFE, make_outcode

INVERNESS = "S12000017"


def test_full_postcode_is_reduced_to_its_district(session):
    make_outcode("KY12")
    place = places.find_place("ky12 7dr")
    assert place.wording == place.district == "KY12"
    assert place.area_codes == (FIFE,)
    assert place.label == "KY12 (Dunfermline, Fife)"


@pytest.mark.parametrize("wording", ["KY12", "ky12", " KY12 ", "KY127DR"])
def test_postcode_is_understood_however_it_is_typed(session, wording):
    make_outcode("KY12")
    assert places.find_place(wording).district == "KY12"


def test_unknown_district_is_no_place(session):
    assert places.find_place("KY99 1AA") is None


@pytest.mark.parametrize(
    ("wording", "code"), [("Fife", FIFE), ("NHS Fife", "S08000029"), ("fife council", FIFE)]
)
def test_council_and_board_are_found_by_name(session, wording, code):
    assert places.find_place(wording).area_codes == (code,)


def test_town_is_found_by_its_postcode_districts(session):
    make_outcode("KY11", latitude=56.05)
    make_outcode("KY12", latitude=56.07)
    place = places.find_place("dunfermline")
    assert place.area_codes == (FIFE,)
    assert place.label == "Dunfermline (Fife)"
    assert place.centre.latitude == pytest.approx(56.06)


def test_town_in_two_councils_is_asked_about_and_not_guessed(session):
    make_outcode("TF10", town="Newport", area_code="E06000020")
    make_outcode("SA42", town="Newport", area_code="W06000009")
    assert places.find_place("Newport, somewhere") is None
    assert places.find_place("newport") is None or places.find_place("newport").district is None
    assert places.similar_places("Newport") == ["Pembrokeshire", "Telford and Wrekin"]


def test_misspelt_place_brings_up_the_right_one(session):
    make_outcode("KY12")
    assert "Dunfermline" in places.similar_places("Dunfirmline")


@pytest.mark.parametrize("wording", ["", "  ", "I do not know", "I don't know.", "Anywhere"])
def test_not_knowing_is_an_answer(wording):
    assert places.is_left_open(wording)


def test_a_place_is_not_taken_for_not_knowing():
    assert not places.is_left_open("Fife")


def test_distance_between_edinburgh_and_glasgow_is_known_to_a_mile():
    edinburgh, glasgow = Centre(55.9533, -3.1883), Centre(55.8642, -4.2518)
    assert edinburgh.miles_to(glasgow) == pytest.approx(41.6, abs=1)


def test_programme_in_the_same_council_is_local(session):
    make_outcode("KY12")
    near = places.nearness([places.find_place("KY12")], [FIFE])
    assert (near.serves, near.is_local, near.miles) == (FIFE, True, None)


def test_programme_for_the_nation_serves_without_being_local(session):
    near = places.nearness([places.find_place("Fife")], ["S92000003"])
    assert (near.serves, near.is_local) == ("S92000003", False)


def test_programme_elsewhere_is_so_many_miles_away(session):
    make_outcode("KY12")
    near = places.nearness([places.find_place("KY12")], [EDINBURGH])
    assert near.serves is None
    assert 8 <= near.miles <= 16


def test_the_nearest_of_several_places_counts(session):
    make_outcode("KY12")
    make_outcode("IV1", latitude=57.48, longitude=-4.22, town="Inverness", area_code=INVERNESS)
    far, close = places.find_place("IV1"), places.find_place("KY12")
    both = places.nearness([far, close], [EDINBURGH])
    assert both == places.nearness([close], [EDINBURGH])
    assert places.nearness([far], [EDINBURGH]).miles > both.miles


def test_distance_to_nowhere_is_not_made_up(session):
    assert places.nearness([], [FIFE]) is None
    assert places.nearness([places.find_place("Fife")], []) is None


@pytest.mark.parametrize("wording", ["United Kingdom", "UK-wide"])
def test_whole_kingdom_is_a_place_without_a_centre(session, wording):
    place = places.find_place(wording)
    assert (place.label, place.centre) == ("United Kingdom", None)


def test_distance_from_a_board_of_former_times_is_not_made_up(session):
    former = places.place_from_row("S08000018", None)
    assert (former.label, former.centre) == ("NHS Fife", None)
    assert places.nearness([former], [FIFE]).is_local
    assert places.nearness([former], [INVERNESS]) is None


def test_centre_of_several_areas_is_in_the_middle_of_those_that_have_one(session):
    merseyside = places.find_place("Merseyside")
    assert len(merseyside.area_codes) == 5
    assert (merseyside.centre.latitude, merseyside.centre.longitude) == pytest.approx(
        (53.45, -2.9), abs=0.15
    )
