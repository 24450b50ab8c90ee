from __future__ import annotations

import dataclasses

import pytest

from matchmaker import create_app
from matchmaker.config import Environment
from matchmaker.models import NotificationKind, User
from matchmaker.services import notifications
from tests.factories import NOW, make_user
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in

KINDS = [kind.value for kind in NotificationKind]


@pytest.fixture
def user(client, writing):
    """Somebody who is signed in, with the quiet hours that everybody begins with."""
    with writing():
        user = make_user(name="Ann", quiet_from_hour=20, quiet_until_hour=7)
    sign_in(client, user, writing)
    return user


def choose(client, **answers):
    token = csrf_token(client.get("/account/mail").text)
    return client.post("/account/mail", data={"csrf_token": token, **answers})


def choices_of(user, writing):
    with writing() as session:
        row = session.get(User, user.id)
        return notifications.list_muted(row), notifications.quiet_hours_of(row)


def boxes_of(page):
    inputs = [each.attributes for each in page.all("input")]
    return [each for each in inputs if each.get("name") == "wanted"]


def token_of(user, writing, kind=NotificationKind.REMINDERS):
    with writing() as session:
        return notifications.unsubscribe_token(session.get(User, user.id), kind)


def test_everything_is_on_until_somebody_chooses(client, user):
    page = Markup(client.get("/account/mail").text)
    boxes = boxes_of(page)
    assert [box["value"] for box in boxes] == KINDS
    assert all("checked" in box for box in boxes)
    options = [each.attributes for each in page.all("option")]
    assert [each["value"] for each in options if "selected" in each] == ["20", "7"]


def test_choices_are_saved_and_shown_again(client, user, writing):
    answer = choose(
        client,
        wanted=["requests", "messages"],
        has_quiet_hours="y",
        quiet_from="18",
        quiet_until="9",
    )
    assert answer.location == "/account"
    assert "Your choices about mail are saved" in client.get("/account").text
    muted, quiet = choices_of(user, writing)
    assert set(KINDS) - muted == {"requests", "messages"}
    assert (quiet.from_hour, quiet.until_hour) == (18, 9)
    page = Markup(client.get("/account/mail").text)
    ticked = [box["value"] for box in boxes_of(page) if "checked" in box]
    assert ticked == ["requests", "messages"]


def test_everything_can_be_switched_off_quiet_hours_too(client, user, writing):
    assert choose(client, quiet_from="20", quiet_until="7").status_code == 302
    muted, quiet = choices_of(user, writing)
    assert muted == set(KINDS)
    assert quiet is None


def test_quiet_hours_without_a_length_are_refused_and_nothing_is_saved(client, user, writing):
    answer = choose(client, has_quiet_hours="y", quiet_from="8", quiet_until="8")
    assert "Choose a time that is not the one it begins at" in answer.text
    muted, quiet = choices_of(user, writing)
    assert muted == frozenset()
    assert (quiet.from_hour, quiet.until_hour) == (20, 7)


@pytest.mark.one_database
@pytest.mark.parametrize("answers", [{"wanted": ["everything"]}, {"quiet_from": "24"}])
def test_choices_that_are_not_offered_are_refused(client, user, writing, answers):
    answer = choose(client, **{"quiet_from": "20", "quiet_until": "7", **answers})
    assert answer.status_code == 200
    assert choices_of(user, writing)[0] == frozenset()


def test_somebody_whose_mail_comes_back_is_told_so(client, user, writing):
    pages = ("/home", "/account", "/account/mail")
    assert not any("came back" in client.get(page).text for page in pages)
    with writing() as session:
        session.get(User, user.id).bounced_at = NOW
    assert all("came back on 3 November 2026" in client.get(page).text for page in pages)


def test_link_in_a_mail_asks_first_and_its_button_acts(app, user, writing):
    visitor = app.test_client()
    address = f"/unsubscribe/{token_of(user, writing)}"
    page = visitor.get(address).text
    assert "Stop mails of this kind?" in page
    assert "Reminders" in page
    assert choices_of(user, writing)[0] == frozenset()
    answer = visitor.post(address, data={"csrf_token": csrf_token(page)})
    assert answer.status_code == 200
    assert "no more mail of this kind" in answer.text
    assert choices_of(user, writing)[0] == {NotificationKind.REMINDERS}
    assert "no more mail of this kind" in visitor.get(address).text


def test_button_of_a_mail_program_acts_without_a_session_or_a_token(app, settings, user, writing):
    """RFC 8058, with the checks against forgery as they are in production."""
    whole = create_app(dataclasses.replace(settings, environment=Environment.DEVELOPMENT))
    assert whole.config.get("WTF_CSRF_CHECK_DEFAULT", True)
    address = f"/unsubscribe/{token_of(user, writing)}"
    for _time in range(2):
        answer = whole.test_client().post(address, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert choices_of(user, writing)[0] == {NotificationKind.REMINDERS}


def test_link_that_was_changed_says_so_and_does_nothing(app, user, writing):
    visitor = app.test_client()
    address = f"/unsubscribe/{token_of(user, writing)}x"
    assert visitor.get(address).status_code == 410
    answer = visitor.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 410
    assert "This link cannot be used" in answer.text
    assert choices_of(user, writing)[0] == frozenset()


def test_page_behind_the_link_names_nobody(app, user, writing):
    page = app.test_client().get(f"/unsubscribe/{token_of(user, writing)}").text
    assert "Ann" not in page
    assert user.email not in page
