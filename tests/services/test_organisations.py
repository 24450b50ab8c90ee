"""Registering an organisation, changing its record, and who looks after it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from matchmaker.extensions import db, write_intent
from matchmaker.models import AuditEvent, Membership, MembershipRole, Organisation, User
from matchmaker.services.errors import DomainError, FieldError, StaleVersion
from matchmaker.services.organisations import (
    AlreadyRegistered,
    OrganisationDetails,
    change_role,
    edit_organisation,
    list_members,
    register_organisation,
    remove_member,
)
from matchmaker.services.registrations import Register
from tests.factories import FIFE, NOW, make_organisation, make_outcode, make_user

LATER = NOW + timedelta(days=1)
DETAILS = OrganisationDetails(
    name="  Fife   Stroke Friends ",
    register=Register.SCOTLAND,
    registration="sc012345",
    website="strokefriends.example",
    postcode="ky127ja",
)


def actions_on(organisation: Organisation) -> list[str]:
    return list(
        db.session.scalars(
            select(AuditEvent.action)
            .where(
                AuditEvent.subject_type == "organisation", AuditEvent.subject_id == organisation.id
            )
            .order_by(AuditEvent.id)
        )
    )


def test_whoever_registers_an_organisation_owns_it(session):
    user = make_user()
    organisation = register_organisation(DETAILS, actor=user, now=NOW)
    assert organisation.is_claimed
    assert [(each.user, each.role) for each in list_members(organisation)] == [
        (user, MembershipRole.OWNER)
    ]
    assert actions_on(organisation) == ["organisation.registered"]


def test_answers_are_tidied(session):
    make_outcode("KY12")
    organisation = register_organisation(DETAILS, actor=make_user(), now=NOW)
    assert organisation.name == "Fife Stroke Friends"
    assert organisation.registration == "GB-SC-SC012345"
    assert organisation.website == "https://strokefriends.example"
    assert organisation.postcode == "KY12 7JA"
    assert organisation.area_code == FIFE


def test_organisation_may_be_unregistered(session):
    for name in ("Walking group", "Knitting group"):
        details = OrganisationDetails(name=name)
        organisation = register_organisation(details, actor=make_user(), now=NOW)
        assert organisation.registration is None


def test_second_registration_says_what_to_do(session):
    first = register_organisation(DETAILS, actor=make_user(), now=NOW)
    with pytest.raises(AlreadyRegistered, match="Ask a colleague") as refusal:
        register_organisation(DETAILS, actor=make_user(), now=NOW)
    assert refusal.value.organisation is first


def test_imported_organisation_is_taken_over_by_invitation_only(session):
    make_organisation(registration="GB-SC-SC012345", claimed_at=None)
    with pytest.raises(AlreadyRegistered, match="Nobody looks after its pages yet"):
        register_organisation(DETAILS, actor=make_user(), now=NOW)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", " "),
        ("name", "x" * 201),
        ("description", "x" * 5001),
        ("registration", ""),
        ("registration", "12"),
        ("website", "javascript:alert(1)"),
        ("website", "not a website"),
        ("website", "https://[::1"),
        ("postcode", "somewhere"),
    ],
)
def test_answer_that_cannot_be_taken_is_named(session, field, wrong):
    answers = {"name": "A", "register": Register.SCOTLAND, "registration": "SC012345"}
    with pytest.raises(FieldError) as refusal:
        register_organisation(
            OrganisationDetails(**{**answers, field: wrong}), actor=make_user(), now=NOW
        )
    assert refusal.value.field == field


def test_edit_counts_as_a_check(session):
    organisation = register_organisation(DETAILS, actor=make_user(), now=NOW)
    changed = edit_organisation(
        organisation, OrganisationDetails(name="New name"), version=1, actor=make_user(), now=LATER
    )
    assert (changed.name, changed.registration, changed.version) == ("New name", None, 2)
    assert changed.last_checked_at == changed.updated_at == LATER
    assert actions_on(organisation)[-1] == "organisation.edited"


def test_edit_keeps_its_own_number(session):
    organisation = register_organisation(DETAILS, actor=make_user(), now=NOW)
    edit_organisation(organisation, DETAILS, version=1, actor=make_user(), now=LATER)
    assert organisation.registration == "GB-SC-SC012345"


def test_edit_cannot_take_the_number_of_another(session):
    register_organisation(DETAILS, actor=make_user(), now=NOW)
    other = register_organisation(OrganisationDetails(name="B"), actor=make_user(), now=NOW)
    with pytest.raises(AlreadyRegistered):
        edit_organisation(other, DETAILS, version=1, actor=make_user(), now=LATER)


def test_stale_edit_changes_nothing(session):
    organisation = register_organisation(DETAILS, actor=make_user(), now=NOW)
    edit_organisation(
        organisation, OrganisationDetails(name="First"), version=1, actor=make_user(), now=LATER
    )
    with pytest.raises(StaleVersion, match="nothing was saved"):
        edit_organisation(
            organisation, OrganisationDetails(name="Second"), version=1, actor=make_user(), now=NOW
        )
    assert organisation.name == "First"


@pytest.mark.parametrize("details", [DETAILS, OrganisationDetails(name="Walking group")])
def test_another_refusal_of_the_database_is_not_taken_for_a_double_registration(session, details):
    user = make_user()
    forget = delete(User).where(User.id == user.id)
    session.execute(forget.execution_options(synchronize_session=False))
    with pytest.raises(IntegrityError):
        register_organisation(details, actor=user, now=NOW)


def test_two_who_register_the_same_number_at_once_make_one_organisation(app, writing, trial_size):
    for round_number in range(trial_size(5, 100)):
        details = OrganisationDetails(name="A", registration=f"SC{round_number:06}")
        with writing():
            user_ids = [make_user().id for _ in range(4)]
        start = Barrier(len(user_ids))
        with ThreadPoolExecutor(len(user_ids)) as threads:
            hands = [
                threads.submit(try_to_register, app, each, details, start) for each in user_ids
            ]
        assert sorted(hand.result() for hand in hands) == [False, False, False, True]
    with app.app_context():
        count = db.session.scalar(select(func.count(Organisation.id)))
        assert count == db.session.scalar(select(func.count(Membership.id))) == round_number + 1


def try_to_register(app, user_id, details, start):
    with app.app_context(), write_intent():
        start.wait(timeout=30)
        try:
            register_organisation(details, actor=db.session.get_one(User, user_id), now=NOW)
        except AlreadyRegistered:
            return False
        db.session.commit()
        return True


def test_last_owner_cannot_step_down_or_leave(session):
    owner, editor = make_user(), make_user()
    organisation = make_organisation(members=[owner, editor])
    membership = list_members(organisation)[0]
    with pytest.raises(DomainError, match="at least one owner"):
        change_role(membership, MembershipRole.EDITOR, actor=owner, now=NOW)
    with pytest.raises(DomainError, match="at least one owner"):
        remove_member(membership, actor=owner, now=NOW)
    assert membership.role is MembershipRole.OWNER


def test_owner_can_hand_over_and_leave(session):
    owner, editor = make_user(), make_user()
    organisation = make_organisation(members=[owner, editor])
    first, second = list_members(organisation)
    change_role(second, MembershipRole.OWNER, actor=owner, now=NOW)
    remove_member(first, actor=owner, now=NOW)
    assert [each.user for each in list_members(organisation)] == [editor]
    assert actions_on(organisation) == [
        "organisation.member_role_changed",
        "organisation.member_removed",
    ]
