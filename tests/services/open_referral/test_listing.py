"""Which services and places a list of the open data shows."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from matchmaker.extensions import db
from matchmaker.models import Delivery, Frequency, ProgrammeStatus, ProgrammeTerm, TermField
from matchmaker.services import open_referral
from matchmaker.services.open_referral import Part, Taxonomy, Wanted
from matchmaker.services.open_referral.listing import METRES_IN_A_MILE, _box
from matchmaker.services.open_referral.names import name_of
from matchmaker.services.places import Centre
from tests.factories import EDINBURGH, FIFE, NOW, make_organisation, make_outcode, make_programme
from tests.open_data import make_imported, make_location, make_schedule


def found(**wanted):
    """The names of the services that are listed."""
    rows = open_referral.list_services(Wanted(**wanted), Part(), with_lists=False).rows
    return [programme.name for programme in rows]


def places(**wanted):
    """The names of the places that are listed."""
    pairs = open_referral.list_places(Wanted(**wanted), Part()).rows
    return [place.name for place, _programme in pairs]


def test_only_what_everybody_can_read_is_open_data(session):
    shown = make_programme(name="Shown")
    gone = make_organisation(name="Gone", merged_into_id=shown.organisation_id)
    hidden = [
        make_programme(name="Draft", published_at=None, locations=[make_location()]),
        make_programme(name="Merged", organisation=gone, locations=[make_location()]),
    ]
    assert found() == ["Shown"]
    assert places() == []
    for programme in hidden:
        assert open_referral.find_service(programme.public_id) is None
        assert open_referral.find_place(programme.locations[0].public_id) is None


def test_what_is_paused_is_listed_and_what_has_closed_is_only_found_by_name(session):
    make_programme(name="Paused", status=ProgrammeStatus.PAUSED)
    closed = make_programme(name="Closed", status=ProgrammeStatus.CLOSED)
    assert found() == ["Paused"]
    assert open_referral.find_service(closed.public_id) == closed


def test_pages_hold_everything_once_and_in_order(session):
    names = [make_programme(name=f"Group {number}").name for number in range(5)]
    pages = [
        open_referral.list_services(Wanted(), Part(page, 2), with_lists=False)
        for page in (1, 2, 3, 4)
    ]
    assert [page.total for page in pages] == [5] * 4
    assert [row.name for page in pages for row in page.rows] == names


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("CAFÉ"[:3], ["Stroke café"]),
        ("tea friends", ["Stroke café"]),
        ("tea choir", []),
        ("copd", ["Breathe easy"]),
        # A narrower condition is found under the name of a wider one.
        ("lung conditions", ["Breathe easy"]),
        ("100%", ["Breathe easy"]),
        ("_", []),
        ("\0", ["Stroke café", "Breathe easy"]),
        (" ", ["Stroke café", "Breathe easy"]),
    ],
)
def test_search_finds_words_anywhere_and_names_of_conditions(session, search, expected):
    friends = make_organisation(name="Stroke Friends")
    make_programme(organisation=friends, name="Stroke café", description="Tea and talk")
    make_programme(name="Breathe easy", conditions=["copd"], description="Singing, 100% free")
    assert found(search=search) == expected


def test_term_finds_what_is_tagged_with_it(session):
    make_programme(name="One", conditions=["stroke"], approaches=["arts"])
    two = make_programme(name="Two", conditions=["copd"], delivery=Delivery.ONLINE)
    two.terms.append(ProgrammeTerm(field=TermField.CONDITION, wording="Feeling wobbly"))
    db.session.flush()
    make_imported(two)
    terms = {
        term.name: term.public_id
        for term in open_referral.list_terms()
        if term.name in ("Stroke", "Feeling wobbly", "In person", "Online", "ALISS")
    }
    results = {name: found(taxonomy_term_id=public_id) for name, public_id in terms.items()}
    assert results == {
        "Stroke": ["One"],
        "Feeling wobbly": ["Two"],
        "In person": ["One"],
        "Online": ["One", "Two"],
        "ALISS": ["Two"],
    }
    assert found(taxonomy_term_id=name_of("nothing")) == []


def test_taxonomy_finds_what_is_tagged_with_any_of_its_terms(session):
    make_programme(name="One", conditions=["stroke"])
    two = make_programme(name="Two", conditions=(), approaches=["arts"])
    make_imported(two)
    results = {each: found(taxonomy_id=each.public_id) for each in Taxonomy}
    assert results == {
        Taxonomy.CONDITION: ["One"],
        Taxonomy.APPROACH: ["Two"],
        Taxonomy.DELIVERY: ["One", "Two"],
        Taxonomy.SOURCE: ["Two"],
    }
    assert found(taxonomy_id=name_of("nothing")) == []


def test_ages_are_compared_with_those_of_the_service(session):
    make_programme(name="Any age")
    make_programme(name="Adults", min_age=18)
    make_programme(name="Young", min_age=11, max_age=25)
    assert found(minimum_age=0) == ["Any age", "Adults", "Young"]
    assert found(minimum_age=11) == ["Adults", "Young"]
    assert found(maximum_age=25) == ["Young"]
    assert found(maximum_age=120) == ["Any age", "Adults", "Young"]
    assert found(minimum_age=11.5, maximum_age=30) == []


def test_one_and_the_same_time_meets_all_that_is_asked_of_times(session):
    make_programme(
        name="Twice",
        schedules=[
            make_schedule(weekdays="MO", opens_at=time(9), closes_at=time(10)),
            make_schedule(weekdays="TU", opens_at=time(14), closes_at=time(15)),
        ],
    )
    assert found(weekday="MO", start_time=time(9), end_time=time(10)) == ["Twice"]
    assert found(weekday="MO", start_time=time(14)) == []
    assert found(end_time=time(9, 59)) == []


def test_day_is_found_however_the_rule_says_it(session):
    monday = date(2026, 11, 2)
    for name, values in {
        "weekly": {"weekdays": "MO,TH"},
        "monthly": {"frequency": Frequency.MONTHLY, "weekdays": "1MO,-1FR"},
        "daily": {"frequency": Frequency.DAILY, "weekdays": "", "interval": 1},
        "once": {"frequency": None, "weekdays": "", "starts_on": monday},
        "as it began": {"frequency": Frequency.WEEKLY, "weekdays": "", "starts_on": monday},
        "by date": {"frequency": Frequency.MONTHLY, "weekdays": "", "starts_on": monday},
    }.items():
        make_programme(name=name, schedules=[make_schedule(**values)])
    assert found(weekday="MO") == ["weekly", "monthly", "daily", "once", "as it began"]
    assert found(weekday="FR") == ["monthly", "daily"]
    assert found(weekday="SU") == ["daily"]


def test_places_near_a_postcode_come_nearest_first(session):
    make_outcode("KY12", latitude=56.07, longitude=-3.46)
    make_programme(
        name="Two halls",
        locations=[
            make_location(name="3 km", latitude=56.07, longitude=-3.412),
            make_location(name="1 km", latitude=56.079, longitude=-3.46),
            make_location(name="In the box, outside the circle", latitude=56.1, longitude=-3.41),
            make_location(name="Nowhere", latitude=None, longitude=None),
        ],
    )
    assert places(district="KY12", metres=4000) == ["1 km", "3 km"]
    assert places(district="KY12", metres=1500) == ["1 km"]
    assert places(district="ZZ9", metres=1500) == []
    second = open_referral.list_places(Wanted(district="KY12", metres=4000), Part(2, 1))
    assert ([place.name for place, _programme in second.rows], second.total) == (["3 km"], 2)


def test_postcode_without_a_distance_finds_what_serves_it(session):
    make_outcode("KY12", area_code=FIFE)
    for name, areas in {
        "Fife": [FIFE],
        "Scotland": ["S92000003"],
        "Edinburgh": [EDINBURGH],
        "Anywhere": [],
    }.items():
        make_programme(areas=areas, locations=[make_location(name=name)])
    assert places(district="KY12") == ["Fife", "Scotland", "Anywhere"]
    assert places(district="ZZ9") == []


def test_own_words_are_terms_once_and_of_published_programmes_only(session):
    for wording, published_at in (("Wobbly", NOW), ("wobbly", NOW), ("Secret", None)):
        programme = make_programme(conditions=(), published_at=published_at)
        programme.terms.append(ProgrammeTerm(field=TermField.CONDITION, wording=wording))
    db.session.flush()
    own = [term.name.lower() for term in open_referral.list_terms() if not term.code]
    assert own == ["wobbly"]


def test_every_term_has_a_name_of_its_own_and_a_parent_that_is_there(session):
    terms = open_referral.list_terms()
    names = {term.public_id for term in terms}
    assert len(names) == len(terms)
    assert {term.parent_id for term in terms if term.parent_id} <= names


def test_change_of_what_lists_no_longer_show_is_a_change(session):
    programme = make_programme()
    later = NOW + timedelta(days=3)
    programme.status, programme.updated_at = ProgrammeStatus.CLOSED, later
    db.session.flush()
    assert open_referral.changed_at() == later


def test_batches_hold_every_listed_service(session, monkeypatch):
    monkeypatch.setattr("matchmaker.services.open_referral.listing.ROWS_AT_ONCE", 2)
    names = [make_programme(name=f"Group {number}").name for number in range(5)]
    make_programme(status=ProgrammeStatus.CLOSED)
    db.session.flush()
    batches = [[row.name for row in batch] for batch in open_referral.each_service()]
    assert batches == [names[:2], names[2:4], names[4:]]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    latitude=st.floats(49.8, 60.9),
    longitude=st.floats(-8.2, 1.8),
    north=st.floats(-1.9, 1.9),
    east=st.floats(-3.5, 3.5),
    metres=st.floats(1, 200_000),
)
# Where the circle is widest, in the far north.
@example(latitude=60.9, longitude=0.0, north=0.0507, east=3.6995, metres=200_000)
def test_box_holds_the_whole_circle(latitude, longitude, north, east, metres):
    centre, place = Centre(latitude, longitude), Centre(latitude + north, longitude + east)
    if centre.miles_to(place) * METRES_IN_A_MILE > metres:
        return
    for condition, value in zip(
        _box(centre, metres), (place.latitude, place.longitude), strict=True
    ):
        low, high = (part.value for part in condition.right.clauses)
        assert low <= value <= high
