from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from matchmaker.extensions import Base, db
from matchmaker.models import (
    Answer,
    AuditEvent,
    Introduction,
    IntroductionMessage,
    IntroductionState,
    Membership,
    MembershipRole,
    OutboxMail,
    Proposer,
    Side,
    User,
    Waiting,
)
from matchmaker.services import accounts, matching, outbox, partnerships, sessions
from matchmaker.services.erasure import erase, is_only_administrator, list_left_behind
from matchmaker.services.passwords import verify_password
from matchmaker.services.retention import forget_expired
from matchmaker.services.side_mail import people_of
from tests.factories import (
    NOW,
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.services.personal_rows import make_somebody_known_everywhere

LATER = NOW + timedelta(days=1)
RELEASED = {
    "professional_answer": Answer.YES,
    "programme_answer": Answer.YES,
    "released_at": NOW,
}


def everything():
    """Every value in the database, by table and column."""
    db.session.expire_all()
    return [
        (table.name, column.name, str(value))
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(select(table))
        for column, value in zip(table.columns, row, strict=True)
    ]


def found(word):
    return sorted({(table, column) for table, column, value in everything() if word in value})


# --- What goes ------------------------------------------------------------------------------------


def test_no_word_of_theirs_stays_anywhere(session):
    """Whatever holds something about people is filled with words nobody could guess."""
    user = make_somebody_known_everywhere()
    kept = [table for table, _column in found("canary")]
    assert set(kept) > {"user", "professional", "introduction", "outbox_mail", "check_in"}
    erase(user, now=LATER)
    last = session.scalars(select(OutboxMail).where(OutboxMail.kind == "account_erased")).one()
    assert last.recipient == "canary@example.org"
    session.delete(last)
    session.flush()
    assert found("canary") == []
    assert found("KY99") == []


def test_no_row_leads_to_them_but_those_that_count(session):
    user = make_somebody_known_everywhere()
    user_id = user.id
    erase(user, now=LATER)
    session.flush()
    leading = {
        (mapper.class_.__tablename__, column.key)
        for mapper in Base.registry.mappers
        for column in inspect(mapper.class_).columns
        for key in column.foreign_keys
        if key.column.table.name == "user"
        and session.scalars(select(mapper.class_).where(column == user_id)).first() is not None
    }
    assert leading == {("professional", "user_id"), ("audit_event", "actor_user_id")}


def test_the_address_is_free_and_the_account_opens_nothing(session):
    user = make_somebody_known_everywhere()
    token = sessions.start_session(user, now=NOW)
    erase(user, now=LATER)
    assert accounts.find_user("canary@example.org") is None
    assert user.email == f"erased-{user.id}@erased.invalid"
    assert accounts.find_user(user.email) is None
    assert sessions.find_session(token, now=LATER) is None
    assert not verify_password(user.password_hash, "erased")
    assert (user.erased_at, user.is_administrator, user.lead_scopes) == (LATER, False, [])
    again = make_user(email="canary@example.org")
    assert accounts.find_user("canary@example.org") is again


def test_nobody_else_loses_anything(session):
    other = make_user(email="ewan@example.org", name="Ewan")
    professional = make_professional(user=other, employer="Victoria Hospital")
    organisation = make_organisation(members=[other], email=other.email)
    programme = make_programme(organisation=organisation, contact_email=other.email)
    introduction = make_introduction(
        professional=professional, state=IntroductionState.ACTIVE, **RELEASED
    )
    introduction.messages.append(
        IntroductionMessage(author=other, side=Side.PROFESSIONAL, body="Hello", created_at=NOW)
    )
    sessions.start_session(other, now=NOW)
    outbox.enqueue("theirs", recipient=other.email, subject="s", body="b", now=NOW, user=other)
    session.flush()
    before = everything()
    erase(make_professional().user, now=LATER)
    after = everything()
    assert [each for each in before if each not in after] == []
    assert (programme.contact_email, organisation.email) == (other.email, other.email)


# --- What stays -----------------------------------------------------------------------------------


def test_counts_survive_without_identity(session):
    user = make_somebody_known_everywhere()
    professional = user.professional
    completed = session.scalars(
        select(Introduction).where(Introduction.state == IntroductionState.COMPLETED)
    ).one()
    erase(user, now=LATER)
    session.refresh(completed)
    assert completed.state is IntroductionState.COMPLETED
    assert completed.outcome is not None
    assert completed.released_at == NOW
    session.refresh(professional)
    assert professional.profession == "physiotherapist"
    assert [area.area_code for area in professional.areas] == ["S12000047"]
    assert professional.updated_at == LATER
    (erased,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "user.erased"))
    assert (erased.subject_id, erased.actor_user_id, erased.details) == (user.id, user.id, {})


def test_erasing_twice_is_erasing_once(session):
    user = make_user()
    erase(user, now=NOW)
    erase(user, now=LATER)
    assert user.erased_at == NOW
    actions = select(AuditEvent.action).where(AuditEvent.action == "user.erased")
    assert len(session.scalars(actions).all()) == 1
    assert len(session.scalars(select(OutboxMail)).all()) == 1


# --- What happens to others -----------------------------------------------------------------------


