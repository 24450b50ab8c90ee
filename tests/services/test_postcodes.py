"""Postcodes as people type them."""

from __future__ import annotations

import pytest

from matchmaker.services.postcodes import normalise_district, normalise_postcode


@pytest.mark.parametrize(
    ("wording", "postcode"),
    [
        ("KY12 7JA", "KY12 7JA"),
        (" ky127ja. ", "KY12 7JA"),
        ("EC4Y ODS", "EC4Y 0DS"),
        ("SW1V1BZ", "SW1V 1BZ"),
        ("G4 0RF", "G4 0RF"),
        ("KY12", None),
        ("LONDON", None),
        ("D02 H425", None),
        ("KY12 7J", None),
        ("", None),
    ],
)
def test_full_postcode_is_written_the_usual_way(wording, postcode):
    assert normalise_postcode(wording) == postcode


@pytest.mark.parametrize(
    ("wording", "district"), [("ky12", "KY12"), (" W1A ", "W1A"), ("KY12 7JA", None), ("", None)]
)
def test_district_is_the_first_half(wording, district):
    assert normalise_district(wording) == district
