from __future__ import annotations

import pytest

from matchmaker.extensions import db
from matchmaker.models import Answer, IntroductionState, Outcome, User
from matchmaker.services import passwords
from tests.factories import (
    NOW,
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.web.markup import csrf_token
from tests.web.world import sign_in as as_signed_in

EMAIL = "mairi@example.org"
PASSWORD = "purple kettle over the harbour"
PAGE = "/account/erase"

# What is erased is tested on both databases, in `tests/services/test_erasure.py`.
pytestmark = pytest.mark.one_database


@pytest.fixture
def mairi(writing):
    with writing():
        return make_user(email=EMAIL, name="Mairi", password_hash=passwords.hash_password(PASSWORD))


def sign_in(client):
    data = {"csrf_token": csrf_token(client.get("/sign-in").text)}
    return client.post("/sign-in", data={**data, "email": EMAIL, "password": PASSWORD})


def erase(client, password=PASSWORD):
    data = {"csrf_token": csrf_token(client.get(PAGE).text), "current_password": password}
    return client.post(PAGE, data=data)


def is_erased(app, user):
    with app.app_context():
        return db.session.get(User, user.id).erased_at is not None


def test_whoever_knows_the_password_erases_themselves_everywhere(app, client, mairi):
    elsewhere = app.test_client()
    for browser in (client, elsewhere):
        sign_in(browser)
    answer = erase(client)
    assert answer.location == "/account/erased"
    assert "Your account is erased" in client.get(answer.location).text
    assert is_erased(app, mairi)
    for browser in (client, elsewhere):
        assert browser.get("/home").location.startswith("/sign-in")
    assert sign_in(client).status_code == 200


@pytest.mark.parametrize("password", ["wrong password, and long", ""])
def test_without_the_password_nothing_is_erased(app, client, mairi, password):
    sign_in(client)
    page = erase(client, password)
    assert page.status_code == 422
    assert "password" in page.text
    assert "Error: Erase your account" in page.text
    assert not is_erased(app, mairi)


def test_guessing_the_password_here_is_as_slow_as_at_the_door(app, client, mairi):
    sign_in(client)
    for _ in range(10):
        erase(client, "wrong password, and long")
    assert erase(client).status_code == 429
    assert not is_erased(app, mairi)


def test_the_only_owner_reads_what_becomes_of_the_organisation(client, mairi, writing):
    sign_in(client)
    assert "only owner" not in client.get(PAGE).text
    with writing() as session:
        user, colleague = session.get(User, mairi.id), make_user(name="Ewan Grant")
        make_organisation(members=[user, colleague], name="Stroke Friends")
        make_organisation(members=[user], name="Choir")
        user.is_administrator = True
    page = client.get(PAGE).text
    assert "You are the only owner of Stroke Friends." in page
    assert "Ewan Grant, who has been there longest, becomes its owner" in page
    assert "You are the only owner of Choir." in page
    assert "Nobody would look after it any more" in page
    assert "You are the only administrator" in page


def test_the_other_side_can_still_read_what_came_of_it(app, client, mairi, writing):
    with writing() as session:
        owner = make_user()
        introduction = make_introduction(
            professional=make_professional(user=session.get(User, mairi.id)),
            programme=make_programme(organisation=make_organisation(members=[owner])),
            professional_answer=Answer.YES,
            programme_answer=Answer.YES,
            state=IntroductionState.COMPLETED,
            released_at=NOW,
            closed_at=NOW,
            outcome=Outcome.ACHIEVED,
        )
    sign_in(client)
    erase(client)
    other = app.test_client()
    as_signed_in(other, owner, writing)
    for address in (f"/introductions/{introduction.id}", "/introductions/", "/home"):
        page = other.get(address)
        assert page.status_code == 200
        assert EMAIL not in page.text
        assert "Mairi" not in page.text


def test_what_was_erased_cannot_be_asked_for_again(app, client, mairi):
    sign_in(client)
    erase(client)
    data = {"csrf_token": csrf_token(client.get("/reset-password").text)}
    with app.app_context():
        address = db.session.get(User, mairi.id).email
    answer = client.post("/reset-password", data={**data, "email": address})
    assert answer.status_code in (200, 302)
    assert "invalid" in address
