"""Asking a lead for help: who reads it, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.models import AuditEvent, HelpRequest, HelpState, OutboxMail
from matchmaker.services import help_requests
from matchmaker.services.erasure import erase
from matchmaker.services.errors import AlreadyAnswered, DomainError, FieldError, Throttled
from matchmaker.services.policy import Action, actor_for, may
from matchmaker.services.retention import forget_expired
from tests.factories import (
    FIFE,
    NOW,
    make_lead,
    make_organisation,
    make_professional,
    make_user,
)

LATER = NOW + timedelta(days=1)
WALES = "W92000004"


@pytest.fixture
def ann(session):
    user = make_user(email="ann@example.org")
    make_professional(user=user)
    session.refresh(user)
    return user


@pytest.fixture
def lead(session):
    return make_lead([FIFE])


def ask(user, asked_for=None, words="A choir", where="Fife", now=NOW):
    return help_requests.ask(
        asked_for or user.professional, words=words, where=where, actor=user, now=now
    )


@pytest.fixture
def asked(ann, lead):
    return ask(ann)


def may_answer(user, request):
    case = help_requests.find_case(request.id)
    return may(actor_for(user), Action.ANSWER_HELP_REQUEST, case)


def test_what_is_asked_waits_for_the_leads_of_the_place(session, asked, ann, lead):
    nation, elsewhere = make_lead(["S92000003"]), make_lead([WALES])
    administrator = make_user(is_administrator=True)
    assert (asked.state, asked.area_code, asked.words) == (HelpState.WAITING, FIFE, "A choir")
    assert [may_answer(each, asked) for each in (lead, nation, elsewhere, administrator)] == [
        True,
        True,
        False,
        False,
    ]
    assert help_requests.list_waiting(actor_for(lead)) == [asked]
    assert help_requests.list_waiting(actor_for(elsewhere)) == []
    assert help_requests.list_own(ann) == [asked]


def test_an_administrator_reads_it_where_nobody_else_does(session, ann):
    administrator = make_user(is_administrator=True)
    make_lead([WALES])
    assert may_answer(administrator, ask(ann))


def test_nobody_answers_themselves_and_a_lead_who_asks_leaves_it_to_others(session):
    lead = make_lead([FIFE], is_administrator=True)
    organisation = make_organisation(members=[lead])
    session.refresh(lead)
    request = ask(lead, organisation)
    assert not may_answer(lead, request)
    assert may_answer(make_user(is_administrator=True), request)
    assert request.organisation_id == organisation.id


def test_those_who_wait_longest_come_first(session, ann, lead):
    later = ask(ann, now=LATER)
    earlier = ask(ann, words="A walk")
    assert help_requests.list_waiting(actor_for(lead)) == [earlier, later]


@pytest.mark.parametrize(
    ("words", "where", "field"),
    [
        (" ", "Fife", "words"),
        ("a" * 1001, "Fife", "words"),
        ("A choir", "Narnia", "where"),
        ("A choir", " ", "where"),
    ],
)
def test_what_cannot_be_understood_is_said_beside_its_question(ann, words, where, field):
    with pytest.raises(FieldError) as refused:
        ask(ann, words=words, where=where)
    assert refused.value.field == field


def test_whoever_waits_for_three_answers_asks_no_fourth(ann):
    requests = [ask(ann) for _ in range(3)]
    with pytest.raises(DomainError, match="several answers"):
        ask(ann)
    help_requests.take_back(requests[0], actor=ann, now=NOW)
    ask(ann)


def test_nobody_asks_all_day(ann):
    for _ in range(5):
        help_requests.take_back(ask(ann), actor=ann, now=NOW)
    with pytest.raises(Throttled):
        ask(ann)


def test_a_lead_takes_it_and_answers_by_mail(session, asked, ann, lead):
    help_requests.take(asked, actor=lead, now=NOW)
    assert (asked.state, asked.taken_by_user_id) == (HelpState.TAKEN, lead.id)
    help_requests.take(asked, actor=lead, now=LATER)
    assert asked.taken_at == NOW
    help_requests.answer(asked, " Try the Silver Singers. ", actor=lead, now=LATER)
    assert (asked.state, asked.closed_at, asked.taken_at) == (HelpState.ANSWERED, LATER, None)
    mail = session.scalars(select(OutboxMail)).one()
    assert (mail.kind, mail.recipient) == ("help_answered", "ann@example.org")
    assert "Try the Silver Singers." in mail.body
    assert list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id))) == [
        "help.asked",
        "help.taken",
        "help.answered",
    ]


def test_it_is_answered_without_taking_it_first(asked, lead):
    help_requests.answer(asked, "Try the choir.", actor=lead, now=LATER)
    assert asked.closed_by_user_id == lead.id


def test_two_leads_do_not_do_the_same(asked, lead):
    other = make_lead([FIFE])
    help_requests.take(asked, actor=lead, now=NOW)
    for do in (
        lambda: help_requests.take(asked, actor=other, now=NOW),
        lambda: help_requests.answer(asked, "A note", actor=other, now=NOW),
    ):
        with pytest.raises(AlreadyAnswered, match="Somebody else"):
            do()
    help_requests.put_back(asked, actor=lead, now=NOW)
    help_requests.put_back(asked, actor=lead, now=NOW)
    help_requests.take(asked, actor=other, now=NOW)
    assert asked.taken_by_user_id == other.id


@pytest.mark.parametrize("note", ["", "a" * 2001])
def test_an_answer_says_something_and_not_too_much(asked, lead, note):
    with pytest.raises(FieldError):
        help_requests.answer(asked, note, actor=lead, now=NOW)


def test_nothing_is_done_to_what_is_over(asked, ann, lead):
    help_requests.take_back(asked, actor=ann, now=NOW)
    assert asked.state is HelpState.WITHDRAWN
    for do in (
        lambda: help_requests.take(asked, actor=lead, now=NOW),
        lambda: help_requests.put_back(asked, actor=lead, now=NOW),
        lambda: help_requests.answer(asked, "A note", actor=lead, now=NOW),
        lambda: help_requests.take_back(asked, actor=ann, now=NOW),
    ):
        with pytest.raises(AlreadyAnswered, match="not wanted any more"):
            do()


def test_what_a_lead_took_waits_for_another_when_the_lead_goes(session, asked, lead):
    help_requests.take(asked, actor=lead, now=NOW)
    erase(lead, now=LATER)
    session.refresh(asked)
    assert (asked.state, asked.taken_by_user_id) == (HelpState.WAITING, None)


def test_who_erases_themselves_asks_for_nothing(session, asked, ann):
    erase(ann, now=LATER)
    assert session.scalars(select(HelpRequest)).all() == []
    assert help_requests.find_case(asked.id) is None


def test_what_was_answered_is_forgotten_after_a_year(session, asked, lead):
    help_requests.answer(asked, "A note", actor=lead, now=NOW)
    forget_expired(now=NOW + timedelta(days=365))
    assert session.scalars(select(HelpRequest)).all() == [asked]
    forget_expired(now=NOW + timedelta(days=366))
    assert session.scalars(select(HelpRequest)).all() == []


@pytest.mark.parametrize(
    "values",
    [
        {"state": HelpState.TAKEN},
        {"state": HelpState.ANSWERED},
        {"closed_at": NOW},
        {"taken_at": NOW},
        {"organisation": True},
    ],
)
def test_the_table_refuses_what_cannot_be(session, ann, values):
    if values.pop("organisation", None):
        values["organisation_id"] = make_organisation().id
    session.add(
        HelpRequest(
            user=ann,
            professional_id=ann.professional.id,
            area_code=FIFE,
            words="A choir",
            created_at=NOW,
            **values,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()
