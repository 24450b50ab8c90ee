from __future__ import annotations

import pytest

from matchmaker.extensions import db
from matchmaker.models import Introduction, IntroductionState
from tests.web.markup import Markup, csrf_token
from tests.web.world import build_world, sign_in

# Which rows come of it is tested on both databases, in `tests/services/test_blocks.py`.
pytestmark = pytest.mark.one_database


@pytest.fixture
def world(app, writing):
    with writing():
        return build_world()


@pytest.fixture
def person(app, world, writing):
    def open_browser(name):
        client = app.test_client()
        sign_in(client, world.users[name], writing)
        return client

    return open_browser


def press(client, address, page=None):
    return client.post(address, data={"csrf_token": csrf_token(client.get(page or address).text)})


def state_of(app, world):
    with app.app_context():
        return db.session.get(Introduction, world.values["introduction_id"]).state


def test_a_professional_blocks_an_organisation_and_takes_it_back(app, world, person):
    client = person("professional")
    organisation = f"/organisations/{world.values['organisation_id']}"
    links = {each.attributes.get("href") for each in Markup(client.get(organisation).text).all("a")}
    assert f"{organisation}/block" in links
    assert press(client, f"{organisation}/block").location == "/account/blocked"
    page = client.get("/account/blocked")
    assert "You have blocked Stroke Friends. Nobody is told." in page.text
    assert state_of(app, world) is IntroductionState.WITHDRAWN
    undo = Markup(page.text).all("form")[-2:]
    actions = [form.attributes["action"] for form in undo]
    for action in actions:
        assert press(client, action, "/account/blocked").location == "/account/blocked"
    assert "Nobody is blocked" in client.get("/account/blocked").text
    assert state_of(app, world) is IntroductionState.WITHDRAWN


def test_an_organisation_blocks_a_professional_whose_name_its_list_does_not_keep(
    app, world, person
):
    client = person("owner")
    address = f"/introductions/{world.values['introduction_id']}/block"
    assert "canary-professional-name" in client.get(address).text
    assert press(client, address).location == "/account/blocked"
    client.get("/account/blocked")
    page = person("editor").get("/account/blocked").text
    assert "Physiotherapist, NHS Fife" in page
    assert "Blocked for Stroke Friends" in page
    assert "canary-professional" not in page
    assert "Stroke Friends" not in person("professional").get("/account/blocked").text


def test_members_are_not_offered_to_block_their_own_organisation(world, person):
    organisation = f"/organisations/{world.values['organisation_id']}"
    assert "Block this organisation" not in person("owner").get(organisation).text


def test_whoever_blocked_reads_so_when_asking_again(world, person):
    client = person("professional")
    press(client, f"/organisations/{world.values['organisation_id']}/block")
    address = f"/introductions/new/{world.values['programme_id']}"
    data = {"csrf_token": csrf_token(client.get(address).text), "purpose": "To meet."}
    assert "You have blocked each other" in client.post(address, data=data).text
