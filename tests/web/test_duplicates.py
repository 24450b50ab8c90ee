"""The pages of organisations that may be one."""

from __future__ import annotations

import pytest

from matchmaker.extensions import db
from matchmaker.models import Likeness, Organisation
from matchmaker.services import duplicates
from matchmaker.services.policy import actor_for
from tests.factories import NOW, make_lead, make_organisation, make_programme
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in

pytestmark = pytest.mark.one_database


@pytest.fixture
def pair(client, writing):
    """Two organisations, a pair in the area of a lead, who is signed in."""
    with writing():
        lead = make_lead()
        first = make_organisation(name="Stroke Friends", registration=None, phone="")
        second = make_organisation(
            name="Stroke Friends Ltd", registration="GB-SC-SC012345", claimed_at=None
        )
        make_programme(organisation=second, name="Stroke café")
        duplicates.suspect(first.id, second.id, Likeness.DOMAIN, now=NOW)
        (found,) = duplicates.list_undecided(actor_for(lead))
    sign_in(client, lead, writing)
    return found


def answers_of(page, **answers):
    """What a browser sends when nobody touches anything but `answers`."""
    chosen = {
        each.attributes["name"]: each.attributes["value"]
        for each in Markup(page).all("input")
        if each.attributes["type"] == "hidden" or "checked" in each.attributes
    }
    return {**chosen, **answers}


def test_two_are_put_together(app, client, pair):
    path = f"/duplicates/{pair.id}"
    assert path in client.get("/duplicates/").text
    page = client.get(path).text
    assert "Stroke café" in page
    assert "at the same domain" in page
    assert "Choose whose page stays" in client.post(path, data=answers_of(page)).text
    answers = answers_of(page, stays="first", name="first", registration="second")
    answer = client.post(path, data=answers)
    assert answer.location == f"/organisations/{pair.first_id}"
    assert "Stroke café" in client.get(answer.location).text
    with app.app_context():
        survivor = db.session.get_one(Organisation, pair.first_id)
        assert (survivor.name, survivor.registration) == ("Stroke Friends", "GB-SC-SC012345")
    assert client.get(f"/organisations/{pair.second_id}").status_code == 301
    assert client.get(path).location == "/duplicates/"
    assert client.post(path, data=answers).location == "/duplicates/"


def test_two_are_kept_apart(client, pair):
    path = f"/duplicates/{pair.id}"
    data = {"csrf_token": csrf_token(client.get(path).text)}
    assert client.post(f"{path}/not-the-same", data=data).location == "/duplicates/"
    assert "There is nothing to decide." in client.get("/duplicates/").text
    assert client.post(f"{path}/not-the-same", data=data).location == "/duplicates/"


def test_change_meanwhile_is_shown(client, pair):
    path = f"/duplicates/{pair.id}"
    answers = answers_of(client.get(path).text, stays="first", digest="of something else")
    answer = client.post(path, data=answers)
    assert "Somebody changed one of the two" in answer.text
