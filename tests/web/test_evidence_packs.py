from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import ExampleState, PackFrequency, StatisticsRelease, SupplyCount
from matchmaker.services import evidence_packs, notifications, pack_files, pack_subscriptions
from matchmaker.services.activity.choosing import Chosen
from matchmaker.services.statistics.catalogue import list_tables_for
from matchmaker.services.statistics.figures import read_table
from matchmaker.services.statistics.periods import PeriodKind, find_period
from matchmaker.services.statistics.scope import UNITED_KINGDOM, get_area
from tests.factories import (
    FIFE,
    NOW,
    make_figures,
    make_lead,
    make_practice_example,
    make_wave,
)
from tests.published_figures import publish_everything
from tests.web.markup import csrf_token
from tests.web.world import WALES, sign_in

pytestmark = pytest.mark.one_database

NHS_FIFE = "S08000029"
QUARTER, MONTH = "2026-q3", "2026-09"
PACK = f"/lead/packs/{NHS_FIFE}/{QUARTER}"


@pytest.fixture
def lead(client, writing):
    """Somebody who looks after Fife, signed in."""
    with writing():
        user = make_lead([FIFE])
    sign_in(client, user, writing)
    return user


@pytest.fixture
def published(writing):
    with writing():
        publish_everything([NHS_FIFE, UNITED_KINGDOM], [QUARTER])


def press(client, address, **answers):
    """Send a form of the page of evidence packs."""
    token = csrf_token(client.get("/lead/packs/").text)
    data = {"csrf_token": token, **answers}
    return client.post(f"/lead/packs/{address}", data=data, follow_redirects=True)


def rows_of(archive, name):
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


# --- The page -------------------------------------------------------------------------------------


def test_report_says_of_what_it_is_and_shows_every_part(client, lead, published):
    page = client.get(PACK).text
    for words in ("NHS Fife", "July to September 2026", "3 November 2026", "In short"):
        assert words in page
    for part in ("What happened", "Month by month", "How long it takes", "What became of it"):
        assert part in page
    assert "Who and what for" in page
    assert "about 85 introductions were asked for" in page


def test_tables_of_nothing_are_left_out_of_the_report(client, lead, writing):
    with writing():
        make_figures("funnel", NHS_FIFE, QUARTER, {("all", "asked"): 40})
    page = client.get(PACK).text
    assert "From suggestion to completion" in page
    assert "By profession" not in page
    assert "What became of it" not in page


def test_report_names_examples_of_the_area_that_were_public_by_then(client, lead, writing):
    in_time, too_late = (datetime(2026, month, 20, tzinfo=UTC) for month in (8, 10))
    with writing():
        make_figures("funnel", NHS_FIFE, QUARTER, {("all", "asked"): 40})
        make_figures("funnel", WALES, QUARTER, {("all", "asked"): 40})
        for title, area, moment in (
            ("A choir in Fife", NHS_FIFE, in_time),
            ("A later choir", NHS_FIFE, too_late),
            ("A choir in Wales", "W11000023", in_time),
        ):
            make_practice_example(
                state=ExampleState.PUBLISHED, title=title, area_code=area, published_at=moment
            )
    page = client.get(PACK).text
    assert "A choir in Fife" in page
    assert "1 partnership has told" in page
    assert "A later choir" not in page
    assert "A choir in Wales" not in page
    whole = client.get(f"/lead/packs/{UNITED_KINGDOM}/{QUARTER}").text
    assert "2 partnerships have told" in whole


def test_report_holds_surveys_of_the_area_that_were_closed_in_the_period(client, writing):
    with writing():
        user = make_lead([NHS_FIFE])
        make_figures("funnel", NHS_FIFE, QUARTER, {("all", "asked"): 40})
        make_wave(title="Closed in summer", closed_at=datetime(2026, 8, 20, tzinfo=UTC))
        make_wave(title="Closed in autumn", closed_at=datetime(2026, 10, 20, tzinfo=UTC))
        make_wave(title="About Wales", area_code=WALES, closed_at=datetime(2026, 8, 20, tzinfo=UTC))
        make_wave(title="Still open", opened_at=NOW)
    sign_in(client, user, writing)
    page = client.get(PACK).text
    assert "What people told us: Closed in summer" in page
    assert "Too few answered" in page
    for title in ("Closed in autumn", "About Wales", "Still open"):
        assert title not in page


def test_lead_chooses_a_report(client, lead, published):
    assert f'value="{NHS_FIFE}" selected' in client.get("/lead/packs/").text
    query = {"area": NHS_FIFE, "period": QUARTER}
    answer = client.get("/lead/packs/", query_string=query)
    assert (answer.status_code, answer.location) == (302, PACK)


@pytest.mark.parametrize("query", [{"area": WALES}, {"period": "2026-13"}])
def test_report_that_there_is_not_is_a_sentence_and_a_choice(client, lead, published, query):
    page = client.get("/lead/packs/", query_string=query)
    assert page.status_code == 404
    assert "There are no figures" in page.text
    assert 'name="period"' in page.text


@pytest.mark.parametrize("path", [f"{WALES}/{QUARTER}", f"{NHS_FIFE}/2026-13", "nowhere/2026-09"])
def test_report_of_somebody_else_is_not_found(client, lead, published, path):
    assert client.get(f"/lead/packs/{path}").status_code == 404
    assert client.get(f"/lead/packs/{path}.zip").status_code == 404


