"""The room two share once both have said yes, and what is done by the links in their mails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    CheckIn,
    Introduction,
    IntroductionMessage,
    IntroductionState,
    Membership,
    OutboxMail,
    Outcome,
    Side,
    User,
)
from matchmaker.services import check_ins, introductions, partnerships
from tests.factories import (
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in

# What pages say and do is decided in Python, from rows that read the same on both databases.
pytestmark = pytest.mark.one_database


@dataclass
class Room:
    """An introduction three months old, its two people, and the links in their mails."""

    introduction_id: int
    professional: User
    owner: User
    check_in_ids: dict[Side, int]
    mails: dict[str, str]

    @property
    def address(self):
        return f"/introductions/{self.introduction_id}"


@pytest.fixture
def room(app, writing):
    now = datetime.now(UTC)
    with writing():
        owner = make_user(name="Una Baird", email="una@example.org")
        introduction = make_introduction(
            professional=make_professional(user=make_user(name="Ann Rae")),
            programme=make_programme(
                name="Stroke café", organisation=make_organisation(members=[owner])
            ),
            professional_answer=Answer.YES,
            programme_answer=Answer.YES,
            state=IntroductionState.ACCEPTED,
            released_at=now - timedelta(days=100),
        )
        assert check_ins.ask_due(now=now) == 1
        partnerships.send_message(
            introduction,
            Side.PROFESSIONAL,
            "Would Tuesday suit you?",
            seen_id=0,
            actor=introduction.professional.user,
            now=now,
        )
        return Room(
            introduction.id,
            introduction.professional.user,
            owner,
            {side: check_ins.list_of(introduction, side)[0].id for side in Side},
            dict(_links_in_mail(owner)),
        )


def _links_in_mail(user):
    for mail in db.session.scalars(select(OutboxMail).where(OutboxMail.user_id == user.id)):
        for kind in ("/reply/", "/check-ins/mailed/"):
            for line in mail.body.splitlines():
                if kind in line:
                    yield kind, line[line.index(kind) :]


@pytest.fixture
def as_professional(app, room, writing):
    client = app.test_client()
    sign_in(client, room.professional, writing)
    return client


@pytest.fixture
def as_owner(app, room, writing):
    client = app.test_client()
    sign_in(client, room.owner, writing)
    return client


def _post(client, address, page=None, **values):
    token = csrf_token(client.get(page or address).text)
    return client.post(address, data={"csrf_token": token, **values})


def _introduction(room, writing):
    with writing() as session:
        return session.get(Introduction, room.introduction_id)


def _change(room, writing, change):
    with writing() as session:
        change(session.get(Introduction, room.introduction_id), session)


def _over(introduction, session):
    introductions.withdraw(
        introduction,
        Side.PROFESSIONAL,
        actor=introduction.professional.user,
        now=datetime.now(UTC),
    )


def test_the_room_shows_who_is_who_and_what_it_is_for(as_owner, room):
    page = as_owner.get(room.address).text
    for words in (
        "Ann Rae",
        "What they see of you",
        "Una Baird",
        "When they asked",
        "To see who could come to our group.",
        "Would Tuesday suit you?",
        "Can I send a file?",
    ):
        assert words in page
    assert not Markup(page).all("input", type="file")


def test_next_step_goes_into_a_calendar(as_owner, room):
    address = f"{room.address}/next-step.ics"
    assert as_owner.get(address).status_code == 404
    _post(
        as_owner,
        f"{room.address}/agreement",
        room.address,
        **{
            "agreement-version": "1",
            "agreement-next_step": "Visit the café",
            "agreement-next_step_on-day": "7",
            "agreement-next_step_on-month": "1",
            "agreement-next_step_on-year": "2027",
        },
    )
    assert address in as_owner.get(room.address).text
    answer = as_owner.get(address)
    assert answer.content_type == "text/calendar; charset=utf-8; method=REQUEST"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "DTSTART;VALUE=DATE:20270107" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_check_in_takes_three_taps(as_professional, room, writing):
    page = Markup(as_professional.get(room.address).text)
    address = f"/check-ins/{room.check_in_ids[Side.PROFESSIONAL]}"
    assert page.all("a", href=address)
    first = Markup(as_professional.get(address).text)
    assert first.one("h1").text == "Is it still going?"
    (going,) = (each for each in first.all("a") if each.text == "Yes, we are working together")
    second = Markup(as_professional.get(going.attributes["href"]).text)
    (partly,) = (each for each in second.all("a") if each.text == "Some of it")
    html = as_professional.get(partly.attributes["href"]).text
    third = Markup(html)
    assert third.one("h1").text == "What would help?"
    sent = {
        each.attributes["name"]: each.attributes["value"]
        for each in third.all("input", type="hidden")
        if each.is_inside("main")
    }
    answer = as_professional.post(address, data={**sent, "would_help": "time", "note": "Six came."})
    assert answer.location.endswith(room.address)
    with writing() as session:
        check_in = session.get(CheckIn, room.check_in_ids[Side.PROFESSIONAL])
        assert (check_in.going, check_in.came_of_it, check_in.would_help) == (
            "going",
            "partly",
            "time",
        )
        assert check_in.introduction.state is IntroductionState.ACTIVE
    page = as_professional.get(answer.location).text
    assert "What you have told us so far" in page
    assert "Six came." in page
    assert "Would you tell others?" in page


def test_the_other_side_does_not_read_what_one_told_us(as_professional, as_owner, room):
    address = f"/check-ins/{room.check_in_ids[Side.PROFESSIONAL]}"
    _post(
        as_professional,
        address,
        f"{address}?going=paused&came_of_it=partly",
        going="paused",
        came_of_it="partly",
        would_help="getting_in_touch",
        note="They never ring back.",
    )
    page = as_owner.get(room.address).text
    assert "On hold" in page
    assert "They never ring back." not in page


def test_a_check_in_is_answered_by_its_link_once(client, room, writing):
    address = room.mails["/check-ins/mailed/"]
    for query in ("", "?going=done", "?going=done&came_of_it=achieved"):
        assert client.get(address + query).status_code == 200
    assert _introduction(room, writing).state is IntroductionState.ACCEPTED
    values = {"going": "done", "came_of_it": "achieved", "note": "Nine people came."}
    page = f"{address}?going=done&came_of_it=achieved"
    answer = _post(client, address, page, **values, would_help="nothing")
    assert "Others could learn" in answer.text
    introduction = _introduction(room, writing)
    assert (introduction.outcome, introduction.closing_note) == (
        Outcome.ACHIEVED,
        "Nine people came.",
    )
    assert client.get(address).status_code == 410
    token = csrf_token(client.get("/sign-in").text)
    again = client.post(address, data={"csrf_token": token, **values, "would_help": "nothing"})
    assert again.status_code == 410


@pytest.mark.parametrize(
    ("query", "question"),
    [
        ("?going=nonsense", "Is it still going?"),
        ("?came_of_it=partly", "Is it still going?"),
        ("?going=done&came_of_it=too_early", "What came of it?"),
        ("?going=not_started", "What would help?"),
        ("?going=going&came_of_it=partly&would_help=time", "What would help?"),
    ],
)
def test_an_answer_that_cannot_be_is_asked_for_again(as_professional, room, query, question):
    address = f"/check-ins/{room.check_in_ids[Side.PROFESSIONAL]}"
    assert Markup(as_professional.get(address + query).text).one("h1").text == question


def test_a_note_that_is_too_long_is_kept_and_nothing_is_saved(as_professional, room, writing):
    address = f"/check-ins/{room.check_in_ids[Side.PROFESSIONAL]}"
    answer = _post(
        as_professional,
        address,
        f"{address}?going=done&came_of_it=partly",
        going="done",
        came_of_it="partly",
        would_help="time",
        note="x" * 2001,
    )
    assert answer.status_code == 422
    assert "x" * 2001 in answer.text
    assert _introduction(room, writing).state is IntroductionState.ACCEPTED


def test_a_check_in_closes_with_its_introduction(as_professional, client, room, writing):
    address = f"/check-ins/{room.check_in_ids[Side.PROFESSIONAL]}"
    token = csrf_token(as_professional.get(room.address).text)
    _change(room, writing, _over)
    assert "not under way any more" in as_professional.get(address).text
    answer = as_professional.post(
        address,
        data={
            "csrf_token": token,
            "going": "going",
            "came_of_it": "partly",
            "would_help": "time",
        },
    )
    assert answer.status_code == 409
    assert "not under way any more" in client.get(room.mails["/check-ins/mailed/"]).text


def test_a_message_is_replied_to_by_its_link_once(client, room, writing):
    address = room.mails["/reply/"]
    page = client.get(address).text
    assert "Would Tuesday suit you?" in page
    assert room.professional.email not in page
    assert _post(client, address, body=" ").status_code == 422
    answer = _post(client, address, body="Tuesday at ten.")
    assert "Your reply has been sent" in answer.text
    with writing() as session:
        reply = session.scalars(
            select(IntroductionMessage).order_by(IntroductionMessage.id.desc())
        ).first()
        assert (reply.body, reply.side, reply.author_user_id) == (
            "Tuesday at ten.",
            Side.PROGRAMME,
            room.owner.id,
        )
    assert client.get(address).status_code == 410
    token = csrf_token(client.get("/sign-in").text)
    again = client.post(address, data={"csrf_token": token, "body": "Tuesday at ten."})
    assert again.status_code == 410


def test_an_endless_reply_is_kept_and_its_link_still_works(client, room):
    address = room.mails["/reply/"]
    answer = _post(client, address, body="x" * 4001)
    assert answer.status_code == 422
    assert "x" * 4001 in answer.text
    assert client.get(address).status_code == 200


def test_nobody_replies_to_what_is_over(client, room, writing):
    address = room.mails["/reply/"]
    token = csrf_token(client.get(address).text)
    _change(room, writing, _over)
    page = client.get(address).text
    assert "not under way any more" in page
    assert "Would Tuesday suit you?" not in page
    answer = client.post(address, data={"csrf_token": token, "body": "Too late"})
    assert answer.status_code == 409


@pytest.mark.parametrize("kind", ["/reply/", "/check-ins/mailed/"])
def test_a_link_ends_with_the_place_of_whom_it_was_sent_to(client, room, writing, kind):
    def leave(introduction, session):
        session.delete(session.scalars(select(Membership)).one())

    _change(room, writing, leave)
    assert client.get(room.mails[kind]).status_code == 410


@pytest.mark.parametrize("kind", ["/reply/", "/check-ins/mailed/"])
def test_a_link_that_was_not_copied_whole_says_so(client, room, kind):
    answer = client.get(room.mails[kind][:-3])
    assert answer.status_code == 410
    assert "not complete" in answer.text


def test_a_reply_to_a_message_that_is_gone_is_not_possible(client, room, writing):
    def forget(introduction, session):
        introduction.messages = []

    _change(room, writing, forget)
    assert client.get(room.mails["/reply/"]).status_code == 410


def test_a_check_in_that_is_gone_cannot_be_answered(client, room, writing):
    def forget(introduction, session):
        for each in session.scalars(select(CheckIn)):
            session.delete(each)

    _change(room, writing, forget)
    assert client.get(room.mails["/check-ins/mailed/"]).status_code == 410


def test_an_example_is_offered_and_taken_back(as_owner, room, writing):
    answer = _post(as_owner, f"{room.address}/example", room.address)
    assert answer.status_code == 409
    _post(
        as_owner,
        f"{room.address}/complete",
        outcome="partly",
        note="Nine people came.",
    )
    _post(as_owner, f"{room.address}/example", room.address)
    assert _introduction(room, writing).example_offered_at is not None
    page = as_owner.get(room.address).text
    assert "one of you offered to tell" in page
    assert "Nine people came." in page
    _post(as_owner, f"{room.address}/example/take-back", room.address)
    assert _introduction(room, writing).example_offered_at is None


def test_home_says_what_waits(as_owner, room):
    page = Markup(as_owner.get("/home").text)
    (link,) = page.all("a", href=f"/check-ins/{room.check_in_ids[Side.PROGRAMME]}")
    assert link.text == "Ann Rae"


def test_a_professional_who_was_erased_leaves_a_room_without_contact(as_owner, room, writing):
    def erase(introduction, session):
        introduction.professional.user.erased_at = datetime.now(UTC)

    _change(room, writing, erase)
    page = as_owner.get(room.address)
    assert page.status_code == 200
    assert "no longer on Matchmaker" in page.text
    assert room.professional.email not in page.text
