"""What comes back from mail servers: reports as RFC 3464 has them, and what only looks like one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.services import bounces, outbox
from tests.factories import NOW, make_user

PARTS = b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: %s\n\n\n--x--"
LATER = NOW + timedelta(hours=1)


def report(mail, *, action="failed", status="5.1.1", returned="headers", recipient=None):
    """A report as Postfix writes it about a mail of ours."""
    headers = f"From: no-reply@match.example\nMessage-ID: {mail.message_id}\nSubject: Hello\n"
    given_back = {
        "headers": f"Content-Type: text/rfc822-headers\n\n{headers}",
        "whole": f"Content-Type: message/rfc822\n\n{headers}\nIts text\n",
        "nothing": "Content-Type: text/plain\n\n",
    }[returned]
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mail.example (Mail Delivery System)
To: no-reply@match.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="A/mail.example"

This is a MIME-encapsulated message.

--A/mail.example
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--A/mail.example
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Arrival-Date: Tue,  3 Nov 2026 09:30:00 +0000 (GMT)

Final-Recipient: rfc822; {recipient or mail.recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no

--A/mail.example
{given_back}
--A/mail.example--
""".encode()


def mail_to(user):
    return outbox.enqueue(
        f"to:{user.email}", recipient=user.email, subject="Hello", body="b", now=NOW, user=user
    )


@pytest.mark.parametrize("returned", ["headers", "whole"])
def test_report_of_a_lost_mail_marks_its_person(session, returned):
    user, other = make_user(), make_user()
    mail = mail_to(user)
    noted = bounces.note_report(report(mail, returned=returned), now=LATER)
    session.expire_all()
    assert noted == bounces.Noted(mail.id, is_bounce=True)
    assert (user.bounced_at, other.bounced_at) == (LATER, None)
    assert mail.last_error == "returned 5.1.1"


@pytest.mark.parametrize(
    ("status", "is_bounce"),
    [
        ("5.1.1", True),
        ("5.1.10 (unknown)", True),
        ("5.2.1", True),
        ("5.4.4", True),
        ("5.0.0", True),
        ("", True),
        ("5.7.1", False),
        ("5.6.0", False),
        ("5.3.4", False),
    ],
)
def test_report_marks_nobody_for_what_is_not_about_the_address(session, status, is_bounce):
    user = make_user()
    noted = bounces.note_report(report(mail_to(user), status=status), now=LATER)
    session.expire_all()
    assert noted.is_bounce == is_bounce
    assert (user.bounced_at is not None) == is_bounce


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", ""])
def test_report_of_a_mail_that_is_only_late_marks_nobody(session, action):
    user = make_user()
    mail = mail_to(user)
    noted = bounces.note_report(report(mail, action=action, status="4.4.1"), now=LATER)
    session.expire_all()
    assert not noted.is_bounce
    assert (user.bounced_at, mail.last_error) == (None, None)


def test_report_about_an_address_somebody_has_left_marks_nobody(session):
    user = make_user()
    mail = mail_to(user)
    user.email = "new@example.org"
    session.flush()
    bounces.note_report(report(mail), now=LATER)
    session.expire_all()
    assert user.bounced_at is None


def test_report_that_names_no_mail_of_ours_is_refused(session):
    """Anybody can write to the address that reports go to."""
    user = make_user()
    mail = mail_to(user)
    forged = report(mail).replace(mail.message_id.encode(), b"<guessed@match.example>")
    for each in (forged, report(mail, returned="nothing")):
        with pytest.raises(bounces.NoReport, match="Message-ID"):
            bounces.note_report(each, now=LATER)
    session.expire_all()
    assert user.bounced_at is None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: I am on holiday\n\nBack on Monday.",
        b"Content-Type: multipart/report\n\nno parts at all",
        PARTS % b"message/rfc822",
        PARTS % b"message/delivery-status",
        PARTS % b"text/rfc822-headers",
    ],
)
def test_what_is_no_report_is_refused_in_a_sentence(session, text):
    with pytest.raises(bounces.NoReport):
        bounces.note_report(text, now=LATER)


def test_one_address_of_several_is_enough(session):
    user = make_user()
    mail = mail_to(user)
    two = report(mail).replace(
        b"Final-Recipient:",
        b"Final-Recipient: rfc822; other@example.org\nAction: delivered\nStatus: 2.0.0\n\n"
        b"Final-Recipient:",
    )
    assert bounces.note_report(two, now=LATER).is_bounce
