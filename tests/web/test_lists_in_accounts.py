"""Several lists in an account, and the list of a device that moves into it."""

from __future__ import annotations

import pytest

from matchmaker.services import saved_lists
from tests.factories import make_programme, make_user
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in

pytestmark = pytest.mark.one_database


@pytest.fixture
def programmes(writing):
    with writing():
        return [make_programme(name=f"Walking group {number}") for number in range(2)]


@pytest.fixture
def member(app, writing):
    with writing():
        user = make_user()
    client = app.test_client()
    sign_in(client, user, writing)
    return client


def send(client, address, *, on=None, **answers):
    token = csrf_token(client.get(on or address).text)
    answers = {"csrf_token": token, **answers}
    return client.post(address, data=answers, follow_redirects=True)


def heading(page):
    return Markup(page).one("h1").text


def links_to_use(page):
    actions = [each.attributes.get("action", "") for each in Markup(page).all("form")]
    return [each for each in actions if each.endswith("/use")]


def test_a_list_that_is_opened_is_the_one_in_use(member, programmes):
    for name in ("First", "Second"):
        assert heading(send(member, "/lists", name=name).text) == name
    send(member, "/lists/add", on=f"/programmes/{programmes[0].id}", programme=programmes[0].id)
    _second, first = links_to_use(member.get("/lists").text)
    assert heading(send(member, first, on="/lists").text) == "First"
    assert "Your list" not in Markup(member.get("/glossary").text).one("header").text


def test_a_list_needs_a_name_where_there_are_several(member):
    answer = send(member, "/lists", name=" ")
    assert answer.status_code == 422
    assert "Enter a name" in answer.text


def test_a_name_that_is_too_long_comes_back(member):
    answer = send(member, "/lists", name="x" * 61)
    assert answer.status_code == 422
    assert Markup(answer.text).one("input", id="name").attributes["value"] == "x" * 61


def test_nobody_keeps_more_lists_than_there_is_room_for(member, monkeypatch):
    monkeypatch.setattr(saved_lists, "MOST_LISTS", 1)
    send(member, "/lists", name="First")
    answer = send(member, "/lists", name="Second")
    assert answer.status_code == 422
    assert "Delete one first" in answer.text


@pytest.mark.parametrize("is_member", [False, True])
def test_a_list_has_a_name_until_it_is_deleted(client, member, programmes, is_member):
    person = member if is_member else client
    page = f"/programmes/{programmes[0].id}"
    send(person, "/lists/add", on=page, programme=programmes[0].id)
    assert heading(send(person, "/lists/name", name="Lung  groups").text) == "Lung groups"
    assert "Walking group 0" in person.get("/list").text
    assert "Never write the name of a person" in person.get("/lists/name").text
    page = send(person, "/lists/delete").text
    assert "The list has been deleted" in page
    assert heading(page) == "My list"
    assert "Walking group" not in page


@pytest.mark.parametrize("is_member", [False, True])
def test_a_list_can_have_a_name_before_there_is_anything_on_it(client, member, is_member):
    person = member if is_member else client
    assert heading(send(person, "/lists/name", name="Lung groups").text) == "Lung groups"


def test_deleting_the_list_of_an_account_that_has_none_leaves_the_device_alone(
    client, writing, programmes
):
    send(client, "/lists/add", on=f"/programmes/{programmes[0].id}", programme=programmes[0].id)
    with writing():
        user = make_user()
    sign_in(client, user, writing)
    send(client, "/lists/delete")
    assert client.get_cookie("list") is not None


def test_a_name_that_is_too_long_is_refused(client):
    assert send(client, "/lists/name", name="x" * 61).status_code == 422


def test_the_list_of_the_device_moves_into_the_account(client, writing, programmes):
    for each in programmes:
        send(client, "/lists/add", on=f"/programmes/{each.id}", programme=each.id)
    send(client, "/lists/name", name="From the ward")
    with writing():
        user = make_user()
    sign_in(client, user, writing)
    page = client.get("/list").text
    assert "There is a list with 2 programmes on this device" in page
    assert "Your list (2)" in Markup(page).one("header").text
    page = send(client, "/lists/take-over", on="/list").text
    assert heading(page) == "From the ward"
    assert "Walking group 1" in page
    assert "on this device, from before" not in page
    assert client.get_cookie("list") is None
    assert "no longer on this device" not in send(client, "/lists/take-over", on="/list").text


def test_the_list_stays_on_the_device_where_the_account_has_no_room(
    client, writing, programmes, monkeypatch
):
    send(client, "/lists/add", on=f"/programmes/{programmes[0].id}", programme=programmes[0].id)
    monkeypatch.setattr(saved_lists, "MOST_LISTS", 0)
    with writing():
        user = make_user()
    sign_in(client, user, writing)
    assert "Delete one first" in send(client, "/lists/take-over", on="/list").text
    assert client.get_cookie("list") is not None
