from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import LinkPurpose, Organisation, Programme
from matchmaker.services import links
from tests.factories import make_organisation, make_programme, make_user
from tests.web.markup import csrf_token
from tests.web.world import sign_in

# What the rules do on both databases is in `tests/services/test_freshness_reminders.py`.
pytestmark = pytest.mark.one_database


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def programme_id(writing, now):
    with writing():
        organisation = make_organisation(
            name="Kelty Lunch Club", members=[make_user()], last_checked_at=now
        )
        old = now - timedelta(days=250)
        return make_programme(organisation=organisation, name="Lunch", last_checked_at=old).id


@pytest.fixture
def link(writing, programme_id, now):
    with writing() as session:
        programme = session.get(Programme, programme_id)
        user = programme.organisation.memberships[0].user
        token = links.create_link(
            LinkPurpose.CONFIRM_PROGRAMME,
            email=user.email,
            user=user,
            programme=programme,
            now=now,
        )
    return f"/still-right/{token}"


def checked_at(app, programme_id):
    with app.app_context():
        return db.session.get(Programme, programme_id).last_checked_at


def test_looking_at_the_link_changes_nothing_and_the_button_does(app, client, link, programme_id):
    before = checked_at(app, programme_id)
    page = client.get(link)
    assert "Is this still right?" in page.text
    assert checked_at(app, programme_id) == before
    answers = {"csrf_token": csrf_token(page.text)}
    page = client.post(link, data=answers)
    assert (page.status_code, "Thank you" in page.text) == (200, True)
    assert checked_at(app, programme_id) > before
    assert client.get(link).status_code == client.post(link, data=answers).status_code == 410
    assert client.get("/home").status_code == 302


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (10, None),
        (250, "more than 6 months ago"),
        (400, "more than a year ago"),
        (None, "Nobody has checked this entry yet"),
    ],
)
def test_an_old_entry_says_so_on_its_own_page(client, writing, programme_id, now, days, sentence):
    with writing() as session:
        programme = session.get(Programme, programme_id)
        programme.last_checked_at = None if days is None else now - timedelta(days=days)
    page = client.get(f"/programmes/{programme_id}")
    assert page.status_code == 200
    for each in ("more than 6 months ago", "more than a year ago", "checked this entry yet"):
        assert (each in page.text) == (sentence is not None and each in sentence), each


def test_the_organisations_page_says_by_when_to_check(writing, client, programme_id, now):
    with writing() as session:
        programme = session.get(Programme, programme_id)
        programme.last_checked_at = now - timedelta(days=174)
        organisation_id = programme.organisation_id
        user = programme.organisation.memberships[0].user
    sign_in(client, user, writing)
    page = client.get(f"/organisations/{organisation_id}/manage")
    assert "Please check it by" in page.text


def test_it_can_be_said_on_the_organisations_page(app, writing, client, programme_id):
    with writing() as session:
        programme = session.get(Programme, programme_id)
        organisation_id, user = (
            programme.organisation_id,
            programme.organisation.memberships[0].user,
        )
        other_id = make_programme().id
    sign_in(client, user, writing)
    manage = f"/organisations/{organisation_id}/manage"
    address = f"/organisations/{organisation_id}/still-right"
    page = client.get(manage)
    assert "Old: shown lower" in page.text
    button = f'name="programme" value="{programme_id}"'
    assert button in page.text
    before, other_before = checked_at(app, programme_id), checked_at(app, other_id)

    def press(**values):
        token = csrf_token(client.get(manage).text)
        answer = client.post(address, data={"csrf_token": token, **values})
        assert answer.location == manage
        return client.get(manage).text

    assert "not here any more" in press(programme=other_id)
    assert checked_at(app, other_id) == other_before
    assert "Lunch says now that you checked it today" in press(programme=programme_id)
    assert checked_at(app, programme_id) > before
    # What has just been checked is not asked about.
    assert button not in client.get(manage).text
    with app.app_context():
        organisation = db.session.scalars(
            select(Organisation).where(Organisation.id == organisation_id)
        ).one()
        before = organisation.last_checked_at
    assert "The record says now that you checked it today" in press()
    with app.app_context():
        assert db.session.get(Organisation, organisation_id).last_checked_at > before
