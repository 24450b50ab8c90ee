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
from matchmaker.services.errors import NoPlacesLeft
from matchmaker.services.introduction_locks import lock_programme
from matchmaker.services.other_suggestions import OtherSuggestion
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


def _expire(now, find_others=lambda *_args, **_moment: []):
    """Let time run out, without an index of whom else to ask."""
    return introduction_clock.expire_due(now=now, find_others=find_others)


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
            return lock_programme(programme)

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


def test_the_second_and_last_reminder_comes_on_day_12(session):
    introduction = make_introduction()
    introduction_clock.remind_due(now=_days(7))
    assert introduction_clock.remind_due(now=_days(12) - timedelta(seconds=1)) == 0
    assert introduction_clock.remind_due(now=_days(12)) == 1
    assert introduction_clock.remind_due(now=_days(13)) == 0
    assert (introduction.reminders, introduction.reminded_at) == (2, _days(12))
    first, second = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id))
    assert "A week ago" in first.body
    assert "closes soon" in second.body


def test_a_worker_that_was_away_sends_one_reminder_for_both(session):
    introduction = make_introduction()
    assert introduction_clock.remind_due(now=_days(13)) == 1
    assert introduction_clock.remind_due(now=_days(13)) == 0
    assert introduction.reminders == 2


def test_nobody_is_reminded_of_what_has_run_out(session):
    make_introduction()
    assert introduction_clock.remind_due(now=_days(14)) == 0


def test_reminders_count_the_days_of_the_running_clock(session):
    introduction = make_introduction(waiting_for=Waiting.PLACES, waiting_since_at=_days(3))
    waiting.resume(introduction, now=_days(23))
    assert introduction_clock.remind_due(now=_days(27) - timedelta(seconds=1)) == 0
    assert introduction_clock.remind_due(now=_days(27)) == 1


def test_after_a_leads_proposal_only_the_one_who_has_not_answered_is_reminded(session):
    introduction = make_introduction(proposed_by=Proposer.LEAD)
    introductions.accept(introduction, Side.PROFESSIONAL, actor=make_user(), now=_days(1))
    introduction_clock.remind_due(now=_days(7))
    (mail,) = db.session.scalars(select(OutboxMail))
    assert mail.recipient == introduction.programme.organisation.memberships[0].user.email


@pytest.mark.parametrize("values", [ANSWERED, WAITING, {"reminders": 1}])
def test_nobody_is_reminded_of_what_changed_while_the_worker_waited(session, meanwhile, values):
    introduction = make_introduction()
    meanwhile(introduction, values)
    assert introduction_clock.remind_due(now=_days(8)) == 0
    assert introduction.reminded_at is None
    assert _nothing_was_said()


def test_a_proposal_expires_after_two_weeks_and_its_proposer_is_told(session):
    introduction = make_introduction()
    assert _expire(_days(14) - timedelta(seconds=1)) == 0
    assert _expire(_days(14)) == 1
    assert _expire(_days(15)) == 0
    assert introduction.state is IntroductionState.EXPIRED
    mail = db.session.scalars(select(OutboxMail)).one()
    assert mail.recipient == introduction.professional.user.email


@pytest.mark.parametrize("values", [ANSWERED, WAITING, {"answer_due_at": _days(20)}])
def test_what_changed_while_the_worker_waited_does_not_expire(session, meanwhile, values):
    introduction = make_introduction()
    meanwhile(introduction, values)
    assert _expire(_days(15)) == 0
    assert introduction.state is values.get("state", IntroductionState.PROPOSED)
    assert _nothing_was_said()


def _others(*names):
    """A search that always finds these, and whom it was asked about."""
    asked = []

    def find(introduction, side, *, now):
        asked.append((introduction.id, side))
        return [OtherSuggestion(name, "programmes.show", {"programme_id": 1}) for name in names]

    return find, asked


def test_whoever_asked_reads_whom_else_they_could_ask(session):
    introduction = make_introduction()
    find, asked = _others("Walking Well", "Silver Singers")
    _expire(_days(14), find_others=find)
    assert asked == [(introduction.id, Side.PROFESSIONAL)]
    (mail,) = db.session.scalars(select(OutboxMail))
    assert "Walking Well" in mail.body
    assert "Silver Singers" in mail.body
    assert "no judgement" in mail.body


def test_when_nobody_answered_a_lead_nobody_is_told(session):
    make_introduction(proposed_by=Proposer.LEAD)
    find, asked = _others("Walking Well")
    assert _expire(_days(14), find_others=find) == 1
    assert (asked, _mails()) == ([], 0)


