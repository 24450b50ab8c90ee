from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.models import AuditEvent, EmailChange, LinkPurpose, OutboxMail
from matchmaker.services import links, outbox, sessions, throttle
from matchmaker.services.accounts import find_user
from matchmaker.services.email_changes import (
    cancel,
    confirm,
    find_open_change,
    get_change,
    request_change,
)
from matchmaker.services.errors import FieldError, LinkUnusable
from tests.factories import NOW, make_user

OLD, NEW = "mairi@example.org", "mairi@example.com"
SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def mairi(session):
    return make_user(email=OLD, name="Mairi Campbell")


def request(user, new=NEW, now=NOW):
    return request_change(user, new, address="192.0.2.1", now=now)


def mails(session):
    found = session.execute(select(OutboxMail.recipient, OutboxMail.kind).order_by(OutboxMail.id))
    return [tuple(each) for each in found]


def link_to(session, recipient, now=SOON):
    """The link in the newest mail to an address."""
    body = session.scalars(
        select(OutboxMail.body)
        .where(OutboxMail.recipient == recipient, OutboxMail.body.contains("/change-email/"))
        .order_by(OutboxMail.id.desc())
    ).first()
    (token,) = re.findall(r"/change-email/(\S+)", body)
    return links.get_link(token, LinkPurpose.CHANGE_EMAIL, now=now)


@pytest.mark.parametrize("first", [OLD, NEW])
def test_the_second_confirmation_changes_the_address(session, mairi, first):
    request(mairi, new=f"  {NEW.upper()} ")
    assert mails(session) == [(OLD, "change_email_old"), (NEW, "change_email_new")]
    change = confirm(link_to(session, first), now=SOON)
    assert (mairi.email, change.done_at) == (OLD, None)
    assert find_open_change(mairi, now=SOON) is change
    second = NEW if first == OLD else OLD
    assert confirm(link_to(session, second), now=SOON) is change
    assert (mairi.email, change.done_at) == (NEW, SOON)
    assert find_open_change(mairi, now=SOON) is None
    assert (find_user(OLD), find_user(NEW)) == (None, mairi)


def test_a_link_confirms_its_own_address_only_and_once(session, mairi):
    request(mairi)
    link = link_to(session, OLD)
    confirm(link, now=SOON)
    with pytest.raises(LinkUnusable, match="used already"):
        confirm(link, now=SOON)
    assert mairi.email == OLD


def test_the_old_address_is_told_afterwards_and_everything_old_ends(session, mairi):
    mairi.bounced_at = NOW
    token = sessions.start_session(mairi, now=NOW)
    reset = links.create_link(LinkPurpose.RESET_PASSWORD, email=OLD, user=mairi, now=NOW)
    for key, sent_at in (("waiting", None), ("sent", NOW)):
        mail = outbox.enqueue(key, recipient=OLD, subject="s", body="b", now=NOW, user=mairi)
        mail.sent_at = sent_at
    others = outbox.enqueue("others", recipient="a@example.org", subject="s", body="b", now=NOW)
    request(mairi)
    confirm(link_to(session, OLD), now=SOON)
    assert sessions.find_session(token, now=SOON) is not None
    confirm(link_to(session, NEW), now=SOON)
    assert sessions.find_session(token, now=SOON) is None
    with pytest.raises(LinkUnusable):
        links.get_link(reset, LinkPurpose.RESET_PASSWORD, now=SOON)
    assert mairi.bounced_at is None
    session.expire_all()
    recipients = dict(session.execute(select(OutboxMail.dedupe_key, OutboxMail.recipient)).all())
    assert (recipients["waiting"], recipients["sent"]) == (NEW, OLD)
    assert others.recipient == "a@example.org"
    told = session.scalars(select(OutboxMail).where(OutboxMail.kind == "email_changed")).one()
    assert told.recipient == OLD
    assert NEW not in told.body


