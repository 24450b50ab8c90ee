"""The pages of a question before the answer, and answering by the links in mails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from matchmaker.models import (
    Dismissal,
    DismissalKind,
    Introduction,
    IntroductionQuestion,
    IntroductionState,
    LinkToken,
    OutboxMail,
    Programme,
    Proposer,
    Side,
    Waiting,
)
from matchmaker.services import introductions, questions
from tests.factories import make_introduction, make_professional, make_programme, make_user
from tests.web.markup import csrf_token
from tests.web.world import sign_in

QUESTION = "On which days does the group meet?"
REPLY = "On Tuesdays, and it is never full."


@pytest.fixture
def pair(writing):
    """A professional whom a programme has an owner to answer for, and what the first asked."""
    with writing() as session:
        professional, programme = make_professional(), make_programme()
        owner = programme.organisation.memberships[0].user
        owner.last_active_on = datetime.now(UTC).date()
        introductions.propose(
            professional,
            programme,
            proposed_by=Proposer.PROFESSIONAL,
            purpose="To send people on.",
            actor=professional.user,
            now=datetime.now(UTC),
        )
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


@pytest.fixture
def stored(writing):
    def read():
        with writing() as session:
            return session.scalars(select(Introduction).order_by(Introduction.id)).first()

    return read


@pytest.fixture
def link(writing):
    """The address of a kind in the newest mail that has one."""

    def find(path):
        with writing() as session:
            bodies = session.scalars(select(OutboxMail.body).order_by(OutboxMail.id.desc()))
            lines = (line for body in bodies for line in body.splitlines())
            return next(line[line.index(path) :] for line in lines if path in line)

    return find


@pytest.fixture
def address(stored):
    return f"/introductions/{stored().id}"


def _post(client, address, page=None, **values):
    token = csrf_token(client.get(page or address).text)
    return client.post(address, data={"csrf_token": token, **values})


def test_a_question_is_asked_and_replied_to_on_the_page(as_professional, as_owner, address, stored):
    asked = _post(as_owner, f"{address}/question", body=QUESTION)
    assert "passed your question on" in as_owner.get(asked.location).text
    assert stored().waiting_for is Waiting.QUESTION
    assert "Waiting for your answer" in as_professional.get("/introductions/").text
    assert "Waits for a reply to a question" in as_professional.get("/introductions/").text
    page = as_professional.get(address).text
    assert QUESTION in page
    assert "Reply to their question" in page
    replied = _post(as_professional, f"{address}/reply", body=REPLY)
    assert "passed your reply on" in as_professional.get(replied.location).text
    page = as_owner.get(address).text
    assert REPLY in page
    assert "Yes, introduce us" in page
    assert "I have a question first" not in page


def test_a_question_is_asked_and_replied_to_by_the_links_in_mails(client, pair, link, stored):
    answer = link("/answer/")
    assert QUESTION not in client.get(f"{answer}?say=question").text
    asked = _post(client, f"{answer}/question", page=f"{answer}?say=question", body=QUESTION)
    assert "passed your question on" in asked.text
    reply = link("/question/")
    assert QUESTION in client.get(reply).text
    replied = _post(client, reply, body=REPLY)
    assert "passed your reply on" in replied.text
    fresh = link("/answer/")
    assert fresh != answer
    assert REPLY in client.get(fresh).text
    assert "You have been introduced" not in client.get(fresh).text
    _post(client, f"{fresh}/yes", page=fresh)
    assert stored().state is IntroductionState.ACCEPTED


@pytest.mark.parametrize("say", ["", "?say=yes", "?say=no", "?say=question", "?say=colleague"])
def test_looking_at_an_answer_gives_none(client, pair, link, stored, say):
    page = client.get(link("/answer/") + say)
    assert page.status_code == 200
    assert stored().state is IntroductionState.PROPOSED
    assert stored().waiting_for is None


@pytest.mark.parametrize(
    ("say", "button"),
    [
        ("", "Yes, introduce us"),
        ("?say=yes", "Yes, introduce us"),
        ("?say=no", "Say no"),
        ("?say=question", "Ask the question"),
        ("?say=nonsense", "Yes, introduce us"),
    ],
)
def test_each_answer_is_one_button_away_from_the_mail(client, pair, link, say, button):
    page = client.get(link("/answer/") + say).text
    assert page.count('<button type="submit"') == 1
    assert button in page


def test_suggested_words_can_be_edited_and_an_address_puts_nothing_else_there(
    client, pair, link, as_owner, address
):
    first = "About how many people a month would you tell about us?"
    for page in (f"{link('/answer/')}?say=question", f"{address}/question"):
        visitor = client if page.startswith("/answer") else as_owner
        joint = "&" if "?" in page else "?"
        assert f">{first}</textarea>" in visitor.get(f"{page}{joint}words=1").text
        for number in ("0", "4", "-1", "words"):
            assert "></textarea>" in visitor.get(f"{page}{joint}words={number}").text


def test_what_was_typed_is_kept_when_a_question_cannot_be_passed_on(client, pair, link, stored):
    answer = link("/answer/")
    refused = _post(
        client, f"{answer}/question", page=f"{answer}?say=question", body="Ring 01592 000 000!"
    )
    assert refused.status_code == 422
    assert "Leave out" in refused.text
    assert "Ring 01592 000 000!" in refused.text
    assert stored().waiting_for is None


def test_a_second_reply_is_told_so_and_its_words_are_given_back(
    as_owner, as_professional, address, client, link
):
    _post(as_owner, f"{address}/question", body=QUESTION)
    reply = link("/question/")
    form = client.get(reply).text
    _post(as_professional, f"{address}/reply", body=REPLY)
    late = client.post(reply, data={"csrf_token": csrf_token(form), "body": "On Mondays."})
    assert late.status_code == 409
    assert "replied already" in late.text
    assert "On Mondays." in late.text
    assert "replied already" in client.get(reply).text
    again = as_professional.post(
        f"{address}/reply",
        data={"csrf_token": csrf_token(as_professional.get(address).text), "body": "On Fridays."},
    )
    assert again.status_code == 409
    assert "On Fridays." in again.text


def test_a_reply_sent_twice_by_one_link_is_sent_once(as_owner, address, client, link, writing):
    _post(as_owner, f"{address}/question", body=QUESTION)
    reply = link("/question/")
    token = csrf_token(client.get(reply).text)
    statuses = [
        client.post(reply, data={"csrf_token": token, "body": REPLY}).status_code for _ in range(3)
    ]
    assert statuses == [200, 410, 410]
    with writing() as session:
        assert session.scalars(select(IntroductionQuestion.reply)).all() == [REPLY]


def test_a_reply_link_for_a_question_that_is_needed_no_more_says_so(
    as_owner, address, client, link
):
    _post(as_owner, f"{address}/question", body=QUESTION)
    reply = link("/question/")
    _post(as_owner, f"{address}/accept", page=address)
    assert "no reply is needed any more" in client.get(reply).text


def test_whoever_left_the_organisation_neither_asks_nor_replies(
    as_owner, pair, address, client, link, writing, app
):
    answer = link("/answer/")
    form = csrf_token(client.get(f"{answer}?say=question").text)
    with writing() as session:
        session.merge(pair[1]).organisation.memberships.clear()
    late = client.post(f"{answer}/question", data={"csrf_token": form, "body": QUESTION})
    assert late.status_code == 410
    assert "act for this organisation any more" in late.text
    assert as_owner.get(f"{address}/question").status_code == 404


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (IntroductionState.WITHDRAWN, "was taken back"),
        (IntroductionState.EXPIRED, "time to answer has passed"),
        (IntroductionState.SUPERSEDED, "has closed"),
    ],
)
@pytest.mark.parametrize("way", ["yes", "no", "question", "colleague"])
def test_a_late_answer_is_told_what_happened_in_a_sentence(
    pair, client, link, writing, way, state, sentence
):
    answer = link("/answer/")
    form = csrf_token(client.get(answer).text)
    with writing() as session:
        introduction = session.scalars(select(Introduction)).one()
        if state is IntroductionState.SUPERSEDED:
            introduction.superseded_because = "programme_closed"
        introduction.move_to(state, datetime.now(UTC))
        make_programme(organisation=introduction.programme.organisation)
    assert sentence in client.get(answer).text
    values = {"body": QUESTION, "reason": "no_time", "passed_to": 2}
    late = client.post(f"{answer}/{way}", data={"csrf_token": form, **values})
    assert late.status_code == 409
    assert "Nothing has been changed" in late.text


def test_not_now_rests_for_90_days_and_says_when_to_ask_again(
    as_owner, as_professional, address, pair, writing
):
    answer = _post(as_owner, f"{address}/decline", reason="not_now")
    assert "Your reason stays private" in as_owner.get(answer.location).text
    with writing() as session:
        dismissal = session.scalars(select(Dismissal)).one()
        assert (dismissal.side, dismissal.kind) == (Side.PROGRAMME, DismissalKind.NOT_NOW)
    page = as_professional.get(f"/introductions/new/{pair[1].id}").text
    assert "You can ask again from" in page
    assert "<textarea" not in page


def test_a_programme_names_another_one_by_mail(
    client, pair, link, writing, as_professional, address
):
    answer = link("/answer/")
    assert "name them" not in client.get(answer).text
    with writing() as session:
        sister = make_programme(
            organisation=session.merge(pair[1]).organisation, name="Walking Well"
        )
        number = sister.id
    page = f"{answer}?say=colleague"
    assert "Walking Well" in client.get(page).text
    empty = _post(client, f"{answer}/colleague", page=page)
    assert empty.status_code == 422
    said = _post(client, f"{answer}/colleague", page=page, passed_to=number)
    assert "passed it on" in said.text
    assert "Ask Walking Well" in as_professional.get(address).text


def test_a_professional_names_a_colleague_on_the_page(pair, writing, app):
    with writing():
        introduction = make_introduction(proposed_by=Proposer.PROGRAMME)
        user, number = introduction.professional.user, introduction.id
    client = app.test_client()
    sign_in(client, user, writing)
    page = f"/introductions/{number}/colleague"
    assert "/colleague" in client.get(f"/introductions/{number}/decline").text
    refused = _post(client, page, colleague_email="nobody")
    assert refused.status_code == 422
    assert "nobody" in refused.text
    said = _post(client, page, colleague_email="jo@example.org")
    assert said.status_code == 302
    with writing() as session:
        to = session.scalars(select(OutboxMail.recipient).where(OutboxMail.user_id.is_(None)))
        assert to.all() == ["jo@example.org"]


def test_a_programme_names_another_one_on_the_page(as_owner, address, pair, writing, stored):
    assert "no other programme" in as_owner.get(f"{address}/colleague").text
    with writing() as session:
        sister = make_programme(organisation=session.merge(pair[1]).organisation)
        number = sister.id
    said = _post(as_owner, f"{address}/colleague", passed_to=number)
    assert "passed it on" in as_owner.get(said.location).text
    assert stored().passed_to_programme_id == number


@pytest.fixture
def asked_by_programme(writing):
    """An introduction for which a programme has asked a professional."""
    with writing():
        professional, programme = make_professional(), make_programme()
        return introductions.propose(
            professional,
            programme,
            proposed_by=Proposer.PROGRAMME,
            purpose="To meet.",
            actor=programme.organisation.memberships[0].user,
            now=datetime.now(UTC),
        )


def test_a_professional_names_a_colleague_by_mail(asked_by_programme, client, link):
    answer = link("/answer/")
    page, address = f"{answer}?say=colleague", f"{answer}/colleague"
    refused = _post(client, address, page=page, colleague_email="jo@")
    assert refused.status_code == 422
    assert 'value="jo@"' in refused.text
    said = _post(client, address, page=page, colleague_email="jo@example.org")
    assert "passed it on" in said.text


@pytest.mark.parametrize("path", ["/answer/", "/question/"])
def test_a_link_to_what_is_gone_says_so(as_owner, address, client, link, writing, path):
    _post(as_owner, f"{address}/question", body=QUESTION)
    gone = link(path)
    with writing() as session:
        for row in session.scalars(select(LinkToken)):
            row.introduction_id = None
    page = client.get(gone)
    assert page.status_code == 410
    assert "no longer known" in page.text


def test_whoever_left_does_not_reply_by_mail(asked_by_programme, writing, link, client):
    with writing() as session:
        introduction = session.merge(asked_by_programme)
        questions.ask(
            introduction,
            Side.PROFESSIONAL,
            QUESTION,
            actor=introduction.professional.user,
            now=datetime.now(UTC),
        )
    reply = link("/question/")
    form = csrf_token(client.get(reply).text)
    with writing() as session:
        session.merge(asked_by_programme).programme.organisation.memberships.clear()
    assert "any more" in client.get(reply).text
    late = client.post(reply, data={"csrf_token": form, "body": REPLY})
    assert late.status_code == 410
    assert REPLY in late.text


def test_a_reply_that_cannot_be_passed_on_is_kept(as_owner, address, client, link):
    _post(as_owner, f"{address}/question", body=QUESTION)
    refused = _post(client, link("/question/"), body="Write to jo@example.org")
    assert refused.status_code == 422
    assert "Write to jo@example.org" in refused.text


def test_both_see_how_soon_the_other_usually_answers(as_professional, address, pair, writing):
    assert "Active this week" in as_professional.get(address).text
    with writing():
        other = make_programme()
        number = other.id
    assert "Active" not in as_professional.get(f"/introductions/new/{number}").text
    with writing() as session:
        owner = session.get(Programme, number).organisation.memberships[0].user
        owner.last_active_on = datetime.now(UTC).date() - timedelta(days=20)
    assert "Active this month" in as_professional.get(f"/introductions/new/{number}").text


def test_somebody_on_both_sides_replies_for_the_side_that_was_asked(writing, app):
    with writing() as session:
        both = make_user()
        professional = make_professional(user=both)
        programme = make_programme()
        programme.organisation.memberships[0].user = both
        introduction = make_introduction(
            professional=professional,
            programme=programme,
            answer_due_at=datetime.now(UTC) + timedelta(days=14),
        )
        session.flush()
        number = introduction.id
    client = app.test_client()
    sign_in(client, both, writing)
    address = f"/introductions/{number}"
    _post(client, f"{address}/question", body=QUESTION)
    _post(client, f"{address}/reply", body=REPLY)
    with writing() as session:
        assert session.scalars(select(IntroductionQuestion.reply)).all() == [REPLY]
