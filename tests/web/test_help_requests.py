"""The pages of asking a lead for help, and of answering."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchmaker.models import AuditEvent, HelpRequest, HelpState
from tests.factories import (
    FIFE,
    make_lead,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.web.markup import csrf_token
from tests.web.world import sign_in

# What pages say and do is decided in Python, from rows that read the same on both databases.
pytestmark = pytest.mark.one_database


@pytest.fixture
def people(app, writing):
    with writing():
        ann = make_user(name="Ann Rae", email="ann@example.org")
        make_professional(user=ann)
        una = make_user(name="Una Baird")
        organisation = make_organisation(name="Stroke Friends", members=[una])
        make_programme(name="Silver Singers", organisation=organisation)
        make_professional(user=una, is_findable=False)
        people = {"ann": ann, "una": una, "lead": make_lead([FIFE])}
        return people | {"organisation_id": organisation.id}


@pytest.fixture
def visit(app, people, writing):
    def visit(name):
        client = app.test_client()
        sign_in(client, people[name], writing)
        return client

    return visit


def post(client, address, page=None, **answers):
    token = csrf_token(client.get(page or address).text)
    return client.post(address, data={"csrf_token": token, **answers})


@pytest.fixture
def asked(visit):
    """Where Ann sees what she asked."""
    return post(visit("ann"), "/ask-a-lead", words="A choir", where="Fife").location


def request_row(writing):
    with writing() as session:
        return session.scalars(select(HelpRequest)).one()


def test_somebody_asks_is_answered_and_reads_it(visit, asked, writing):
    ann, lead = visit("ann"), visit("lead")
    assert "Nobody has answered yet" in ann.get(asked).text
    queue = lead.get("/lead/help").text
    assert "Physiotherapist, NHS Fife" in queue
    page = asked.replace("/ask-a-lead/", "/lead/help/")
    assert "A choir" in lead.get(page).text
    assert "Ann Rae" not in queue + lead.get(page).text
    post(lead, f"{page}/take", page)
    assert "A lead looks after this" in ann.get(asked).text
    assert "Suggest an introduction" in lead.get(page).text
    answer = post(lead, f"{page}/answer", page, note="Try the Silver Singers.")
    assert answer.location == "/lead/help"
    assert "Try the Silver Singers." in ann.get(asked).text
    assert "not wanted any more" in lead.get(page).text


def test_every_look_is_written_down(visit, asked, writing):
    page = asked.replace("/ask-a-lead/", "/lead/help/")
    lead = visit("lead")
    lead.get(page)
    lead.get(page)
    with writing() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "help.read")).all()
        assert len(events) == 2


def test_a_lead_suggests_nobody_who_does_not_want_to_be_found(visit, writing):
    una = visit("una")
    form = una.get("/ask-a-lead").text
    assert "suggest you to nobody" in form
    asked = post(una, "/ask-a-lead", asked_for="me", words="A choir", where="Fife").location
    page = visit("lead").get(asked.replace("/ask-a-lead/", "/lead/help/")).text
    assert "cannot be suggested to anybody" in page
    assert "/lead/professionals/" not in page


def test_an_organisation_asks_with_its_name_and_a_lead_goes_on_from_its_programmes(visit, people):
    una = visit("una")
    organisation = f"organisation-{people['organisation_id']}"
    refused = post(una, "/ask-a-lead", words="A physio", where="Fife")
    assert refused.status_code == 422
    assert "Choose for whom you ask" in refused.text
    asked = post(
        una, "/ask-a-lead", asked_for=organisation, words="A physio", where="Fife"
    ).location
    page = visit("lead").get(asked.replace("/ask-a-lead/", "/lead/help/")).text
    assert "Stroke Friends" in page
    assert "Suggest an introduction for Silver Singers" in page
    assert "Una Baird" not in page


def test_what_was_typed_stays_and_what_is_wrong_is_said(visit):
    refused = post(visit("ann"), "/ask-a-lead", words="A choir", where="Narnia")
    assert refused.status_code == 422
    assert "Narnia" in refused.text
    assert "council or health board we know" in refused.text


def test_somebody_who_asks_all_day_is_asked_to_wait(visit, writing):
    ann = visit("ann")
    for _ in range(5):
        asked = post(ann, "/ask-a-lead", words="A choir", where="Fife").location
        post(ann, f"{asked}/take-back", asked)
    assert post(ann, "/ask-a-lead", words="A choir", where="Fife").status_code == 429


def test_a_request_is_taken_back_and_put_back(visit, asked, writing):
    page = asked.replace("/ask-a-lead/", "/lead/help/")
    lead, ann = visit("lead"), visit("ann")
    post(lead, f"{page}/take", page)
    assert post(lead, f"{page}/put-back", page).location == "/lead/help"
    assert request_row(writing).state is HelpState.WAITING
    post(ann, f"{asked}/take-back", asked)
    assert request_row(writing).state is HelpState.WITHDRAWN
    late = lead.post(f"{page}/answer", data={"csrf_token": csrf_token(ann.get("/ask-a-lead").text)})
    assert late.status_code == 400


def test_an_answer_too_long_is_kept(visit, asked, writing):
    page = asked.replace("/ask-a-lead/", "/lead/help/")
    refused = post(visit("lead"), f"{page}/answer", page, note="a" * 2001)
    assert refused.status_code == 422
    assert "a" * 2001 in refused.text


def test_pages_that_found_little_say_whom_to_ask(visit, client):
    assert "/ask-a-lead?" in visit("ann").get("/find?q=plumbing&where=Fife").text
    assert "/ask-a-lead" in visit("ann").get("/suggestions").text
    assert "/ask-a-lead" in visit("ann").get("/home").text
    assert "/ask-a-lead" not in client.get("/find?q=plumbing&where=Fife").text