def test_a_programme_that_got_no_answer_reads_of_others_without_names(session):
    make_introduction(proposed_by=Proposer.PROGRAMME)
    _expire(_days(14), find_others=_others("Dietitian, NHS Fife")[0])
    (mail,) = db.session.scalars(select(OutboxMail))
    assert "Dietitian, NHS Fife" in mail.body


def test_the_clock_of_a_waiting_proposal_stands_still(session):
    introduction = make_introduction(waiting_for=Waiting.PLACES, waiting_since_at=_days(3))
    assert introduction_clock.remind_due(now=_days(13)) == 0
    assert _expire(_days(100)) == 0
    waiting.resume(introduction, now=_days(33))
    assert introduction.answer_due_at == _days(44)
    assert _expire(_days(43)) == 0
    assert _expire(_days(44)) == 1


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


@pytest.mark.parametrize(
    "act",
    [
        *("remind_due", "expire_due", "reopen_waiting"),
        *("close_unanswered_questions", "supersede_long_absences"),
    ],
)
def test_the_clock_has_nothing_to_do_on_an_empty_database(session, act):
    assert getattr(introduction_clock, act)(now=NOW) == 0


def _membership(user):
    return Membership(user=user, role=MembershipRole.OWNER, created_at=NOW)


# The clock of a proposal counts hours, not days of the calendar: a day with 23 or 25 hours changes
# by an hour at what time of day something is due, and never whether.
@pytest.mark.parametrize(
    ("proposed_at", "due_on"),
    [
        (datetime(2027, 3, 20, 12, tzinfo=UTC), "3 April 2027"),
        (datetime(2026, 10, 20, 23, 30, tzinfo=UTC), "3 November 2026"),
        (datetime(2028, 2, 15, 9, tzinfo=UTC), "29 February 2028"),
        (datetime(2028, 2, 29, 9, tzinfo=UTC), "14 March 2028"),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "14 January 2027"),
    ],
    ids=["spring", "autumn", "to a leap day", "from a leap day", "over the year"],
)
def test_reminders_and_expiry_come_once_whatever_the_calendar_does(session, proposed_at, due_on):
    introduction = introductions.propose(
        make_professional(),
        make_programme(),
        proposed_by=Proposer.PROFESSIONAL,
        purpose="To meet.",
        actor=make_user(),
        now=proposed_at,
    )
    assert due_on in db.session.scalars(select(OutboxMail.body)).one()
    told = []
    for hours in range(0, 15 * 24 + 1, 6):
        moment = proposed_at + timedelta(hours=hours)
        if introduction_clock.remind_due(now=moment):
            told.append(("reminded", hours))
        if _expire(moment, find_others=_others()[0]):
            told.append(("expired", hours))
    assert told == [("reminded", 7 * 24), ("reminded", 12 * 24), ("expired", 14 * 24)]
    assert introduction.state is IntroductionState.EXPIRED


@pytest.mark.parametrize(
    "midnight",
    [
        datetime(2026, 11, 1, tzinfo=UTC),
        datetime(2027, 3, 31, 23, tzinfo=UTC),
        datetime(2028, 3, 1, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    ],
    ids=["after the autumn change", "after the spring change", "after a leap day", "new year"],
)
def test_places_reopen_at_midnight_in_london_on_the_first(session, midnight):
    programme = make_programme(places_per_month=1)
    taken = make_introduction(programme=programme)
    waits = make_introduction(programme=programme)
    last_evening = midnight - timedelta(hours=4)
    introductions.accept(taken, Side.PROGRAMME, actor=make_user(), now=last_evening)
    assert introduction_clock.reopen_waiting(now=midnight - timedelta(seconds=1)) == 0
    assert waits.waiting_for is Waiting.PLACES
    assert introduction_clock.reopen_waiting(now=midnight) == 1
    assert introduction_clock.reopen_waiting(now=midnight) == 0
    assert waits.answer_due_at == _days(14) + timedelta(hours=4)


def test_whoever_answers_on_the_first_need_not_wait_for_the_worker(session):
    programme = make_programme(places_per_month=1)
    taken = make_introduction(programme=programme)
    waits = make_introduction(programme=programme)
    introductions.accept(taken, Side.PROGRAMME, actor=make_user(), now=_days(1))
    december = datetime(2026, 12, 1, tzinfo=UTC)
    with pytest.raises(NoPlacesLeft):
        introductions.accept(
            waits, Side.PROGRAMME, actor=make_user(), now=december - timedelta(seconds=1)
        )
    introductions.accept(waits, Side.PROGRAMME, actor=make_user(), now=december)
    assert waits.state is IntroductionState.ACCEPTED
