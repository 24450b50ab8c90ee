from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    AuditEvent,
    NotificationKind,
    OutboxMail,
    PackFrequency,
    PackSubscription,
)
from matchmaker.services import notifications, pack_subscriptions
from matchmaker.services.administration import people
from matchmaker.services.statistics.scope import UNITED_KINGDOM, get_area
from tests.factories import FIFE, NOW, make_figures, make_lead, make_user

NHS_FIFE, WALES = "S08000029", "W92000004"
MONTHLY, QUARTERLY = PackFrequency.MONTHLY, PackFrequency.QUARTERLY


@pytest.fixture
def lead(session):
    """Somebody who looks after Fife and is told of it every month."""
    user = make_lead([FIFE])
    pack_subscriptions.subscribe(user, get_area(NHS_FIFE), MONTHLY, now=NOW)
    return user


def publish(period_key):
    make_figures("funnel", NHS_FIFE, period_key, {("all", "asked"): 120})


def tell(now=NOW):
    more = pack_subscriptions.tell_due(now=now)
    db.session.expire_all()
    return more


def mails_to(user):
    """The subjects of what was written to somebody."""
    return list(
        db.session.scalars(
            select(OutboxMail.subject)
            .where(OutboxMail.user_id == user.id, OutboxMail.kind == "figures")
            .order_by(OutboxMail.id)
        )
    )


def steps_of(user):
    return [
        (event.action, event.details.get("area"))
        for event in db.session.scalars(
            select(AuditEvent).where(AuditEvent.action.contains("subscribed"))
        )
        if event.subject_id == user.id
    ]


def test_lead_is_told_once_of_each_month(lead):
    assert not tell()
    assert mails_to(lead) == []
    publish("2026-07")
    tell()
    tell()
    assert mails_to(lead) == ["New figures for NHS Fife: July 2026"]
    publish("2026-08")
    tell()
    assert mails_to(lead)[1:] == ["New figures for NHS Fife: August 2026"]


def test_mail_leads_to_the_pack_and_holds_no_figure(lead):
    publish("2026-07")
    tell()
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.user_id == lead.id)).one()
    assert f"/lead/packs/{NHS_FIFE}/2026-07" in mail.body
    assert "/unsubscribe/" in mail.unsubscribe_url
    assert "120" not in mail.body + mail.html


def test_what_was_published_before_is_not_told(session):
    publish("2026-07")
    lead = make_lead([FIFE])
    pack_subscriptions.subscribe(lead, get_area(NHS_FIFE), MONTHLY, now=NOW)
    tell()
    assert mails_to(lead) == []


def test_quarters_are_told_when_their_last_month_is_published(session):
    lead = make_lead([FIFE])
    pack_subscriptions.subscribe(lead, get_area(NHS_FIFE), QUARTERLY, now=NOW)
    publish("2026-08")
    tell()
    assert mails_to(lead) == []
    publish("2026-q3")
    tell()
    assert mails_to(lead) == ["New figures for NHS Fife: July to September 2026"]


def test_other_frequency_takes_the_place_of_the_first(lead):
    pack_subscriptions.subscribe(lead, get_area(NHS_FIFE), QUARTERLY, now=NOW)
    pack_subscriptions.subscribe(lead, get_area(NHS_FIFE), QUARTERLY, now=NOW)
    (found,) = pack_subscriptions.list_subscriptions(lead)
    assert found.frequency is QUARTERLY
    assert steps_of(lead) == [("user.subscribed", NHS_FIFE)] * 2


def test_who_stops_is_told_no_more(lead):
    pack_subscriptions.unsubscribe(lead, NHS_FIFE, now=NOW)
    pack_subscriptions.unsubscribe(lead, NHS_FIFE, now=NOW)
    publish("2026-07")
    tell()
    assert mails_to(lead) == []
    assert steps_of(lead)[1:] == [("user.unsubscribed", NHS_FIFE)]


@pytest.mark.one_database
def test_who_switched_such_mails_off_or_whose_mail_bounces_is_not_written_to(session):
    muted, bounced = make_lead([FIFE]), make_lead([FIFE], bounced_at=NOW)
    for user in (muted, bounced):
        pack_subscriptions.subscribe(user, get_area(NHS_FIFE), MONTHLY, now=NOW)
    notifications.mute(muted, NotificationKind.FIGURES, actor=muted, now=NOW)
    publish("2026-07")
    tell()
    assert mails_to(muted) == mails_to(bounced) == []
    # What was missed is not written later.
    bounced.bounced_at = None
    tell()
    assert mails_to(bounced) == []


def test_who_is_no_lead_any_more_is_told_nothing(lead):
    for scope in lead.lead_scopes:
        db.session.delete(scope)
    db.session.flush()
    db.session.expire(lead)
    publish("2026-07")
    tell()
    assert mails_to(lead) == []
    assert pack_subscriptions.list_subscriptions(lead) == []


def test_changed_roles_end_what_is_not_to_be_seen_any_more(lead):
    pack_subscriptions.subscribe(lead, get_area(UNITED_KINGDOM), MONTHLY, now=NOW)
    administrator = make_user(is_administrator=True)
    people.change_roles(
        lead, is_administrator=False, lead_areas=[WALES], actor=administrator, now=NOW
    )
    assert [each.area_code for each in pack_subscriptions.list_subscriptions(lead)] == [
        UNITED_KINGDOM
    ]
    assert steps_of(lead)[-1] == ("user.unsubscribed", NHS_FIFE)


@pytest.mark.one_database
def test_many_are_told_in_several_turns(session, monkeypatch):
    monkeypatch.setattr(pack_subscriptions, "AT_ONCE", 2)
    leads = [make_lead([FIFE]) for _each in range(3)]
    for each in leads:
        pack_subscriptions.subscribe(each, get_area(NHS_FIFE), MONTHLY, now=NOW)
    publish("2026-07")
    assert tell()
    assert not tell(NOW + timedelta(minutes=1))
    assert [len(mails_to(each)) for each in leads] == [1, 1, 1]
    assert db.session.scalars(select(PackSubscription.told_of)).all() == ["2026-07"] * 3
