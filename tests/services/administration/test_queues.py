"""Reports, the outbox and the count of what waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from matchmaker.extensions import db
from matchmaker.jobs import outbox as sending
from matchmaker.models import (
    AuditEvent,
    IntroductionMessage,
    OutboxMail,
    Report,
    ReportReason,
    ReportResolution,
    Side,
    Waiting,
)
from matchmaker.services.administration import outbox, overview, reports
from matchmaker.services.administration.outbox import Standing
from matchmaker.services.administration.reports import AlreadyResolved
from matchmaker.services.errors import DomainError
from tests.factories import (
    NOW,
    make_introduction,
    make_organisation,
    make_programme,
    make_user,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def administrator(session):
    return make_user(is_administrator=True)


def make_report(**values):
    defaults = {"address": "/", "reason": ReportReason.UNKIND, "reported_at": NOW}
    report = Report(**{**defaults, **values})
    db.session.add(report)
    db.session.flush()
    return report


def make_message():
    message = IntroductionMessage(
        introduction_id=make_introduction().id,
        side=Side.PROFESSIONAL,
        body="Unkind words",
        created_at=NOW,
    )
    db.session.add(message)
    db.session.flush()
    return message


def make_mail(**values):
    number = db.session.query(OutboxMail).count()
    defaults = {
        "dedupe_key": f"mail {number}",
        "message_id": f"<{number}@example.org>",
        "kind": "register",
        "recipient": "mairi@example.org",
        "subject": "A subject",
        "body": "A text",
        "created_at": NOW,
        "send_after_at": NOW,
    }
    mail = OutboxMail(**{**defaults, **values})
    db.session.add(mail)
    db.session.flush()
    return mail


def resolve(report, actor, resolution=ReportResolution.NOTHING_WRONG, note=""):
    reports.resolve(report, resolution, note=note, actor=actor, now=NOW)
    db.session.refresh(report)


def test_reports_that_wait_come_oldest_first_and_others_latest_first(session, administrator):
    second = make_report(reported_at=NOW + HOUR)
    first = make_report()
    assert reports.list_reports(1, is_resolved=False).rows == [first, second]
    assert reports.list_reports(1, is_resolved=True).rows == []
    resolve(second, administrator)
    assert reports.list_reports(1, is_resolved=False).rows == [first]
    assert reports.list_reports(1, is_resolved=True).rows == [second]


def test_resolving_is_written_down_with_who_and_what(session, administrator):
    report = make_report()
    resolve(report, administrator, ReportResolution.SPOKEN_TO, note="  We talked.  ")
    assert (report.resolution, report.resolution_note) == ("spoken_to", "We talked.")
    assert (report.resolved_by_user_id, report.resolved_at) == (administrator.id, NOW)
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.subject_id, event.actor_user_id) == (
        "report.resolved",
        report.id,
        administrator.id,
    )
    assert event.details == {"resolution": "spoken_to", "reason": "unkind"}


def test_of_two_who_resolve_a_report_the_second_changes_nothing(session, administrator):
    report = make_report()
    resolve(report, administrator)
    with pytest.raises(AlreadyResolved):
        resolve(report, administrator, ReportResolution.REMOVED)
    session.refresh(report)
    assert report.resolution == "nothing_wrong"
    assert len(session.scalars(select(AuditEvent)).all()) == 1


@pytest.mark.parametrize("resolution", ReportResolution)
def test_a_reported_message_goes_only_when_it_is_taken_away(session, administrator, resolution):
    message, other = make_message(), make_message()
    report = make_report(message_id=message.id, quoted=message.body)
    resolve(report, administrator, resolution)
    left = session.scalars(select(IntroductionMessage.id)).all()
    is_removed = resolution is ReportResolution.REMOVED
    assert left == ([other.id] if is_removed else [message.id, other.id])
    assert report.quoted == "Unkind words"
    assert (report.message_id is None) == is_removed


def test_mails_stand_where_they_should(session):
    waiting = make_mail(send_after_at=NOW + HOUR)
    due = make_mail()
    failed = make_mail(failed_at=NOW, attempts=8)
    sent = make_mail(sent_at=NOW, attempts=1)
    assert outbox.list_mails(Standing.WAITING, 1).rows == [due, waiting]
    assert outbox.list_mails(Standing.FAILED, 1).rows == [failed]
    assert outbox.list_mails(Standing.SENT, 1).rows == [sent]


def test_the_text_of_a_mail_is_not_even_read(session):
    make_mail(failed_at=NOW)
    session.commit()
    session.expunge_all()
    (mail,) = outbox.list_mails(Standing.FAILED, 1).rows
    assert inspect(mail).unloaded >= {"body", "html", "subject", "unsubscribe_url"}


def test_failed_mail_is_sent_again_as_if_for_the_first_time(session, administrator):
    mail = make_mail(failed_at=NOW - HOUR, attempts=8, last_error="550 no")
    outbox.retry(mail, actor=administrator, now=NOW)
    session.refresh(mail)
    assert (mail.failed_at, mail.attempts, mail.last_error) == (None, 0, None)
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.details) == ("outbox_mail.retried", {"kind": "register"})
    session.commit()
    assert sending.claim_next(NOW).mail_id == mail.id


@pytest.mark.parametrize(
    "values", [{}, {"sent_at": NOW}, {"failed_at": NOW, "body": ""}], ids=["waiting", "sent", "old"]
)
def test_other_mail_is_not_sent_again(session, administrator, values):
    mail = make_mail(**values)
    with pytest.raises(DomainError, match="cannot be sent again"):
        outbox.retry(mail, actor=administrator, now=NOW)
    assert session.scalars(select(AuditEvent)).all() == []


def test_overview_counts_what_waits(session, administrator):
    make_report()
    resolve(make_report(), administrator)
    unclaimed = make_programme(organisation=make_organisation(claimed_at=None))
    for _ in range(2):
        make_introduction(programme=unclaimed, waiting_for=Waiting.CLAIM, waiting_since_at=NOW)
    make_user(bounced_at=NOW)
    make_mail(failed_at=NOW)
    make_mail(send_after_at=NOW - HOUR)
    make_mail(send_after_at=NOW - HOUR, attempts=3)
    make_mail(send_after_at=NOW + HOUR)
    make_mail(sent_at=NOW, send_after_at=NOW - HOUR)
    assert overview.take_stock(now=NOW) == overview.Overview(
        open_reports=1,
        asked_for_organisations=1,
        bounced_addresses=1,
        failed_mails=1,
        waiting_mails=3,
        late_mails=1,
    )