def test_before_the_first_release_there_is_none_to_choose(client, lead):
    page = client.get("/lead/packs/")
    assert page.status_code == 200
    assert "There are no figures yet" in page.text


# --- The files ------------------------------------------------------------------------------------


def test_files_hold_every_table_and_say_what_each_column_is(client, lead, published):
    answer = client.get(f"{PACK}.zip")
    assert answer.mimetype == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    tables = {f"{each.key}.csv" for each in list_tables_for(NHS_FIFE, PeriodKind.QUARTER)}
    others = {"README.txt", "data-dictionary.csv", "months.csv", "supply.csv"}
    assert set(archive.namelist()) == tables | others
    described = {(row[0], row[1]) for row in rows_of(archive, "data-dictionary.csv")[1:]}
    for name in (*tables, "months.csv", "supply.csv"):
        assert {(name, heading) for heading in rows_of(archive, name)[0]} <= described
    read_first = archive.read("README.txt").decode()
    for words in ("NHS Fife", "July to September 2026", "* stands for 1 to 7", *tables):
        assert words in read_first


def test_files_hold_the_figures_that_were_published(app, client, lead, published):
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{PACK}.zip").data))
    with app.test_request_context():
        for described in list_tables_for(NHS_FIFE, PeriodKind.QUARTER):
            table = read_table(described.key, NHS_FIFE, find_period(QUARTER))
            rows = rows_of(archive, f"{described.key}.csv")[1:]
            assert [row[0] for row in rows] == [str(each.label) for each in described.rows]
            assert [row[1:] for row in rows] == [
                [table.figure(row.key, column.key).csv for column in described.columns]
                for row in described.rows
            ]
    months = [row[0] for row in rows_of(archive, "months.csv")[1:]]
    assert months == ["July 2026", "August 2026", "September 2026"]


def test_files_hold_how_many_programmes_there_are(client, lead, writing):
    with writing():
        make_figures("funnel", NHS_FIFE, MONTH, {("all", "asked"): 40})
        release = db.session.scalars(select(StatisticsRelease)).one()
        offered = {"programmes": 3, "near": 2, "online": 1}
        for area in (NHS_FIFE, UNITED_KINGDOM):
            db.session.add(
                SupplyCount(
                    release_id=release.id, area_code=area, group_code="mental-health", **offered
                )
            )
    answer = client.get(f"/lead/packs/{NHS_FIFE}/{MONTH}.zip")
    rows = rows_of(zipfile.ZipFile(io.BytesIO(answer.data)), "supply.csv")
    assert rows[0] == ["Conditions", "Programmes with places", "In person nearby", "Online"]
    assert ["Mental health", "3", "2", "1"] in rows
    assert ["Cancer", "0", "0", "0"] in rows


def test_same_release_gives_the_same_bytes_and_another_does_not(app, client, lead, published):
    first, second = (client.get(f"{PACK}.zip").data for _each in range(2))
    assert first == second
    entries = zipfile.ZipFile(io.BytesIO(first)).infolist()
    assert {each.date_time for each in entries} == {(2026, 11, 3, 9, 30, 0)}
    with app.test_request_context():
        chosen = Chosen(get_area(NHS_FIFE), find_period(QUARTER))
        later = pack_files.as_zip(chosen, released_at=NOW + timedelta(days=1))
    assert later != first


def test_a_period_without_figures_has_no_day_of_release(session):
    with pytest.raises(ValueError, match="2026-q3"):
        evidence_packs.released_at(find_period(QUARTER))
    db.session.add(StatisticsRelease(month=MONTH, begun_at=NOW))
    db.session.flush()
    with pytest.raises(ValueError, match="2026-q3"):
        evidence_packs.released_at(find_period(QUARTER))


# --- Being told -----------------------------------------------------------------------------------


def test_lead_is_told_by_e_mail_until_they_stop(app, client, lead):
    answer = press(client, "subscriptions", told_area=NHS_FIFE, frequency="quarterly")
    assert "We shall tell you" in answer.text
    assert "Every quarter" in answer.text
    with app.app_context():
        (kept,) = pack_subscriptions.list_subscriptions(lead)
        assert (kept.area_code, kept.frequency) == (NHS_FIFE, PackFrequency.QUARTERLY)
    assert "no more mails" in press(client, f"subscriptions/{NHS_FIFE}/stop").text
    with app.app_context():
        assert pack_subscriptions.list_subscriptions(lead) == []


@pytest.mark.parametrize(
    "answers",
    [
        {"told_area": WALES, "frequency": "monthly"},
        {"told_area": NHS_FIFE, "frequency": "hourly"},
        {},
    ],
)
def test_what_cannot_be_told_is_said_on_the_page(app, client, lead, answers):
    answer = press(client, "subscriptions", **answers)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    with app.app_context():
        assert pack_subscriptions.list_subscriptions(lead) == []


def test_who_switched_such_mails_off_sees_how_to_switch_them_on(client, lead, writing):
    assert "switched off mails" not in client.get("/lead/packs/").text
    with writing():
        kind = notifications.NotificationKind.FIGURES
        notifications.mute(lead, kind, actor=lead, now=NOW)
    page = client.get("/lead/packs/").text
    assert "switched off mails" in page
