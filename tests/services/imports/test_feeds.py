"""Reading Open Referral and ALISS: what is understood, and what is refused."""

from __future__ import annotations

import json

import pytest

from matchmaker.models import SourceFormat
from matchmaker.services.imports.formats import READERS
from matchmaker.services.imports.plain_text import plain_line, plain_text
from matchmaker.services.imports.records import ON_THE_WEB
from matchmaker.services.imports.report import BrokenFile
from tests.factories import EDINBURGH, FIFE
from tests.services.imports.feeds import (
    DISTRICTS,
    aliss_service,
    full_oruk_service,
    oruk_service,
    read,
    read_aliss,
    read_oruk,
)

pytestmark = [pytest.mark.usefixtures("words"), pytest.mark.one_database]


@pytest.fixture
def words(shared_app):
    """Messages are in a language, which an app knows."""
    with shared_app.app_context():
        yield


def only(feed):
    assert feed.rejected == []
    (programme,) = feed.programmes.values()
    return programme


def test_full_service_says_everything():
    programme = only(read_oruk(full_oruk_service()))
    assert str(programme.last_checked_on) == "2026-10-01"
    assert programme.values == {
        "name": "Stroke café 1",
        "description": "Tea and talk after a stroke.",
        "website": "https://steady.example.org.uk/cafe",
        "public_email": "cafe@steady.example.org.uk",
        "public_phone": "01383 000 000",
        "status": "open",
        "ages": [18, 65],
        "cost": "£2 for the tea",
        "is_free": None,
        "funded_by": "",
        "conditions": ["COPD"],
        "approaches": ["Knitting in the dark", "Peer support"],
        "areas": [FIFE],
        "delivery": "in_person",
        "locations": [
            {
                "name": "The Hall",
                "address": "1 High Street",
                "town": "Dunfermline",
                "postcode": "KY12 7JA",
                "latitude": 56.07,
                "longitude": -3.46,
            }
        ],
        "schedules": [
            {
                "frequency": "weekly",
                "interval": 2,
                "weekdays": "TU,TH",
                "starts_on": "2026-01-06",
                "ends_on": None,
                "opens_at": "10:00:00",
                "closes_at": "12:30:00",
                "note": "Not in July",
            }
        ],
    }


def test_service_told_in_short_does_not_speak_of_places_and_topics():
    values = only(read_oruk(oruk_service())).values
    assert not {"areas", "locations", "conditions", "schedules", "delivery"} & set(values)


def test_organisation_is_found_by_its_number():
    identifiers = [{"identifier_scheme": "GB-SC", "identifier": "SC012345"}]
    organisation = {**oruk_service()["organization"], "organization_identifiers": identifiers}
    feed = read_oruk(oruk_service(organization=organisation))
    assert feed.organisations["organisation-1"].values["registration"] == "GB-SC-SC012345"


def test_later_service_may_name_an_organisation_that_an_earlier_one_described():
    later = oruk_service(2, organization=None, organization_id="organisation-1")
    feed = read_oruk(oruk_service(), later)
    assert feed.programmes["service-2"].organisation == "organisation-1"


@pytest.mark.parametrize(
    ("options", "is_free", "cost"),
    [
        ([{"amount": 0}], True, ""),
        ([{"amount": "3.5", "amount_description": "a lesson"}], False, "£3.50 a lesson"),
        ([{"amount": 10, "option": "adults"}, {"amount": 0}], False, "£10 (adults)"),
        ([{"option": "ask us"}], None, "(ask us)"),
    ],
)
def test_cost_options_are_told_in_words(options, is_free, cost):
    values = only(read_oruk(oruk_service(cost_options=options))).values
    assert (values["is_free"], values["cost"]) == (is_free, cost)


def test_service_with_a_place_on_a_screen_only_is_online():
    online = {"location": {"id": "l", "location_type": "virtual"}}
    values = only(read_oruk(oruk_service(service_at_locations=[online]))).values
    assert (values["delivery"], values["locations"]) == ("online", [])


def test_aliss_service_is_read_without_its_html():
    programme = only(read_aliss(aliss_service()))
    values = programme.values
    assert values["description"] == "Soup & company.\nEvery week."
    assert values["website"] == "https://soup.example.org.uk/refer"
    assert (values["conditions"], values["approaches"]) == (["Dementia"], ["Lunch Club"])
    assert (values["areas"], values["delivery"]) == ([FIFE], "both")
    assert programme.permalink == "https://www.aliss.org/services/1"
    assert str(programme.last_checked_on) == "2026-09-01"


def test_aliss_service_without_areas_serves_the_place_it_meets_in():
    place = {"name": "Hall", "postal_code": "EH1 1AA", "latitude": 55.95, "longitude": -3.19}
    values = only(read_aliss(aliss_service(service_areas=[], locations=[place]))).values
    assert (values["areas"], values["delivery"]) == ([EDINBURGH], "in_person")


def test_aliss_summary_stands_in_for_a_description():
    assert (
        only(read_aliss(aliss_service(description="", summary="Soup."))).values["description"]
        == "Soup."
    )


