"""A survey from opening it on a phone to the themes of what ten people say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from matchmaker.services import passwords
from matchmaker.services.surveys import closing, themes
from tests.factories import (
    FIFE,
    make_answers,
    make_lead,
    make_professional,
    make_wave,
)
from tests.page_checks import assert_fits_narrow_screen
from tests.web.markup import csrf_token
from tests.web.world import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PASSWORD = "kettle violin moorland"
TITLE = "How do we work together?"
WORDS = ("There is no time in a full clinic", "The funding of the grant ends")


def make_people_who_answered_last_year():
    """A lead, ten professionals, and a survey they answered a year ago."""
    long_ago = datetime.now(UTC) - timedelta(days=365)
    make_lead([FIFE], email="lead@example.org", password_hash=passwords.hash_password(PASSWORD))
    people = [make_professional().user for _ in range(10)]
    earlier = make_wave(area_code=FIFE, title="Last year", opened_at=long_ago)
    for user in people:
        make_answers(earlier, user, partnership_know="2")
    closing.close_wave(earlier, actor=None, now=long_ago)
    themes.find_due(now=long_ago)
    return people


def answer(client, number):
    """Answer two questions by the pages, and send it."""
    home = client.get("/home").text
    assert TITLE in home
    own = "/surveys/" + home.partition("/surveys/")[2].partition('"')[0]
    asked = client.get(f"{own}/partnership").text
    scale = asked.partition("How well do you know")[2].partition('name="')[2].partition('"')[0]
    press(client, f"{own}/partnership", asked, **{scale: "4"})
    asked = client.get(f"{own}/hinders").text
    words = asked.partition("Practice: what people do")[0].rpartition('for="')[2].partition('"')[0]
    press(client, f"{own}/hinders", asked, **{words: f"{WORDS[number % 2]}, says number {number}"})
    press(client, f"{own}/check", client.get(f"{own}/check").text)


def press(client, address, page, **values):
    answer = client.post(address, data={"csrf_token": csrf_token(page), **values})
    assert answer.status_code == 302, answer.text


def test_a_survey_from_opening_to_themes_and_paired_change(new_page, app, writing):
    with writing():
        people = make_people_who_answered_last_year()
    page = new_page(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    main = page.get_by_role("main")
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("lead@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    page.goto("/lead/surveys/")
    main.get_by_role("button", name="Prepare a survey").click()
    main.get_by_label("Title").fill(TITLE)
    main.get_by_label("Last year").check()
    main.get_by_role("button", name="Continue").click()
    main.get_by_role("button", name="Open the survey").click()
    expect(main.get_by_text("About 10 people would be asked")).to_be_visible()
    main.get_by_role("button", name="Open the survey and send the invitations").click()
    expect(main.get_by_text("The survey is open")).to_be_visible()
    own = page.url

    for number, user in enumerate(people):
        client = app.test_client()
        sign_in(client, user, writing)
        answer(client, number)

    page.goto(own)
    expect(main.get_by_text("People who have answered")).to_be_visible()
    main.get_by_role("button", name="Close the survey").click()
    main.get_by_role("button", name="Close it").click()
    expect(main.get_by_text("The themes are being put together")).to_be_visible()
    with writing():
        themes.find_due(now=datetime.now(UTC))
    page.reload()
    expect(main.get_by_text("Most often chosen: 4, by about 10.")).to_be_visible()
    changed = "About 10 people answered this both times. On average, their answer went up by 2.0"
    expect(main.get_by_text(changed)).to_be_visible()
    expect(main.get_by_text("Words: clinic, full, time")).to_be_visible()
    expect(main.get_by_text("Words: ends, funding, grant")).to_be_visible()
    expect(main.get_by_text("says number")).to_have_count(0)
    assert_fits_narrow_screen(page)
