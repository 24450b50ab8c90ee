from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import AuditEvent, IntroductionMessage, Report, ReportReason, Side
from matchmaker.services import throttle
from matchmaker.services.errors import FieldError, Throttled
from matchmaker.services.reports import NOTE_MAX_LENGTH, report_message, report_page
from tests.factories import NOW, make_introduction, make_user


def report(path="/glossary", now=NOW, **values):
    defaults = {
        "reason": ReportReason.WRONG,
        "note": "The third line.",
        "reporter": None,
        "address": "192.0.2.1",
    }
    return report_page(path, now=now, **{**defaults, **values})


def make_message(body="Buy my book."):
    introduction = make_introduction()
    message = IntroductionMessage(side=Side.PROGRAMME, body=body, created_at=NOW)
    introduction.messages.append(message)
    db.session.flush()
    return message


def test_a_page_is_reported_by_somebody_without_an_account(session):
    made = report(note="  The third line. ")
    row = session.scalars(select(Report)).one()
    assert row is made
    assert (row.address, row.note, row.quoted) == ("/glossary", "The third line.", "")
    assert (row.reporter_user_id, row.message_id, row.resolved_at) == (None, None, None)
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.actor_user_id, event.subject_id) == ("report.made", None, made.id)
    assert event.details == {"reason": "wrong", "is_message": False}


def test_a_reported_message_is_copied(session):
    user, message = make_user(), make_message()
    made = report_message(
        message,
        "/introductions/1",
        reason=ReportReason.ADVERTISING,
        note="",
        reporter=user,
        now=NOW,
    )
    message.body = "Something harmless."
    assert (made.quoted, made.message_id) == ("Buy my book.", message.id)
    assert made.reporter_user_id == user.id


def test_the_same_report_twice_is_one(session):
    user = make_user()
    first = report(reporter=user)
    assert report(reporter=user, now=NOW + timedelta(minutes=59)) is first
    others = [
        report(),
        report(reporter=make_user()),
        report(reporter=user, note="The fourth line."),
        report(reporter=user, reason=ReportReason.UNKIND),
        report(reporter=user, path="/privacy"),
        report(reporter=user, now=NOW + timedelta(hours=1)),
    ]
    assert len({first.id, *(each.id for each in others)}) == 7


def test_something_else_needs_words(session):
    with pytest.raises(FieldError, match="what is wrong") as refused:
        report(reason=ReportReason.OTHER, note="  ")
    assert refused.value.field == "note"
    assert report(reason=ReportReason.OTHER, note="It blinks.").note == "It blinks."
    assert report(note="").note == ""


def test_a_note_has_a_longest_length(session):
    assert report(note="x" * NOTE_MAX_LENGTH)
    with pytest.raises(FieldError, match="2000"):
        report(note="x" * (NOTE_MAX_LENGTH + 1))


@pytest.mark.parametrize(
    ("limit", "who"),
    [("REPORT_ADDRESS", "nobody"), ("REPORTER", "somebody"), ("REPORT_EVERYONE", "nobody")],
)
def test_reports_are_throttled(session, monkeypatch, limit, who):
    monkeypatch.setattr(throttle, limit, throttle.Limit(limit.lower(), 2, throttle.HOUR))
    reporter = make_user() if who == "somebody" else None
    for number in range(2):
        report(note=f"Line {number}", reporter=reporter)
    with pytest.raises(Throttled):
        report(note="Line 3", reporter=reporter)
    # Another person, or another address, is not held up, unless all together are too many.
    if limit == "REPORT_EVERYONE":
        with pytest.raises(Throttled):
            report(address="198.51.100.7")
    else:
        report(reporter=make_user(), address="198.51.100.7")
