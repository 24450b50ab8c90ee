from __future__ import annotations

import csv
from io import StringIO

import pytest

from matchmaker.services.matching_quality import CHARTS
from matchmaker.services.statistics.scope import UNITED_KINGDOM
from tests.factories import FIFE, make_figures, make_lead
from tests.published_figures import publish_everything
from tests.queries import statements_sent
from tests.web.markup import Markup
from tests.web.test_activity import rows_of_table
from tests.web.world import sign_in

pytestmark = pytest.mark.one_database

QUARTER = "2026-q3"
# Who it is, the periods, and one for all tables.
MOST_QUERIES = 8


@pytest.fixture
def lead(client, writing):
    """Somebody who looks after Fife, signed in."""
    with writing():
        user = make_lead([FIFE])
    sign_in(client, user, writing)
    return user


@pytest.fixture
def publish(writing):
    """Publish figures of the quarter for the United Kingdom."""

    def published(table_key, figures):
        with writing():
            make_figures(table_key, UNITED_KINGDOM, QUARTER, figures)

    return published


def read(client, key):
    """A table as its file has it, without its headings."""
    answer = client.get(f"/lead/quality/{QUARTER}/{key}.csv")
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))[1:]


def test_a_lead_finds_the_page_among_the_figures_of_their_area(client, lead):
    assert 'href="/lead/quality/"' in client.get("/lead/").text
    page = client.get("/lead/quality/").text
    assert "How well matching works" in page
    assert "There are no figures yet" in page


def test_every_table_on_the_page_is_the_one_in_its_file(client, lead, writing):
    with writing():
        publish_everything([UNITED_KINGDOM], [QUARTER])
    page = Markup(client.get("/lead/quality/").text)
    for key in CHARTS:
        shown = [[cell.replace(",", "") for cell in row] for row in rows_of_table(page, key)[1:]]
        assert shown == [[cell.replace(",", "") for cell in row] for row in read(client, key)]
    name = client.get(f"/lead/quality/{QUARTER}/size.csv").headers["Content-Disposition"]
    assert name == 'attachment; filename="matching-size-2026-q3.csv"'


def test_the_first_k_hold_whatever_stands_before_them(client, lead, publish):
    publish(
        "match_version",
        {
            ("2_first", "shown"): 200,
            ("2_first", "asked"): 20,
            ("2_first", "accepted"): 10,
            ("2_to_3", "shown"): 300,
            ("2_to_3", "asked"): 30,
            ("2_to_3", "accepted"): "*",
            ("2_to_10", "shown"): 500,
        },
    )
    assert read(client, "at-k") == [
        ["Version 2, first place", "200", "20", "10", "10%", "5%"],
        ["Version 2, among the first 3", "500", "50", "–", "10%", "–"],
        ["Version 2, among the first 10", "1000", "50", "–", "5%", "–"],
        ["Version 2, anywhere in the list", "1000", "50", "–", "5%", "–"],
    ]


def test_what_is_hidden_stays_so_in_sums_and_shares(client, lead, publish):
    publish("match_version", {("1_first", "shown"): "x", ("1_first", "asked"): "*"})
    rows = read(client, "at-k")
    assert rows[0] == ["Version 1, first place", "x", "*", "0", "–", "–"]
    assert rows[1][1:] == ["–", "–", "0", "–", "–"]


def test_the_list_is_told_from_its_first_place_to_its_tenth(client, lead, publish):
    publish(
        "match_place",
        {
            ("first", "shown"): 200,
            ("first", "asked"): 20,
            ("to_10", "shown"): 500,
            ("to_10", "asked"): 10,
        },
    )
    told = (
        "Of every 100 shown in the first place, 10 were asked for; of every 100 in the fourth to"
        " tenth place it was 2."
    )
    assert told in client.get("/lead/quality/").text