@pytest.mark.parametrize("proposed_by", Proposer)
def test_open_proposals_end_and_the_others_are_told_no_name(session, proposed_by):
    user = make_user(name="canary-name", email="canary@example.org")
    member = make_user(email="member@example.org")
    programme = make_programme(organisation=make_organisation(members=[member]))
    introduction = make_introduction(
        professional=make_professional(user=user), programme=programme, proposed_by=proposed_by
    )
    erase(user, now=LATER)
    is_own = proposed_by is Proposer.PROFESSIONAL
    wanted = IntroductionState.WITHDRAWN if is_own else IntroductionState.DECLINED
    session.refresh(introduction)
    assert introduction.state is wanted
    told = session.scalars(select(OutboxMail).where(OutboxMail.recipient == member.email)).all()
    assert len(told) == (0 if proposed_by is Proposer.LEAD else 1)
    assert "canary" not in "".join(each.subject + each.body + each.html for each in told)


@pytest.mark.parametrize("state", [IntroductionState.ACTIVE, IntroductionState.COMPLETED])
def test_nobody_sees_any_more_how_to_reach_them(session, state):
    user = make_user()
    is_over = state is IntroductionState.COMPLETED
    introduction = make_introduction(
        professional=make_professional(user=user),
        state=state,
        closed_at=NOW if is_over else None,
        outcome="achieved" if is_over else None,
        **RELEASED,
    )
    assert partnerships.contact_of(introduction, Side.PROFESSIONAL) is not None
    erase(user, now=LATER)
    session.refresh(introduction)
    assert introduction.state is (state if is_over else IntroductionState.WITHDRAWN)
    assert partnerships.contact_of(introduction, Side.PROFESSIONAL) is None
    assert people_of(introduction, Side.PROFESSIONAL) == []


def test_they_are_suggested_to_nobody(session):
    professional, programme = make_professional(), make_programme()
    session.commit()
    suggested = matching.suggest_for_programme(programme, now=NOW, top=5)
    assert [each.professional for each in suggested] == [professional]
    erase(professional.user, now=LATER)
    session.flush()
    assert matching.suggest_for_programme(programme, now=LATER, top=5) == []


def test_no_mail_of_theirs_is_sent_any_more(session):
    user, other = make_user(), make_user()
    waiting, sent, theirs = (
        outbox.enqueue(key, recipient=whose.email, subject="s", body="b", now=NOW, user=whose)
        for key, whose in (("waiting", user), ("sent", user), ("theirs", other))
    )
    sent.sent_at = NOW
    erase(user, now=LATER)
    session.expire_all()
    assert (waiting.failed_at, waiting.sent_at) == (LATER, None)
    assert (sent.failed_at, sent.sent_at) == (None, NOW)
    assert (theirs.failed_at, theirs.body) == (None, "b")


def test_the_last_mail_is_forgotten_soon_after_it_was_sent(session):
    user = make_user(email="canary@example.org")
    erase(user, now=NOW)
    mail = session.scalars(select(OutboxMail)).one()
    mail.sent_at = NOW
    session.flush()
    forget_expired(now=NOW + timedelta(days=14))
    assert session.scalars(select(OutboxMail.recipient)).all() == ["canary@example.org"]
    forget_expired(now=NOW + timedelta(days=14, minutes=1))
    assert session.scalars(select(OutboxMail)).all() == []


# --- Organisations --------------------------------------------------------------------------------


def roles(session, organisation):
    rows = session.scalars(
        select(Membership)
        .where(Membership.organisation_id == organisation.id)
        .order_by(Membership.id)
        .execution_options(populate_existing=True)
    )
    return [(each.user, each.role) for each in rows]


def test_the_only_owner_is_followed_by_the_colleague_who_has_been_there_longest(session):
    owner, newer, older = make_user(), make_user(), make_user(email="older@example.org")
    organisation = make_organisation(members=[owner, newer, older])
    organisation.memberships[2].created_at = NOW - timedelta(days=1)
    session.flush()
    (left,) = list_left_behind(owner)
    assert (left.organisation, left.heir) == (organisation, older)
    erase(owner, now=LATER)
    assert roles(session, organisation) == [
        (newer, MembershipRole.EDITOR),
        (older, MembershipRole.OWNER),
    ]
    assert organisation.is_claimed
    told = session.scalars(select(OutboxMail).where(OutboxMail.kind == "made_owner")).all()
    assert [each.recipient for each in told] == ["older@example.org"]


@pytest.mark.parametrize("role", MembershipRole)
def test_one_of_several_just_leaves(session, role):
    owner, second = make_user(), make_user()
    organisation = make_organisation(members=[owner, second])
    organisation.memberships[1].role = role
    session.flush()
    assert list_left_behind(second) == []
    erase(second, now=LATER)
    assert roles(session, organisation) == [(owner, MembershipRole.OWNER)]
    assert organisation.is_claimed
    assert session.scalars(select(OutboxMail).where(OutboxMail.kind == "made_owner")).all() == []


def test_what_nobody_looks_after_any_more_waits_to_be_claimed(session):
    owner = make_user()
    organisation = make_organisation(members=[owner])
    proposals = [
        make_introduction(programme=make_programme(organisation=organisation)) for _ in range(2)
    ]
    (left,) = list_left_behind(owner)
    assert (left.organisation, left.heir) == (organisation, None)
    erase(owner, now=LATER)
    session.expire_all()
    assert not organisation.is_claimed
    assert roles(session, organisation) == []
    assert [each.waiting_for for each in proposals] == [Waiting.CLAIM] * 2
    assert {each.state for each in proposals} == {IntroductionState.PROPOSED}


def test_only_the_only_administrator_is_warned(session):
    first, nobody = make_user(is_administrator=True), make_user()
    assert is_only_administrator(first)
    assert not is_only_administrator(nobody)
    make_user(is_administrator=True)
    assert not is_only_administrator(first)


def test_somebody_without_a_profile_or_an_organisation_can_go_too(session):
    user = make_user()
    erase(user, now=NOW)
    assert session.get(User, user.id).name == ""
