from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from matchmaker.models import Proposer, Waiting
from matchmaker.services.activity.parts import CHARTS
from matchmaker.services.statistics.scope import UNITED_KINGDOM
from tests.factories import (
    FIFE,
    make_figures,
    make_introduction,
    make_lead,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.published_figures import publish_everything
from tests.queries import statements_sent
from tests.web.markup import Markup
from tests.web.world import WALES, sign_in

pytestmark = pytest.mark.one_database

NHS_FIFE, SCOTLAND = "S08000029", "S92000003"
QUARTER, MONTH = "2026-q3", "2026-09"
# Who it is, the periods, and one or two for each table.
MOST_QUERIES = 20
PARTS = ("", "times", "outcomes", "kinds", "trends")


@pytest.fixture
def lead(client, writing):
    """Somebody who looks after Fife, signed in."""
    with writing():
        user = make_lead([FIFE])
    sign_in(client, user, writing)
    return user


@pytest.fixture
def published(writing):
    """Figures of a quarter and its months, of Fife and around it."""
    with writing():
        publish_everything([NHS_FIFE, SCOTLAND, UNITED_KINGDOM], [QUARTER])


def rows_of_table(page, key):
    """What a table says, heading by heading and row by row."""
    caption = f"{key}-caption"
    (table,) = [
        each.around[-1]
        for each in page.elements
        if each.tag == "caption" and each.attributes["id"] == caption
    ]
    inside = [each for each in page.elements if table in each.around]
    rows = []
    for each in inside:
        if each.tag == "tr":
            rows.append([])
        elif each.tag in ("th", "td"):
            rows[-1].append(each.text)
    return rows


def test_lead_reads_the_latest_month_of_the_health_area_around_theirs(client, lead, published):
    page = client.get("/lead/activity/").text
    assert "Activity: NHS Fife" in page
    assert "In September 2026, about 85 introductions were asked for" in page
    assert "* stands for 1 to 7." in page


def test_lead_chooses_area_and_period_and_keeps_them_from_part_to_part(client, lead, published):
    query = {"area": SCOTLAND, "period": QUARTER}
    for part in PARTS:
        page = client.get(f"/lead/activity/{part}", query_string=query)
        assert page.status_code == 200
        assert "Activity: Scotland" in page.text
        assert f"/lead/activity/times?area={SCOTLAND}&amp;period={QUARTER}" in page.text


@pytest.mark.parametrize("part", CHARTS)
def test_file_of_each_table_says_what_the_page_says(client, lead, published, part):
    query = {"area": NHS_FIFE, "period": QUARTER}
    place = "" if part == "overview" else part
    page = Markup(client.get(f"/lead/activity/{place}", query_string=query).text)
    links = [each.attributes["href"] for each in page.all("a") if ".csv" in each.attributes["href"]]
    assert len(links) == len(CHARTS[part])
    for key, link in zip(CHARTS[part], links, strict=True):
        answer = client.get(link)
        assert answer.mimetype == "text/csv"
        assert f"{key}-{NHS_FIFE}-{QUARTER}.csv" in answer.headers["Content-Disposition"]
        file = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))
        shown = rows_of_table(page, key)
        assert [[cell.replace(",", "") for cell in row] for row in shown[1:]] == [
            [cell.replace(",", "") for cell in row] for row in file[1:]
        ]
        assert shown[0] == file[0]


def test_hidden_figure_has_a_sign_and_no_bar(client, lead, writing):
    with writing():
        make_figures("funnel", NHS_FIFE, MONTH, {("all", "asked"): 40, ("all", "accepted"): "*"})
    page = Markup(client.get("/lead/activity/").text)
    (cell,) = [each for each in page.all("td") if each.text == "*"]
    assert not [each for each in page.all("svg") if cell in each.around]


def test_what_only_longer_periods_have_is_said_for_a_month(client, lead, published):
    page = client.get("/lead/activity/kinds", query_string={"period": MONTH})
    assert "more tables for quarters" in page.text
    assert f"/lead/activity/kinds?area={NHS_FIFE}&amp;period={QUARTER}" in page.text
    key = {"area": NHS_FIFE, "period": MONTH}
    assert client.get("/lead/activity/tables/profession.csv", query_string=key).status_code == 404


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"period": "2026-13"}, "There are no figures for the period in this address."),
        ({"period": "2019-05"}, "There are no figures for the period in this address."),
        ({"area": "nowhere"}, "There are no figures for you to see of the area"),
        ({"area": WALES}, "There are no figures for you to see of the area"),
    ],
)
def test_what_there_is_not_is_a_sentence_and_a_choice(client, lead, published, query, sentence):
    for part in PARTS:
        page = client.get(f"/lead/activity/{part}", query_string=query)
        assert page.status_code == 404
        assert sentence in page.text
        assert 'name="area"' in page.text
        assert 'class="mm-chart' not in page.text
    assert client.get("/lead/activity/tables/funnel.csv", query_string=query).status_code == 404


def test_a_table_that_there_is_not_is_not_found(client, lead, published):
    assert client.get("/lead/activity/tables/salaries.csv").status_code == 404


def test_before_the_first_release_the_page_says_when_it_comes(client, lead):
    page = client.get("/lead/activity/")
    assert page.status_code == 200
    assert "There are no figures yet" in page.text
    assert client.get("/lead/activity/tables/funnel.csv").status_code == 404


def test_pages_of_figures_take_few_queries(app, client, lead, published):
    for part in PARTS:
        with statements_sent(app) as sent:
            client.get(f"/lead/activity/{part}", query_string={"period": QUARTER})
        assert 0 < len(sent) <= MOST_QUERIES, part


# --- Who is waiting -------------------------------------------------------------------------------


def test_lead_sees_how_long_their_own_introductions_wait(client, lead, writing):
    now = datetime.now(UTC)

    def asked(days, **values):
        programme = make_programme(name=f"Waiting {days}")
        professional = make_professional(user=make_user(name="Nobody to know"))
        since = now - timedelta(days=days)
        return make_introduction(
            programme=programme, professional=professional, proposed_at=since, **values
        )

    with writing():
        by_lead = {"proposed_by": Proposer.LEAD, "proposer_user_id": lead.id}
        asked(3, **by_lead)
        asked(9, **by_lead)
        asked(0, **by_lead)
        asked(5, proposed_by=Proposer.LEAD, proposer_user_id=make_lead([FIFE]).id)
        asked(6)
    page = client.get("/lead/activity/waiting").text
    assert page.index("Waiting for 9 days") < page.index("Waiting for 3 days")
    assert "Waiting since today" in page
    assert "Waiting for 5 days" not in page
    assert "Waiting for 6 days" not in page
    assert "Nobody to know" not in page


def test_lead_sees_organisations_of_their_areas_that_wait_for_somebody(client, lead, writing):
    with writing():
        for name, area in (("Here", FIFE), ("Elsewhere", WALES)):
            organisation = make_organisation(name=name, area_code=area, claimed_at=None)
            make_introduction(
                programme=make_programme(organisation=organisation),
                waiting_for=Waiting.CLAIM,
                waiting_since_at=datetime.now(UTC) - timedelta(days=20),
            )
    page = client.get("/lead/activity/waiting").text
    assert "Here" in page
    assert "Waiting for 20 days" in page
    assert "Elsewhere" not in page
