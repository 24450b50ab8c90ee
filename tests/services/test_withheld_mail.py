"""What may be read no more does not arrive by mail either, however long the mail waited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.jobs.outbox import claim_next
from matchmaker.models import (
    Answer,
    IntroductionState,
    Membership,
    MembershipRole,
    OutboxMail,
    ReportReason,
    ReportResolution,
    Side,
)
from matchmaker.services import blocking, introductions, organisations, partnerships, reports
from matchmaker.services.administration import outbox as queue
from matchmaker.services.administration import reports as report_queue
from tests.factories import NOW, make_introduction, make_organisation, make_programme, make_user

LATER = NOW + timedelta(minutes=5)
WORDS = "Ring me at home, on the number I gave you."
NIGHT = datetime(2026, 11, 25, 23, tzinfo=UTC)


def accepted(**values):
    return make_introduction(
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=IntroductionState.ACCEPTED,
        released_at=NOW,
        **values,
    )


def write(introduction, body=WORDS, now=NOW, seen_id=0):
    return partnerships.send_message(
        introduction,
        Side.PROFESSIONAL,
        body,
        seen_id=seen_id,
        actor=introduction.professional.user,
        now=now,
    )


def owner_of(introduction):
    return introduction.programme.organisation.memberships[0].user


def mails_with(words):
    is_there = OutboxMail.body.contains(words) | OutboxMail.html.contains(words)
    return db.session.scalars(select(OutboxMail).where(is_there)).all()


def colleague_in(organisation, user=None):
    membership = Membership(
        user=user or make_user(),
        organisation=organisation,
        role=MembershipRole.EDITOR,
        created_at=NOW,
    )
    db.session.add(membership)
    db.session.flush()
    return membership


def take_away(message, reporter):
    report = reports.report_message(
        message, "/introductions/1", reason=ReportReason.UNKIND, note="", reporter=reporter, now=NOW
    )
    report_queue.resolve(
        report, ReportResolution.REMOVED, note="", actor=make_user(is_administrator=True), now=LATER
    )


@pytest.mark.parametrize("how", ["withdraw", "block"])
def test_words_that_wait_for_the_morning_are_not_sent_after_a_withdrawal(session, how):
    introduction = accepted()
    user = introduction.professional.user
    write(introduction, now=NIGHT)
    partnerships.agree(
        introduction,
        shared_purpose="",
        next_step=WORDS,
        next_step_on=None,
        version=introduction.version,
        actor=user,
        now=NIGHT,
    )
    assert len(mails_with("Ring me")) == 2
    if how == "withdraw":
        introductions.withdraw(introduction, Side.PROFESSIONAL, actor=user, now=NIGHT)
    else:
        organisation = introduction.programme.organisation
        blocking.block(
            Side.PROFESSIONAL, introduction.professional, organisation, actor=user, now=NIGHT
        )
    assert mails_with("Ring me") == []
    morning = NIGHT + timedelta(hours=12)
    assert "withdrawn" in claim_next(morning).subject
    assert claim_next(morning) is None


def test_a_mail_that_failed_cannot_be_sent_again_after_a_withdrawal(session):
    introduction = accepted()
    write(introduction)
    mails_with("Ring me")[0].failed_at = NOW
    user = introduction.professional.user
    introductions.withdraw(introduction, Side.PROFESSIONAL, actor=user, now=LATER)
    session.expire_all()
    assert mails_with("Ring me") == []
    assert queue.list_mails(queue.Standing.FAILED, 1).rows == []


def test_what_was_sent_already_and_what_others_wrote_stays(session):
    introduction, other = accepted(), accepted()
    write(introduction)
    mails_with("Ring me")[0].sent_at = NOW
    write(other, "Somebody else’s words.")
    user = introduction.professional.user
    introductions.withdraw(introduction, Side.PROFESSIONAL, actor=user, now=LATER)
    session.expire_all()
    assert [len(mails_with(each)) for each in ("Ring me", "Somebody else")] == [1, 1]


def test_whoever_leaves_an_organisation_gets_nothing_more_that_was_for_it(session):
    introduction = accepted()
    membership = colleague_in(introduction.programme.organisation)
    user = membership.user
    elsewhere = accepted(programme=make_programme(organisation=make_organisation(members=[user])))
    write(introduction)
    write(elsewhere, "For the other organisation.")
    organisations.remove_member(membership, actor=owner_of(introduction), now=LATER)
    assert [mail.user_id for mail in mails_with("Ring me")] == [owner_of(introduction).id]
    assert [mail.user_id for mail in mails_with("For the other")] == [user.id]


def test_a_message_that_is_taken_away_leaves_its_mails_too(session):
    introduction = accepted()
    message = write(introduction)
    mails_with("Ring me")[0].sent_at = NOW
    take_away(message, owner_of(introduction))
    assert mails_with("Ring me") == []


def test_the_next_message_is_mailed_though_it_may_get_the_number_of_the_one_taken_away(session):
    introduction = accepted()
    take_away(write(introduction), owner_of(introduction))
    session.expire_all()
    write(introduction, "These are kinder words.", now=LATER)
    assert [mail.user_id for mail in mails_with("kinder")] == [owner_of(introduction).id]
