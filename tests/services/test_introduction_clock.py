"""What time does to proposals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    AuditEvent,
    DeclineReason,
    Introduction,
    IntroductionState,
    Membership,
    MembershipRole,
    OutboxMail,
    Proposer,
    Side,
    Waiting,
)
from matchmaker.services import interruptions, introduction_clock, introductions, waiting
from tests.factories import (
    NOW,
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)


def _days(number):
    return NOW + timedelta(days=number)


def _nothing_was_said():
    return _mails() == 0 and db.session.scalar(select(func.count(AuditEvent.id))) == 0


def _mails(subject_part=""):
    return db.session.scalar(select(func.count()).where(OutboxMail.subject.contains(subject_part)))


ANSWERED = {
    "state": IntroductionState.DECLINED,
    "programme_answer": Answer.NO,
    "programme_answered_at": NOW,
    "decline_reason": DeclineReason.NO_TIME,
    "closed_at": NOW,
}
WAITING = {"waiting_for": Waiting.PLACES, "waiting_since_at": NOW}


@pytest.fixture
def meanwhile(monkeypatch):
    """Let somebody else change an introduction just before the worker has the programme's lock."""

    def arrange(introduction, values):
        change = update(Introduction).where(Introduction.id == introduction.id).values(**values)

        def lock(programme):
            db.session.execute(change.execution_options(synchronize_session=False))
            return introductions.lock_programme(programme)

        monkeypatch.setattr(introduction_clock, "lock_programme", lock)

    return arrange


def test_nobody_is_reminded_before_a_week_has_passed(session):
    make_introduction()
    assert introduction_clock.remind_due(now=_days(7) - timedelta(seconds=1)) == 0


def test_the_one_who_has_not_answered_is_reminded_once_after_a_week(session):
    introduction = make_introduction()
    assert introduction_clock.remind_due(now=_days(7)) == 1
    assert introduction_clock.remind_due(now=_days(8)) == 0
    mail = db.session.scalars(select(OutboxMail)).one()
    assert mail.recipient == introduction.programme.organisation.memberships[0].user.email
    assert "Still waiting" in mail.subject


@pytest.mark.parametrize("values", [ANSWERED, WAITING, {"reminders": 1}])
def test_nobody_is_reminded_of_what_changed_while_the_worker_waited(session, meanwhile, values):
    introduction = make_introduction()
    meanwhile(introduction, values)
    assert introduction_clock.remind_due(now=_days(8)) == 0
    assert introduction.reminded_at is None
    assert _nothing_was_said()


def test_a_proposal_expires_after_two_weeks_and_its_proposer_is_told(session):
    introduction = make_introduction()
    assert introduction_clock.expire_due(now=_days(14) - timedelta(seconds=1)) == 0
    assert introduction_clock.expire_due(now=_days(14)) == 1
    assert introduction_clock.expire_due(now=_days(15)) == 0
    assert introduction.state is IntroductionState.EXPIRED
    mail = db.session.scalars(select(OutboxMail)).one()
    assert mail.recipient == introduction.professional.user.email


@pytest.mark.parametrize("values", [ANSWERED, WAITING, {"answer_due_at": _days(20)}])
def test_what_changed_while_the_worker_waited_does_not_expire(session, meanwhile, values):
    introduction = make_introduction()
    meanwhile(introduction, values)
    assert introduction_clock.expire_due(now=_days(15)) == 0
    assert introduction.state is values.get("state", IntroductionState.PROPOSED)
    assert _nothing_was_said()


def test_the_clock_of_a_waiting_proposal_stands_still(session):
    introduction = make_introduction(waiting_for=Waiting.PLACES, waiting_since_at=_days(3))
    assert introduction_clock.remind_due(now=_days(13)) == 0
    assert introduction_clock.expire_due(now=_days(100)) == 0
    waiting.resume(introduction, now=_days(33))
    assert introduction.answer_due_at == _days(44)
    assert introduction_clock.expire_due(now=_days(43)) == 0
    assert introduction_clock.expire_due(now=_days(44)) == 1


def test_resuming_a_proposal_that_does_not_wait_changes_no_date(session):
    introduction = make_introduction()
    waiting.resume(introduction, now=_days(5))
    assert introduction.answer_due_at == _days(14)


def test_places_reopen_on_the_first_of_the_month_in_london(session):
    programme = make_programme(places_per_month=1)
    evening = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)
    first, second = (
        introductions.propose(
            make_professional(),
            programme,
            proposed_by=Proposer.PROFESSIONAL,
            purpose="To meet.",
            actor=make_user(),
            now=evening,
        )
        for _ in range(2)
    )
    introductions.accept(first, Side.PROGRAMME, actor=make_user(), now=evening)
    assert introduction_clock.reopen_waiting(now=evening + timedelta(minutes=29)) == 0
    assert second.waiting_for is Waiting.PLACES
    # Half past eleven at night in London summer time is the last hour of July; then it is August.
    assert introduction_clock.reopen_waiting(now=evening + timedelta(minutes=31)) == 1
    assert second.waiting_for is None
    assert _mails("places again") == 2


def test_only_what_waits_goes_on_where_there_are_places_again(session):
    programme = make_programme(places_per_month=1)
    plain = make_introduction(programme=programme)
    waiting = make_introduction(programme=programme, **WAITING)
    assert introduction_clock.reopen_waiting(now=_days(3)) == 1
    assert (waiting.waiting_for, waiting.answer_due_at) == (None, _days(17))
    assert (plain.version, plain.answer_due_at) == (1, _days(14))
    resumed = select(AuditEvent.subject_id).where(AuditEvent.action == "introduction.resumed")
    assert db.session.scalars(resumed).all() == [waiting.id]


def test_a_claimed_organisation_gets_the_requests_that_waited_for_it(session):
    organisation = make_organisation(claimed_at=None)
    programme = make_programme(organisation=organisation)
    make_introduction(programme=programme, waiting_for=Waiting.CLAIM, waiting_since_at=NOW)
    plain = make_introduction(programme=programme)
    owner = make_user()
    organisation.memberships.append(_membership(owner))
    organisation.claimed_at = _days(20)
    assert interruptions.resume_after_claim(organisation, now=_days(20)) == 1
    assert plain.answer_due_at == _days(14)
    assert db.session.scalars(select(OutboxMail.recipient)).all() == [owner.email]


def test_a_request_passed_on_to_a_full_programme_waits_for_places(session):
    organisation = make_organisation(members=[make_user()])
    programme = make_programme(organisation=organisation, places_per_month=0)
    introduction = make_introduction(
        programme=programme, waiting_for=Waiting.CLAIM, waiting_since_at=NOW
    )
    interruptions.resume_after_claim(organisation, now=_days(1))
    assert introduction.waiting_for is Waiting.PLACES


@pytest.mark.parametrize("act", ["remind_due", "expire_due", "reopen_waiting"])
def test_the_clock_has_nothing_to_do_on_an_empty_database(session, act):
    assert getattr(introduction_clock, act)(now=NOW) == 0


def _membership(user):
    return Membership(user=user, role=MembershipRole.OWNER, created_at=NOW)
