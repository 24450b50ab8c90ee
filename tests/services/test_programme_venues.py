"""The places people come to."""

from __future__ import annotations

import pytest

from matchmaker.services import programmes
from matchmaker.services.errors import FieldError
from matchmaker.services.programme_details import ProgrammeDetails, apply, details_of
from matchmaker.services.programme_json import from_json, to_json
from matchmaker.services.programme_venues import VenueDetails, checked_venues, set_venues
from tests.factories import NOW, make_organisation, make_outcode, make_programme, make_user
from tests.services.test_programme_times import MONDAYS
from tests.services.test_programmes import FULL

HALL = VenueDetails(
    name="Town hall", address="1 High Street", town="Dunfermline", postcode="KY12 7JA"
)


def draft(details: ProgrammeDetails):
    organisation = make_organisation(members=[make_user()])
    return programmes.create_programme(organisation, details, actor=make_user(), now=NOW)


def test_place_is_kept_with_its_whole_postcode_at_the_centre_of_its_district(session):
    make_outcode("KY12")
    typed = VenueDetails(
        name=" Town  hall ", address="1 High Street", town="Dunfermline", postcode="ky127ja"
    )
    programme = draft(ProgrammeDetails(name="A", locations=(typed, VenueDetails(town=" "))))
    session.expire_all()
    (row,) = programme.locations
    assert (row.name, row.postcode) == ("Town hall", "KY12 7JA")
    assert (row.latitude, row.longitude) == (56.07, -3.46)


def test_place_in_a_district_nobody_knows_has_no_point(session):
    programme = draft(ProgrammeDetails(name="A", locations=(HALL,)))
    assert programme.locations[0].latitude is None


def test_better_known_point_is_kept_until_the_postcode_changes(session):
    make_outcode("KY12")
    make_outcode("KY11", latitude=56.05, longitude=-3.4)
    programme = make_programme()
    exact = VenueDetails(name="Hall", postcode="KY12 7JA", latitude=56.0711, longitude=-3.4522)
    set_venues(programme, [exact])
    session.flush()
    number = programme.locations[0].id
    set_venues(programme, [VenueDetails(name="Town hall", postcode="KY12 7JA")])
    session.flush()
    assert programme.locations[0].id == number
    assert programme.locations[0].latitude == 56.0711
    set_venues(programme, [VenueDetails(name="Town hall", postcode="KY11 1AA")])
    session.flush()
    assert (programme.locations[0].id, programme.locations[0].latitude) == (number, 56.05)


def test_place_that_stays_keeps_its_row_when_another_goes(session):
    programme = make_programme()
    church = VenueDetails(name="Church", town="Cupar")
    set_venues(programme, [HALL, church])
    session.flush()
    of_church = programme.locations[1].public_id
    set_venues(programme, [church])
    session.flush()
    session.expire_all()
    assert [each.public_id for each in programme.locations] == [of_church]


@pytest.mark.parametrize(
    ("venue", "field"),
    [
        (VenueDetails(postcode="KY12"), "postcode"),
        (VenueDetails(name="x" * 201), "name"),
        (VenueDetails(town="x" * 201), "town"),
    ],
)
@pytest.mark.one_database
def test_place_that_cannot_be_taken_is_refused_beside_its_question(app, venue, field):
    with app.test_request_context(), pytest.raises(FieldError) as refusal:
        checked_venues([HALL, venue])
    assert refusal.value.field == f"locations-1-{field}"


@pytest.mark.one_database
def test_places_that_a_source_gave_are_kept_however_many_and_each_once(app):
    places = [VenueDetails(name=f"Hall {number}") for number in range(500)]
    assert checked_venues([*places, HALL, HALL][1:]) == [*places[1:], HALL]
    with app.test_request_context(), pytest.raises(FieldError, match="500 places or fewer"):
        checked_venues([*places, HALL])


def test_what_a_programme_says_can_be_put_into_it_again_and_survives_json(session):
    make_outcode("KY12")
    values = {name: getattr(FULL, name) for name in FULL.__dataclass_fields__}
    values |= {
        "locations": (HALL,),
        "schedules": (MONDAYS,),
        "is_free": True,
        "website": "https://www.example.org",
        "public_email": "hello@example.org",
        "public_phone": "01592 000 000",
    }
    programme = draft(ProgrammeDetails(**values))
    session.expire_all()
    said = details_of(programme)
    apply(programme, said)
    session.flush()
    session.expire_all()
    assert details_of(programme) == said == from_json(to_json(said))
    assert (said.name, said.is_free, said.places_per_month) == ("Steady feet", True, 4)
    assert said.locations[0].words == HALL.words
    assert said.schedules == (MONDAYS,)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"website": "not a website"}, "website"),
        ({"website": "https://example.org/" + "x" * 300}, "website"),
        ({"public_email": "x" * 255}, "public_email"),
        ({"public_phone": "0" * 41}, "public_phone"),
    ],
)
@pytest.mark.one_database
def test_public_contact_that_cannot_be_taken_is_named(session, answers, field):
    with pytest.raises(FieldError) as refusal:
        draft(ProgrammeDetails(name="A", **answers))
    assert refusal.value.field == field
