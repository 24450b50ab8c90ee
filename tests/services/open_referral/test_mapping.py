"""Programmes and organisations as Open Referral UK writes them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest

from matchmaker.models import Delivery, Frequency, ImportedRecord, ProgrammeStatus
from matchmaker.services import open_referral
from matchmaker.services.open_referral.names import find_name, name_of
from matchmaker.services.open_referral.values import email_address, web_address
from tests.factories import NOW, make_organisation, make_programme
from tests.open_data import make_full_programme, make_imported, make_location, make_schedule

# What is written down is decided in Python, from rows that read the same on both databases.
pytestmark = pytest.mark.one_database


def written(programme):
    """The programme with all that belongs to it."""
    around = open_referral.surroundings_of([programme], programme.locations)
    return open_referral.service(programme, around)


def bare_programme(**values):
    """A programme of which hardly anything is known."""
    organisation = make_organisation(name="Quiet Group", description="")
    defaults = {"organisation": organisation, "description": "", "last_checked_at": None}
    bare = {**defaults, "conditions": (), "areas": (), "delivery": Delivery.ONLINE, **values}
    return make_programme(**bare)


def test_programme_becomes_a_service(session):
    programme = make_full_programme()
    service = written(programme)
    plain = {name: value for name, value in service.items() if isinstance(value, str | int)}
    assert plain == {
        "id": programme.public_id,
        "organization_id": programme.organisation.public_id,
        "name": "Stroke café",
        "description": "Tea & talk — every second week.",
        "url": "https://friends.example.org/cafe",
        "email": "cafe@friends.example.org",
        "status": "active",
        "fees": "Free",
        "minimum_age": 18,
        "maximum_age": 99,
        "assured_date": "2026-10-04",
        "last_modified": service["last_modified"],
    }
    assert [phone["number"] for phone in service["phones"]] == ["01383 000 002"]
    assert [contact["phones"] for contact in service["contacts"]] == [service["phones"]]
    assert [option["amount"] for option in service["cost_options"]] == [0]
    assert [funding["source"] for funding in service["funding"]] == ["Fife Council"]


def test_organisation_is_written_down_with_its_number_and_its_source(session):
    programme = make_full_programme()
    organization = written(programme)["organization"]
    assert organization["id"] == programme.organisation.public_id
    assert organization["website"] == "https://friends.example.org"
    assert organization["email"] == "hello@friends.example.org"
    assert [phone["number"] for phone in organization["phones"]] == ["01383 000 001"]
    [identifier] = organization["organization_identifiers"]
    assert (identifier["identifier_scheme"], identifier["identifier"]) == ("GB-SC", "SC012345")
    [attribute] = organization["attributes"]
    assert attribute["link_entity"] == "organization"
    assert attribute["taxonomy_term"]["name"] == "Scottish Charity Register"


def test_what_is_empty_is_left_out(session):
    programme = bare_programme()
    service = written(programme)
    assert set(service) == {
        *("id", "organization_id", "name", "status", "last_modified", "organization"),
        "attributes",
    }
    # The format wants one.
    assert service["organization"]["description"] == "Quiet Group"
    assert set(service["organization"]) == {"id", "name", "description"}


def test_an_age_of_nought_is_not_empty(session):
    assert written(bare_programme(min_age=0))["minimum_age"] == 0


@pytest.mark.parametrize("given", [{}, {"public_email": "", "public_phone": "", "website": ""}])
def test_contact_of_a_programme_stays_here_whatever_else_is_given(session, given):
    text = json.dumps(written(make_full_programme(**given)))
    assert not [word for word in ("Secret Person", "secret@", "000 666") if word in text]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (ProgrammeStatus.OPEN, "active"),
        (ProgrammeStatus.PAUSED, "temporarily closed"),
        (ProgrammeStatus.CLOSED, "inactive"),
    ],
)
def test_status_is_one_of_the_formats(session, status, said):
    assert written(bare_programme(status=status))["status"] == said


@pytest.mark.parametrize(
    ("values", "fees", "options"),
    [
        ({"is_free": True, "cost": "Free, donations welcome"}, "Free, donations welcome", [0]),
        ({"is_free": False, "cost": "£3 a week"}, "£3 a week", ["£3 a week"]),
        ({"is_free": False}, None, ["There is something to pay"]),
        ({"is_free": None, "cost": "Ask us"}, "Ask us", []),
    ],
)
def test_cost_says_free_or_not_only_where_somebody_said_so(session, values, fees, options):
    service = written(bare_programme(**values))
    assert service.get("fees") == fees
    given = service.get("cost_options", [])
    assert [each.get("amount", each.get("amount_description")) for each in given] == options


def test_conditions_approaches_and_delivery_become_attributes(session):
    programme = make_full_programme(delivery=Delivery.BOTH)
    found = {
        (attribute["link_type"], attribute["taxonomy_term"]["name"])
        for attribute in written(programme)["attributes"]
    }
    assert found == {
        ("condition", "Stroke"),
        ("condition", "feeling wobbly"),
        ("approach", "Peer support"),
        ("delivery", "In person"),
        ("delivery", "Online"),
    }


def test_every_attribute_leads_to_a_term_that_can_be_asked_for(session):
    programme = make_full_programme()
    make_imported(programme)
    service = written(programme)
    for attribute in (*service["attributes"], *service["organization"]["attributes"]):
        term = open_referral.find_term(attribute["taxonomy_term_id"])
        assert open_referral.taxonomy_term(term) == attribute["taxonomy_term"]
        assert open_referral.find_taxonomy(attribute["taxonomy_term"]["taxonomy_id"])


def test_source_of_an_entry_is_named_in_its_own_words(session):
    programme = make_full_programme()
    make_imported(programme)
    [source] = [
        attribute["taxonomy_term"]
        for attribute in written(programme)["attributes"]
        if attribute["link_type"] == "source"
    ]
    assert source["name"] == "ALISS"
    assert source["description"].startswith("From ALISS, run by the Health and Social Care")
    assert source["description"].endswith("CC BY 4.0")
    assert source["term_uri"] == "https://www.aliss.org/"


def test_source_that_asks_for_no_words_is_named_with_its_licence(session):
    programme = bare_programme()
    make_imported(programme, attribution="")
    [source] = open_referral.list_sources()
    assert source.attribution == "ALISS. Licensed under CC BY 4.0."
    make_imported(programme, name="Handed over", attribution="", licence="", url="")
    assert [each.attribution for each in open_referral.list_sources()][1] == "Handed over"


def test_organisation_that_is_told_by_its_source_is_not_told_by_its_register_too(session):
    programme = make_full_programme()
    organisation = programme.organisation
    source = make_imported(programme)
    record = ImportedRecord(
        source=source,
        external_id="its own",
        organisation=organisation,
        taken={},
        offered={},
        first_seen_at=NOW,
        last_seen_at=NOW,
    )
    session.add(record)
    session.flush()
    attributes = written(programme)["organization"]["attributes"]
    assert [each["taxonomy_term"]["name"] for each in attributes] == ["ALISS"]
    assert [each.name for each in open_referral.list_sources()] == ["ALISS"]


def test_area_has_the_address_of_the_statistics_office(session):
    areas = written(bare_programme(areas=["S12000047", "BHSCT"]))["service_areas"]
    uris = {area["name"]: area.get("uri") for area in areas}
    assert uris["Fife"] == "http://statistics.data.gov.uk/id/statistical-geography/S12000047"
    # Northern Ireland's trusts have no code there.
    assert [uri for name, uri in uris.items() if name != "Fife"] == [None]


def test_place_has_its_address_and_the_council_around_it(session):
    programme = make_full_programme()
    [link] = written(programme)["service_at_locations"]
    assert (link["service_id"], link["location_id"]) == (programme.public_id, link["id"])
    location = link["location"]
    assert (location["latitude"], location["longitude"]) == (56.07, -3.46)
    [address] = location["addresses"]
    lines = ("address_1", "city", "state_province", "postal_code", "country")
    assert [address[line] for line in lines] == [
        *("1 Abbey Street", "Dunfermline", "Fife", "KY12 7JA", "GB")
    ]


def test_place_without_an_address_has_none(session):
    place = make_location(address="", town="", postcode="", latitude=None, longitude=None)
    [link] = written(bare_programme(locations=[place]))["service_at_locations"]
    assert set(link["location"]) == {"id", "location_type", "name"}


def test_line_of_an_address_that_nobody_knows_is_there_and_empty(session):
    place = make_location(address="", town="", postcode="ZZ9 9ZZ")
    [link] = written(bare_programme(locations=[place]))["service_at_locations"]
    [address] = link["location"]["addresses"]
    assert (address["address_1"], address["city"]) == ("Abbey Hall", "")


def test_times_are_written_in_the_terms_of_calendars(session):
    programme = bare_programme(schedules=[make_schedule()])
    [schedule] = written(programme)["schedules"]
    assert schedule.pop("id") == programme.schedules[0].public_id
    assert schedule == {
        "service_id": programme.public_id,
        "valid_from": "2026-01-05",
        "valid_to": "2026-12-17",
        "dtstart": "2026-01-05",
        "freq": "WEEKLY",
        "interval": 2,
        "byday": "MO,TH",
        "until": "2026-12-17",
        "opens_at": "10:00",
        "closes_at": "11:30",
        "notes": "Not on bank holidays.",
    }


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"frequency": Frequency.MONTHLY, "weekdays": "1MO"}, ("MONTHLY", 2, "1MO")),
        (
            {"frequency": Frequency.DAILY, "interval": 1, "weekdays": ""},
            ("WEEKLY", 1, "MO,TU,WE,TH,FR,SA,SU"),
        ),
        ({"frequency": Frequency.DAILY, "interval": 14, "weekdays": ""}, ("WEEKLY", 2, None)),
        ({"frequency": Frequency.DAILY, "interval": 2, "weekdays": ""}, (None, None, None)),
        ({"frequency": None, "weekdays": ""}, (None, None, None)),
    ],
)
def test_rule_says_what_the_format_can_say(session, values, rule):
    [schedule] = written(bare_programme(schedules=[make_schedule(**values)]))["schedules"]
    assert tuple(schedule.get(name) for name in ("freq", "interval", "byday")) == rule


def test_what_no_rule_can_say_is_said_in_words(session):
    daily = make_schedule(frequency=Frequency.DAILY, interval=2, weekdays="")
    once = make_schedule(frequency=None, weekdays="")
    schedules = written(bare_programme(schedules=[daily, once]))["schedules"]
    assert [schedule.get("description", "")[:12] for schedule in schedules] == ["Every 2 days", ""]


def test_something_on_one_day_begins_and_ends_on_it(session):
    once = make_schedule(
        frequency=None, weekdays="", starts_on=date(2026, 5, 1), ends_on=None, opens_at=time(9, 5)
    )
    [schedule] = written(bare_programme(schedules=[once]))["schedules"]
    days = tuple(schedule.get(name) for name in ("valid_from", "valid_to", "dtstart", "until"))
    assert days == ("2026-05-01", "2026-05-01", "2026-05-01", None)
    assert schedule["opens_at"] == "09:05"


def test_last_change_is_that_of_whatever_changed_last(session):
    later = datetime(2026, 11, 9, 8, 7, 6, 5_432, tzinfo=UTC)
    programme = bare_programme()
    programme.organisation.updated_at = later
    assert written(programme)["last_modified"] == "2026-11-09T08:07:06.005Z"
    programme.last_checked_at = later + timedelta(days=1)
    assert written(programme)["last_modified"].startswith("2026-11-10T")


def test_day_of_the_last_check_is_londons(session):
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert written(bare_programme(last_checked_at=late))["assured_date"] == "2026-07-01"


def test_same_thing_has_the_same_name_every_time(session):
    # Others keep these names: a change of them is a break.
    assert name_of("taxonomy", "condition") == "3a7401d2-c859-5076-9686-ee050beefc5f"
    programme = make_full_programme()
    assert written(programme) == written(programme)


@pytest.mark.parametrize(
    ("wording", "name"),
    [
        ("3A7401D2-C859-5076-9686-EE050BEEFC5F", "3a7401d2-c859-5076-9686-ee050beefc5f"),
        ("3a7401d2c85950769686ee050beefc5f", None),
        ("stroke", None),
        ("3a7401d2-c859-5076-9686-ee050beefc5f\n", None),
    ],
)
def test_name_is_read_as_it_is_written(wording, name):
    assert find_name(wording) == name


@pytest.mark.parametrize(
    ("wording", "address"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        (" example.org ", "https://example.org"),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://[", ""),
        ("https://example.org/a b", ""),
        ("ask us", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_are_addresses(wording, address):
    assert web_address(wording) == address


@pytest.mark.parametrize(
    ("wording", "address"),
    [("a@example.org", "a@example.org"), ("ask us", ""), ("a@b", ""), ("", "")],
)
def test_only_mail_addresses_are_mail_addresses(wording, address):
    assert email_address(wording) == address


def test_publishing_is_a_change(session):
    programme = bare_programme(updated_at=NOW - timedelta(days=9), published_at=NOW)
    programme.organisation.updated_at = NOW - timedelta(days=9)
    assert open_referral.service_changed_at(programme) == NOW
