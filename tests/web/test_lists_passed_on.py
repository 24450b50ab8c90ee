"""A list on paper, as a table, in a mail, and behind a link that holds all of it."""

from __future__ import annotations

import csv
from datetime import time
from io import StringIO
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from matchmaker.models import Delivery, Frequency, ProgrammeLocation, ProgrammeSchedule
from matchmaker.web.lists import passing_on
from tests.factories import make_organisation, make_programme, make_user
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in

pytestmark = pytest.mark.one_database


@pytest.fixture
def programme(writing):
    with writing():
        return make_programme(
            name="Breathe Easy Fife",
            description="A friendly group for people with lung disease. We walk and talk.",
            organisation=make_organisation(
                name="Lung Friends", phone="01383 000 111", website="https://lung.example/"
            ),
            delivery=Delivery.IN_PERSON,
            is_free=True,
            contact_phone="01383 999 999",
            contact_email="secret@example.org",
            locations=[
                ProgrammeLocation(name="Town House", town="Dunfermline", postcode="KY12 7DS")
            ],
            schedules=[
                ProgrammeSchedule(
                    frequency=Frequency.WEEKLY, weekdays="MO", opens_at=time(10), closes_at=time(12)
                )
            ],
        )


@pytest.fixture
def others(writing, programme):
    with writing():
        return [
            make_programme(name=f"Walk {number}", organisation=make_organisation(website="=1+1"))
            for number in range(2)
        ]


def link_to(*programmes, name="", page=""):
    query = "&".join(f"p={each.id}" for each in programmes)
    return f"/lists/shared{page}?{query}&name={name}"


def keep(client, *programmes, name=""):
    page = client.get(link_to(*programmes)).text
    answers = {"csrf_token": csrf_token(page), "p": [each.id for each in programmes], "name": name}
    return client.post("/lists/keep", data=answers, follow_redirects=True).text


def headings(page):
    return [each.text for each in Markup(page).all("h2")]


def test_the_link_of_a_list_opens_the_same_list_for_anybody(app, client, programme, others):
    keep(client, *others, programme, name="Lung groups")
    page = Markup(client.get("/list").text)
    (link,) = [each for each in page.all("a") if "/lists/shared?" in each.text]
    parts = urlsplit(link.attributes["href"])
    assert parse_qs(parts.query)["p"] == [str(each.id) for each in (*others, programme)]
    opened = app.test_client().get(f"{parts.path}?{parts.query}").text
    assert [each.text for each in Markup(opened).all("h1")] == ["Lung groups"]
    assert headings(opened)[:3] == ["Walk 0", "Walk 1", "Breathe Easy Fife"]


def test_opening_a_link_keeps_nothing(client, programme):
    client.get(link_to(programme))
    assert client.get_cookie("list") is None
    assert "nothing on your list yet" in client.get("/list").text


def test_keeping_a_shared_list_adds_what_is_new_to_the_list_of_the_device(
    client, programme, others
):
    keep(client, programme, name="Mine")
    page = keep(client, programme, *others, name="Theirs")
    assert "2 programmes are kept now" in page
    assert [each.text for each in Markup(page).all("h1")] == ["Mine"]
    assert headings(page)[:4] == ["Done", "Breathe Easy Fife", "Walk 0", "Walk 1"]
    assert "All of these were on your list already" in keep(client, *others)


def test_keeping_a_shared_list_with_an_account_makes_it_a_list_of_its_own(
    client, writing, programme, others
):
    with writing():
        user = make_user()
    sign_in(client, user, writing)
    keep(client, programme, name="Mine")
    page = keep(client, *others, name="Theirs")
    assert [each.text for each in Markup(page).all("h1")] == ["Theirs"]
    lists = [each.text for each in Markup(client.get("/lists").text).all("h2")]
    assert lists[:2] == ["Theirs", "Mine"]


@pytest.mark.parametrize("query", ["", "?p=", "?p=x&p=99999999999", "?p=2147483647", "?name=%00"])
def test_a_link_that_was_not_copied_whole_is_an_empty_list(client, programme, query):
    for page in ("", "/print", "/download.csv"):
        answer = client.get(f"/lists/shared{page}{query}")
        assert answer.status_code == 200
        assert programme.name not in answer.text


def test_what_is_no_longer_listed_is_counted_and_not_named(client, writing, programme):
    with writing():
        gone = make_programme(name="Secret plan", published_at=None)
    page = client.get(link_to(programme, gone)).text
    assert "1 programme of this list is no longer listed" in page
    assert "Secret plan" not in page


def test_what_is_no_longer_listed_can_be_taken_off_the_list(client, writing, programme):
    keep(client, programme)
    with writing() as session:
        session.merge(programme).published_at = None
    page = client.get("/list").text
    assert "No longer listed" in page
    answers = {"csrf_token": csrf_token(page), "programme": programme.id}
    page = client.post("/lists/remove", data=answers, follow_redirects=True).text
    assert "It is no longer on your list" in page
    assert "nothing on your list yet" in page


def test_paper_holds_what_somebody_needs_to_go_there(client, programme):
    page = client.get(link_to(programme, name="Lung+groups", page="/print")).text
    words = Markup(page).all("main")[0].text
    for said in (
        *("Lung groups", "Breathe Easy Fife", "friendly group"),
        *("Where Town House, Dunfermline, KY12 7DS", "When Every Monday, 10 am to 12 noon"),
        *("Run by Lung Friends", "Phone 01383 000 111", "Website lung.example"),
        *("Cost Free", "Last checked 3 November"),
    ):
        assert said in words
    assert "999" not in words
    assert not Markup(page).all("header")


def test_table_is_safe_in_a_spreadsheet(client, programme, others):
    answer = client.get(link_to(programme, *others, page="/download.csv"))
    rows = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row[0] for row in rows] == ["Programme", "Breathe Easy Fife", "Walk 0", "Walk 1"]
    assert rows[2][7] == "'=1+1"
    assert rows[1][-1].endswith(f"/programmes/{programme.id}")
    assert "secret@example.org" not in answer.text
    assert "attachment" in answer.headers["Content-Disposition"]


def mail_of(page):
    (link,) = [
        each.attributes["href"]
        for each in Markup(page).all("a")
        if each.attributes["href"].startswith("mailto:?")
    ]
    assert " " not in link
    query = dict(part.split("=", 1) for part in link.removeprefix("mailto:?").split("&"))
    return unquote(query["subject"]), unquote(query["body"]), len(link)


def test_mail_holds_names_phone_website_and_the_link(client, programme):
    subject, body, _length = mail_of(keep(client, programme, name="Lung & heart"))
    assert subject == "Lung & heart"
    assert body.startswith("Breathe Easy Fife\r\nLung Friends\r\nTown House, Dunfermline, KY12 7DS")
    assert "01383 000 111\r\nhttps://lung.example/" in body
    assert body.endswith(f"/lists/shared?p={programme.id}&name=Lung+%26+heart")
    assert "secret@example.org" not in body


def test_mail_of_a_long_list_stays_short_enough_for_every_mail_program(client, writing, programme):
    with writing():
        many = [
            make_programme(name=f"Group {number} {'x' * 90}", organisation=programme.organisation)
            for number in range(20)
        ]
    _subject, body, length = mail_of(keep(client, *many[:9]))
    assert "Group 8" in body
    assert "01383" not in body
    assert length <= passing_on.LONGEST_MAIL_LINK
    _subject, body, length = mail_of(keep(client, *many))
    assert body.startswith("http")
    assert length <= passing_on.LONGEST_MAIL_LINK
