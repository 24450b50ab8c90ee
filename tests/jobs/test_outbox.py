from __future__ import annotations

import dataclasses
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.config import MailSettings
from matchmaker.extensions import db, write_intent
from matchmaker.jobs import transport
from matchmaker.jobs.outbox import LEASE, WAITS, claim_next, send_next
from matchmaker.models import OutboxMail
from matchmaker.services import outbox
from matchmaker.services.outbox import Extras
from tests.factories import NOW, make_user
from tests.jobs.smtp import running_smtp

LATER = NOW + timedelta(seconds=30)


@pytest.fixture
def mailbox():
    with running_smtp() as server:
        yield server


@pytest.fixture
def use_server(app, settings, monkeypatch):
    """Make the worker send to a port on loopback."""

    def use(port, **values):
        mail = MailSettings(host="127.0.0.1", port=port, timeout_seconds=5, **values)
        monkeypatch.setitem(app.extensions, "settings", dataclasses.replace(settings, mail=mail))

    return use


def enqueue(key="event:1", now=NOW, **values):
    defaults = {"recipient": "mairi@example.org", "subject": "Hello", "body": "Text\n"}
    mail = outbox.enqueue(key, now=now, **{**defaults, **values})
    db.session.commit()
    return mail.id


def row(mail_id):
    return db.session.get(OutboxMail, mail_id, populate_existing=True)


def test_mail_arrives_as_it_was_written(session, mailbox, use_server):
    use_server(mailbox.port, sender="Matchmaker <no-reply@match.example>")
    mail_id = enqueue(
        recipient="mairi@example.org",
        subject="Càirdeas – a café",
        body="Hàlo Mairi,\n\nhttps://match.example/join/" + "x" * 120 + "\n",
    )
    assert send_next(LATER)
    (arrived,) = mailbox.arrived
    assert mailbox.recipients == ["mairi@example.org"]
    assert arrived["Subject"] == "Càirdeas – a café"
    assert arrived["From"] == "Matchmaker <no-reply@match.example>"
    assert arrived["To"] == "mairi@example.org"
    assert arrived["Message-ID"] == row(mail_id).message_id
    assert arrived["Date"].datetime == NOW
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_content_type() == "text/plain"
    assert arrived["List-Unsubscribe"] is None
    assert arrived.get_content().replace("\r\n", "\n") == row(mail_id).body
    assert (row(mail_id).sent_at, row(mail_id).claimed_until) == (LATER, None)


