from __future__ import annotations

from datetime import UTC, datetime

import pytest

from matchmaker.models import Answer, Claim, IntroductionState, ProgrammeStatus, Proposer, Waiting
from tests.factories import (
    NOW,
    make_introduction,
    make_lead,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.web.markup import Markup
from tests.web.world import sign_in


def sections(client):
    """Each heading of the page with the texts of the links below it."""
    found = {}
    for each in Markup(client.get("/home").text).all("h2", "a"):
        if not each.is_inside("main"):
            continue
        if each.tag == "h2":
            found[each.text] = []
        elif found:
            found[list(found)[-1]].append(each.text)
    return found


@pytest.fixture
def open_home(app, client, writing):
    def open_as(user):
        sign_in(client, user, writing)
        return sections(client)

    return open_as


def test_whoever_decides_sees_who_asks_to_look_after_an_organisation(writing, open_home):
    with writing() as session:
        owner, claimant = make_user(), make_user(name="Ann")
        organisation = make_organisation(name="Kelty", members=[owner])
        session.add(Claim(organisation=organisation, user=claimant, created_at=NOW))
    assert open_home(owner)["Do they work there?"] == ["Ann, for Kelty"]
    assert "Do they work there?" not in open_home(claimant)


def test_newcomer_is_asked_where_to_begin(writing, open_home):
    with writing():
        user = make_user()
    found = open_home(user)
    assert found["Where would you like to begin?"] == [
        "I am a professional",
        "I am from an organisation",
    ]
    assert "You as a professional" not in found


def test_professional_sees_whose_turn_it_is_and_nothing_twice(writing, open_home):
    with writing():
        user = make_user()
        professional = make_professional(user=user)
        names = ("Asked", "Asking", "Full", "Together", "Over")
        asked, asking, full, together, over = (make_programme(name=name) for name in names)
        make_introduction(
            professional=professional, programme=asked, proposed_by=Proposer.PROGRAMME
        )
        make_introduction(professional=professional, programme=asking)
        make_introduction(
            professional=professional,
            programme=full,
            proposed_by=Proposer.PROGRAMME,
            waiting_for=Waiting.PLACES,
            waiting_since_at=NOW,
        )
        both = {"professional_answer": Answer.YES, "programme_answer": Answer.YES}
        make_introduction(
            professional=professional,
            programme=together,
            state=IntroductionState.ACTIVE,
            released_at=NOW,
            **both,
        )
        make_introduction(
            professional=professional,
            programme=over,
            state=IntroductionState.WITHDRAWN,
            closed_at=NOW,
        )
    found = open_home(user)
    assert found["Waiting for your answer"] == ["Asked"]
    assert found["Working together"] == ["Together"]
    assert sorted(found["Waiting for others"]) == ["Asking", "Full"]


def test_member_sees_who_asks_and_for_which_programme(client, writing, open_home):
    with writing():
        user = make_user()
        programme = make_programme(organisation=make_organisation(members=[user]), name="Singing")
        make_introduction(programme=programme)
        known = make_professional(user=make_user(name="Ann Rae"))
        make_introduction(
            professional=known,
            programme=programme,
            state=IntroductionState.ACTIVE,
            released_at=NOW,
            professional_answer=Answer.YES,
            programme_answer=Answer.YES,
        )
    found = open_home(user)
    assert found["Waiting for your answer"] == ["Physiotherapist, NHS Fife"]
    assert found["Working together"] == ["Ann Rae"]


def test_profile_says_how_much_is_filled_in(client, writing, open_home):
    with writing():
        user = make_user()
        make_professional(user=user, is_findable=False)
    found = open_home(user)
    assert found["You as a professional"][:2] == ["See who fits", "My profile"]
    page = client.get("/home").text
    assert "4 of 7 parts" in page
    assert "cannot find you yet" in page


def test_member_sees_each_organisation_with_its_programmes(client, writing, open_home):
    with writing():
        user = make_user()
        organisation = make_organisation(members=[user], name="Breathe Easy")
        make_programme(organisation=organisation, name="Singing")
        make_programme(organisation=organisation, name="Walking", published_at=None)
        make_programme(organisation=organisation, name="Dancing", status=ProgrammeStatus.PAUSED)
        make_organisation(members=[user], name="Empty")
        make_organisation(members=[make_user()], name="Somebody else's")
    found = open_home(user)
    assert found["Breathe Easy"] == [
        "Breathe Easy",
        "Singing",
        "who fits Singing",
        "Walking",
        "Dancing",
    ]
    text = Markup(client.get("/home").text).one("main").text
    assert "Walking (draft)" in text
    assert "Dancing (paused)" in text
    assert "It has no programme yet" in text
    assert "Somebody else's" not in found


def test_lead_sees_the_way_to_their_area_and_others_do_not(writing, app):
    with writing():
        lead, other = make_lead(), make_user()
    for user, has_area in ((lead, True), (other, False)):
        visitor = app.test_client()
        sign_in(visitor, user, writing)
        assert ("Your area" in sections(visitor)) is has_area


def test_every_link_of_the_first_page_leads_somewhere(client, writing, open_home):
    with writing():
        user = make_lead()
        professional = make_professional(user=user)
        organisation = make_organisation(members=[user])
        programme = make_programme(organisation=organisation)
        make_introduction(
            professional=professional, programme=make_programme(), proposed_at=datetime.now(UTC)
        )
        assert programme.is_published
    open_home(user)
    page = Markup(client.get("/home").text)
    addresses = {each.attributes["href"] for each in page.all("a") if each.is_inside("main")}
    assert len(addresses) >= 7
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )
