"""Answering a survey: on the way, sent, changed, and never after closing."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from matchmaker.models import (
    AuditEvent,
    SurveyAnswer,
    SurveyInvitation,
    SurveyResponse,
    SurveySection,
    WaveState,
)
from matchmaker.services import personal_data
from matchmaker.services.clock import london_date
from matchmaker.services.erasure import erase
from matchmaker.services.errors import DomainError, FieldError
from matchmaker.services.surveys import answering, closing, keys
from matchmaker.services.surveys.answering import Given, SurveyClosed
from matchmaker.services.surveys.waves import questions_of
from tests.factories import NOW, make_answers, make_user, make_wave

ACTIVITY, WORKS = SurveySection.ACTIVITY, SurveySection.WORKS


@pytest.fixture
def invitation(session):
    row = SurveyInvitation(wave=make_wave(opened_at=NOW), user_id=make_user().id)
    session.add(row)
    session.flush()
    return row


def first(invitation, section):
    return questions_of(invitation.wave, section)[0].id


def said(invitation):
    return {each.choice or each.text for each in answering.own_answers(invitation).values()}


# --- On the way -----------------------------------------------------------------------------------


def test_a_page_is_kept_and_can_be_changed(invitation):
    question = first(invitation, ACTIVITY)
    answering.save_page(invitation, ACTIVITY, {question: Given("1-2")}, now=NOW)
    assert said(invitation) == {"1-2"}
    answering.save_page(invitation, ACTIVITY, {question: Given("more")}, now=NOW)
    assert said(invitation) == {"more"}
    answering.save_page(invitation, ACTIVITY, {}, now=NOW)
    assert said(invitation) == set()


def test_a_page_does_not_touch_the_others(invitation):
    answering.save_page(invitation, ACTIVITY, {first(invitation, ACTIVITY): Given("1-2")}, now=NOW)
    words = Given(text=" Ringing first. ", may_quote=True)
    answering.save_page(invitation, WORKS, {first(invitation, WORKS): words}, now=NOW)
    assert said(invitation) == {"1-2", "Ringing first."}
    foreign = {first(invitation, ACTIVITY): Given("more")}
    answering.save_page(invitation, WORKS, foreign, now=NOW)
    assert said(invitation) == {"1-2"}


def test_an_empty_page_leaves_no_trace(session, invitation):
    answering.save_page(invitation, WORKS, {first(invitation, WORKS): Given(text="  ")}, now=NOW)
    assert session.scalars(select(SurveyResponse)).all() == []


def test_nobody_consents_to_be_quoted_with_nothing(invitation):
    question = first(invitation, WORKS)
    answering.save_page(invitation, WORKS, {question: Given(text="a", may_quote=True)}, now=NOW)
    answering.save_page(invitation, WORKS, {question: Given(text="a")}, now=NOW)
    (answer,) = answering.own_answers(invitation).values()
    assert answer.may_quote is False


@pytest.mark.parametrize(
    ("section", "given"),
    [(ACTIVITY, Given("weekly")), (WORKS, Given(text="x" * 2001))],
    ids=["choice", "text"],
)
def test_what_is_no_answer_is_refused(invitation, section, given):
    question = first(invitation, section)
    with pytest.raises(FieldError) as raised:
        answering.save_page(invitation, section, {question: given}, now=NOW)
    assert raised.value.field == answering.field_of(question)


def test_answers_count_once_they_are_sent(session, invitation):
    with pytest.raises(DomainError, match="not answered any question"):
        answering.send(invitation, now=NOW)
    answering.save_page(invitation, ACTIVITY, {first(invitation, ACTIVITY): Given("1-2")}, now=NOW)
    response = answering.own_response(invitation)
    assert (response.is_sent, invitation.has_answered) == (False, False)
    answering.send(invitation, now=NOW)
    assert (response.is_sent, invitation.has_answered) == (True, True)


def test_somebody_who_takes_everything_back_has_not_answered(invitation):
    answering.save_page(invitation, ACTIVITY, {first(invitation, ACTIVITY): Given("1-2")}, now=NOW)
    answering.send(invitation, now=NOW)
    answering.save_page(invitation, WORKS, {}, now=NOW)
    assert invitation.has_answered is True
    answering.save_page(invitation, ACTIVITY, {}, now=NOW)
    assert (answering.own_response(invitation).is_sent, invitation.has_answered) == (False, False)


# --- Closing --------------------------------------------------------------------------------------


def test_nothing_is_stored_after_closing(session, invitation):
    question = first(invitation, ACTIVITY)
    answering.save_page(invitation, ACTIVITY, {question: Given("1-2")}, now=NOW)
    closing.close_wave(invitation.wave, actor=None, now=NOW)
    with pytest.raises(SurveyClosed, match="closed while you were writing"):
        answering.save_page(invitation, ACTIVITY, {question: Given("more")}, now=NOW)
    with pytest.raises(SurveyClosed):
        answering.send(invitation, now=NOW)
    assert said(invitation) == {"1-2"}


def test_the_last_day_ends_at_midnight_whether_or_not_somebody_closes_it(invitation):
    invitation.wave.closes_on = london_date(NOW)
    given = {first(invitation, ACTIVITY): Given("1-2")}
    midnight = NOW.replace(hour=0, minute=0) + timedelta(days=1)
    answering.save_page(invitation, ACTIVITY, given, now=midnight - timedelta(seconds=1))
    with pytest.raises(SurveyClosed):
        answering.save_page(invitation, ACTIVITY, given, now=midnight)
    assert closing.close_due(now=midnight - timedelta(seconds=1)) == 0
    assert closing.close_due(now=midnight) == 1
    assert invitation.wave.state is WaveState.CLOSED
    assert closing.close_due(now=midnight) == 0


def test_a_closed_survey_is_not_closed_again(invitation):
    closing.close_wave(invitation.wave, actor=None, now=NOW)
    with pytest.raises(DomainError, match="nothing to close"):
        closing.close_wave(invitation.wave, actor=None, now=NOW)


# --- Under a key ----------------------------------------------------------------------------------


def test_no_column_of_an_answer_leads_to_a_person_or_a_time(session):
    for model in (SurveyResponse, SurveyAnswer):
        columns = inspect(model).columns
        assert not any(column.foreign_keys and "user" in str(column) for column in columns)
        assert not [each.key for each in columns if each.key.endswith(("_at", "_on", "user_id"))]
    invited = {each.key for each in inspect(SurveyInvitation).columns}
    assert invited == {"wave_id", "user_id", "has_answered", "mailed_at", "reminded_at"}


def test_the_key_is_the_same_in_every_survey_and_not_the_number(app, session, monkeypatch):
    one, other = keys.person_key(1), keys.person_key(2)
    assert one == keys.person_key(1) != other
    assert len(one) == 64
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret, as long as it has to be")
    assert keys.person_key(1) != one


def test_answering_is_not_in_the_audit_trail(session, invitation):
    answering.save_page(invitation, ACTIVITY, {first(invitation, ACTIVITY): Given("1-2")}, now=NOW)
    answering.send(invitation, now=NOW)
    assert session.scalars(select(AuditEvent)).all() == []


def test_under_another_secret_a_survey_takes_no_answers(app, invitation, monkeypatch):
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret, as long as it has to be")
    with pytest.raises(SurveyClosed, match="set up anew"):
        answering.save_page(
            invitation, ACTIVITY, {first(invitation, ACTIVITY): Given("1-2")}, now=NOW
        )


# --- One's own ------------------------------------------------------------------------------------


def test_people_get_what_they_answered_and_can_erase_it(session):
    wave, user, other = make_wave(opened_at=NOW), make_user(), make_user()
    make_answers(wave, user, quotable=True, works_practice="Coffee together", activity_told="3-5")
    make_answers(wave, other, works_practice="Tea alone")
    (section,) = [each for each in personal_data.gather(user) if each.key == "survey_answers"]
    found = [{held.key: held.value for held in row} for row in section.rows]
    assert {each["text"] or each["choice"] for each in found} == {"Coffee together", "3-5"}
    assert {each["wave"] for each in found} == {wave.title}
    assert all(each["question"] for each in found)
    erase(user, now=NOW)
    assert session.scalars(select(SurveyAnswer.text)).all() == ["Tea alone"]
    assert session.scalars(select(SurveyInvitation.user_id)).all() == [other.id]


def test_consent_to_a_quote_is_taken_back_by_its_writer_only(session):
    wave, user = make_wave(opened_at=NOW), make_user()
    own = make_answers(wave, user, quotable=True, works_practice="Coffee together")
    other = make_answers(wave, make_user(), activity_told="3-5")
    (answer,) = answering.own_answers(own).values()
    answer.is_quoted = True
    answering.take_back_quote(other, answer.id)
    assert (answer.may_quote, answer.is_quoted) == (True, True)
    closing.close_wave(wave, actor=None, now=NOW)
    answering.take_back_quote(own, answer.id)
    assert (answer.may_quote, answer.is_quoted) == (False, False)


def test_given_says_whether_a_question_is_left_out():
    assert Given(may_quote=True).is_empty
    assert not dataclasses.replace(Given(), choice="1").is_empty
