"""Keeping a list of programmes, with and without an account."""

from __future__ import annotations

import time

import pytest
from itsdangerous import TimestampSigner

from matchmaker.services.saved_lists import MOST_PROGRAMMES
from matchmaker.web.lists import device
from tests.factories import make_programme
from tests.web.markup import Markup, csrf_token
from tests.web.world import build_world, sign_in

# Which rows come of it is tested on both databases, in `tests/services/test_saved_lists.py`.
pytestmark = pytest.mark.one_database


@pytest.fixture
def programmes(writing):
    with writing():
        return [make_programme(name=f"Walking group {number}") for number in range(3)]


def page_of(programme):
    return f"/programmes/{programme.id}"


def press(client, what, programme, *, on=None, back="/list"):
    """Press the button of a programme; `on` is the page whose token the form has."""
    token = csrf_token(client.get(on or page_of(programme)).text)
    answers = {"csrf_token": token, "programme": str(programme.id), "next": back}
    return client.post(f"/lists/{what}", data=answers)


def names_on(page):
    return [each.text for each in Markup(page).all("a") if each.text.startswith("Walking group")]


def test_programmes_are_kept_on_the_device_in_the_order_in_which_they_were_added(
    client, programmes
):
    first, second, third = programmes
    for each in (third, first, second):
        press(client, "add", each)
    press(client, "remove", first)
    assert names_on(client.get("/list").text) == ["Walking group 2", "Walking group 1"]


def test_the_button_comes_back_to_its_page_in_focus(client, programmes):
    back = "/try?conditions=stroke&where=Fife"
    answer = press(client, "add", programmes[0], back=back)
    assert answer.location == f"{back}#list-{programmes[0].id}"
    button = Markup(client.get(page_of(programmes[0])).text).all(
        "button", id=f"list-{programmes[0].id}"
    )[0]
    assert button.text == "On your list – remove Walking group 0"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_the_button_leads_to_no_other_site(client, programmes, elsewhere):
    answer = press(client, "add", programmes[0], back=elsewhere)
    assert answer.location == "/list"


def test_every_page_leads_to_the_list_once_there_is_something_on_it(client, programmes):
    assert "Your list" not in client.get("/glossary").text
    press(client, "add", programmes[0])
    press(client, "add", programmes[1])
    assert "Your list (2)" in client.get("/glossary").text
    assert "Your list (2)" in client.get("/no-such-page").text


def test_the_cookie_is_closed_to_scripts_and_holds_numbers_and_a_name_only(client, programmes):
    answer = press(client, "add", programmes[0])
    (cookie,) = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("list=")]
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"} <= set(cookie.split("; "))
    with client.application.app_context():
        value = cookie.partition("=")[2].partition(";")[0]
        assert device.COOKIE.serializer.loads(value) == ["", [programmes[0].id]]


def test_a_cookie_that_somebody_made_up_is_an_empty_list(client, programmes):
    client.set_cookie("list", "WyIiLFsxXV0.made.up")
    assert "nothing on your list yet" in client.get("/list").text


def test_the_list_is_forgotten_with_its_last_programme(client, programmes):
    press(client, "add", programmes[0])
    press(client, "remove", programmes[0])
    assert client.get_cookie("list") is None


def test_what_is_not_public_cannot_be_added(client, writing, programmes):
    with writing():
        draft = make_programme(published_at=None)
    press(client, "add", draft, on=page_of(programmes[0]))
    page = client.get("/list").text
    assert "no longer listed" in page
    assert "Your list" not in page


@pytest.mark.parametrize("number", ["", "x", "99999999999", "-1"])
def test_a_number_that_no_programme_has_does_nothing(client, programmes, number):
    token = csrf_token(client.get(page_of(programmes[0])).text)
    for what in ("add", "remove"):
        answer = client.post(f"/lists/{what}", data={"csrf_token": token, "programme": number})
        assert answer.location == "/list"


def test_an_account_keeps_its_list_in_the_account(app, writing, programmes):
    with writing():
        user = build_world().users["newcomer"]
    for _ in range(2):
        client = app.test_client()
        sign_in(client, user, writing)
        press(client, "add", programmes[0])
        assert client.get_cookie("list") is None
        assert "Your list (1)" in client.get("/home").text
    press(client, "remove", programmes[0])
    assert "Your list" not in client.get("/home").text


def test_a_full_list_says_so(client, writing, programmes):
    with writing():
        full = [make_programme(organisation=programmes[0].organisation) for _ in range(30)]
    assert len(full) == MOST_PROGRAMMES
    with client.application.app_context():
        value = device.COOKIE.serializer.dumps(["", [each.id for each in full]])
    client.set_cookie("list", value)
    press(client, "add", programmes[0])
    assert "30 programmes at most" in client.get("/list").text


@pytest.mark.parametrize(("days", "is_kept"), [(29, True), (31, False)])
def test_the_list_lasts_for_30_days(client, programmes, monkeypatch, days, is_kept):
    press(client, "add", programmes[0])
    later = int(time.time()) + days * 24 * 60 * 60
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: later)
    assert ("Walking group 0" in client.get("/list").text) == is_kept
