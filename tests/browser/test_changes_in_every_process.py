"""What is published in a browser is suggested by every process of the server within a second."""

from __future__ import annotations

import time
from urllib.request import urlopen

import pytest

from tests.browser import journey
from tests.browser.journey import press
from tests.factories import make_organisation, make_professional, make_programme, make_user
from tests.servers.web import running_web
from tests.web.world import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

WORKERS = 3
N_ANSWERS = 40
SECONDS = 1.0
QUESTION = "/try?where=Fife&conditions=stroke"
CONTACT = {
    "Who can professionals speak to?": "Morag Geddes",
    "Their e-mail address": "morag@strokefriends.example",
    "Their phone number": "01592 555 0199",
}


@pytest.fixture
def owner(writing):
    """Who looks after a charity that is new among others."""
    with writing():
        owner = make_user(name="Una Baird")
        make_organisation(members=[owner], name="Stroke Friends")
        make_programme(name="Stroke choir")
        make_professional()
        return owner


@pytest.fixture
def live_server(app, development_settings, owner, tmp_path):
    """The app as it runs outside tests, in several processes, with an index from before them."""
    with running_web(development_settings, tmp_path, workers=WORKERS) as server:
        yield server


@pytest.fixture
def own_page(page, client, writing, owner):
    """A page of a browser in which the owner has signed in."""
    sign_in(client, owner, writing)
    cookie = client.get_cookie("session")
    page.goto("/privacy")
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": page.url}])
    return page


def answers(server):
    """What many visitors see who each come over a connection of their own."""
    pages = []
    for _ in range(N_ANSWERS):
        with urlopen(server.url + QUESTION, timeout=60) as answer:
            pages.append(answer.read().decode())
    return pages


def test_published_and_changed_programmes_show_in_every_process_within_a_second(
    own_page, live_server
):
    assert all("Stroke choir" in page for page in answers(live_server))
    own_page.goto("/organisations/1/manage")
    journey.publish_programme(own_page, "Stroke café", CONTACT)
    time.sleep(SECONDS)
    seen = answers(live_server)
    assert ["Stroke café" in page for page in seen] == [True] * N_ANSWERS
    assert ["Stroke choir" in page for page in seen] == [True] * N_ANSWERS
    press(own_page, "Change the programme")
    own_page.get_by_label("Name of the programme").fill("Stroke kitchen")
    press(own_page, "Publish the change")
    time.sleep(SECONDS)
    seen = answers(live_server)
    assert ["Stroke kitchen" in page for page in seen] == [True] * N_ANSWERS
    assert not any("Stroke café" in page for page in seen)
