"""Whom a survey asks, and how often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.models import (
    MutedNotification,
    NotificationKind,
    OutboxMail,
    ProgrammeStatus,
    SurveyInvitation,
    WaveState,
)
from matchmaker.services.clock import london_date
from matchmaker.services.errors import DomainError, FieldError, StaleVersion
from matchmaker.services.policy import actor_for
from matchmaker.services.surveys import audience
from tests.factories import (
    EDINBURGH,
    FIFE,
    NHS_FIFE,
    NOW,
    make_answers,
    make_lead,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
    make_wave,
)

WEEK = timedelta(days=7)


@pytest.fixture
def lead(session):
    return make_lead([NHS_FIFE])


def open_now(wave, lead, **values):
    facts = {"closes_on": None, "version": wave.version, "actor": lead, "now": NOW, **values}
    return audience.open_wave(wave, **facts)


def asked(session):
    return set(session.scalars(select(SurveyInvitation.user_id)))


def mails(session):
    rows = session.execute(select(OutboxMail.kind, OutboxMail.user_id).order_by(OutboxMail.id))
    return [tuple(row) for row in rows]


# --- Who ------------------------------------------------------------------------------------------


def test_everybody_who_works_in_the_area_is_asked_and_nobody_else(session, lead):
    people = [make_user() for _ in range(7)]
    here, elsewhere, member, runs, closed, draft, both = people
    make_professional(user=here, areas=[FIFE])
    make_professional(user=elsewhere, areas=[EDINBURGH])
    make_organisation(members=[member], area_code=FIFE)
    make_programme(organisation=make_organisation(members=[runs]), areas=[NHS_FIFE])
    make_programme(organisation=make_organisation(members=[closed]), status=ProgrammeStatus.CLOSED)
    make_programme(organisation=make_organisation(members=[draft]), published_at=None)
    make_professional(user=both, areas=[FIFE, EDINBURGH])
    make_organisation(members=[both], area_code=FIFE)
    make_professional(user=make_user(erased_at=NOW))
    wave = make_wave()
    assert open_now(wave, lead) == 4
    assert asked(session) == {here.id, member.id, runs.id, both.id}
    assert (wave.state, wave.opened_at) == (WaveState.OPEN, NOW)


def test_who_comes_later_is_asked_the_next_time(session, lead):
    make_professional()
    open_now(make_wave(), lead)
    late = make_professional()
    assert late.user_id not in asked(session)
    assert audience.find_invitation(1, None) is None


def test_an_area_where_nobody_works_cannot_be_asked(lead):
    wave = make_wave()
    with pytest.raises(DomainError, match="Nobody with an account"):
        open_now(wave, lead)
    make_professional()
    wave.questions.clear()
    with pytest.raises(DomainError, match="Add a question"):
        open_now(wave, lead)


def test_a_lead_learns_how_many_by_the_rule_only(lead):
    wave = make_wave()
    assert audience.shown_audience(wave).text == "0"
    make_professional()
    assert audience.shown_audience(wave).text == "*"
    for _ in range(10):
        make_professional()
    assert audience.shown_audience(wave).text == "10"


@pytest.mark.parametrize(("days", "sentence"), [(0, "after today"), (366, "within a year")])
def test_the_last_day_is_within_a_year(lead, days, sentence):
    make_professional()
    day = london_date(NOW) + timedelta(days=days)
    with pytest.raises(FieldError, match=sentence):
        open_now(make_wave(), lead, closes_on=day)


def test_what_was_changed_meanwhile_is_not_opened_unseen(lead):
    make_professional()
    with pytest.raises(StaleVersion):
        open_now(make_wave(version=2), lead, version=1)


# --- Mails ----------------------------------------------------------------------------------------


def test_each_is_invited_once_unless_they_switched_surveys_off(session, lead):
    wants, muted = make_professional().user, make_professional().user
    kind = NotificationKind.SURVEYS
    session.add(MutedNotification(user_id=muted.id, kind=kind, muted_at=NOW))
    wave = make_wave()
    open_now(wave, lead)
    assert audience.write_mails(now=NOW) is False
    assert audience.write_mails(now=NOW) is False
    assert mails(session) == [("survey_invitation", wants.id)]
    mail = session.scalars(select(OutboxMail)).one()
    assert f"/surveys/{wave.id}\n" in mail.body
    assert "NHS Fife" in mail.body


def test_mails_are_written_a_few_at_a_time(session, lead, monkeypatch):
    monkeypatch.setattr(audience, "MAILS_AT_ONCE", 2)
    people = [make_professional() for _ in range(3)]
    open_now(make_wave(), lead)
    assert audience.write_mails(now=NOW) is True
    assert audience.write_mails(now=NOW) is False
    assert len(mails(session)) == len(people)


def test_only_those_who_have_not_answered_are_reminded(session, lead):
    quiet, done = make_professional().user, make_professional().user
    wave = make_wave()
    open_now(wave, lead)
    audience.write_mails(now=NOW)
    audience.find_invitation(wave.id, done.id).has_answered = True
    audience.remind(wave, actor=lead, now=NOW + WEEK)
    audience.write_mails(now=NOW + WEEK)
    audience.write_mails(now=NOW + WEEK)
    assert mails(session)[2:] == [("survey_reminder", quiet.id)]


def test_people_are_reminded_once_a_week_at_most(lead):
    make_professional()
    wave = make_wave()
    open_now(wave, lead)
    with pytest.raises(DomainError, match="once a week"):
        audience.remind(wave, actor=lead, now=NOW + WEEK - timedelta(seconds=1))
    audience.remind(wave, actor=lead, now=NOW + WEEK)
    with pytest.raises(DomainError, match="once a week"):
        audience.remind(wave, actor=lead, now=NOW + WEEK)
    assert audience.may_be_reminded_at(wave) == NOW + 2 * WEEK


def test_nobody_is_mailed_about_what_has_closed(session, lead):
    make_professional()
    wave = make_wave()
    open_now(wave, lead)
    wave.state, wave.closed_at, wave.figures = WaveState.CLOSED, NOW, {}
    audience.write_mails(now=NOW)
    assert mails(session) == []
    with pytest.raises(DomainError, match="not open"):
        audience.remind(wave, actor=lead, now=NOW + WEEK)


# --- What waits for somebody ----------------------------------------------------------------------


def test_what_is_open_and_not_answered_waits_for_somebody(session):
    user = make_user()
    today = london_date(NOW)
    soon = make_wave(opened_at=NOW, closes_on=today)
    open_ended = make_wave(opened_at=NOW)
    over = make_wave(opened_at=NOW, closes_on=today - timedelta(days=1))
    for wave in (open_ended, soon, over, make_wave(opened_at=NOW, closed_at=NOW)):
        session.add(SurveyInvitation(wave_id=wave.id, user_id=user.id))
    make_answers(make_wave(opened_at=NOW), user, activity_told="1-2")
    actor = actor_for(user)
    assert audience.list_waiting(actor, now=NOW) == [soon, open_ended]
    assert len(audience.list_asked(actor)) == 5
    assert audience.list_waiting(actor_for(make_user()), now=NOW) == []
