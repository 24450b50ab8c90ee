"""The open API over HTTP: what it answers, how it refuses, and what may be kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from openapi_spec_validator import validate
from sqlalchemy.exc import OperationalError

from matchmaker import create_app
from matchmaker.models import Programme
from matchmaker.services import open_referral
from tests.factories import make_outcode, make_programme
from tests.open_data import make_full_programme, make_imported, make_location, make_schedule
from tests.queries import statements_sent
from tests.web.open_referral.validation import validator_for
from tests.web.world import build_world, sign_in

pytestmark = pytest.mark.one_database

API = "/api/oruk/v3"


@pytest.fixture
def programme(writing):
    """A programme of which everything is known."""
    with writing():
        made = make_full_programme()
        make_imported(made)
        assert made.locations
        return made


def test_api_says_which_version_it_is_and_where_it_is_described(settings):
    app = create_app(replace(settings, public_url="https://here.example"))
    about = app.test_client().get(API).get_json()
    assert about["version"] == "HSDS-UK-3.0"
    assert about["openapi_url"] == "https://here.example/api/oruk/v3/openapi.json"
    assert about["profile"].startswith("https://")


def test_description_is_valid_and_describes_every_address(app, client):
    document = client.get(f"{API}/openapi.json").get_json()
    validate(document)
    served = {
        rule.rule.removeprefix(API).replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("open_referral.")
    }
    described = {
        path.replace("{id}", "{" + path.split("/")[1].replace("ies", "y").rstrip("s") + "_id}")
        for path in document["paths"]
    }
    assert described == served - {"/openapi.json"}


@pytest.mark.parametrize(
    ("address", "schema"),
    [
        ("/", "Api"),
        ("/services", "Services"),
        ("/services?full=true", "Services"),
        ("/services/{service}", "Service"),
        ("/service_at_locations", "ServiceAtLocations"),
        ("/service_at_locations?full=true&postcode=KY12&proximity=5000", "ServiceAtLocations"),
        ("/service_at_locations/{place}", "ServiceAtLocation"),
        ("/taxonomies", "Taxonomies"),
        ("/taxonomies/{taxonomy}", "Taxonomy"),
        ("/taxonomy_terms?per_page=100", "TaxonomyTerms"),
        ("/taxonomy_terms?per_page=100&page=6", "TaxonomyTerms"),
        ("/taxonomy_terms/{term}", "TaxonomyTerm"),
        ("/services?page=0", "Problem"),
        ("/services/none", "Problem"),
        ("/nothing", "Problem"),
    ],
)
def test_answers_are_as_described_and_nothing_besides(client, programme, address, schema):
    document = client.get(f"{API}/openapi.json").get_json()
    names = {
        "service": programme.public_id,
        "place": programme.locations[0].public_id,
        "taxonomy": open_referral.Taxonomy.CONDITION.public_id,
        "term": open_referral.taxonomies.delivery_terms()[0].public_id,
    }
    answer = client.get(API + address.format(**names))
    problems = list(validator_for(document, schema).iter_errors(answer.get_json()))
    assert problems == []
    assert not _has_nothing(answer.get_json(), but={"contents"})


def _has_nothing(value, but):
    """Whether an empty value is sent anywhere below `value`."""
    if isinstance(value, dict):
        return any(_has_nothing(each, but) for name, each in value.items() if name not in but)
    if isinstance(value, list):
        return not value or any(_has_nothing(each, but) for each in value)
    return value is None or value == ""


def test_page_says_where_in_the_list_it_is(client, writing):
    with writing():
        for _number in range(3):
            make_programme()
    first, last, beyond = (
        client.get(f"{API}/services?per_page=2&page={page}").get_json() for page in (1, 2, 3)
    )
    assert [len(page.pop("contents")) for page in (first, last, beyond)] == [2, 1, 0]
    common = {"total_items": 3, "total_pages": 2}
    assert first == common | {
        "page_number": 1,
        "size": 2,
        "first_page": True,
        "last_page": False,
        "empty": False,
    }
    assert last == common | {
        "page_number": 2,
        "size": 1,
        "first_page": False,
        "last_page": True,
        "empty": False,
    }
    assert beyond == common | {
        "page_number": 3,
        "size": 0,
        "first_page": False,
        "last_page": True,
        "empty": True,
    }


def test_empty_list_is_a_page_too(client):
    assert client.get(f"{API}/services").get_json() == {
        "total_items": 0,
        "total_pages": 0,
        "page_number": 1,
        "size": 0,
        "first_page": True,
        "last_page": True,
        "empty": True,
        "contents": [],
    }


def test_page_holds_a_hundred_at_most(client):
    terms = client.get(f"{API}/taxonomy_terms?per_page=5000").get_json()
    assert terms["size"] == 100


def test_list_is_short_unless_all_is_asked_for(client, programme):
    [short] = client.get(f"{API}/services").get_json()["contents"]
    assert not [name for name, value in short.items() if isinstance(value, list)]
    [full] = client.get(f"{API}/services?full=true").get_json()["contents"]
    assert full == client.get(f"{API}/services/{programme.public_id}").get_json()


def test_filters_are_read_and_all_of_them_hold(client, writing):
    with writing():
        make_outcode("KY12")
        make_programme(
            name="Walks",
            min_age=18,
            max_age=60,
            schedules=[make_schedule()],
            locations=[make_location()],
        )
        make_programme(name="Talks", locations=[make_location(latitude=57.0)])
    asked = (
        "search=walks&minimum_age=18&maximum_age=60.0&day=Monday&start_time=10:00&end_time=11:30:00"
    )
    [service] = client.get(f"{API}/services?{asked}").get_json()["contents"]
    assert service["name"] == "Walks"
    assert client.get(f"{API}/services?{asked}&day=TU").status_code == 400
    assert client.get(f"{API}/services?{asked.replace('18', '19')}").get_json()["empty"]
    near = client.get(f"{API}/service_at_locations?postcode=ky12+7ja&proximity=1000&{asked}")
    assert [place["name"] for place in near.get_json()["contents"]] == ["Walks"]


def test_terms_of_one_taxonomy(client):
    taxonomy = open_referral.Taxonomy.APPROACH.public_id
    terms = client.get(f"{API}/taxonomy_terms?taxonomy_id={taxonomy}").get_json()["contents"]
    assert {term["taxonomy_id"] for term in terms} == {taxonomy}


@pytest.mark.parametrize(
    "query",
    [
        *("page=0", "page=-1", "page=1.5", "page=", "page=one", "page=1000001", "page=1&page=2"),
        *("per_page=0", "per_page=x", "full=yes", "search=a&search=b", f"search={'a' * 101}"),
        *("taxonomy_id=1", "taxonomy_term_id=", "minimum_age=-1", "maximum_age=nan"),
        *("minimum_age=1e999", "start_time=25:00", "end_time=9:00", "day=Someday", "day="),
        *("postcode=Fife", "postcode=", "proximity=-5", "proximity=300000", "proximity=far"),
    ],
)
def test_what_cannot_be_used_is_refused_in_plain_words(client, query):
    answer = client.get(f"{API}/service_at_locations?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    problem = answer.get_json()
    assert problem["parameter"] == query.partition("=")[0]
    assert (
        problem["detail"].startswith(f"{problem['parameter']} must be ")
        or "once" in query + (problem["detail"])
    )


def test_nothing_of_an_unknown_id_is_said(client):
    for part in ("services", "service_at_locations", "taxonomies", "taxonomy_terms"):
        for name in ("0b1b6a0c-0000-4000-8000-000000000000", "1", "%00"):
            answer = client.get(f"{API}/{part}/{name}")
            assert (answer.status_code, answer.get_json()["status"]) == (404, 404), (part, name)


def test_any_site_may_read_it_and_nobody_may_write(client):
    for method, address, status in (
        ("GET", "/services", 200),
        ("GET", "/services?page=0", 400),
        ("GET", "/nothing", 404),
        ("POST", "/services", 405),
        ("OPTIONS", "/services", 200),
    ):
        answer = client.open(API + address, method=method)
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == "*", address
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    refused = client.post(f"{API}/services")
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "Access-Control-Allow-Origin" not in client.get("/").headers
    assert "Access-Control-Allow-Origin" not in client.get("/api/oruk/v34").headers


def test_head_says_the_same_without_the_words(client, programme):
    whole, head = client.get(f"{API}/services"), client.head(f"{API}/services")
    assert head.data == b""
    assert {**head.headers, "Date": ""} == {**whole.headers, "Date": ""}


def test_answer_is_the_same_whoever_is_signed_in_and_leaves_no_cookie(app, client, writing):
    with writing():
        world = build_world()
    sign_in(client, world.users["owner"], writing)
    address = f"{API}/services"
    answer = client.get(address)
    assert answer.data == app.test_client().get(address).data
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    # Elsewhere the cookie counts as before.
    assert client.get("/home").status_code == 200


def test_what_has_not_changed_is_not_sent_again(client, writing, programme):
    for address in ("/services", f"/services/{programme.public_id}", "/taxonomies"):
        tag = client.get(API + address).headers["ETag"]
        again = client.get(API + address, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Access-Control-Allow-Origin"] == "*"
    with writing() as session:
        session.get(Programme, programme.id).name = "Another name"
    tag = client.get(f"{API}/taxonomies").headers["ETag"]
    assert client.get(f"{API}/services", headers={"If-None-Match": tag}).status_code == 200


def test_when_it_last_changed_will_do_to_ask_again(client, writing, programme):
    for address in ("/services", "/service_at_locations", f"/services/{programme.public_id}"):
        said = client.get(API + address).headers["Last-Modified"]
        asked = {"If-Modified-Since": said}
        assert client.get(API + address, headers=asked).status_code == 304
    with writing() as session:
        row = session.get(Programme, programme.id)
        row.updated_at += timedelta(seconds=2)
    assert client.get(f"{API}/services", headers=asked).status_code == 200


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/services", 5),
        ("/services?full=true", 10),
        ("/service_at_locations", 5),
        ("/service_at_locations?full=true&postcode=KY12&proximity=9000", 7),
    ],
)
def test_page_takes_as_many_queries_for_many_as_for_one(app, client, writing, address, most):
    def count():
        with statements_sent(app) as sent:
            assert client.get(API + address).status_code == 200
        return len([each for each in sent if each.startswith("SELECT")])

    with writing():
        make_full_programme()
    one = count()
    with writing():
        for _number in range(4):
            programme = make_programme(
                locations=[make_location(), make_location()], schedules=[make_schedule()]
            )
            make_imported(programme, name=programme.name)
    assert count() == one
    assert one <= most


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (RuntimeError("a secret fault"), 500),
        (OperationalError("SELECT", {}, Exception("a secret fault")), 503),
    ],
)
def test_fault_of_ours_is_said_as_a_problem(app, monkeypatch, fault, status):
    def fail(*_values, **_more):
        raise fault

    monkeypatch.setattr(open_referral, "list_services", fail)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = app.test_client().get(f"{API}/services")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.get_json()["detail"].endswith(("again later.", "again soon."))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert ("Retry-After" in answer.headers) == (status == 503)