def test_mail_arrives_as_text_and_as_html(session, mailbox, use_server):
    use_server(mailbox.port)
    html = f"<!DOCTYPE html><p>Hàlo {'long ' * 100}<a href='https://match.example/?a=1&amp;b=2'>x"
    enqueue(body="Hàlo.\n.\nFrom here on\n", extras=Extras(html=html))
    assert send_next(LATER)
    (arrived,) = mailbox.arrived
    assert arrived.get_content_type() == "multipart/alternative"
    # The last of the two is the one a mail program prefers.
    text, page = arrived.iter_parts()
    assert (text.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r\n", "\n") == "Hàlo.\n.\nFrom here on\n"
    assert page.get_content().strip() == html


def test_mail_travels_in_short_lines_of_ascii(session, mailbox, use_server):
    """So that no server on the way has a reason to change it."""
    use_server(mailbox.port)
    enqueue(body="Hàlo " * 300, extras=Extras(html="<p>" + "Hàlo " * 300))
    assert send_next(LATER)
    assert mailbox.raw[0].isascii()
    _headers, _gap, body = mailbox.raw[0].partition(b"\r\n\r\n")
    assert max(map(len, body.splitlines())) <= 78


def test_address_to_unsubscribe_at_arrives_whole(session, mailbox, use_server):
    """Python folds long headers, and encodes a word that is longer than a line."""
    use_server(mailbox.port)
    address = "https://match.example/unsubscribe/" + "WzEsMTYyMjM0LCJyZW1pbmRlcnMiXQ." * 6
    enqueue(extras=Extras(unsubscribe_url=address))
    assert send_next(LATER)
    headers = mailbox.raw[0].partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    assert f"List-Unsubscribe: <{address}>" in headers
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in headers


def test_nothing_is_sent_twice(session, mailbox, use_server):
    use_server(mailbox.port)
    enqueue()
    assert [send_next(LATER), send_next(LATER)] == [True, False]
    assert len(mailbox.arrived) == 1


def test_longest_waiting_goes_first(session, mailbox, use_server):
    use_server(mailbox.port)
    for number, minutes in enumerate((3, 1, 2)):
        enqueue(f"event:{number}", now=NOW - timedelta(minutes=minutes), subject=f"{minutes}")
    while send_next(NOW):
        pass
    assert [mail["Subject"] for mail in mailbox.arrived] == ["3", "2", "1"]


def test_mail_that_is_not_due_waits(session, mailbox, use_server):
    use_server(mailbox.port)
    enqueue(now=NOW + timedelta(hours=1))
    assert not send_next(NOW)
    assert send_next(NOW + timedelta(hours=1))


def test_refusal_for_now_is_tried_again_with_the_same_message_id(session, mailbox, use_server):
    use_server(mailbox.port)
    mailbox.answers = ["451 try later"]
    mail_id = enqueue()
    assert send_next(NOW)
    mail = row(mail_id)
    assert (mail.sent_at, mail.failed_at, mail.attempts) == (None, None, 1)
    assert mail.send_after_at == NOW + WAITS[0]
    assert mail.last_error == "SMTPDataError"
    assert not send_next(NOW + WAITS[0] - timedelta(seconds=1))
    assert send_next(NOW + WAITS[0])
    assert mailbox.arrived[0]["Message-ID"] == mail.message_id


@pytest.mark.parametrize("answers", ["answers", "recipient_answers"])
def test_refusal_for_good_is_not_tried_again(session, mailbox, use_server, answers):
    use_server(mailbox.port)
    setattr(mailbox, answers, ["550 nobody here"])
    mail_id = enqueue()
    assert send_next(NOW)
    assert row(mail_id).failed_at == NOW
    assert "550" in row(mail_id).last_error
    assert not send_next(NOW + timedelta(days=30))


@pytest.mark.parametrize(
    ("answers", "answer", "is_bounce"),
    [
        ("recipient_answers", "550 5.1.1 no such user", True),
        ("recipient_answers", "550 nobody here", True),
        ("recipient_answers", "552 5.2.2 mailbox full", True),
        ("recipient_answers", "550 5.7.1 you are on a list", False),
        ("recipient_answers", "450 4.2.1 try later", False),
        ("answers", "550 5.1.1 no such user after all", True),
        ("answers", "554 5.7.1 looks like spam", False),
        ("answers", "554 no", False),
        ("answers", "451 5.1.1 is not what it says", False),
    ],
)
def test_address_that_takes_no_mail_is_noted(
    session, mailbox, use_server, answers, answer, is_bounce
):
    use_server(mailbox.port)
    setattr(mailbox, answers, [answer])
    user, other = make_user(), make_user()
    enqueue(recipient=user.email, user=user)
    assert send_next(NOW)
    session.expire_all()
    assert user.bounced_at == (NOW if is_bounce else None)
    assert other.bounced_at is None


def test_address_that_takes_mail_again_is_noted_no_more(session, mailbox, use_server):
    use_server(mailbox.port)
    user, other = make_user(bounced_at=NOW), make_user(bounced_at=NOW)
    enqueue(recipient=user.email, user=user)
    assert send_next(LATER)
    session.expire_all()
    assert user.bounced_at is None
    assert other.bounced_at == NOW


def test_old_address_of_somebody_says_nothing_of_the_new_one(session, mailbox, use_server):
    use_server(mailbox.port)
    user, bounced = make_user(), make_user(bounced_at=NOW)
    enqueue("event:1", recipient="old@example.org", user=user)
    mailbox.recipient_answers = ["550 5.1.1 gone"]
    assert send_next(NOW)
    enqueue("event:2", recipient="older@example.org", user=bounced)
    assert send_next(NOW)
    session.expire_all()
    assert user.bounced_at is None
    assert bounced.bounced_at == NOW


def test_refusal_of_somebody_without_an_account_is_only_a_failed_mail(session, mailbox, use_server):
    use_server(mailbox.port)
    mailbox.recipient_answers = ["550 5.1.1 gone"]
    mail_id = enqueue()
    assert send_next(NOW)
    assert row(mail_id).failed_at == NOW


def test_recipient_refused_for_now_is_tried_again(session, mailbox, use_server):
    use_server(mailbox.port)
    mailbox.recipient_answers = ["450 mailbox busy"]
    mail_id = enqueue()
    assert send_next(NOW)
    assert row(mail_id).failed_at is None
    assert send_next(NOW + WAITS[0])
    assert len(mailbox.arrived) == 1


def test_unreachable_server_is_tried_for_two_days_and_then_given_up(session, use_server):
    with running_smtp() as gone:
        port = gone.port
    use_server(port)
    mail_id = enqueue()
    moment = NOW
    for wait in WAITS:
        assert send_next(moment)
        assert row(mail_id).failed_at is None
        moment += wait
    assert send_next(moment)
    assert row(mail_id).failed_at == moment
    assert row(mail_id).last_error == "ConnectionRefusedError"
    assert timedelta(days=1) < moment - NOW < timedelta(days=3)


def test_mail_that_cannot_be_written_down_is_given_up_and_keeps_back_no_other(
    session, mailbox, use_server, monkeypatch
):
    use_server(mailbox.port)
    build = transport.build_message

    def fail(letter, sender):
        if letter.subject == "bad":
            raise UnicodeEncodeError("ascii", "x", 0, 1, "no")
        return build(letter, sender)

    monkeypatch.setattr(transport, "build_message", fail)
    bad, _good = enqueue("event:1", subject="bad"), enqueue("event:2", subject="good")
    moment = NOW
    while row(bad).failed_at is None:
        send_next(moment)
        moment += WAITS[-1]
    assert row(bad).attempts == len(WAITS) + 1
    assert row(bad).last_error == "UnicodeEncodeError"
    assert [mail["Subject"] for mail in mailbox.arrived] == ["good"]


def test_address_that_would_add_a_header_is_refused_for_good(session, mailbox, use_server):
    use_server(mailbox.port)
    mail_id = enqueue(recipient="a@example.org\nBcc: everyone@example.org")
    assert send_next(NOW)
    assert row(mail_id).failed_at == NOW
    assert mailbox.arrived == []


def test_claimed_mail_is_left_alone_until_the_lease_ends(session, mailbox, use_server):
    use_server(mailbox.port)
    mail_id = enqueue()
    letter = claim_next(NOW)
    assert letter.mail_id == mail_id
    assert not send_next(NOW + LEASE - timedelta(seconds=1))
    assert send_next(NOW + LEASE)
    assert mailbox.arrived[0]["Message-ID"] == letter.message_id
    assert row(mail_id).attempts == 2


@pytest.mark.one_database
def test_lease_is_longer_than_sending_can_take():
    # Connecting, greeting, TLS, greeting again, signing in (3), sender, recipient, text, the end.
    assert timedelta(seconds=12 * MailSettings.timeout_seconds) < LEASE


def test_no_transaction_is_open_while_a_mail_travels(app, writing, settings, monkeypatch):
    """On SQLite everybody else would have to wait for the mail server."""
    with writing():
        enqueue()
    states = []
    monkeypatch.setattr(
        "matchmaker.jobs.outbox.transport_for",
        lambda _settings: lambda _letter: states.append(db.session().in_transaction()),
    )
    with app.app_context(), write_intent():
        assert send_next(NOW)
    assert states == [False]


def test_several_workers_send_each_mail_once(app, writing, mailbox, use_server, trial_size):
    use_server(mailbox.port)
    count = trial_size(24, 500)
    with writing():
        for number in range(count):
            enqueue(f"event:{number}", subject=str(number))
    gate = threading.Barrier(4)

    def work(_number):
        gate.wait()
        sent = 0
        with app.app_context(), write_intent():
            while send_next(LATER):
                sent += 1
        return sent

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == count
    assert sorted(int(mail["Subject"]) for mail in mailbox.arrived) == list(range(count))


def test_mail_is_printed_where_there_is_no_server(session, capsys):
    mail_id = enqueue(subject="Choose a password")
    assert send_next(LATER)
    printed = capsys.readouterr().out
    assert "To: mairi@example.org\nSubject: Choose a password\n\nText\n" in printed
    assert row(mail_id).sent_at == LATER


@pytest.mark.one_database
def test_connection_is_encrypted_before_anybody_signs_in(monkeypatch):
    """STARTTLS with a certificate that is checked, then the user name, then the mail."""
    done = []

    class Server:
        def __init__(self, host, port, timeout):
            done.append(("connect", host, port, timeout))

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            done.append(("quit",))

        def starttls(self, *, context):
            assert context.verify_mode is ssl.CERT_REQUIRED
            assert context.check_hostname
            done.append(("starttls",))

        def login(self, username, password):
            done.append(("login", username, password))

        def send_message(self, message):
            done.append(("send", message["To"]))

    monkeypatch.setattr("matchmaker.jobs.transport.smtplib.SMTP", Server)
    settings = MailSettings(
        host="mail.example", port=587, username="us", password="secret", use_starttls=True
    )
    letter = transport.Letter(
        mail_id=1,
        message_id="<1@x>",
        recipient="a@example.org",
        subject="s",
        body="b",
        written_at=NOW,
    )
    transport.transport_for(settings)(letter)
    assert done == [
        ("connect", "mail.example", 587, 20.0),
        ("starttls",),
        ("login", "us", "secret"),
        ("send", "a@example.org"),
        ("quit",),
    ]


def test_no_log_line_holds_an_address(session, mailbox, use_server, caplog):
    caplog.set_level("INFO")
    use_server(mailbox.port)
    mailbox.recipient_answers = ["550 mairi@example.org is not here"]
    enqueue("event:1")
    enqueue("event:2")
    while send_next(LATER):
        pass
    ours = [record for record in caplog.records if record.name.startswith("matchmaker")]
    assert len(ours) == 2
    assert not any("mairi" in str(vars(record)) for record in ours)
    assert session.scalars(select(OutboxMail).where(OutboxMail.sent_at.is_(None))).one()