@pytest.mark.parametrize(
    ("possible", "verdict"),
    [
        (10, "That is the order in which they are named."),
        (90, "That is not the order in which they are named"),
    ],
)
def test_labels_are_held_against_what_happened(client, lead, publish, possible, verdict):
    asked = {"strong": 40, "good": 20, "possible": possible}
    publish(
        "match_label",
        {
            **{(label, "shown"): 100 for label in asked},
            **{(label, "asked"): count for label, count in asked.items()},
        },
    )
    page = client.get("/lead/quality/").text
    assert f"40 were asked for, of the good ones 20 and of the possible ones {possible}." in page
    assert verdict in page


def test_organisations_are_seen_for_the_places_they_have(client, lead, publish):
    publish("match_size", {("one", "shown"): 300, ("one", "asked"): 30, ("many", "shown"): 900})
    publish(
        "offered_size",
        {
            ("one", "programmes"): 50,
            ("one", "never_shown"): "*",
            ("one", "shown"): 250,
            ("one", "places"): 100,
            ("many", "programmes"): 20,
            ("many", "shown"): 800,
            ("many", "places"): "x",
        },
    )
    assert read(client, "size") == [
        ["One programme", "50", "*", "300", "100", "2.5", "10%"],
        ["Two to four programmes", "0", "0", "0", "0", "–", "–"],
        ["Five programmes or more", "20", "0", "900", "x", "–", "0%"],
    ]
    page = client.get("/lead/quality/").text
    assert "for each place they had: “One programme” 2.5." in page


def test_what_was_asked_for_beyond_the_places_is_told(client, lead, publish):
    publish(
        "match_overflow",
        {("all", "asked"): 200, ("all", "over"): 20, ("few", "asked"): 200, ("few", "over"): 20},
    )
    assert read(client, "overflow")[1] == ["Two to four programmes", "200", "20", "10%"]
    told = "Of about 200 that were asked for, about 20 were more than there were places for"
    assert told in client.get("/lead/quality/").text


def test_a_quarter_in_which_nothing_was_shown_is_said_to_be_one(client, lead, publish):
    publish("funnel", {("all", "asked"): 200})
    page = client.get("/lead/quality/").text
    assert page.count("Nobody was shown to anybody in this quarter.") == 2
    assert "Nothing was asked for of programmes that say how many they can take." in page
    assert "How often places were shown cannot be told" in page


def test_too_little_to_compare_is_said_to_be_so(client, lead, publish):
    publish("match_place", {("all", "shown"): "x"})
    publish("match_label", {("strong", "shown"): "*", ("good", "shown"): 100})
    page = client.get("/lead/quality/").text
    assert page.count("Too little was asked for to compare") == 2


@pytest.mark.parametrize("period", ["2026-09", "2026-q4", "nonsense"])
def test_a_quarter_without_figures_is_a_sentence_and_a_choice(client, lead, publish, period):
    publish("match_place", {("all", "shown"): 100})
    page = client.get("/lead/quality/", query_string={"period": period})
    assert page.status_code == 404
    assert "There are no figures for the quarter in this address." in page.text
    assert 'name="period"' in page.text
    assert client.get(f"/lead/quality/{period}/size.csv").status_code == 404


def test_a_table_that_there_is_not_is_not_found(client, lead, publish):
    publish("match_place", {("all", "shown"): 100})
    assert client.get(f"/lead/quality/{QUARTER}/nothing.csv").status_code == 404


def test_the_page_takes_few_queries(app, client, lead, writing):
    with writing():
        publish_everything([UNITED_KINGDOM], ["2026-q2", QUARTER])
    with statements_sent(app) as sent:
        client.get("/lead/quality/")
    assert 0 < len(sent) <= MOST_QUERIES


def test_the_report_of_the_whole_country_tells_it_too(client, lead, writing):
    with writing():
        publish_everything([UNITED_KINGDOM, "S08000029"], [QUARTER])
    country = client.get(f"/lead/packs/{UNITED_KINGDOM}/{QUARTER}").text
    assert "Whether what we call a strong match is one" in country
    assert "strong match" not in client.get(f"/lead/packs/S08000029/{QUARTER}").text
