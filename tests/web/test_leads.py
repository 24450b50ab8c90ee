"""A lead's pages: bringing two together, and inviting organisations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from matchmaker.models import (
    AuditEvent,
    Introduction,
    IntroductionState,
    LeadScope,
    OutboxMail,
    ProgrammeStatus,
    Proposer,
    User,
    Waiting,
)
from matchmaker.services import help_requests
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
from tests.queries import statements_sent
from tests.web.markup import csrf_token
from tests.web.world import sign_in

ABERDEEN = "S12000033"
NHS_FIFE = "S08000029"


@pytest.fixture
def as_lead(app, writing):
    with writing():
        lead = make_lead([FIFE])
    client = app.test_client()
    sign_in(client, lead, writing)
    return client


@pytest.fixture
def pair(writing):
    with writing() as session:
        professional = make_professional()
        programme = make_programme(name="Stroke café", professions=["physiotherapist"])
        session.flush()
        return professional, programme


def _post(client, address, **values):
    token = csrf_token(client.get(address).text)
    return client.post(address, data={"csrf_token": token, **values})


def _waiting_request(writing, **organisation):
    with writing() as session:
        unclaimed = make_organisation(claimed_at=None, **organisation)
        make_introduction(
            programme=make_programme(organisation=unclaimed),
            waiting_for=Waiting.CLAIM,
            waiting_since_at=datetime(2026, 11, 1, tzinfo=UTC),
        )
        session.flush()
        return unclaimed.id


def _ask_for_help(count, **professional):
    asker = make_professional(**professional)
    for _number in range(count):
        help_requests.ask(asker, words="A choir", where="Fife", actor=asker.user, now=NOW)


def test_first_page_says_how_many_wait_for_help_and_where(as_lead, writing):
    with writing():
        _ask_for_help(2)
    page = as_lead.get("/lead/").text
    assert '<a class="govuk-link" href="/lead/help">2 people ask for help</a>' in page
    assert "to check</a>" not in page


def test_first_page_says_nothing_of_what_waits_for_others(app, writing):
    with writing():
        _ask_for_help(1)
        elsewhere = make_lead([ABERDEEN])
    client = app.test_client()
    sign_in(client, elsewhere, writing)
    assert "Waiting for you" not in client.get("/lead/").text


def test_a_lead_finds_a_programme_by_a_part_of_its_name(as_lead, pair):
    assert "Stroke café" in as_lead.get("/lead/programmes?words=STROKE").text
    assert "Stroke café" in as_lead.get("/lead/programmes?words=caf").text
    assert "No open programme" in as_lead.get("/lead/programmes?words=100%25").text
    assert "No open programme" not in as_lead.get("/lead/programmes").text


def test_a_long_list_of_programmes_comes_in_pages(as_lead, writing):
    with writing():
        organisation = make_organisation()
        for number in range(27):
            make_programme(organisation=organisation, name=f"Walk {number:02}")
    first = as_lead.get("/lead/programmes?words=walk").text
    assert "27 programmes" in first
    assert "Walk 24" in first
    assert "Walk 25" not in first
    assert "Walk 26" in as_lead.get("/lead/programmes?words=walk&page=2").text
    assert "Walk 26" not in as_lead.get("/lead/programmes?words=walk&page=3").text


def test_words_are_looked_for_among_those_nobody_noticed(as_lead, pair):
    address = "/lead/programmes?which=never-suggested"
    assert "Stroke café" in as_lead.get(address).text
    assert "Stroke café" not in as_lead.get(f"{address}&words=choir").text
    assert "no such programme" in as_lead.get("/lead/programmes?which=never-answered").text


def test_a_question_nobody_understands_is_taken_for_the_first_choice(as_lead, pair):
    assert "Every open programme" in as_lead.get("/lead/programmes?which=odd").text
    assert "1 professional" in as_lead.get("/lead/professionals?which=odd&profession=odd").text


def test_a_lead_sees_professionals_of_their_own_areas_without_names(as_lead, pair, writing):
    with writing():
        make_professional(areas=[ABERDEEN], user=make_user(name="Somebody in Aberdeen"))
    page = as_lead.get(f"/lead/programmes/{pair[1].id}").text
    assert page.count("Physiotherapist, NHS Fife</h2>") == 1
    assert "NHS Grampian" not in page
    assert pair[0].user.name not in page


def test_a_lead_of_a_few_is_not_crowded_out_by_better_matches_elsewhere(as_lead, writing):
    with writing() as session:
        programme = make_programme(areas=[FIFE, ABERDEEN], professions=["physiotherapist"])
        for _ in range(12):
            make_professional(areas=[ABERDEEN])
        make_professional(profession="dietitian")
        session.flush()
    page = as_lead.get(f"/lead/programmes/{programme.id}").text
    assert "Dietitian, NHS Fife" in page
    assert "NHS Grampian" not in page


def test_a_lead_begins_with_a_professional(as_lead, pair):
    page = as_lead.get("/lead/professionals?profession=physiotherapist").text
    assert "Physiotherapist, NHS Fife" in page
    assert pair[0].user.name not in page
    assert pair[0].employer not in page
    assert "nobody like that" in as_lead.get("/lead/professionals?profession=dietitian").text
    page = as_lead.get(f"/lead/professionals/{pair[0].id}").text
    assert "Stroke café" in page
    assert "Both work with: stroke" in page
    assert f"/lead/programmes/{pair[1].id}/{pair[0].id}" in page


def test_a_lead_reads_nothing_that_a_professional_wrote(as_lead, writing):
    with writing() as session:
        asking = make_professional(conditions=[], seeks_text="Somebody kind after a stroke.")
        make_programme(name="Stroke café", approaches=["physical-activity"])
        session.flush()
    page = as_lead.get(f"/lead/professionals/{asking.id}").text
    assert "Stroke café" in page
    assert "kind" not in page
    assert "Why this" not in page


def test_that_nothing_fits_a_professional_is_said_kindly(as_lead, writing):
    with writing():
        asking = make_professional(conditions=["copd"])
    assert "Nothing fits" in as_lead.get(f"/lead/professionals/{asking.id}").text


def test_that_a_lead_looked_at_professionals_is_written_down(as_lead, pair, writing):
    with writing():
        make_professional(areas=[ABERDEEN])
    as_lead.get("/lead/professionals")
    as_lead.get("/lead/professionals?which=never-answered")
    as_lead.get(f"/lead/professionals/{pair[0].id}")
    as_lead.get(f"/lead/programmes/{pair[1].id}")
    as_lead.get(f"/lead/programmes/{pair[1].id}/{pair[0].id}")
    with writing() as session:
        looks = session.scalars(
            select(AuditEvent)
            .where(AuditEvent.action == "lead.saw_professionals")
            .order_by(AuditEvent.id)
        ).all()
        lead_id = session.scalars(select(LeadScope.user_id)).one()
    assert [(each.subject_type, each.subject_id) for each in looks] == [
        ("user", lead_id),
        ("professional", pair[0].id),
        ("programme", pair[1].id),
        ("professional", pair[0].id),
    ]
    assert {each.actor_user_id for each in looks} == {lead_id}
    assert {each.details["shown"] for each in looks} == {1}


def test_a_lead_reads_how_each_of_their_suggestions_stands(as_lead, writing):
    assert "not suggested any" in as_lead.get("/lead/brokered").text
    with writing() as session:
        lead_id = session.scalars(select(LeadScope.user_id)).one()
        for number in range(26):
            make_introduction(
                programme=make_programme(name=f"Walk {number:02}"),
                proposed_by=Proposer.LEAD,
                proposer_user_id=lead_id,
                proposed_at=NOW + timedelta(hours=number),
            )
        make_introduction(proposer_user_id=lead_id, programme=make_programme(name="Their own"))
    page = as_lead.get("/lead/brokered").text
    assert "26 introductions" in page
    assert page.index("Walk 25") < page.index("Walk 01")
    assert "Walk 00" not in page
    assert "Walk 00" in as_lead.get("/lead/brokered?page=2").text
    assert "Their own" not in page
    landing = as_lead.get("/lead/").text
    assert "Walk 23" in landing
    assert "Walk 22" not in landing


def test_nobody_to_suggest_is_said_kindly(as_lead, writing):
    with writing():
        programme = make_programme(conditions=["copd"])
    assert "Nobody fits" in as_lead.get(f"/lead/programmes/{programme.id}").text


@pytest.mark.parametrize(
    "values", [{"status": ProgrammeStatus.PAUSED}, {"places_per_month": 0}], ids=["paused", "full"]
)
def test_nobody_is_suggested_to_whoever_takes_nobody(as_lead, pair, writing, values):
    with writing():
        programme = make_programme(professions=["physiotherapist"], **values)
    page = as_lead.get(f"/lead/programmes/{programme.id}").text
    assert "takes nobody at the moment" in page
    assert "Suggest this introduction" not in page


def test_a_lead_suggests_an_introduction_and_follows_it(as_lead, pair, writing):
    address = f"/lead/programmes/{pair[1].id}/{pair[0].id}"
    empty = _post(as_lead, address, purpose="", lead_note="A word")
    assert "Say in a sentence" in empty.text
    assert "A word" in empty.text
    answer = _post(as_lead, address, purpose="To meet", lead_note="A word")
    page = as_lead.get(answer.location).text
    assert "Both sides have been asked" in page
    assert "Waiting for an answer" in page
    with writing() as session:
        introduction = session.scalars(select(Introduction)).one()
        assert introduction.proposed_by is Proposer.LEAD
        assert len(session.scalars(select(OutboxMail)).all()) == 2


def test_suggesting_the_same_two_again_has_no_second_effect(as_lead, pair, writing):
    address = f"/lead/programmes/{pair[1].id}/{pair[0].id}"
    _post(as_lead, address, purpose="To meet")
    assert "under way already" in _post(as_lead, address, purpose="To meet").text


def test_a_lead_invites_an_organisation_people_ask_for(as_lead, writing):
    organisation_id = _waiting_request(
        writing, name="Quiet Charity", area_code=FIFE, website="https://quiet.example"
    )
    page = as_lead.get("/lead/").text
    assert "Quiet Charity" in page
    assert "1 request" in page
    address = f"/lead/organisations/{organisation_id}/invite"
    assert "https://quiet.example" in as_lead.get(address).text
    wrong = _post(as_lead, address, email="not an address")
    assert "not an address" in wrong.text
    answer = _post(as_lead, address, email="hello@quiet.example")
    assert "on its way" in as_lead.get(answer.location).text
    with writing() as session:
        assert session.scalars(select(OutboxMail.recipient)).all() == ["hello@quiet.example"]


def test_a_lead_is_not_shown_requests_of_other_areas(as_lead, writing):
    organisation_id = _waiting_request(writing, name="Far Charity", area_code=ABERDEEN)
    assert "Nobody is waiting" in as_lead.get("/lead/").text
    assert as_lead.get(f"/lead/organisations/{organisation_id}/invite").status_code == 404


def test_an_administrator_sees_the_requests_of_every_area(app, writing):
    _waiting_request(writing, name="Far Charity", area_code=ABERDEEN)
    with writing() as session:
        administrator = make_user(is_administrator=True)
        session.flush()
    client = app.test_client()
    sign_in(client, administrator, writing)
    page = client.get("/lead/").text
    assert "Far Charity" in page
    assert "Introductions you suggested" not in page


def test_an_organisation_of_unknown_area_is_every_leads_to_find(as_lead, writing):
    _waiting_request(writing, name="Somewhere Charity", area_code=None)
    assert "Somewhere Charity" in as_lead.get("/lead/").text


def test_a_lead_has_their_own_page_in_the_header(as_lead, writing):
    with writing() as session:
        assert session.scalar(select(User.id)) is not None
    assert "My area" in as_lead.get("/lead/").text


def _a_pair_with_much_in_common(session, lead_id):
    """A professional and a programme whom a lead brought together, and two more who might meet."""
    conditions = ["stroke", "aphasia"]
    for _ in range(2):
        professional = make_professional(conditions=conditions, areas=[FIFE, NHS_FIFE])
        programme = make_programme(conditions=conditions, approaches=["arts"])
    make_introduction(
        professional=professional,
        programme=programme,
        proposed_by=Proposer.LEAD,
        proposer_user_id=lead_id,
        state=IntroductionState.EXPIRED,
        closed_at=NOW,
    )


@pytest.mark.parametrize(
    "address",
    [
        "/lead/brokered",
        "/lead/professionals",
        "/lead/professionals?which=never-suggested",
        "/lead/programmes?words=Programme",
        "/lead/programmes?which=never-suggested",
        "/lead/gaps/overlaps",
        "/lead/gaps/closing?group=stroke-and-brain-injury",
    ],
)
def test_a_longer_list_takes_no_more_queries(app, as_lead, writing, address):
    with writing() as session:
        lead_id = session.scalars(select(LeadScope.user_id)).one()
        for _ in range(2):
            _a_pair_with_much_in_common(session, lead_id)
    as_lead.get(address)
    with statements_sent(app) as for_few:
        as_lead.get(address)
    with writing() as session:
        for _ in range(4):
            _a_pair_with_much_in_common(session, lead_id)
    as_lead.get(address)
    with statements_sent(app) as for_many:
        assert as_lead.get(address).status_code == 200
    assert len(for_many) == len(for_few)
