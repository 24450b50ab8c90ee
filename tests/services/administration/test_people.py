"""Accounts as administrators look after them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db, write_intent
from matchmaker.models import AuditEvent, LinkPurpose, OutboxMail, User, UserSession
from matchmaker.services import links, sessions, throttle
from matchmaker.services.administration import pages, people
from matchmaker.services.administration.people import LastAdministrator, Which
from matchmaker.services.errors import DomainError, Throttled
from tests.factories import (
    EDINBURGH,
    FIFE,
    NOW,
    make_lead,
    make_organisation,
    make_professional,
    make_user,
)


@pytest.fixture
def administrator(session):
    return make_user(name="Ada", is_administrator=True)


def names(words="", which=Which.EVERYBODY, number=1):
    return [each.name for each in people.list_people(words, which, number).rows]


def actions():
    return [
        (each.action, each.details)
        for each in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    ]


def change(user, actor, *, is_administrator=False, lead_areas=()):
    return people.change_roles(
        user, is_administrator=is_administrator, lead_areas=lead_areas, actor=actor, now=NOW
    )


def test_person_is_found_by_a_part_of_name_or_address(session):
    make_user(name="Mairi Campbell", email="mc@example.org")
    make_user(name="Another 100% Person", email="other@example.org")
    assert names("CAMP") == ["Mairi Campbell"]
    assert names(" mc@exa ") == ["Mairi Campbell"]
    assert names("%") == ["Another 100% Person"]
    assert names() == ["Another 100% Person", "Mairi Campbell"]
    assert names("nobody") == []


def test_list_can_be_cut_to_those_with_a_role_or_whose_mail_came_back(session, administrator):
    make_lead(name="Leah")
    make_user(name="Bob", bounced_at=NOW)
    assert names(which=Which.ADMINISTRATORS) == ["Ada"]
    assert names(which=Which.LEADS) == ["Leah"]
    assert names(which=Which.BOUNCED) == ["Bob"]
    assert names("ada", Which.LEADS) == []


def test_long_list_comes_a_page_at_a_time_and_nobody_twice(session):
    for number in range(60):
        make_user(name="The same" if number % 2 else f"P {number}")
    parts = [people.list_people("", Which.EVERYBODY, number) for number in (1, 2, 3, 4)]
    assert [len(each.rows) for each in parts] == [25, 25, 10, 0]
    assert [each.has_next for each in parts] == [True, True, False, False]
    assert (parts[0].total, parts[0].last_number) == (60, 3)
    assert len({user.id for each in parts for user in each.rows}) == 60
    assert pages.Page([], 1, 0).last_number == 1


def test_person_is_found_by_number_or_whole_address_only(session):
    user = make_user(email="mairi@example.org")
    assert people.find_by_words(str(user.id)) is user
    assert people.find_by_words("Mairi@example.org") is user
    assert people.find_by_words("mairi") is None
    assert people.find_by_words("99999999999999999999") is None
    assert people.find_by_words("²") is None


def test_ending_sessions_ends_all_of_that_person_and_is_written_down(session, administrator):
    user = make_user()
    tokens = [sessions.start_session(each, now=NOW) for each in (user, user, administrator)]
    people.end_sessions(user, actor=administrator, now=NOW)
    found = [sessions.find_session(token, now=NOW) for token in tokens]
    assert [each is not None for each in found] == [False, False, True]
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.subject_id) == ("user.sessions_ended", user.id)
    assert event.actor_user_id == administrator.id


def test_reset_link_goes_to_the_person_alone_and_works(session, administrator):
    user = make_user(email="mairi@example.org")
    people.send_reset_link(user, actor=administrator, now=NOW)
    mail = session.scalars(select(OutboxMail)).one()
    assert mail.recipient == "mairi@example.org"
    token = mail.body.partition("/reset-password/")[2].split()[0]
    assert links.get_link(token, LinkPurpose.RESET_PASSWORD, now=NOW).user_id == user.id
    assert actions() == [("user.reset_link_sent", {})]


def test_reset_links_do_not_flood_a_mailbox(session, administrator):
    user = make_user()
    for _ in range(throttle.MAIL_RECIPIENT.attempts):
        people.send_reset_link(user, actor=administrator, now=NOW)
    with pytest.raises(Throttled):
        people.send_reset_link(user, actor=administrator, now=NOW)


def test_somebody_becomes_administrator_and_lead_and_neither_again(session, administrator):
    user = make_user()
    assert change(user, administrator, is_administrator=True, lead_areas=[FIFE, EDINBURGH])
    assert user.is_administrator
    assert change(user, administrator, lead_areas=[FIFE])
    assert not user.is_administrator
    assert [each.area_code for each in user.lead_scopes] == [FIFE]
    assert change(user, administrator)
    session.expire_all()
    assert user.lead_scopes == []
    assert actions() == [
        ("user.made_administrator", {}),
        ("user.made_lead", {"area": EDINBURGH}),
        ("user.made_lead", {"area": FIFE}),
        ("user.unmade_administrator", {}),
        ("user.unmade_lead", {"area": EDINBURGH}),
        ("user.unmade_lead", {"area": FIFE}),
    ]
    assert set(session.scalars(select(AuditEvent.actor_user_id))) == {administrator.id}


def test_changed_roles_end_every_session_and_unchanged_ones_none(session, administrator):
    user = make_lead([FIFE])
    token = sessions.start_session(user, now=NOW)
    assert not change(user, administrator, lead_areas=[FIFE])
    assert sessions.find_session(token, now=NOW) is not None
    assert actions() == []
    assert change(user, administrator)
    assert sessions.find_session(token, now=NOW) is None


def test_last_administrator_stays_one(session, administrator):
    make_user(is_administrator=True, erased_at=NOW)
    with pytest.raises(LastAdministrator):
        change(administrator, administrator)
    assert administrator.is_administrator
    assert actions() == []
    other = make_user()
    change(other, administrator, is_administrator=True)
    assert change(administrator, administrator)


def test_two_who_unmake_each_other_at_once_leave_one(app, writing):
    with writing():
        both = [make_user(is_administrator=True).id for _ in range(2)]
    barrier = threading.Barrier(2)

    def unmake(user_id, actor_id):
        with app.app_context(), write_intent():
            barrier.wait()
            user, actor = (db.session.get_one(User, each) for each in (user_id, actor_id))
            try:
                change(user, actor)
            except LastAdministrator:
                return "refused"
            db.session.commit()
            return "done"

    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(unmake, both, reversed(both)))
    assert sorted(outcomes) == ["done", "refused"]
    with writing() as session:
        assert len(session.scalars(select(User).where(User.is_administrator)).all()) == 1


def test_erased_account_gets_neither_roles_nor_mail(session, administrator):
    user = make_user(erased_at=NOW)
    with pytest.raises(DomainError, match="erased"):
        change(user, administrator, is_administrator=True)
    with pytest.raises(DomainError, match="erased"):
        people.send_reset_link(user, actor=administrator, now=NOW)
    assert session.scalars(select(OutboxMail)).all() == []


def test_what_is_loaded_of_a_professional_is_that_they_are_one(session):
    user_id = make_professional(hcpc_number="PH123456").user_id
    make_organisation(members=[db.session.get(User, user_id)], name="A charity")
    session.commit()
    session.expunge_all()
    user = people.find_person(user_id)
    assert "hcpc_number" not in user.professional.__dict__
    assert "employer" not in user.professional.__dict__
    assert user.memberships[0].organisation.name == "A charity"
    assert people.find_person(10_000) is None


def test_sessions_that_are_over_do_not_count(session, administrator):
    user = make_user()
    sessions.start_session(user, now=NOW - timedelta(hours=13))
    people.end_sessions(user, actor=administrator, now=NOW)
    assert sessions.count_live_sessions(user, now=NOW) == 0
    assert session.scalars(select(UserSession.ended_at)).one() == NOW
