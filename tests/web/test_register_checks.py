"""The pages of having a registration checked."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchmaker.models import Answer, AuditEvent, IntroductionState, User
from tests.factories import (
    FIFE,
    NOW,
    make_introduction,
    make_lead,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in

# What pages say and do is decided in Python, from rows that read the same on both databases.
pytestmark = pytest.mark.one_database


@pytest.fixture
def people(app, writing):
    with writing():
        ann = make_user(name="Ann Rae")
        professional = make_professional(user=ann, hcpc_number="PH123456")
        una = make_user(name="Una Baird")
        programme = make_programme(organisation=make_organisation(members=[una]))
        introduction = make_introduction(
            professional=professional,
            programme=programme,
            professional_answer=Answer.YES,
            programme_answer=Answer.YES,
            state=IntroductionState.ACCEPTED,
            released_at=NOW,
        )
        asked = make_introduction(
            professional=professional, programme=make_programme(organisation=programme.organisation)
        )
        return {
            "ann": ann,
            "una": una,
            "lead": make_lead([FIFE]),
            "introduction_id": introduction.id,
            "asked_id": asked.id,
        }


@pytest.fixture
def visit(app, people, writing):
    def visit(name):
        client = app.test_client()
        sign_in(client, people[name], writing)
        return client

    return visit


def post(client, address, page=None, **answers):
    shown = Markup(client.get(page or address).text)
    hidden = {
        each.attributes["name"]: each.attributes.get("value", "")
        for each in shown.all("input", type="hidden")
    }
    return client.post(address, data={**hidden, **answers})


@pytest.fixture
def page(visit):
    """The address of Ann's check, for the lead."""
    post(visit("ann"), "/profile/registration")
    queue = Markup(visit("lead").get("/lead/register-checks").text)
    (link,) = [
        each for each in queue.all("a") if "/lead/register-checks/" in each.attributes["href"]
    ]
    return link.attributes["href"]


def test_a_registration_is_looked_up_and_others_see_when(visit, people, page):
    lead, una = visit("lead"), visit("una")
    queue = lead.get("/lead/register-checks").text
    assert "Ann Rae" not in queue
    assert "PH123456" not in queue
    assert "Physiotherapist, NHS Fife" in queue
    shown = lead.get(page).text
    assert "Ann Rae" in shown
    assert "PH123456" in shown
    assert "https://www.hcpc-uk.org/check-the-register/" in shown
    assert post(lead, page, found="found").location == "/lead/register-checks"
    for number in (people["introduction_id"], people["asked_id"]):
        theirs = una.get(f"/introductions/{number}").text
        assert "hecked on" in theirs
        assert "PH123456" not in theirs
    assert "Your registration was checked on" in visit("ann").get("/profile/registration").text
    after = lead.get(page).text
    assert "PH123456" not in after
    assert "This was decided" in after


def test_every_look_at_a_number_is_written_down(visit, page, writing, people):
    lead = visit("lead")
    lead.get(page)
    lead.get(page)
    post(lead, page)
    with writing() as session:
        looks = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "register_check.read")
        ).all()
        # Twice to read it, once for the form and once for its mistake.
        assert [each.actor_user_id for each in looks] == [people["lead"].id] * 4


def test_what_was_not_chosen_is_asked_for(visit, page):
    refused = post(visit("lead"), page)
    assert refused.status_code == 422
    assert "Choose what the register says" in refused.text


def test_details_that_changed_meanwhile_are_looked_up_again(visit, page, people, writing):
    lead = visit("lead")
    token = csrf_token(lead.get(page).text)
    digest = Markup(lead.get(page).text).one("input", name="digest").attributes["value"]
    with writing() as session:
        session.get(User, people["ann"].id).name = "Ann Other"
    late = lead.post(page, data={"csrf_token": token, "digest": digest, "found": "found"})
    assert late.status_code == 409
    assert "Look them up again" in late.text
    assert "Ann Other" in late.text


def test_a_check_is_stopped(visit, page):
    ann, lead = visit("ann"), visit("lead")
    assert "can take some days" in ann.get("/profile/registration").text
    post(ann, "/profile/registration/withdraw", "/profile/registration")
    assert "Nobody in your area is waiting" in lead.get("/lead/register-checks").text
    assert "Your last check was stopped" in ann.get("/profile/registration").text


@pytest.mark.parametrize(
    ("found", "sentence"),
    [("not_found", "was not found in the register"), ("differs", "another name or profession")],
)
def test_somebody_who_was_not_found_reads_what_to_do(visit, page, found, sentence):
    post(visit("lead"), page, found=found)
    assert sentence in visit("ann").get("/profile/registration").text


def test_where_nobody_looks_after_the_place_nobody_checks(app, writing):
    with writing():
        alone = make_user()
        make_professional(user=alone, hcpc_number="PH123456")
    client = app.test_client()
    sign_in(client, alone, writing)
    refused = post(client, "/profile/registration")
    assert refused.status_code == 422
    assert "Nobody looks after" in refused.text
