"""The pages of an introduction, from asking to what came of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    Introduction,
    IntroductionMessage,
    IntroductionState,
    LinkToken,
    OutboxMail,
    Proposer,
    Waiting,
)
from matchmaker.services import introductions
from matchmaker.services.errors import AlreadyAnswered
from matchmaker.web.introduction_answers import links
from tests.factories import make_introduction, make_lead, make_professional, make_programme
from tests.web.markup import csrf_token
from tests.web.world import sign_in

PURPOSE = "To send people on after they leave hospital."


@pytest.fixture
def pair(writing):
    """A professional and a programme that has an owner."""
    with writing() as session:
        professional, programme = make_professional(), make_programme()
        owner = programme.organisation.memberships[0].user
        session.flush()
        return professional, programme, owner


@pytest.fixture
def as_professional(app, pair, writing):
    client = app.test_client()
    sign_in(client, pair[0].user, writing)
    return client


@pytest.fixture
def as_owner(app, pair, writing):
    client = app.test_client()
    sign_in(client, pair[2], writing)
    return client


def _post(client, address, page=None, **values):
    token = csrf_token(client.get(page or address).text)
    return client.post(address, data={"csrf_token": token, **values})


def _ask(client, pair):
    return _post(client, f"/introductions/new/{pair[1].id}", purpose=PURPOSE)


def _stored(writing):
    with writing() as session:
        return session.scalars(select(Introduction).order_by(Introduction.id.desc())).first()


def _accepted(pair, writing, **values):
    now = datetime.now(UTC)
    with writing() as session:
        return make_introduction(
            professional=session.merge(pair[0]),
            programme=session.merge(pair[1]),
            professional_answer=Answer.YES,
            programme_answer=Answer.YES,
            state=IntroductionState.ACCEPTED,
            released_at=now,
            **values,
        )


def _link(writing):
    """The address in the newest mail that asks for an answer."""
    with writing() as session:
        bodies = session.scalars(select(OutboxMail.body).order_by(OutboxMail.id.desc()))
        lines = (line for body in bodies for line in body.splitlines())
        return next(line[line.index("/answer/") :] for line in lines if "/answer/" in line)


def test_nothing_yet_is_said_kindly(as_professional):
    assert "No introductions yet" in as_professional.get("/introductions/").text


def test_a_professional_asks_and_sees_that_it_waits(as_professional, as_owner, pair, writing):
    answer = _ask(as_professional, pair)
    assert answer.status_code == 302
    page = as_professional.get(answer.location).text
    assert "You have said yes" in page
    assert "Take back the request" in page
    assert "Waiting for the other side" in as_professional.get("/introductions/").text
    assert "Waiting for your answer" in as_owner.get("/introductions/").text


def test_an_empty_purpose_is_asked_for_again(as_professional, pair):
    page = _post(as_professional, f"/introductions/new/{pair[1].id}", purpose="  ")
    assert "Say in a sentence or two" in page.text
    assert "Error: Ask for an introduction" in page.text


def test_asking_twice_has_one_effect(as_professional, pair, writing):
    _ask(as_professional, pair)
    again = _ask(as_professional, pair)
    assert "under way already" in again.text
    assert PURPOSE in again.text
    with writing() as session:
        assert session.scalar(select(func.count(Introduction.id))) == 1


def test_a_programme_asks_without_learning_a_name(as_owner, pair, writing):
    address = f"/introductions/new/{pair[1].id}/{pair[0].id}"
    assert pair[0].user.name not in as_owner.get(address).text
    answer = _post(as_owner, address, purpose=PURPOSE)
    page = as_owner.get(answer.location).text
    assert "Physiotherapist, NHS Fife" in page
    assert pair[0].user.name not in page
    assert _stored(writing).proposed_by is Proposer.PROGRAMME


def test_asking_an_organisation_that_is_not_here_says_so(as_professional, pair, writing):
    with writing() as session:
        session.merge(pair[1]).organisation.claimed_at = None
    assert (
        "Nobody from this organisation"
        in as_professional.get(f"/introductions/new/{pair[1].id}").text
    )
    answer = _ask(as_professional, pair)
    assert "It does not run out of time" in as_professional.get(answer.location).text
    assert "Waits until the organisation joins" in as_professional.get("/introductions/").text


def test_yes_on_the_page_shows_each_how_to_reach_the_other(
    as_professional, as_owner, pair, writing
):
    address = _ask(as_professional, pair).location
    answer = _post(as_owner, f"{address}/accept", page=address, side="programme")
    page = as_owner.get(answer.location).text
    assert "You have been introduced" in page
    assert pair[0].user.email in page
    assert pair[0].user.name in as_owner.get("/introductions/").text
    assert pair[2].email in as_professional.get(address).text


def test_a_full_programme_answers_with_a_sentence_and_nothing_is_lost(
    as_professional, as_owner, pair, writing
):
    with writing() as session:
        session.merge(pair[1]).places_per_month = 0
    address = _ask(as_professional, pair).location
    assert "There are no places left this month" in as_owner.get(address).text
    assert "Waits for places" in as_owner.get("/introductions/").text
    refused = _post(as_owner, f"{address}/accept", page=address, side="programme")
    assert refused.status_code == 409
    assert "no places left this month" in refused.text
    assert _stored(writing).programme_answer is Answer.PENDING


def test_a_no_needs_a_reason_and_keeps_it_private(as_professional, as_owner, pair, writing):
    address = _ask(as_professional, pair).location
    again = _post(as_owner, f"{address}/decline", note="We are moving house")
    assert again.status_code == 422
    assert "We are moving house" in again.text
    answer = _post(as_owner, f"{address}/decline", reason="no_time", note="We are moving house")
    assert "Your reason stays private" in as_owner.get(answer.location).text
    page = as_professional.get(address).text
    assert "not taken forward" in page
    assert "moving house" not in page


def test_an_answer_after_the_answer_changes_nothing(as_professional, as_owner, pair, writing):
    address = _ask(as_professional, pair).location
    _post(as_owner, f"{address}/decline", reason="other")
    late = _post(as_owner, f"{address}/decline", reason="too_far")
    assert late.status_code == 409
    assert "already been answered" in late.text


@pytest.mark.one_database
def test_an_introduction_that_vanished_meanwhile_is_not_found(
    as_professional, as_owner, pair, monkeypatch
):
    def accept(introduction, _side, **_values):
        db.session.delete(introduction)
        db.session.commit()
        raise AlreadyAnswered("It has been answered.")

    address = _ask(as_professional, pair).location
    monkeypatch.setattr(introductions, "accept", accept)
    gone = _post(as_owner, f"{address}/accept", page=address)
    assert gone.status_code == 404
    assert "Page not found" in gone.text


def test_withdrawing_hides_contact_details_again(as_professional, as_owner, pair, writing):
    address = f"/introductions/{_accepted(pair, writing).id}"
    assert pair[0].user.email in as_owner.get(address).text
    answer = _post(as_professional, f"{address}/withdraw")
    assert "hidden again" in as_professional.get(answer.location).text
    page = as_owner.get(address).text
    assert pair[0].user.email not in page
    assert "withdrawn" in page


def test_taking_back_a_request_asks_first(as_professional, pair):
    address = _ask(as_professional, pair).location
    assert "was taken back" in as_professional.get(f"{address}/withdraw").text


def test_messages_are_read_by_both(as_professional, as_owner, pair, writing):
    address = f"/introductions/{_accepted(pair, writing).id}"
    sent = _post(
        as_professional,
        f"{address}/messages",
        page=address,
        **{"message-body": "Shall we meet on Thursday?"},
    )
    assert sent.status_code == 302
    for client in (as_professional, as_owner):
        assert "Shall we meet on Thursday?" in client.get(address).text


def test_a_message_sent_twice_from_one_page_is_one_message(as_professional, pair, writing):
    address = f"/introductions/{_accepted(pair, writing).id}"
    token = csrf_token(as_professional.get(address).text)
    values = {"csrf_token": token, "message-body": "Hello", "message-seen": "0"}
    for _ in range(2):
        assert as_professional.post(f"{address}/messages", data=values).status_code == 302
    with writing() as session:
        assert session.scalar(select(func.count(IntroductionMessage.id))) == 1
        assert session.scalar(select(func.count(OutboxMail.id))) == 1
    again = _post(
        as_professional,
        f"{address}/messages",
        page=address,
        **{"message-body": "Hello", "message-seen": "1"},
    )
    assert again.status_code == 302
    with writing() as session:
        assert session.scalar(select(func.count(IntroductionMessage.id))) == 2


def test_the_words_of_somebody_who_left_stay_readable(as_owner, pair, writing):
    introduction = _accepted(pair, writing)
    with writing() as session:
        session.add(
            IntroductionMessage(
                introduction_id=introduction.id,
                side="programme",
                body="Good luck!",
                created_at=datetime.now(UTC),
            )
        )
    page = as_owner.get(f"/introductions/{introduction.id}").text
    assert "Somebody who has left" in page


def test_an_empty_message_is_asked_for_again(as_owner, pair, writing):
    address = f"/introductions/{_accepted(pair, writing).id}"
    answer = _post(as_owner, f"{address}/messages", page=address, **{"message-body": " "})
    assert answer.status_code == 422
    assert "Write a message" in answer.text


def test_what_was_agreed_is_seen_by_both(as_professional, as_owner, pair, writing):
    address = f"/introductions/{_accepted(pair, writing).id}"
    values = {
        "agreement-version": "1",
        "agreement-shared_purpose": "Fewer people alone at home",
        "agreement-next_step": "Visit the café",
        "agreement-next_step_on-day": "1",
        "agreement-next_step_on-month": "12",
        "agreement-next_step_on-year": "2030",
    }
    assert _post(as_owner, f"{address}/agreement", page=address, **values).status_code == 302
    page = as_professional.get(address).text
    assert "Fewer people alone at home" in page
    assert "1 December 2030" in page
    assert "Next step on 1 December 2030" in as_professional.get("/introductions/").text


@pytest.mark.parametrize("version", ["0", "tampered", "²", "9" * 5000])
def test_a_stale_agreement_is_shown_again_with_what_was_typed(as_owner, pair, writing, version):
    address = f"/introductions/{_accepted(pair, writing).id}"
    answer = _post(
        as_owner,
        f"{address}/agreement",
        page=address,
        **{"agreement-version": version, "agreement-next_step": "Meet in the park"},
    )
    assert answer.status_code == 409
    assert "The other side changed this" in answer.text
    assert "Meet in the park" in answer.text


def test_an_impossible_date_is_asked_for_again(as_owner, pair, writing):
    address = f"/introductions/{_accepted(pair, writing).id}"
    answer = _post(
        as_owner,
        f"{address}/agreement",
        page=address,
        **{
            "agreement-version": "1",
            "agreement-next_step": "Meet",
            "agreement-next_step_on-day": "31",
            "agreement-next_step_on-month": "2",
            "agreement-next_step_on-year": "2030",
        },
    )
    assert answer.status_code == 422
    assert "Enter a real date" in answer.text


def test_it_starts_is_put_on_hold_goes_on_and_is_completed(as_owner, pair, writing):
    address = f"/introductions/{_accepted(pair, writing).id}"
    for step, sentence in (
        ("start", "marked as under way"),
        ("hold", "marked as on hold"),
        ("start", "marked as under way"),
    ):
        answer = _post(as_owner, f"{address}/{step}", page=address)
        assert sentence in as_owner.get(answer.location).text
    answer = _post(as_owner, f"{address}/complete", outcome="partly", note="Ten came")
    page = as_owner.get(answer.location).text
    assert "We did some of it" in page
    assert "Ten came" in page
    assert "Over" in as_owner.get("/introductions/").text


def test_it_can_end_with_a_reason(as_owner, pair, writing):
    address = f"/introductions/{_accepted(pair, writing).id}"
    assert _post(as_owner, f"{address}/end").status_code == 422
    answer = _post(as_owner, f"{address}/end", reason="funding_ended")
    assert "The funding ended" in as_owner.get(answer.location).text


def test_somebody_on_both_sides_answers_for_the_side_that_is_asked(app, writing):
    with writing() as session:
        professional = make_professional()
        programme = make_programme()
        programme.organisation.memberships[0].user = professional.user
        introduction = make_introduction(professional=professional, programme=programme)
        session.flush()
    client = app.test_client()
    sign_in(client, professional.user, writing)
    address = f"/introductions/{introduction.id}"
    assert "Yes, introduce us" in client.get(address).text
    answer = _post(client, f"{address}/accept", page=address, side="programme")
    assert "You have been introduced" in client.get(answer.location).text


def test_the_first_yes_to_a_leads_proposal_waits_for_the_second(as_owner, pair, writing):
    with writing() as session:
        introduction = introductions.propose(
            session.merge(pair[0]),
            session.merge(pair[1]),
            proposed_by=Proposer.LEAD,
            purpose=PURPOSE,
            lead_note="You both run walks.",
            actor=make_lead(),
            now=datetime.now(UTC),
        )
    address = f"/introductions/{introduction.id}"
    assert "You both run walks." in as_owner.get(address).text
    answer = _post(as_owner, f"{address}/accept", page=address)
    page = as_owner.get(answer.location).text
    assert "waiting for the other side" in page
    assert "Take back your yes" in page


def test_looking_at_a_mailed_link_changes_nothing(as_professional, pair, writing, client):
    _ask(as_professional, pair)
    link = _link(writing)
    for _ in range(3):
        page = client.get(link)
        assert page.status_code == 200
        assert PURPOSE in page.text
        assert pair[0].user.name not in page.text
    assert _stored(writing).programme_answer is Answer.PENDING


def test_yes_by_mail_introduces_without_signing_in(as_professional, pair, writing, client):
    _ask(as_professional, pair)
    link = _link(writing)
    answer = _post(client, f"{link}/yes", page=link)
    assert "Both of you have said yes" in answer.text
    assert pair[0].user.email not in answer.text
    assert _stored(writing).state is IntroductionState.ACCEPTED
    assert client.get("/introductions/").status_code == 302


def test_a_first_yes_by_mail_waits_for_the_other_side(pair, writing, client):
    with writing() as session:
        introductions.propose(
            session.merge(pair[0]),
            session.merge(pair[1]),
            proposed_by=Proposer.LEAD,
            purpose=PURPOSE,
            actor=make_lead(),
            now=datetime.now(UTC),
        )
    link = _link(writing)
    assert "waiting for the other side" in _post(client, f"{link}/yes", page=link).text


def test_no_by_mail_needs_a_reason_and_does_not_use_up_the_link(
    as_professional, pair, writing, client
):
    _ask(as_professional, pair)
    link = _link(writing)
    again = _post(client, f"{link}/no", page=link, note="Thank you all the same")
    assert again.status_code == 422
    assert "Thank you all the same" in again.text
    answer = _post(client, f"{link}/no", page=link, reason="not_a_fit")
    assert "You said no" in answer.text
    assert _stored(writing).state is IntroductionState.DECLINED


@pytest.mark.parametrize("way", ["", "/yes", "/no"])
def test_a_used_link_says_so_and_offers_the_next_step(as_professional, pair, writing, client, way):
    _ask(as_professional, pair)
    link = _link(writing)
    token = csrf_token(client.get(link).text)
    values = {"csrf_token": token, "reason": "other"}
    client.post(f"{link}/yes", data=values)
    page = client.post(f"{link}{way}", data=values) if way else client.get(link)
    assert page.status_code == 410
    assert "used already" in page.text
    assert "See your introductions" in page.text


def test_a_tampered_link_says_so(client):
    page = client.get("/answer/MTIz.tampered")
    assert page.status_code == 410
    assert "not complete" in page.text


def test_an_expired_link_says_so(as_professional, pair, writing, client):
    _ask(as_professional, pair)
    with writing() as session:
        for link in session.scalars(select(LinkToken)):
            link.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    page = client.get(_link(writing))
    assert page.status_code == 410
    assert "expired" in page.text


def test_a_link_for_something_else_opens_nothing_here(pair, writing, client):
    with writing() as session:
        token = links.create_link(
            links.LinkPurpose.RESET_PASSWORD,
            email=pair[2].email,
            now=datetime.now(UTC),
            user=session.merge(pair[2]),
        )
    assert client.get(f"/answer/{token}").status_code == 410


def test_somebody_who_left_the_organisation_no_longer_answers_for_it(
    as_professional, pair, writing, client
):
    _ask(as_professional, pair)
    with writing() as session:
        session.merge(pair[1]).organisation.memberships.clear()
    page = client.get(_link(writing))
    assert page.status_code == 410
    assert "act for this organisation any more" in page.text


@pytest.mark.parametrize("way", ["yes", "no"])
def test_an_answer_by_mail_after_one_on_the_page_changes_nothing(
    as_professional, as_owner, pair, writing, client, way
):
    address = _ask(as_professional, pair).location
    link = _link(writing)
    token = csrf_token(client.get(link).text)
    _post(as_owner, f"{address}/accept", page=address)
    assert "answered already" in client.get(link).text
    late = client.post(f"{link}/{way}", data={"csrf_token": token, "reason": "other"})
    assert late.status_code == 409
    assert "Nothing has been changed" in late.text
    assert _stored(writing).state is IntroductionState.ACCEPTED


def test_a_link_to_a_waiting_request_says_that_it_waits(as_professional, pair, writing, client):
    _ask(as_professional, pair)
    with writing() as session:
        introduction = session.scalars(select(Introduction)).one()
        introduction.waiting_for = Waiting.PLACES
        introduction.waiting_since_at = datetime.now(UTC)
    assert "so this request waits" in client.get(_link(writing)).text
