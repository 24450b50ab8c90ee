"""Leaving an organisation oneself."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from matchmaker.extensions import db, write_intent
from matchmaker.models import Membership, MembershipRole, OutboxMail
from matchmaker.services import organisations
from matchmaker.services.errors import DomainError, FieldError
from tests.factories import NOW, make_organisation, make_user


def make_with(n_members, n_owners=1):
    organisation = make_organisation(members=[make_user() for _number in range(n_members)])
    for membership in organisation.memberships[:n_owners]:
        membership.role = MembershipRole.OWNER
    db.session.flush()
    return organisation


def roles(organisation):
    db.session.expire(organisation)
    return [(each.user_id, each.role) for each in organisation.memberships]


def test_an_editor_or_one_of_several_owners_simply_leaves(session):
    organisation = make_with(3, n_owners=2)
    first, second, third = organisation.memberships
    first_user = first.user_id
    organisations.leave(third, successor=None, now=NOW)
    organisations.leave(second, successor=None, now=NOW)
    assert roles(organisation) == [(first_user, MembershipRole.OWNER)]
    assert session.scalars(select(OutboxMail)).all() == []


def test_the_only_owner_names_who_comes_after_them_and_that_colleague_is_told(session):
    organisation = make_with(3)
    owner, one, two = organisation.memberships
    ids = (one.user_id, two.user_id)
    with pytest.raises(FieldError, match="Choose who"):
        organisations.leave(owner, successor=None, now=NOW)
    organisations.leave(owner, successor=two, now=NOW)
    assert roles(organisation) == [(ids[0], MembershipRole.EDITOR), (ids[1], MembershipRole.OWNER)]
    mail = session.scalars(select(OutboxMail)).one()
    assert (mail.kind, mail.user_id) == ("named_owner", ids[1])


def test_nobody_from_outside_is_named(session):
    organisation, other = make_with(2), make_with(1)
    with pytest.raises(FieldError, match="Choose who"):
        organisations.leave(organisation.memberships[0], successor=other.memberships[0], now=NOW)


def test_the_only_member_stays(session):
    organisation = make_with(1)
    with pytest.raises(DomainError, match="Invite a colleague"):
        organisations.leave(organisation.memberships[0], successor=None, now=NOW)
    assert len(roles(organisation)) == 1


def test_of_two_owners_who_leave_at_once_one_stays(app, trial_size):
    for _number in range(trial_size(3, 50)):
        with app.app_context(), write_intent():
            organisation = make_with(3, n_owners=2)
            organisation_id = organisation.id
            owners = [each.id for each in organisation.memberships[:2]]
            db.session.commit()
        gate = threading.Barrier(2)

        def leave(membership_id, gate=gate):
            gate.wait()
            with app.app_context(), write_intent():
                membership = db.session.get(Membership, membership_id)
                try:
                    organisations.leave(membership, successor=None, now=NOW)
                except FieldError:
                    db.session.rollback()
                    return False
                db.session.commit()
                return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(leave, owners)) == [False, True]
        with app.app_context():
            kept = select(Membership.role).where(Membership.organisation_id == organisation_id)
            assert sorted(db.session.scalars(kept)) == ["editor", "owner"]