def test_an_address_of_somebody_else_is_not_told_of(session, mairi):
    make_user(email=NEW)
    change = request(mairi)
    assert mails(session) == [(OLD, "change_email_old"), (NEW, "change_email_taken")]
    assert find_open_change(mairi, now=SOON) is change
    confirm(link_to(session, OLD), now=SOON)
    assert change.done_at is None
    taken = session.scalars(select(OutboxMail).where(OutboxMail.recipient == NEW)).one()
    assert OLD not in taken.body
    assert "Mairi" not in taken.body


def test_an_address_taken_in_the_meantime_is_refused_and_nothing_changes(session, mairi):
    request(mairi)
    confirm(link_to(session, OLD), now=SOON)
    make_user(email=NEW)
    with pytest.raises(LinkUnusable, match="Another account"):
        confirm(link_to(session, NEW), now=SOON)
    session.rollback()


@pytest.mark.parametrize("wrong", ["", "nobody", OLD, OLD.upper()])
def test_what_cannot_be_an_address_or_is_theirs_is_refused(session, mairi, wrong):
    with pytest.raises(FieldError) as refused:
        request(mairi, new=wrong)
    assert refused.value.field == "email"
    assert mails(session) == []


def test_asking_again_replaces_what_was_asked_before(session, mairi):
    first = request(mairi)
    old_link = link_to(session, NEW)
    assert request(mairi, now=NOW + timedelta(seconds=59)) is first
    assert len(mails(session)) == 2
    second = request(mairi, now=NOW + timedelta(seconds=60))
    assert (first.cancelled_at is None, second.cancelled_at) == (False, None)
    third = request(mairi, new="m@example.net", now=NOW + timedelta(seconds=61))
    assert find_open_change(mairi, now=SOON) is third
    with pytest.raises(LinkUnusable):
        confirm(old_link, now=SOON)


def test_a_stopped_change_cannot_be_confirmed(session, mairi):
    change = request(mairi)
    link = link_to(session, NEW)
    cancel(change, actor=mairi, now=SOON)
    assert find_open_change(mairi, now=SOON) is None
    with pytest.raises(LinkUnusable):
        get_change(link)
    with pytest.raises(LinkUnusable):
        confirm(link, now=SOON)


def test_a_change_that_happened_is_shown_by_no_link(session, mairi):
    request(mairi)
    both = [link_to(session, OLD), link_to(session, NEW)]
    for link in both:
        confirm(link, now=SOON)
    for link in both:
        with pytest.raises(LinkUnusable):
            get_change(link)


def test_a_change_nobody_confirmed_is_over_after_three_days(session, mairi):
    request(mairi)
    assert find_open_change(mairi, now=NOW + timedelta(days=3, seconds=-1)) is not None
    assert find_open_change(mairi, now=NOW + timedelta(days=3)) is None
    with pytest.raises(LinkUnusable, match="expired"):
        link_to(session, NEW, now=NOW + timedelta(days=3))


def test_a_flooded_mailbox_gets_no_more_and_nobody_is_told(session, mairi, monkeypatch):
    limit = throttle.Limit("mail_recipient", 1, throttle.HOUR)
    monkeypatch.setattr(throttle, "MAIL_RECIPIENT", limit)
    request(make_user(email="ewan@example.org"))
    change = request(mairi)
    assert [to for to, _kind in mails(session)] == ["ewan@example.org", NEW, OLD]
    assert find_open_change(mairi, now=SOON) is change


def test_what_happened_is_recorded_without_addresses(session, mairi):
    request(mairi)
    confirm(link_to(session, OLD), now=SOON)
    confirm(link_to(session, NEW), now=SOON)
    cancel(request(mairi, new="m@example.net", now=SOON), actor=None, now=SOON)
    session.flush()
    rows = session.execute(
        select(AuditEvent.action, AuditEvent.details).order_by(AuditEvent.id)
    ).all()
    assert rows == [
        ("user.email_change_requested", {}),
        ("user.email_changed", {}),
        ("user.email_change_requested", {}),
        ("user.email_change_stopped", {}),
    ]
    assert session.scalars(select(EmailChange.new_email)).first() == NEW
