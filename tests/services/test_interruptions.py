"""What becomes of open proposals when somebody goes away, pauses, closes or comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    AuditEvent,
    IntroductionState,
    OutboxMail,
    Proposer,
    Side,
    SupersededReason,
    Waiting,
)
from matchmaker.services import (
    interruptions,
    introduction_clock,
    introductions,
    professionals,
    programmes,
    questions,
)
from tests.factories import (
    NOW,
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)

AWAY_SINCE, BACK_AT = (NOW + timedelta(days=days) for days in (2, 12))


def _days(number):
    return NOW + timedelta(days=number)


@pytest.fixture
def introduction(session):
    return make_introduction()


def _owner(introduction):
    return introduction.programme.organisation.memberships[0].user


def _go_away(professional, back_on, now=AWAY_SINCE):
    _say(professional, is_available=False, available_again_on=back_on, now=now)


def _say(professional, *, is_available, available_again_on=None, now=AWAY_SINCE):
    professionals.save(
        professional,
        professionals.Visibility(
            is_findable=True, is_available=is_available, available_again_on=available_again_on
        ),
        version=professional.version,
        actor=professional.user,
        now=now,
    )


def _pause(introduction, now=AWAY_SINCE):
    programmes.pause(introduction.programme, actor=_owner(introduction), now=now)


def _reopen(introduction, now=BACK_AT):
    programmes.reopen(introduction.programme, actor=_owner(introduction), now=now)


def _subjects_to(user):
    found = select(OutboxMail.subject).where(OutboxMail.user_id == user.id)
    return list(db.session.scalars(found.order_by(OutboxMail.id)))


def _events():
    found = select(AuditEvent.action).where(AuditEvent.subject_type == "introduction")
    return list(db.session.scalars(found.order_by(AuditEvent.id)))


def test_proposals_wait_for_a_professional_who_is_back_within_60_days(introduction):
    _go_away(introduction.professional, date(2027, 1, 4))
    assert (introduction.waiting_for, introduction.waiting_since_at) == (Waiting.AWAY, _days(2))
    assert _events() == ["introduction.waiting"]
    assert ["waits for a while" in each for each in _subjects_to(_owner(introduction))] == [True]
    # Whoever went away knows, and reads it on the page.
    assert _subjects_to(introduction.professional.user) == []


def test_they_go_on_on_the_day_of_return_and_both_are_told(introduction):
    _go_away(introduction.professional, date(2026, 11, 20))
    late_on_the_eve = datetime(2026, 11, 19, 23, 59, tzinfo=UTC)
    assert professionals.end_absences(now=late_on_the_eve) == 0
    assert introduction_clock.reopen_waiting(now=late_on_the_eve) == 0
    midnight = late_on_the_eve + timedelta(minutes=1)
    assert professionals.end_absences(now=midnight) == 1
    assert introduction.waiting_for is None
    assert introduction.answer_due_at == _days(14) + (midnight - _days(2))
    assert "You can answer now" in _subjects_to(_owner(introduction))[-1]
    assert "goes on" in _subjects_to(introduction.professional.user)[-1]
    assert _events() == ["introduction.waiting", "introduction.resumed"]


@pytest.mark.parametrize("back_on", [None, date(2027, 1, 5)])
def test_proposals_close_for_somebody_who_is_away_for_longer_or_without_end(introduction, back_on):
    _go_away(introduction.professional, back_on)
    assert introduction.state is IntroductionState.SUPERSEDED
    assert introduction.superseded_because is SupersededReason.AWAY
    assert ["has closed" in each for each in _subjects_to(_owner(introduction))] == [True]
    assert _subjects_to(introduction.professional.user) == []
    assert _events() == ["introduction.superseded"]


def test_putting_the_return_off_for_long_closes_what_waited(introduction):
    _go_away(introduction.professional, date(2026, 11, 20))
    _go_away(introduction.professional, date(2026, 11, 25), now=_days(3))
    assert introduction.waiting_since_at == _days(2)
    _go_away(introduction.professional, date(2027, 5, 1), now=_days(4))
    assert introduction.state is IntroductionState.SUPERSEDED


def test_coming_back_early_lets_proposals_go_on(introduction):
    _go_away(introduction.professional, date(2026, 11, 20))
    _say(introduction.professional, is_available=True, now=_days(5))
    assert (introduction.waiting_for, introduction.answer_due_at) == (None, _days(17))


def test_saving_the_same_answer_again_changes_and_tells_nothing(introduction):
    _say(introduction.professional, is_available=True)
    assert (introduction.version, _events()) == (1, [])


def test_an_absence_touches_nobody_elses_proposals(introduction):
    other = make_introduction(programme=introduction.programme)
    accepted = make_introduction(professional=introduction.professional)
    introductions.accept(accepted, Side.PROGRAMME, actor=make_user(), now=_days(1))
    _go_away(introduction.professional, None)
    assert other.waiting_for is None
    assert other.state is IntroductionState.PROPOSED
    assert accepted.state is IntroductionState.ACCEPTED


def test_the_proposals_of_a_paused_programme_wait_until_it_reopens(introduction):
    _pause(introduction)
    assert introduction.waiting_for is Waiting.AWAY
    assert introduction_clock.reopen_waiting(now=_days(10)) == 0
    _reopen(introduction)
    assert (introduction.waiting_for, introduction.answer_due_at) == (None, _days(24))
    assert [
        "waits" in each or "goes on" in each
        for each in _subjects_to(introduction.professional.user)
    ] == [
        True,
        True,
    ]
    # The side that has to answer gets a fresh link, even if it was they who reopened.
    assert ["You can answer now" in each for each in _subjects_to(_owner(introduction))] == [True]


def test_a_pause_of_60_days_is_the_longest_a_proposal_waits(introduction):
    _pause(introduction)
    assert introduction_clock.supersede_long_absences(now=_days(62)) == 0
    assert introduction_clock.supersede_long_absences(now=_days(63)) == 1
    assert introduction_clock.supersede_long_absences(now=_days(64)) == 0
    assert introduction.superseded_because is SupersededReason.AWAY
    for user in (_owner(introduction), introduction.professional.user):
        assert "has closed" in _subjects_to(user)[-1]


def test_what_waits_for_something_else_is_not_closed_as_an_absence(session):
    introduction = make_introduction(waiting_for=Waiting.PLACES, waiting_since_at=NOW)
    assert introduction_clock.supersede_long_absences(now=_days(100)) == 0
    assert introduction.state is IntroductionState.PROPOSED


def test_a_paused_programme_and_an_absent_professional_must_both_be_back(introduction):
    _pause(introduction)
    _go_away(introduction.professional, date(2026, 11, 20), now=_days(3))
    assert introduction.waiting_since_at == _days(2)
    _reopen(introduction, now=_days(4))
    assert introduction.waiting_for is Waiting.AWAY
    _say(introduction.professional, is_available=True, now=_days(6))
    assert (introduction.waiting_for, introduction.answer_due_at) == (None, _days(18))


def test_a_question_is_waited_for_again_after_an_absence(introduction):
    question = questions.ask(
        introduction, Side.PROGRAMME, "When?", actor=_owner(introduction), now=_days(1)
    )
    _go_away(introduction.professional, date(2026, 11, 20))
    assert introduction.waiting_for is Waiting.AWAY
    assert introduction_clock.close_unanswered_questions(now=_days(15)) == 0
    _say(introduction.professional, is_available=True, now=_days(16))
    assert introduction.waiting_for is Waiting.QUESTION
    assert introduction_clock.close_unanswered_questions(now=_days(22)) == 0
    assert introduction_clock.close_unanswered_questions(now=_days(23)) == 1
    assert (question.reply, introduction.answer_due_at) == (None, _days(36))


def test_a_proposal_that_is_back_where_there_are_no_places_waits_for_these(session):
    introduction = make_introduction(programme=make_programme(places_per_month=0))
    _pause(introduction)
    _reopen(introduction)
    assert introduction.waiting_for is Waiting.PLACES
    assert "no places left" in _subjects_to(introduction.professional.user)[-1]


def test_somebody_may_still_say_yes_or_no_while_the_other_is_away(introduction):
    _go_away(introduction.professional, date(2026, 11, 20))
    introductions.accept(introduction, Side.PROGRAMME, actor=make_user(), now=_days(5))
    assert introduction.state is IntroductionState.ACCEPTED
    assert introduction.answer_due_at == _days(17)


def test_a_programme_that_closes_ends_what_waits(introduction):
    _pause(introduction)
    programmes.close(introduction.programme, actor=_owner(introduction), now=_days(5))
    assert introduction.superseded_because is SupersededReason.PROGRAMME_CLOSED


def test_a_proposal_that_went_on_while_the_worker_waited_is_not_closed(introduction):
    assert not interruptions.supersede_after_long_absence(introduction, now=_days(100))
    assert introduction.state is IntroductionState.PROPOSED


def test_a_claimed_organisation_hears_that_the_professional_is_away(session):
    owner = make_user()
    organisation = make_organisation(members=[owner])
    professional = make_professional(is_available=False, available_again_on=date(2026, 11, 20))
    introduction = make_introduction(
        professional=professional,
        programme=make_programme(organisation=organisation),
        waiting_for=Waiting.CLAIM,
        waiting_since_at=NOW,
    )
    assert interruptions.resume_after_claim(organisation, now=_days(3)) == 1
    assert introduction.waiting_for is Waiting.AWAY
    assert ["waits for a while" in each for each in _subjects_to(owner)] == [True]


def test_a_request_that_is_passed_on_to_a_professional_who_is_away_waits(session):
    introduction = make_introduction(
        professional=make_professional(is_available=False, available_again_on=date(2026, 11, 20)),
        proposed_by=Proposer.LEAD,
    )
    assert introduction_clock.reopen_waiting(now=NOW) == 0
    introductions.accept(introduction, Side.PROGRAMME, actor=make_user(), now=_days(1))
    assert introduction.state is IntroductionState.PROPOSED
