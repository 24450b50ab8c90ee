"""Find support, as a page: what is typed stays, what narrows can be taken away, nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from matchmaker.models import Delivery, ProgrammeLocation
from matchmaker.services.directory import entries
from tests.factories import (
    EDINBURGH,
    make_organisation,
    make_outcode,
    make_programme,
)
from tests.queries import statements_sent
from tests.web.markup import Markup

# What the database answers is tried in tests/services/directory.
pytestmark = pytest.mark.one_database

CORNWALL = "E06000052"


@pytest.fixture
def groups(writing):
    with writing():
        make_outcode("KY12")
        make_programme(
            name="Breathe",
            conditions=["copd"],
            is_free=True,
            min_age=18,
            delivery=Delivery.IN_PERSON,
            locations=[ProgrammeLocation(town="Rosyth", latitude=56.03, longitude=-3.42)],
            contact_email="canary-contact@example.org",
        )
        make_programme(name="Café", conditions=["stroke"], places_per_month=0)


def titles(answer):
    return [each.text for each in Markup(answer.text).all("h3") if each.is_inside("li")]


def count(answer):
    return Markup(answer.text).all("h2")[0].text


def chosen(answer):
    links = Markup(answer.text).all("a", **{"class": "mm-chosen__link"})
    return {each.text.removeprefix("Take away ").removesuffix("×"): each for each in links}


def query(link):
    return parse_qs(urlsplit(link.attributes["href"]).query)


def test_words_and_a_place_lead_to_programmes_with_reasons(client, groups):
    answer = client.get("/find?q=COPD+near+KY12")
    assert count(answer) == "1 programme"
    assert titles(answer) == ["Breathe"]
    assert "You look for COPD; they work with COPD" in answer.text
    assert "We took “KY12 (Dunfermline, Fife)” as the place." in answer.text
    facts = Markup(answer.text).all("ul", **{"class": "mm-card__facts mm-card__facts--strong"})
    assert facts[0].text == "Rosyth, about 3 miles away In person Aged 18 and over Free"
    assert "canary" not in answer.text


def test_everything_is_listed_before_anything_is_asked_and_full_programmes_say_so(client, groups):
    answer = client.get("/find")
    assert titles(answer) == ["Breathe", "Café"]
    assert "No places this month" in answer.text
    assert not chosen(answer)


def test_what_was_typed_stays_and_is_told_where_it_makes_no_sense(client, groups):
    answer = client.get(
        "/find?q=COPD&where=Nowhereshire&within=7&age=abc&delivery=carrier+pigeon&free=yes"
    )
    assert answer.status_code == 200
    page = Markup(answer.text)
    summary = [each.text for each in page.all("a") if each.attributes["href"].startswith("#")]
    assert "Choose a distance from the list" in summary
    assert "Enter a whole number, like 12" in summary
    assert "Choose in person, online or either" in summary
    typed = {each.attributes.get("id"): each.attributes.get("value") for each in page.all("input")}
    assert (typed["q"], typed["where"], typed["age"]) == ("COPD", "Nowhereshire", "abc")
    assert "We do not know a place called “Nowhereshire”." in answer.text
    assert titles(answer) == ["Breathe"]
    assert page.all("details")[0].attributes.get("open") == ""


@pytest.mark.parametrize("age", ["-1", "121"])
def test_age_that_nobody_has_is_refused_in_a_sentence(client, groups, age):
    answer = client.get(f"/find?age={age}")
    assert "Enter an age in years, from 0 to 120" in answer.text
    assert len(titles(answer)) == 2


def test_each_filter_is_a_link_that_takes_it_away(client, groups):
    address = (
        "/find?q=breathing+near+KY12&conditions=COPD&conditions=asthma&approaches=arts"
        "&within=25&delivery=in_person&age=70&free=yes&places=yes&sort=checked"
    )
    links = chosen(client.get(address))
    whole = parse_qs(urlsplit(address).query)
    assert list(links) == [
        *("“breathing”", "Near KY12 (Dunfermline, Fife)", "25 miles", "COPD", "asthma", "arts"),
        *("In person", "Age 70", "Free of charge", "Has places now"),
    ]
    assert query(links["“breathing”"]) == {**without(whole, "q"), "where": ["KY12"]}
    assert query(links["Near KY12 (Dunfermline, Fife)"]) == {
        **without(whole, "within"),
        "q": ["breathing"],
    }
    assert query(links["COPD"]) == {**whole, "conditions": ["asthma"]}
    for name, label in {
        "within": "25 miles",
        "approaches": "arts",
        "delivery": "In person",
        "age": "Age 70",
        "free": "Free of charge",
        "places": "Has places now",
    }.items():
        assert query(links[label]) == without(whole, name)


def without(whole, name):
    return {each: values for each, values in whole.items() if each != name}


def test_full_postcode_leaves_the_address_at_once(client, groups):
    answer = client.get("/find?q=COPD+near+ky12+7dr&where=KY127DR&free=yes&_scheme=ftp")
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.location).query) == {
        "q": ["COPD near KY12"],
        "where": ["KY12"],
        "free": ["yes"],
        "_scheme": ["ftp"],
    }
    assert urlsplit(answer.location).path == "/find"
    assert client.get(answer.location).status_code == 200
    assert client.get("/find.csv?where=KY12+7DR").status_code == 302


def test_place_that_was_read_from_the_words_can_be_left_to_them(client, groups):
    page = Markup(client.get("/find?q=choir+in+Fife").text)
    (instead,) = [each for each in page.all("a") if each.text == "Look for these words instead"]
    assert query(instead) == {"q": ["choir in Fife"], "where": ["anywhere"]}
    answer = client.get(instead.attributes["href"])
    assert list(chosen(answer)) == ["“choir in Fife”"]


def test_place_that_nobody_knows_can_be_corrected(client, groups):
    page = Markup(client.get("/find?q=COPD+near+Dunfirmline").text)
    (instead,) = [each for each in page.all("a") if each.text == "Dunfermline"]
    assert query(instead) == {"q": ["COPD"], "where": ["Dunfermline"]}


def test_other_conditions_are_offered_with_what_they_mean(client, groups):
    answer = client.get("/find?q=help+with+lung+conditions+near+KY12")
    page = Markup(answer.text)
    (copd,) = [each for each in page.all("a") if each.text == "COPD (1)"]
    assert query(copd) == {"conditions": ["COPD"], "where": ["KY12"]}
    assert "Kinds of lung conditions" in answer.text
    narrower = client.get(copd.attributes["href"])
    assert titles(narrower) == ["Breathe"]
    page = Markup(narrower.text)
    (broader,) = [each for each in page.all("a") if each.text == "Lung conditions"]
    assert query(broader) == {"conditions": ["lung conditions"], "where": ["KY12"]}


def test_empty_list_offers_only_what_finds_something(client, writing, groups):
    with writing():
        make_programme(
            name="Far", conditions=["eczema"], areas=[CORNWALL], delivery=Delivery.IN_PERSON
        )
    answer = client.get("/find?q=eczema+near+KY12&free=yes")
    assert count(answer) == "No programme found"
    ways = {each.text for each in Markup(answer.text).all("a") if each.is_inside("main")}
    assert "Leave out “eczema”" in ways
    assert not {"Look at any distance", "Keep only what it is about and where"} & ways
    answer = client.get("/find?q=eczema+near+KY12")
    assert "Look at any distance" in answer.text
    answer = client.get("/find?q=strroke")
    (instead,) = [each for each in Markup(answer.text).all("a") if each.text == "stroke"]
    assert query(instead) == {"conditions": ["stroke"]}


def test_list_can_be_sorted_and_paged_and_keeps_its_order(client, writing):
    with writing():
        make_outcode("KY12")
        for number in range(23):
            make_programme(name=f"P{number:02}", last_checked_at=days_ago(number))
    answer = client.get("/find?where=KY12")
    assert titles(answer) == [f"P{number:02}" for number in range(20)]
    page = Markup(answer.text)
    assert page.all("title")[0].text.startswith("Find support: 23 programmes, page 1 of 2")
    (following,) = page.all("a", rel="next")
    assert query(following) == {"where": ["KY12"], "page": ["2"]}
    assert titles(client.get(following.attributes["href"])) == ["P20", "P21", "P22"]
    (nearest,) = [each for each in page.all("a") if each.text == "Nearest"]
    assert query(nearest) == {"where": ["KY12"], "sort": ["distance"]}
    (following,) = Markup(client.get(nearest.attributes["href"]).text).all("a", rel="next")
    assert query(following) == {"where": ["KY12"], "sort": ["distance"], "page": ["2"]}
    for nonsense in ("page=99", "page=-1", "page=abc", "sort=price"):
        assert titles(client.get(f"/find?{nonsense}"))


def days_ago(days):
    return datetime.now(UTC) - timedelta(days=days)


def test_old_and_unchecked_entries_say_so(client, writing):
    with writing():
        make_programme(name="Old", last_checked_at=days_ago(200))
        unclaimed = make_organisation(claimed_at=None)
        make_programme(name="Never", organisation=unclaimed, last_checked_at=None)
    answer = client.get("/find")
    assert "Last checked over 6 months ago, on" in answer.text
    assert "Nobody has checked this entry yet" in answer.text
    assert "In person or online" in Markup(answer.text).all("li")[-1].text or titles(answer)


def test_programme_taken_away_this_moment_is_not_shown(app, client, groups, monkeypatch):
    monkeypatch.setattr(entries, "public_programmes", lambda _ids, **_with: {})
    assert client.get("/find").status_code == 200
    assert titles(client.get("/find")) == []


def test_list_is_taken_away_as_a_table_without_anything_private(client, writing, groups):
    with writing():
        make_programme(name="=1+1", conditions=["copd"])
    page = Markup(client.get("/find?q=COPD&free=yes").text)
    (link,) = [each for each in page.all("a") if each.text.startswith("Take this list away")]
    assert link.attributes["href"] == "/find.csv?q=COPD&free=yes"
    answer = client.get(link.attributes["href"])
    assert answer.content_type == "text/csv; charset=utf-8"
    heading, row, *rest = answer.text.removeprefix("\ufeff").splitlines()
    assert heading.startswith("Programme,Organisation,Description,Where")
    assert row.startswith("Breathe,")
    assert "/programmes/" in row
    assert rest == []
    assert "canary" not in answer.text
    assert "'=1+1" in client.get("/find.csv").text


@pytest.mark.parametrize(
    "address",
    [
        "/find?q=stroke+near+KY12",
        "/find?where=Fife&within=25&sort=distance",
        "/find?conditions=stroke&within=any&where=KY12&free=yes",
        "/find.csv?q=stroke",
    ],
)
def test_longer_list_takes_no_more_queries(app, client, writing, address):
    with writing():
        make_outcode("KY12")
        make_programme(is_free=True, places_per_month=3)
    client.get(address)
    with statements_sent(app) as for_one:
        client.get(address)
    with writing():
        for number in range(4):
            make_programme(
                is_free=True,
                places_per_month=3,
                areas=["S12000047", EDINBURGH],
                locations=[ProgrammeLocation(town=f"T{number}", latitude=56, longitude=-3)],
            )
    client.get(address)
    with statements_sent(app) as for_five:
        assert client.get(address).status_code == 200
    assert len(for_five) == len(for_one)
    # Half of them follow what changed, which outside the tests happens once a second.
    assert len(for_five) <= 13
