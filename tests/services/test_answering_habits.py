"""How soon somebody usually answers, and when they were last here."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from matchmaker.models import (
    Answer,
    DeclineReason,
    IntroductionState,
    Proposer,
    Side,
)
from matchmaker.services import introduction_clock, introductions, questions, waiting
from matchmaker.services.answering_habits import Habits, habits_of
from tests.factories import (
    NOW,
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)

TODAY = date(2026, 11, 3)


@pytest.fixture
def programme(session):
    return make_programme()


LATER = NOW + timedelta(days=20)


def _days(number):
    return NOW + timedelta(days=number)


def _asked(programme, answered_after=None, **values):
    """A proposal to the programme: answered after so many days, or run out of time."""
    if answered_after is None:
        facts = {"state": IntroductionState.EXPIRED, "closed_at": _days(14)}
    else:
        facts = {
            "state": IntroductionState.DECLINED,
            "programme_answer": Answer.NO,
            "programme_answered_at": _days(answered_after),
            "decline_reason": DeclineReason.NO_TIME,
            "closed_at": _days(answered_after),
        }
    return make_introduction(programme=programme, **{**facts, **values})


def _usual(programme, now=LATER):
    return habits_of(Side.PROGRAMME, [programme.id], now=now)[programme.id].usual_time


def test_somebody_new_has_no_figure(programme):
    assert _usual(programme) is None
    assert habits_of(Side.PROGRAMME, [programme.id], now=NOW)[programme.id].sentences == []


def test_the_figure_is_the_median_of_three_proposals_or_more(programme):
    for days in (1, 9):
        _asked(programme, days)
    assert _usual(programme) is None
    _asked(programme, 3)
    assert _usual(programme) == timedelta(days=3)
    _asked(programme, 4)
    assert _usual(programme) == timedelta(days=3.5)


def test_a_proposal_that_ran_out_of_time_counts_as_14_days(programme):
    _asked(programme, 1)
    _asked(programme)
    _asked(programme)
    assert _usual(programme) == timedelta(days=14)


def test_only_the_last_12_months_count(programme):
    old = {"proposed_at": NOW - timedelta(days=365)}
    for _ in range(3):
        _asked(programme, 2, **old)
    assert _usual(programme, now=NOW) is None
    assert _usual(programme, now=NOW - timedelta(seconds=1)) == timedelta(days=2)


def test_what_was_asked_by_oneself_and_what_is_still_open_do_not_count(programme):
    for _ in range(3):
        make_introduction(programme=programme)
        make_introduction(programme=programme, proposed_by=Proposer.PROGRAMME)
        _asked(programme, state=IntroductionState.WITHDRAWN)
    assert _usual(programme) is None


def test_each_has_a_figure_of_its_own(programme):
    other = make_programme()
    for days in (1, 1, 1):
        _asked(programme, days)
        _asked(other, days + 4)
    habits = habits_of(Side.PROGRAMME, [programme.id, other.id], now=_days(20))
    assert [each.usual_time for each in habits.values()] == [timedelta(days=1), timedelta(days=5)]


def test_a_professional_has_a_figure_of_what_programmes_and_leads_asked(session):
    professional = make_professional()
    for days, proposed_by in ((2, Proposer.PROGRAMME), (4, Proposer.LEAD), (6, Proposer.LEAD)):
        introduction = make_introduction(professional=professional, proposed_by=proposed_by)
        introductions.accept(
            introduction, Side.PROFESSIONAL, actor=professional.user, now=_days(days)
        )
    habits = habits_of(Side.PROFESSIONAL, [professional.id], now=_days(20))
    assert habits[professional.id].usual_time == timedelta(days=4)


def test_time_spent_waiting_does_not_count(programme):
    # A day until the question; then one more after the reply, or none without waiting for it.
    for is_replied_to, answered_after in ((True, 7), (False, 5), (False, 6)):
        introduction = make_introduction(programme=programme)
        questions.ask(introduction, Side.PROGRAMME, "When?", actor=make_user(), now=_days(1))
        if is_replied_to:
            questions.reply(
                introduction, Side.PROFESSIONAL, "On Mondays.", actor=make_user(), now=_days(6)
            )
        introductions.accept(
            introduction, Side.PROGRAMME, actor=make_user(), now=_days(answered_after)
        )
    assert _usual(programme) == timedelta(days=1)


def test_a_first_yes_before_a_wait_counts_as_given_at_once(session):
    professional = make_professional()
    for _ in range(3):
        introduction = make_introduction(professional=professional, proposed_by=Proposer.LEAD)
        introductions.accept(introduction, Side.PROFESSIONAL, actor=make_user(), now=_days(1))
        waiting.resume(introduction, now=_days(1))
        introduction.answer_due_at += timedelta(days=30)
    habits = habits_of(Side.PROFESSIONAL, [professional.id], now=_days(20))
    assert habits[professional.id].usual_time == timedelta()


def test_expiry_as_it_happens_counts(programme):
    for _ in range(3):
        make_introduction(programme=programme)
    introduction_clock.expire_due(now=_days(14), find_others=lambda *_args, **_moment: [])
    assert _usual(programme) == timedelta(days=14)


@pytest.mark.parametrize(
    ("time", "sentence"),
    [
        (timedelta(), "Usually answers within a day"),
        (timedelta(days=1), "Usually answers within a day"),
        (timedelta(days=1, seconds=1), "Usually answers in 2 days"),
        (timedelta(days=3), "Usually answers in 3 days"),
        (timedelta(days=13, hours=23), "Usually answers in 14 days"),
        (timedelta(days=14), "Often does not answer in time"),
        (None, ""),
    ],
)
def test_the_figure_in_words(app, time, sentence):
    with app.test_request_context():
        assert Habits(time, None, TODAY).usual_time_sentence == sentence


@pytest.mark.parametrize(
    ("days_ago", "sentence"),
    [
        (0, "Active this week"),
        (6, "Active this week"),
        (7, "Active this month"),
        (30, "Active this month"),
        (31, "Active in the last three months"),
        (91, "Active in the last three months"),
        (92, ""),
    ],
)
def test_when_somebody_was_last_here_in_coarse_words(app, days_ago, sentence):
    with app.test_request_context():
        habits = Habits(None, TODAY - timedelta(days=days_ago), TODAY)
        assert habits.last_active_sentence == sentence
        assert habits.sentences == [sentence] * bool(sentence)


def test_of_a_programme_counts_whoever_of_its_house_was_here_last(session):
    days = [date(2026, 10, 1), None, date(2026, 11, 1)]
    members = [make_user(last_active_on=day) for day in days]
    programme = make_programme(organisation=make_organisation(members=members))
    silent = make_programme()
    habits = habits_of(Side.PROGRAMME, [programme.id, silent.id], now=NOW)
    assert habits[programme.id].last_active_on == date(2026, 11, 1)
    assert habits[silent.id].last_active_on is None


def test_of_a_professional_counts_their_own_last_day(session):
    professional = make_professional(user=make_user(last_active_on=date(2026, 11, 2)))
    habits = habits_of(Side.PROFESSIONAL, [professional.id], now=NOW)
    assert habits[professional.id].last_active_on == date(2026, 11, 2)
