"""A question before the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    AuditEvent,
    DeclineReason,
    IntroductionState,
    OutboxMail,
    Proposer,
    Side,
    Waiting,
)
from matchmaker.services import introduction_clock, introductions, questions
from matchmaker.services.errors import AlreadyAnswered, DomainError, FieldError, NoPlacesLeft
from tests.factories import NOW, make_introduction, make_programme, make_user

QUESTION = "On which days does the group meet?"
REPLY = "On Tuesdays and Thursdays."

ASKED_AT, ANSWERED_AT, REPLIED_AT = (NOW + timedelta(days=days) for days in (3, 4, 5))


def _days(number):
    return NOW + timedelta(days=number)


@pytest.fixture
def introduction(session):
    return make_introduction()


def _asker(introduction):
    return introduction.programme.organisation.memberships[0].user


def _ask(introduction, side=Side.PROGRAMME, body=QUESTION, now=ASKED_AT, actor=None):
    return questions.ask(introduction, side, body, actor=actor or _asker(introduction), now=now)


def _reply(introduction, side=Side.PROFESSIONAL, body=REPLY, now=REPLIED_AT, actor=None):
    actor = actor or introduction.professional.user
    return questions.reply(introduction, side, body, actor=actor, now=now)


def _accept(introduction, side=Side.PROGRAMME, now=ANSWERED_AT):
    return introductions.accept(introduction, side, actor=make_user(), now=now)


def _mails_to(user):
    found = select(OutboxMail).where(OutboxMail.user_id == user.id).order_by(OutboxMail.id)
    return list(db.session.scalars(found))


def _events():
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_a_question_stops_the_clock(introduction):
    _ask(introduction)
    assert (introduction.waiting_for, introduction.waiting_since_at) == (
        Waiting.QUESTION,
        _days(3),
    )
    assert introduction_clock.remind_due(now=_days(9)) == 0
    assert introduction_clock.expire_due(now=_days(15)) == 0
    assert _events() == ["introduction.question_asked", "introduction.waiting"]


def test_a_question_is_passed_on_with_a_link_to_reply_by(introduction):
    _ask(introduction)
    (mail,) = _mails_to(introduction.professional.user)
    assert QUESTION in mail.body
    assert "/question/" in mail.body
    assert _mails_to(_asker(introduction)) == []


def test_a_reply_lets_the_clock_run_on_and_brings_a_fresh_link_to_answer_by(introduction):
    _ask(introduction)
    question = _reply(introduction)
    assert (question.reply, question.replied_at, question.closed_at) == (
        REPLY,
        _days(5),
        _days(5),
    )
    assert (introduction.waiting_for, introduction.answer_due_at) == (None, _days(16))
    (mail,) = _mails_to(_asker(introduction))
    assert QUESTION in mail.body
    assert REPLY in mail.body
    assert "/answer/" in mail.body
    assert _events()[2:] == ["introduction.question_replied", "introduction.resumed"]


def test_without_a_reply_in_a_week_the_clock_runs_on_by_itself(introduction):
    question = _ask(introduction)
    assert introduction_clock.close_unanswered_questions(now=_days(10) - timedelta(seconds=1)) == 0
    assert introduction_clock.close_unanswered_questions(now=_days(10)) == 1
    assert introduction_clock.close_unanswered_questions(now=_days(11)) == 0
    assert (question.reply, question.closed_at) == (None, _days(10))
    assert (introduction.waiting_for, introduction.answer_due_at) == (None, _days(21))
    (mail,) = _mails_to(_asker(introduction))
    assert "No reply" in mail.subject
    assert "/answer/" in mail.body


def test_a_reply_that_comes_late_is_still_passed_on(introduction):
    _ask(introduction)
    introduction_clock.close_unanswered_questions(now=_days(10))
    question = _reply(introduction, now=_days(12))
    assert (question.closed_at, question.replied_at) == (_days(10), _days(12))
    assert introduction.answer_due_at == _days(21)
    assert REPLY in _mails_to(_asker(introduction))[-1].body


@pytest.mark.parametrize("body", ["", "  ", "x" * 1001])
def test_a_question_has_words_and_is_short(introduction, body):
    with pytest.raises(FieldError) as refusal:
        _ask(introduction, body=body)
    assert refusal.value.field == "body"
    _ask(introduction, body="x" * 1000)


@pytest.mark.parametrize(
    "body",
    [
        "Write to me: jo.bell@example.org",
        "Ring 01592 000 000?",
        "My mobile is +44 (0)7700 900123",
    ],
)
def test_neither_question_nor_reply_tells_how_to_reach_somebody(introduction, body):
    with pytest.raises(FieldError, match="Leave out"):
        _ask(introduction, body=body)
    _ask(introduction)
    with pytest.raises(FieldError, match="Leave out"):
        _reply(introduction, body=body)
    assert introduction.waiting_for is Waiting.QUESTION


def test_figures_that_are_no_telephone_number_may_be_asked_about(introduction):
    _ask(introduction, body="Is it from 10 to 12 on 3.11.2026, for 15 people aged 65 to 80?")


def test_a_question_sent_twice_is_asked_once(introduction):
    assert _ask(introduction) is _ask(introduction)
    assert len(_mails_to(introduction.professional.user)) == 1


def test_each_side_asks_one_question(introduction):
    _ask(introduction)
    with pytest.raises(AlreadyAnswered, match="asked its question"):
        _ask(introduction, body="And where?")
    _reply(introduction)
    with pytest.raises(AlreadyAnswered, match="asked its question"):
        _ask(introduction, now=_days(6))


def test_only_a_side_that_has_still_to_answer_can_ask(introduction):
    with pytest.raises(AlreadyAnswered):
        _ask(introduction, Side.PROFESSIONAL)
    _accept(introduction)
    with pytest.raises(AlreadyAnswered):
        _ask(introduction, now=_days(5))


def test_after_a_leads_proposal_both_can_ask_one_after_the_other(session):
    introduction = make_introduction(proposed_by=Proposer.LEAD)
    _ask(introduction)
    with pytest.raises(AlreadyAnswered, match="asked you something first"):
        _ask(introduction, Side.PROFESSIONAL)
    _reply(introduction)
    _ask(introduction, Side.PROFESSIONAL, now=_days(6))
    assert introduction.waiting_for is Waiting.QUESTION
    assert [each.side for each in questions.list_questions(introduction)] == [
        Side.PROGRAMME,
        Side.PROFESSIONAL,
    ]


def test_nothing_is_asked_while_a_proposal_waits_for_something_else(session):
    introduction = make_introduction(waiting_for=Waiting.PLACES, waiting_since_at=NOW)
    with pytest.raises(DomainError, match="waits"):
        _ask(introduction)


def test_whoever_asked_may_say_yes_without_waiting_for_the_reply(introduction):
    question = _ask(introduction)
    assert _accept(introduction).state is IntroductionState.ACCEPTED
    assert question.closed_at == _days(4)
    assert introduction.answer_due_at == _days(15)
    with pytest.raises(AlreadyAnswered, match="without waiting"):
        _reply(introduction)


def test_a_yes_to_a_lead_ends_the_waiting_for_what_its_side_asked(session):
    introduction = make_introduction(proposed_by=Proposer.LEAD)
    question = _ask(introduction)
    _accept(introduction)
    assert introduction.state is IntroductionState.PROPOSED
    assert question.closed_at == _days(4)
    assert (introduction.waiting_for, introduction.answer_due_at) == (None, _days(15))


def test_a_yes_of_the_other_side_leaves_the_question_open(session):
    introduction = make_introduction(proposed_by=Proposer.LEAD)
    question = _ask(introduction)
    _accept(introduction, Side.PROFESSIONAL)
    assert question.closed_at is None
    assert introduction.waiting_for is Waiting.QUESTION
    _reply(introduction)
    assert introduction.waiting_for is None


@pytest.mark.parametrize("how", ["declined", "withdrawn"])
def test_a_question_ends_with_its_proposal(introduction, how):
    question = _ask(introduction)
    if how == "declined":
        introductions.decline(
            introduction,
            Side.PROGRAMME,
            reason=DeclineReason.NO_TIME,
            note="",
            actor=make_user(),
            now=_days(4),
        )
    else:
        introductions.withdraw(introduction, Side.PROFESSIONAL, actor=make_user(), now=_days(4))
    assert question.closed_at == _days(4)
    assert introduction_clock.close_unanswered_questions(now=_days(30)) == 0
    with pytest.raises(AlreadyAnswered):
        _reply(introduction)


def test_of_two_colleagues_who_reply_the_second_is_told_so(introduction):
    _ask(introduction)
    assert _reply(introduction) is _reply(introduction)
    with pytest.raises(AlreadyAnswered, match="replied already"):
        _reply(introduction, body="On Mondays.", actor=make_user())
    assert len(_mails_to(_asker(introduction))) == 1


def test_there_is_no_reply_without_a_question(introduction):
    with pytest.raises(AlreadyAnswered, match="no question"):
        _reply(introduction)
    _ask(introduction)
    with pytest.raises(AlreadyAnswered, match="no question"):
        _reply(introduction, Side.PROGRAMME)


def test_a_proposal_waits_for_places_that_went_while_it_waited_for_a_reply(session):
    programme = make_programme(places_per_month=1)
    introduction = make_introduction(programme=programme)
    other = make_introduction(programme=programme)
    _ask(introduction)
    _accept(other)
    assert introduction.waiting_for is Waiting.QUESTION
    with pytest.raises(NoPlacesLeft):
        _accept(introduction)
    _reply(introduction)
    assert introduction.waiting_for is Waiting.PLACES
    assert (introduction.waiting_since_at, introduction.answer_due_at) == (_days(5), _days(16))
    replied, waiting = (mail.subject for mail in _mails_to(_asker(introduction))[-2:])
    assert {"A reply" in replied or "A reply" in waiting, "waits" in replied + waiting} == {True}


def test_a_late_reply_is_passed_on_while_the_proposal_waits_for_places(session):
    programme = make_programme(places_per_month=1)
    introduction = make_introduction(programme=programme)
    _ask(introduction)
    introduction_clock.close_unanswered_questions(now=_days(10))
    _accept(make_introduction(programme=programme), now=_days(11))
    assert (introduction.waiting_for, introduction.waiting_since_at) == (
        Waiting.PLACES,
        _days(11),
    )
    _reply(introduction, now=_days(12))
    assert introduction.waiting_since_at == _days(11)
    subjects = [mail.subject for mail in _mails_to(_asker(introduction))]
    assert sum("no places left" in each for each in subjects) == 1
    assert "A reply" in subjects[-1]


def test_a_first_yes_finds_that_places_went_while_its_question_was_open(session):
    programme = make_programme(places_per_month=1)
    introduction = make_introduction(programme=programme, proposed_by=Proposer.LEAD)
    _ask(introduction)
    _accept(make_introduction(programme=programme), now=_days(4))
    _accept(introduction, now=_days(5))
    assert introduction.waiting_for is Waiting.PLACES
    assert "no places left" in _mails_to(introduction.professional.user)[-1].subject


def test_a_question_that_was_replied_to_while_the_worker_waited_is_left_alone(introduction):
    assert not questions.close_if_unanswered(introduction, now=_days(30))
    _ask(introduction)
    _reply(introduction)
    assert not questions.close_if_unanswered(introduction, now=_days(30))
    assert "introduction.question_closed" not in _events()


def test_whose_turn_it_is(introduction):
    def turns():
        asked_by = questions.sides_that_asked([introduction])
        return {side for side in Side if questions.is_turn_of(introduction, side, asked_by)}

    assert turns() == {Side.PROGRAMME}
    _ask(introduction)
    assert turns() == {Side.PROFESSIONAL}
    _reply(introduction)
    assert turns() == {Side.PROGRAMME}
    _accept(introduction, now=_days(6))
    assert turns() == set()


def test_pages_offer_what_the_rules_allow(introduction):
    assert questions.may_ask(introduction, Side.PROGRAMME)
    assert not questions.may_ask(introduction, Side.PROFESSIONAL)
    assert questions.find_question_for(introduction, Side.PROFESSIONAL) is None
    question = _ask(introduction)
    assert not questions.may_ask(introduction, Side.PROGRAMME)
    assert questions.find_question_for(introduction, Side.PROFESSIONAL) is question
    assert questions.find_question_for(introduction, Side.PROGRAMME) is None
    _reply(introduction)
    assert not questions.may_ask(introduction, Side.PROGRAMME)
    assert questions.find_question_for(introduction, Side.PROFESSIONAL) is None
