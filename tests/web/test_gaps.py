"""Gaps, the map of tiles, what is near, who could close a gap, and overlaps: a lead's pages."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from sqlalchemy import select, text

from matchmaker.extensions import db
from matchmaker.models import Delivery, ProgrammeStatus, StatisticsRelease
from matchmaker.services.statistics.scope import UNITED_KINGDOM
from matchmaker.services.statistics.supply import count_supply, store_supply
from matchmaker.vocabulary import load_vocabulary
from tests.factories import (
    EDINBURGH,
    FIFE,
    NOW,
    make_figures,
    make_lead,
    make_organisation,
    make_programme,
)
from tests.web.markup import Markup
from tests.web.test_activity import rows_of_table
from tests.web.world import WALES, sign_in

pytestmark = pytest.mark.one_database

NHS_FIFE, NHS_LOTHIAN, SCOTLAND = "S08000029", "S08000024", "S92000003"
QUARTER = "2026-q3"
STROKE, LUNGS, PAIN = "stroke-and-brain-injury", "lungs-and-breathing", "long-term-pain"
TABLES = ("gaps", "map", "reach", "overlaps", "approaches")
PAGES = ("", "map", "reach", "overlaps", "closing")


@pytest.fixture
def lead(client, writing):
    """Somebody who looks after Fife, signed in."""
    with writing():
        user = make_lead([FIFE])
    sign_in(client, user, writing)
    return user


def _publish(area_code, demand, unmet=()):
    for table, column, figures in (
        ("demand", "professionals", demand),
        ("unmet", "introductions", unmet),
    ):
        shown = {(group, column): size for group, size in dict(figures).items()}
        make_figures(table, area_code, QUARTER, shown)


@pytest.fixture
def published(writing):
    """Two programmes about stroke, nothing about lungs, and somebody who waits for each."""
    with writing():
        make_programme(name="Stroke café", delivery=Delivery.IN_PERSON)
        make_programme(name="Stroke line", areas=[SCOTLAND], delivery=Delivery.ONLINE)
        _publish(NHS_FIFE, {STROKE: 20, LUNGS: 40, PAIN: "*"}, {LUNGS: 15, STROKE: "x"})
        _publish(SCOTLAND, {STROKE: 1235})
        _publish(UNITED_KINGDOM, {STROKE: 5000})
        release = db.session.scalars(select(StatisticsRelease)).one()
        store_supply(release.id, count_supply(now=NOW))


def _csv(answer):
    return list(csv.reader(StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_a_lead_sees_demand_supply_and_what_was_not_met_side_by_side(client, lead, published):
    page = client.get("/lead/gaps/").text
    rows = {row[0]: row[1:] for row in rows_of_table(Markup(page), "gaps")}
    assert rows["Stroke and brain injury"] == ["20", "2", "1", "1", "x"]
    assert rows["Lungs and breathing"] == ["40", "0", "0", "0", "15"]
    assert rows["Long-term pain"] == ["*", "0", "0", "0", "0"]


def test_the_sentence_names_the_largest_gap_and_nothing_that_is_hidden(client, lead, published):
    page = client.get("/lead/gaps/").text
    assert (
        "In July to September 2026 the largest gaps in NHS Fife were: “lungs and breathing”"
        " (about 40 professionals, no programme with places) and “stroke and brain injury”"
        " (about 20 professionals, 2 programmes with places)."
    ) in page
    assert "most often and not met: “lungs and breathing”, about 15 introductions." in page


def test_where_enough_is_offered_no_gap_is_named(client, lead, writing):
    with writing():
        _publish(NHS_FIFE, {PAIN: "*"})
    assert "no gap in NHS Fife was so large" in client.get("/lead/gaps/").text


def test_from_a_gap_one_click_leads_to_who_could_close_it(client, lead, published):
    address = f"/lead/gaps/closing?area={NHS_FIFE}&amp;group={LUNGS}&amp;period={QUARTER}"
    assert address in client.get("/lead/gaps/").text
    page = client.get(address.replace("&amp;", "&")).text
    assert "about 40 professionals, 0 programmes with places, about 15" in page


def test_programmes_come_by_how_near_they_are_to_closing_a_gap(client, lead, writing):
    def lungs(name, **values):
        return make_programme(name=name, conditions=["copd"], **values)

    with writing() as session:
        here = lungs("Here")
        lungs("Paused here", status=ProgrammeStatus.PAUSED)
        lungs("Full here", places_per_month=0)
        lungs("Next door", areas=[EDINBURGH])
        lungs("Next door and paused", areas=[EDINBURGH], status=ProgrammeStatus.PAUSED)
        lungs("Online in Wales", areas=[WALES], delivery=Delivery.ONLINE)
        lungs("In a hall in Wales", areas=[WALES], delivery=Delivery.IN_PERSON)
        lungs("Closed", status=ProgrammeStatus.CLOSED)
        lungs("A draft", published_at=None)
        lungs("Old", last_checked_at=NOW.replace(year=NOW.year - 2))
        make_programme(name="Not about lungs")
        unclaimed = make_organisation(claimed_at=None, area_code=FIFE, name="Nobody's yet")
        lungs("Unclaimed", organisation=unclaimed)
        session.flush()
    page = client.get(f"/lead/gaps/closing?area={NHS_FIFE}&group={LUNGS}").text
    order = [
        *("Here, with places (2)", ">Here<", "Unclaimed"),
        *("without places (2)", "Full here", "No places left", "Paused here"),
        *("next door (1)", ">Next door<", "people elsewhere (1)", "Online in Wales"),
    ]
    places = [page.index(each) for each in order]
    assert places == sorted(places)
    for gone in ("In a hall", "Closed", "A draft", "Old", "Not about", "Next door and paused"):
        assert f">{gone}" not in page
    assert page.count("/lead/programmes/") == 4
    assert f"/lead/programmes/{here.id}" in page
    assert page.count("Invite somebody") == 1
    assert f"/lead/organisations/{unclaimed.id}/invite" in page


def test_each_button_says_for_which_programme_to_people_who_hear_the_page(client, lead, writing):
    with writing():
        for name in ("Harbour walk", "Pier walk"):
            make_programme(name=name, conditions=["copd"])
    page = client.get(f"/lead/gaps/closing?area={NHS_FIFE}&group={LUNGS}").text
    for name in ("Harbour walk", "Pier walk"):
        heard = f'Suggest an introduction<span class="govuk-visually-hidden"> for {name}</span>'
        assert page.count(heard) == 1


def test_a_long_list_of_programmes_shows_the_first_five(client, lead, writing):
    with writing():
        for number in range(12):
            make_programme(name=f"Walk {number:02}", conditions=["copd"])
    page = client.get(f"/lead/gaps/closing?area={NHS_FIFE}&group={LUNGS}").text
    assert "Here, with places (12)" in page
    assert "The first 5." in page
    assert "Walk 04" in page
    assert "Walk 05" not in page


def test_the_map_has_a_number_in_each_tile_of_the_leads(client, lead, published):
    page = client.get(f"/lead/gaps/map?group={STROKE}").text
    tiles = [
        each.text
        for each in Markup(page).all("li")
        if "mm-tile" in each.attributes.get("class", "").split()
    ]
    assert len([each for each in tiles if each]) == 14
    with_number = [each for each in tiles if any(sign.isdigit() for sign in each)]
    assert with_number == ["Fife NHS Fife: 20"]
    measured = client.get(f"/lead/gaps/map?group={STROKE}&measure=unmet").text
    assert ">x</span>" in measured
    assert ">2</span>" in client.get(f"/lead/gaps/map?group={STROKE}&measure=programmes").text


def test_the_table_under_the_map_has_the_nation_as_a_total(client, lead, published):
    page = client.get(f"/lead/gaps/map?group={STROKE}").text
    assert rows_of_table(Markup(page), "map")[1:] == [
        ["United Kingdom", "5,000", "2", "0"],
        ["Scotland", "1,235", "2", "0"],
        ["NHS Fife", "20", "2", "x"],
    ]
    assert "who work with “stroke and brain injury” were in NHS Fife: about 20." in page
    empty = client.get(f"/lead/gaps/map?group={PAIN}").text
    assert "nowhere did so many professionals" in empty
    assert "No programme with places reaches NHS Fife." in empty


def test_the_map_of_a_nation_names_the_area_with_the_most(client, writing):
    with writing():
        user = make_lead([SCOTLAND])
        _publish(NHS_FIFE, {STROKE: 20})
        _publish("S08000024", {STROKE: 45})
    sign_in(client, user, writing)
    page = client.get(f"/lead/gaps/map?group={STROKE}").text
    told = "the area here with the most professionals who work with “stroke and brain injury” was"
    assert f"{told} NHS Lothian: about 45." in page


def test_what_is_near_what_is_online_and_what_is_not_there(client, lead, writing):
    with writing():
        make_programme()
        make_programme(conditions=["copd"], areas=[SCOTLAND], delivery=Delivery.ONLINE)
        make_programme(conditions=["chronic-pain"], areas=[SCOTLAND], delivery=Delivery.IN_PERSON)
        _publish(NHS_FIFE, {STROKE: 10})
        release = db.session.scalars(select(StatisticsRelease)).one()
        store_supply(release.id, count_supply(now=NOW))
    page = client.get("/lead/gaps/reach").text
    rows = rows_of_table(Markup(page), "reach")
    fife = next(row for row in rows if row[0] == "NHS Fife")
    assert sum(int(each) for each in fife[1:]) == 27
    assert fife[1:4] == ["1", "1", "1"]
    assert "Only online (1)" in page
    assert "In NHS Fife, 1 of 27 groups of conditions can be reached nearby in person" in page
    assert "For 24 of them no programme has places." in page
    assert page.index("Not at all (24)") < page.index("Nearby in person (1)")


def test_what_several_organisations_offer_is_told_once(client, lead, writing):
    both = {"conditions": ["stroke", "aphasia"], "approaches": ["arts"]}
    with writing():
        mine = make_organisation(name="First")
        make_programme(name="Choir", organisation=mine, **both)
        make_programme(name="Choir again", organisation=mine, **both)
        make_programme(name="Song group", organisation=make_organisation(name="Second"), **both)
        make_programme(name="For Scotland", areas=[SCOTLAND], **both)
        make_programme(name="Paused", status=ProgrammeStatus.PAUSED, **both)
    page = client.get("/lead/gaps/overlaps").text
    assert page.count("mm-overlaps__item") == 1
    assert "2 organisations" in page
    for name in ("Choir", "Choir again", "Song group"):
        assert f">{name}</a>" in page
    for name in ("For Scotland", "Paused"):
        assert f">{name}</a>" not in page
    assert "One condition and way of working is offered by several organisations" in page


def test_a_page_names_the_first_of_many_and_the_file_all(client, lead, writing):
    with writing():
        for number in range(12):
            make_programme(name=f"Choir {number:02}", approaches=["arts"])
    page = client.get("/lead/gaps/overlaps").text
    assert "Choir 09" in page
    assert "Choir 10" not in page
    assert "The file has all 12." in page
    assert "Choir 11" in client.get("/lead/gaps/overlaps.csv").text


def test_one_organisation_alone_is_no_overlap(client, lead, writing):
    with writing():
        mine = make_organisation()
        for _ in range(2):
            make_programme(organisation=mine, approaches=["arts"])
        make_programme(approaches=["peer-support"])
    page = client.get("/lead/gaps/overlaps").text
    assert "No two organisations in NHS Fife offer the same" in page


def test_a_nation_is_too_wide_for_overlaps(client, lead):
    page = client.get(f"/lead/gaps/overlaps?area={SCOTLAND}").text
    assert "Choose a board" in page
    assert "that no open programme offers that serves Scotland" in page


def test_ways_of_working_that_nobody_offers_leave_out_wider_ones_that_somebody_does(
    client, lead, writing
):
    with writing():
        make_programme(approaches=["social-groups"])
        make_programme(approaches=["sport"], status=ProgrammeStatus.PAUSED)
        make_programme(approaches=["helpline"], areas=[WALES])
    approaches = load_vocabulary().approaches
    missing = {row[0] for row in _csv(client.get("/lead/gaps/approaches.csv"))[1:]}
    assert len(missing) == len(approaches.terms) - 2
    for code, is_missing in (
        *(("social-groups", False), ("group-based", False)),
        *(("sport", True), ("helpline", True)),
    ):
        assert (approaches[code].heading in missing) == is_missing


@pytest.mark.parametrize("key", ["gaps", "map", "reach"])
def test_figures_on_screen_are_those_of_the_file(client, lead, published, key):
    query = {"area": NHS_FIFE, "period": QUARTER, "group": STROKE}
    page = client.get(f"/lead/gaps/{'' if key == 'gaps' else key}", query_string=query).text
    answer = client.get(f"/lead/gaps/{key}.csv", query_string=query)
    assert answer.content_type.startswith("text/csv")
    on_screen = [
        [each.replace(",", "") for each in row] for row in rows_of_table(Markup(page), key)
    ]
    in_file = [[each.replace(",", "") for each in row] for row in _csv(answer)]
    assert in_file == on_screen


def test_overlaps_are_in_their_file(client, lead, writing):
    with writing():
        for name in ("Choir", "Song group"):
            make_programme(name=name, approaches=["arts"])
    (row,) = _csv(client.get("/lead/gaps/overlaps.csv"))[1:]
    assert row[2:] == ["2", "Choir; Song group"]


def test_exact_counts_agree_with_plain_sql(client, lead, published, writing):
    rows = {row[0]: row for row in _csv(client.get("/lead/gaps/gaps.csv"))}
    with writing() as session:
        plain = session.scalar(
            text(
                "SELECT count(DISTINCT p.id) FROM programme p"
                " JOIN programme_area a ON a.programme_id = p.id"
                " JOIN programme_term t ON t.programme_id = p.id AND t.code = 'stroke'"
                " WHERE p.status = 'open' AND a.area_code IN (:council, :nation)"
            ),
            {"council": FIFE, "nation": SCOTLAND},
        )
    assert rows["Stroke and brain injury"][2] == str(plain) == "2"


@pytest.mark.parametrize("page", PAGES)
def test_before_the_first_release_every_page_says_so_kindly(client, lead, page):
    answer = client.get(f"/lead/gaps/{page}")
    assert answer.status_code == 200
    if page in ("", "map", "reach"):
        assert "There are no figures yet." in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_areas_of_others_and_nonsense_do_not_exist(client, lead, published, page):
    for query in (f"area={WALES}", "area=Narnia", "period=soon", "group=nonsense"):
        answer = client.get(f"/lead/gaps/{page}?{query}")
        assert answer.status_code == 404, query
        assert "in this address." in answer.text


@pytest.mark.parametrize("key", TABLES)
def test_files_of_nonsense_are_not_there_and_those_of_nothing_are_empty(client, lead, key):
    assert client.get(f"/lead/gaps/{key}.csv?area=Narnia").status_code == 404
    assert client.get(f"/lead/gaps/{key}.csv").status_code == 200


def test_a_month_in_the_address_stands_for_the_latest_quarter(client, lead, published, writing):
    with writing():
        make_figures("funnel", NHS_FIFE, "2026-09", {("all", "asked"): 20})
    page = client.get("/lead/gaps/?period=2026-09")
    assert page.status_code == 200
    assert "In July to September 2026" in page.text


def test_whoever_leads_a_nation_sees_no_area_that_nobody_named(client, writing):
    with writing():
        lead = make_lead([SCOTLAND])
    sign_in(client, lead, writing)
    page = client.get(f"/lead/gaps/?area={SCOTLAND}-rest")
    assert page.status_code == 200
    assert "area not given" not in page.text