def test_aliss_file_may_describe_its_organisations_apart():
    content = {
        "services": [aliss_service()],
        "organisations": [{"id": "soup", "name": "Soup and Company", "email": "a@soup.org.uk"}],
    }
    feed = read(SourceFormat.ALISS, content)
    assert feed.organisations["soup"].values["email"] == "a@soup.org.uk"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"id": None}, "id"),
        ({"id": "x" * 400}, "id"),
        ({"id": True}, "id"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": ["list"]}, "name"),
        ({"description": ""}, "description"),
        ({"organization": None}, "organization"),
        ({"organization": "Steady Steps"}, "organization"),
        ({"organization": None, "organization_id": "nobody"}, "organization_id"),
        ({"organization": {"id": "o"}}, "name"),
        ({"status": "dreaming"}, "status"),
        ({"assured_date": "31/02/2026"}, "assured_date"),
        ({"assured_date": "2026-02-31"}, "assured_date"),
        ({"minimum_age": "young"}, "minimum_age"),
        ({"minimum_age": -1}, "minimum_age"),
        ({"minimum_age": 1e300}, "minimum_age"),
        ({"minimum_age": 2.5}, "minimum_age"),
        ({"minimum_age": 60, "maximum_age": 50}, "maximum_age"),
        ({"attributes": {}}, "attributes"),
        ({"attributes": [3]}, "attributes"),
        ({"attributes": [{}] * 501}, "attributes"),
        ({"locations": [{"latitude": 91, "longitude": 0}]}, "latitude"),
        ({"locations": [{"latitude": 0, "longitude": 181}]}, "longitude"),
        ({"schedules": [{"freq": "WEEKLY", "interval": 0}]}, "interval"),
        ({"schedules": [{"freq": "WEEKLY", "byday": "MO;TU"}]}, "byday"),
        ({"schedules": [{"freq": "WEEKLY", "opens_at": "25:00"}]}, "opens_at"),
        ({"schedules": [{"dtstart": "2026-02-01", "valid_to": "2026-01-01"}]}, "valid_to"),
    ],
)
def test_service_that_cannot_be_taken_is_rejected_with_its_row_and_the_others_stay(wrong, field):
    feed = read_oruk(oruk_service(7), oruk_service(**wrong))
    assert list(feed.programmes) == ["service-7"]
    assert [(each.row, each.field) for each in feed.rejected] == [(2, field)]


def test_rejected_service_brings_no_organisation():
    assert read_oruk(oruk_service(description="")).organisations == {}


def test_second_service_of_the_same_id_is_rejected():
    feed = read_oruk(oruk_service(), oruk_service(name="Another"))
    assert str(feed.rejected[0]) == "row 2: id: the same service stands in row 1"
    assert read_aliss(aliss_service(), aliss_service()).rejected[0].row == 2


@pytest.mark.parametrize("wrong", [{"organisation": None}, {"description": "", "summary": ""}])
def test_aliss_service_that_says_too_little_is_rejected(wrong):
    assert read_aliss(aliss_service(**wrong)).rejected[0].row == 1


def test_schedule_that_names_no_day_is_left_out():
    service = oruk_service(schedules=[{"id": "s", "description": "Ring us"}])
    assert only(read_oruk(service)).values["schedules"] == []


def test_circles_in_a_feed_are_not_followed():
    term = {"id": "t", "name": "Stroke", "parent_id": "t"}
    organisation = {**oruk_service()["organization"], "parent_organization_id": "organisation-1"}
    service = oruk_service(attributes=[{"taxonomy_term": term}], organization=organisation)
    assert only(read_oruk(service)).values["conditions"] == ["Stroke"]


@pytest.mark.parametrize("source_format", READERS)
@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not JSON"),
        (b'{"contents": [', "not JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"contents": 3}', "this is not an"),
        (b'{"error": "gone"}', "this is not an"),
        (b'"text"', "this is not an"),
        (b"[NaN]", "a number that cannot be read"),
        (b"[" + b"9" * 5000 + b"]", "a number that cannot be read"),
        (b" " * (ON_THE_WEB.largest_bytes + 1), "larger than 5 MB"),
        (json.dumps([{}] * 20_001).encode(), "20,001 rows"),
    ],
)
def test_file_that_is_no_feed_is_refused_as_a_whole(source_format, data, says):
    with pytest.raises(BrokenFile, match=says):
        READERS[source_format](data, "feed.json", ON_THE_WEB, DISTRICTS)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("  Two   spaces ", "Two spaces"),
        ("Tea &amp; cake", "Tea & cake"),
        ("<b onclick=x()>Bold</b> <img src=x onerror=alert(1)>", "Bold"),
        ("age < 5 and > 2", "age < 5 and > 2"),
        ("half \ud800 a character", "half a character"),
        ("\u202egnihton\u202c\x00", "gnihton"),
        ("<style>p{}</style>left", "left"),
    ],
)
def test_text_is_made_plain(written, plain):
    assert plain_line(written) == plain


def test_paragraphs_and_lists_stay_apart():
    written = "<p>One</p><p>Two<br>three</p><ul><li>a</li><li>b</li></ul>\r\n\r\n\r\n\r\nend"
    assert plain_text(written) == "One\nTwo\nthree\n\n- a\n\n- b\n\nend"
