from __future__ import annotations

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import Claim, ClaimState, LinkToken, User
from tests.factories import FIFE, NOW, make_lead, make_organisation, make_user
from tests.web.markup import csrf_token
from tests.web.world import sign_in

# What the rules do on both databases is in `tests/services/test_claims.py`.
pytestmark = pytest.mark.one_database

WORDS = {"job": "Co-ordinator", "evidence": "Ring the office."}


@pytest.fixture
def organisation_id(writing):
    with writing():
        return make_organisation(
            claimed_at=None, name="Kelty Lunch Club", website="https://kelty.org.uk", area_code=FIFE
        ).id


@pytest.fixture
def as_person(app, writing):
    def open_browser(email, make=make_user, *details):
        with writing():
            user = make(*details, email=email)
        client = app.test_client()
        sign_in(client, user, writing)
        return client

    return open_browser


def send(client, path, **answers):
    return client.post(path, data={"csrf_token": csrf_token(client.get(path).text), **answers})


def claim_of(app):
    with app.app_context():
        claim = db.session.scalars(select(Claim)).one()
        return claim.id, claim.state


def test_a_visitor_is_led_to_an_account_and_back(app, client, organisation_id):
    path = f"/organisations/{organisation_id}/claim"
    assert path in client.get(f"/organisations/{organisation_id}").text
    answer = client.get(path)
    assert answer.location == f"/sign-in?next={path}"
    page = client.get(answer.location)
    assert f'href="/register?next={path}"' in page.text.replace("%2F", "/")
    register = f"/register?next={path}"
    token = csrf_token(client.get(register).text)
    answers = {"email": "ann@example.org", "kind": "organisation", "answers": f"next={path}"}
    client.post("/register", data={"csrf_token": token, **answers})
    with app.app_context():
        assert db.session.scalars(select(LinkToken)).one().details["then"] == path


def test_another_site_is_no_page_to_go_on_to(app, client):
    token = csrf_token(client.get("/register").text)
    answers = {"email": "ann@example.org", "kind": "organisation", "answers": "next=//evil.com"}
    client.post("/register", data={"csrf_token": token, **answers})
    with app.app_context():
        assert db.session.scalars(select(LinkToken)).one().details["then"] == ""


def test_an_address_at_their_domain_leads_straight_to_the_pages(organisation_id, as_person):
    client = as_person("ann@kelty.org.uk")
    path = f"/organisations/{organisation_id}/claim"
    assert "That is enough for us" in client.get(path).text
    answer = send(client, path)
    assert answer.location == f"/organisations/{organisation_id}/manage"
    assert "You now look after Kelty Lunch Club" in client.get(answer.location).text
    assert client.get(path).status_code == 404


def test_somebody_else_waits_and_can_take_it_back(app, organisation_id, as_person):
    client = as_person("ann@example.org")
    path = f"/organisations/{organisation_id}/claim"
    page = send(client, path, job="Co-ordinator", evidence="")
    assert page.status_code == 422
    assert "Say how we can check it" in page.text
    assert 'value="Co-ordinator"' in page.text
    assert send(client, path, **WORDS).location == path
    page = client.get(path)
    assert "Ring the office." in page.text
    claim_id, state = claim_of(app)
    assert state is ClaimState.WAITING
    back = client.post(f"/claims/{claim_id}/withdraw", data={"csrf_token": csrf_token(page.text)})
    assert back.location == f"/organisations/{organisation_id}"
    assert claim_of(app)[1] is ClaimState.WITHDRAWN


def test_a_lead_finds_it_on_their_page_and_decides(app, organisation_id, as_person):
    send(as_person("ann@example.org"), f"/organisations/{organisation_id}/claim", **WORDS)
    claim_id, _state = claim_of(app)
    lead = as_person("lead@example.org", make_lead, [FIFE])
    path = f"/claims/{claim_id}"
    assert path in lead.get("/lead/").text
    page = send(lead, path, decision="refuse", note="")
    assert (page.status_code, "Say why" in page.text) == (422, True)
    assert send(lead, path, decision="accept", note="").location == "/lead/"
    assert claim_of(app)[1] is ClaimState.ACCEPTED
    assert lead.get(path).status_code == 404


def test_a_decision_that_comes_too_late_changes_nothing(app, organisation_id, as_person, writing):
    send(as_person("ann@example.org"), f"/organisations/{organisation_id}/claim", **WORDS)
    claim_id, _state = claim_of(app)
    lead = as_person("lead@example.org", make_lead, [FIFE])
    token = csrf_token(lead.get(f"/claims/{claim_id}").text)
    with writing() as session:
        claim = session.get(Claim, claim_id)
        claim.state, claim.decided_at = ClaimState.REFUSED, NOW
    assert "was decided on" in lead.get(f"/claims/{claim_id}").text
    answers = {"csrf_token": token, "decision": "accept", "note": ""}
    assert lead.post(f"/claims/{claim_id}", data=answers).status_code == 409


def test_owners_find_who_asks_to_join_them(app, as_person, writing):
    owner = as_person("owner@example.org")
    with writing() as session:
        members = session.scalars(select(User)).all()
        organisation_id = make_organisation(members=members).id
    path = f"/organisations/{organisation_id}/claim"
    client = as_person("ann@example.org")
    assert path in client.get(f"/organisations/{organisation_id}").text
    send(client, path, **WORDS)
    claim_id, _state = claim_of(app)
    manage = f"/organisations/{organisation_id}/manage"
    assert f"/claims/{claim_id}" in owner.get(manage).text
    assert send(owner, f"/claims/{claim_id}", decision="accept", note="").location == manage


def test_too_many_requests_are_slowed_down(as_person, writing):
    client = as_person("ann@example.org")
    statuses = []
    for _number in range(11):
        with writing():
            organisation_id = make_organisation(claimed_at=None).id
        statuses.append(
            send(client, f"/organisations/{organisation_id}/claim", **WORDS).status_code
        )
    assert statuses == [302] * 10 + [429]


def test_a_colleague_with_an_address_there_asks_the_owners_and_says_no_more(
    app, organisation_id, as_person
):
    path = f"/organisations/{organisation_id}/claim"
    send(as_person("first@kelty.org.uk"), path)
    client = as_person("second@kelty.org.uk")
    page = client.get(path).text
    assert ("Ask to look after this page" in page, "How can we check it" in page) == (True, False)
    assert send(client, path).location == path
    with app.app_context():
        states = db.session.scalars(select(Claim.state).order_by(Claim.id)).all()
    assert states == [ClaimState.ACCEPTED, ClaimState.WAITING]
