from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.extensions import db, write_intent
from matchmaker.models import (
    AuditEvent,
    LinkPurpose,
    LinkToken,
    MutedNotification,
    NotificationKind,
    OutboxMail,
    Programme,
    ProgrammeStatus,
)
from matchmaker.services import freshness_reminders, links, organisations, programmes
from matchmaker.services.errors import LinkUnusable
from matchmaker.services.freshness_reminders import MOST_NAMED, remind_due
from tests.factories import NOW, make_organisation, make_programme, make_user

DAY = timedelta(days=1)
# NOW is 3 November 2026, so that these are checked by 14 days from now, and 3 days ago.
SOON = NOW - timedelta(days=170)
OLD = NOW - timedelta(days=187)


def make_looked_after(n_members=1, **values):
    organisation = make_organisation(members=[make_user() for _number in range(n_members)])
    return make_programme(organisation=organisation, **values)


def mails(kind="freshness"):
    wanted = select(OutboxMail).where(OutboxMail.kind == kind)
    return db.session.scalars(wanted.order_by(OutboxMail.id)).all()


def token_in(mail):
    return mail.body.partition("/still-right/")[2].split()[0]


def link_in(mail, now=NOW):
    return links.get_link(token_in(mail), LinkPurpose.CONFIRM_PROGRAMME, now=now)


def test_everybody_who_looks_after_it_is_asked_before_it_is_old_and_again_when_it_is(session):
    programme = make_looked_after(2, last_checked_at=SOON)
    assert remind_due(now=NOW - 3 * DAY) == 0
    assert remind_due(now=NOW) == 2
    assert programme.freshness_reminders == 1
    assert "by 17 November 2026" in mails()[0].body
    assert remind_due(now=NOW) == remind_due(now=NOW + 13 * DAY) == 0
    assert remind_due(now=NOW + 14 * DAY) == 2
    assert "will not be suggested to anybody from 17 May 2027" in mails()[-1].body
    assert programme.freshness_reminders == 2
    assert remind_due(now=NOW + 300 * DAY) == 0


@pytest.mark.parametrize(
    "values",
    [
        {"published_at": None},
        {"status": ProgrammeStatus.CLOSED},
        {"last_checked_at": None},
        {"last_checked_at": NOW},
    ],
    ids=str,
)
def test_nobody_is_asked_about_what_is_not_due(session, values):
    make_looked_after(**{"last_checked_at": OLD, **values})
    assert remind_due(now=NOW) == 0


def test_nobody_is_asked_about_an_organisation_without_people(session):
    make_programme(organisation=make_organisation(claimed_at=None), last_checked_at=OLD)
    assert remind_due(now=NOW) == 0


def test_a_paused_programme_is_asked_about_too(session):
    make_looked_after(status=ProgrammeStatus.PAUSED, last_checked_at=OLD)
    assert remind_due(now=NOW) == 1


def test_one_mail_lists_all_that_is_due_of_somebodys_organisations(session):
    user = make_user()
    for name in ("One", "Two"):
        organisation = make_organisation(members=[user])
        make_programme(organisation=organisation, name=name, last_checked_at=OLD)
    make_programme(organisation=organisation, name="Asked", last_checked_at=OLD)
    make_programme(organisation=organisation, name="Fresh")
    asked = session.scalars(select(Programme).where(Programme.name == "Asked")).one()
    asked.freshness_reminders = 2
    assert remind_due(now=NOW) == 1
    (mail,) = mails()
    assert "3 programmes to check" in mail.subject
    assert [name in mail.body for name in ("One", "Two", "Asked", "Fresh")] == [True] * 3 + [False]


def test_a_mail_names_no_more_than_anybody_reads(session):
    organisation = make_organisation(members=[make_user()])
    for _number in range(MOST_NAMED + 2):
        make_programme(organisation=organisation, last_checked_at=OLD)
    remind_due(now=NOW)
    assert "2 more are on" in mails()[0].body
    assert session.scalar(select(func.count(LinkToken.id))) == MOST_NAMED


def test_whoever_switched_such_mails_off_gets_none_and_the_others_do(session):
    programme = make_looked_after(2, last_checked_at=OLD)
    first = programme.organisation.memberships[0].user
    session.add(MutedNotification(user_id=first.id, kind=NotificationKind.FRESHNESS, muted_at=NOW))
    session.flush()
    assert remind_due(now=NOW) == 1
    assert session.scalar(select(func.count(LinkToken.id))) == 1


def test_the_link_says_still_right_once(session):
    programme = make_looked_after(last_checked_at=OLD)
    remind_due(now=NOW)
    link, before = link_in(mails()[0]), programme.updated_at
    assert freshness_reminders.get_programme(link)[0] is programme
    freshness_reminders.confirm(link, now=NOW + DAY)
    session.refresh(programme)
    assert programme.last_checked_at == NOW + DAY
    assert programme.freshness_reminders == 0
    assert programme.updated_at > before
    checked = select(AuditEvent).where(AuditEvent.action == "programme.checked")
    assert session.scalars(checked).one().actor_user_id == link.user_id
    with pytest.raises(LinkUnusable):
        link_in(mails()[0])
    assert remind_due(now=NOW + 2 * DAY) == 0


def test_the_link_is_worth_nothing_to_somebody_who_left(session):
    programme = make_looked_after(2, last_checked_at=OLD)
    remind_due(now=NOW)
    link = link_in(mails()[1])
    organisations.remove_member(programme.organisation.memberships[1], actor=make_user(), now=NOW)
    session.expire_all()
    with pytest.raises(LinkUnusable, match="do not act"):
        freshness_reminders.confirm(link, now=NOW)
    assert link.used_at is None


def test_the_link_to_a_programme_that_is_gone_is_not_known(session):
    programme = make_looked_after(last_checked_at=OLD)
    remind_due(now=NOW)
    link = link_in(mails()[0])
    link.programme_id = None
    with pytest.raises(LinkUnusable, match="no longer known"):
        freshness_reminders.get_programme(link)
    assert programme.freshness_reminders == 2


def test_checking_it_in_any_way_starts_anew(session):
    programme = make_looked_after(last_checked_at=OLD, freshness_reminders=2)
    user = programme.organisation.memberships[0].user
    programmes.confirm_still_right(programme, actor=user, now=NOW)
    assert programme.freshness_reminders == 0
    assert remind_due(now=NOW + 170 * DAY) == 1


def test_the_record_of_an_organisation_can_be_said_to_be_still_right(session):
    organisation = make_organisation(members=[make_user()], last_checked_at=None)
    user = organisation.memberships[0].user
    organisations.confirm_still_right(organisation, actor=user, now=NOW)
    assert organisation.last_checked_at == NOW
    assert session.scalars(select(AuditEvent)).one().action == "organisation.checked"


def test_two_workers_at_once_send_one_mail_each_person(app, trial_size):
    for number in range(trial_size(2, 30)):
        with app.app_context(), write_intent():
            make_looked_after(2, last_checked_at=OLD)
            db.session.commit()
        gate = threading.Barrier(2)

        def work(_worker, gate=gate):
            gate.wait()
            with app.app_context(), write_intent():
                sent = remind_due(now=NOW)
                db.session.commit()
                return sent

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(work, range(2))) == [0, 2]
        with app.app_context():
            assert len(mails()) == 2 * (number + 1)
