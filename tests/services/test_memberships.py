from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db, write_intent
from matchmaker.models import (
    AuditEvent,
    LinkPurpose,
    LinkToken,
    Membership,
    MembershipRole,
    Organisation,
    OutboxMail,
    User,
    Waiting,
)
from matchmaker.services import memberships, throttle
from matchmaker.services.errors import FieldError, LinkUnusable, Throttled
from matchmaker.services.links import get_link
from matchmaker.services.passwords import PasswordHash
from tests.factories import NOW, make_introduction, make_organisation, make_programme, make_user

EMAIL = "mairi@example.org"
HOUR = timedelta(hours=1)
HASH = PasswordHash("a hash")


def make_unclaimed(**values):
    return make_organisation(claimed_at=None, **values)


def invite(organisation, email=EMAIL, role=MembershipRole.EDITOR, now=NOW, actor=None):
    """Invite, as its first owner or as a stranger, and return the link that was mailed."""
    actor = actor or next((each.user for each in organisation.memberships), None) or make_user()
    memberships.invite(organisation, email=email, role=role, actor=actor, now=now)
    mail = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()
    token = mail.body.partition("/join/")[2].split()[0]
    return get_link(token, LinkPurpose.JOIN_ORGANISATION, now=now)


def test_invitation_of_an_owner_names_the_inviter_and_the_organisation(session):
    organisation = make_organisation(name="Breathe Easy Fife", members=[make_user()])
    link = invite(organisation, " Mairi@Example.org ")
    mail = session.scalars(select(OutboxMail)).one()
    assert mail.recipient == link.email == EMAIL
    assert "invites you" in mail.subject
    assert "Breathe Easy Fife" in mail.subject
    assert memberships.get_invited_organisation(link) is organisation


def test_invitation_to_an_unclaimed_organisation_asks_to_take_it_over(session):
    user = make_user(email=EMAIL)
    invite(make_unclaimed())
    mail = session.scalars(select(OutboxMail)).one()
    assert "look after it" in mail.subject
    assert mail.user_id == user.id


def test_member_is_not_invited_again(session):
    user = make_user(email=EMAIL)
    with pytest.raises(FieldError, match="already"):
        invite(make_organisation(members=[user]))


@pytest.mark.parametrize("role", [MembershipRole.EDITOR, None])
def test_invitation_of_an_owner_who_is_one_no_more_is_worth_nothing(session, role):
    organisation = make_organisation(members=[make_user(), make_user()], claimed_at=NOW - HOUR)
    link = invite(organisation, role=MembershipRole.OWNER)
    assert memberships.get_invited_organisation(link) is organisation
    if role is None:
        organisation.memberships.pop(0)
    else:
        organisation.memberships[0].role = role
    session.flush()
    with pytest.raises(LinkUnusable):
        memberships.get_invited_organisation(link)
    with pytest.raises(LinkUnusable):
        memberships.join(link, make_user(email=EMAIL), now=NOW)


def test_invitation_from_before_the_organisation_was_claimed_stays_good(session):
    organisation = make_unclaimed()
    first, second = invite(organisation), invite(organisation, "ann@example.org")
    memberships.join(first, make_user(email=EMAIL), now=NOW)
    memberships.join(second, make_user(email="ann@example.org"), now=NOW + HOUR)
    assert len(session.scalars(select(Membership)).all()) == 2


def test_nobody_invites_hundreds_of_strangers(session):
    organisation, actor = make_organisation(members=[make_user()]), make_user()
    for number in range(throttle.INVITER.attempts):
        invite(organisation, f"{number}@example.org", actor=actor)
    with pytest.raises(Throttled):
        invite(organisation, "one-more@example.org", actor=actor)


def test_nobody_is_sent_invitation_after_invitation(session):
    for _ in range(throttle.MAIL_RECIPIENT.attempts):
        invite(make_organisation(members=[make_user()]))
    with pytest.raises(Throttled):
        invite(make_organisation(members=[make_user()]))


@pytest.mark.parametrize("role", list(MembershipRole))
def test_joining_gives_the_role_of_the_invitation(session, role):
    organisation = make_organisation(members=[make_user()])
    user = make_user(email=EMAIL)
    membership = memberships.join(invite(organisation, role=role), user, now=NOW)
    assert (membership.user, membership.organisation, membership.role) == (user, organisation, role)


def test_owners_hear_of_nobody_whom_one_of_them_invited(session):
    organisation = make_organisation(members=[make_user(), make_user()])
    organisation.memberships[1].role = MembershipRole.OWNER
    memberships.join(invite(organisation), make_user(email=EMAIL), now=NOW)
    assert session.scalars(select(OutboxMail).where(OutboxMail.kind == "owner_joined")).all() == []


def test_first_to_join_an_unclaimed_organisation_owns_and_claims_it(session):
    organisation, user = make_unclaimed(), make_user(email=EMAIL)
    membership = memberships.join(invite(organisation), user, now=NOW)
    assert membership.role is MembershipRole.OWNER
    assert organisation.claimed_at == NOW
    actions = set(session.scalars(select(AuditEvent.action)))
    assert {"organisation.member_joined", "organisation.claimed"} <= actions


def test_second_to_join_gets_what_the_invitation_says(session):
    organisation = make_unclaimed()
    first = invite(organisation)
    second = invite(organisation, "ewan@example.org")
    memberships.join(first, make_user(email=EMAIL), now=NOW)
    ewan = make_user(email="ewan@example.org")
    assert memberships.join(second, ewan, now=NOW).role is MembershipRole.EDITOR


def test_requests_that_waited_for_somebody_reach_them(session):
    organisation = make_unclaimed()
    introduction = make_introduction(
        programme=make_programme(organisation=organisation),
        waiting_for=Waiting.CLAIM,
        waiting_since_at=NOW,
    )
    memberships.join(invite(organisation), make_user(email=EMAIL), now=NOW)
    assert introduction.waiting_for is None
    told = session.scalars(select(OutboxMail.recipient).order_by(OutboxMail.id)).all()
    assert told[1:] == [EMAIL]


def test_invitation_is_for_its_address_only_and_stays_usable(session):
    organisation = make_organisation(members=[make_user()])
    link = invite(organisation)
    with pytest.raises(LinkUnusable, match="another e-mail"):
        memberships.join(link, make_user(email="ewan@example.org"), now=NOW)
    assert memberships.join(link, make_user(email=EMAIL), now=NOW)


def test_invitation_works_once(session):
    link = invite(make_organisation(members=[make_user()]))
    user = make_user(email=EMAIL)
    memberships.join(link, user, now=NOW)
    with pytest.raises(LinkUnusable, match="used already"):
        memberships.join(link, user, now=NOW)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (MembershipRole.EDITOR, MembershipRole.OWNER, MembershipRole.OWNER),
        (MembershipRole.OWNER, MembershipRole.EDITOR, MembershipRole.OWNER),
    ],
)
def test_second_invitation_raises_a_member_but_lowers_nobody(session, first, second, expected):
    organisation = make_organisation(members=[make_user()])
    links = [
        invite(organisation, role=first),
        invite(organisation, role=second, now=NOW + timedelta(days=1)),
    ]
    user = make_user(email=EMAIL)
    for link in links:
        membership = memberships.join(link, user, now=NOW)
    assert membership.role is expected
    assert len(session.scalars(select(Membership).where(Membership.user == user)).all()) == 1


def test_person_without_an_account_gets_one_and_joins(session):
    organisation = make_unclaimed()
    user = memberships.register_and_join(
        invite(organisation), name="Mairi", password_hash=HASH, now=NOW
    )
    assert (user.email, user.name) == (EMAIL, "Mairi")
    assert memberships.find_membership(organisation, user).role is MembershipRole.OWNER


def test_link_to_an_organisation_that_is_gone_is_unknown(session):
    link = LinkToken(
        purpose=LinkPurpose.JOIN_ORGANISATION, email=EMAIL, created_at=NOW, expires_at=NOW
    )
    with pytest.raises(LinkUnusable, match="no longer known"):
        memberships.get_invited_organisation(link)


def test_of_two_who_claim_at_once_one_claims_and_both_join(app, writing, trial_size):
    """The organisation's row is held: only the first becomes owner by claiming."""
    for number in range(trial_size(5, 100)):
        with writing():
            organisation = make_unclaimed()
            organisation_id = organisation.id
            joining = []
            for name in ("a", "b"):
                user = make_user(email=f"{name}{number}@example.org")
                joining.append((invite(organisation, user.email).id, user.id))
        gate = threading.Barrier(2)

        def join(ids, gate=gate):
            gate.wait()
            with app.app_context(), write_intent():
                link, user = db.session.get(LinkToken, ids[0]), db.session.get(User, ids[1])
                role = memberships.join(link, user, now=NOW).role
                db.session.commit()
                return role

        with ThreadPoolExecutor(2) as pool:
            roles = sorted(pool.map(join, joining))
        assert roles == [MembershipRole.EDITOR, MembershipRole.OWNER]
        with app.app_context():
            assert db.session.get(Organisation, organisation_id).is_claimed
            claims = select(AuditEvent).where(
                AuditEvent.action == "organisation.claimed",
                AuditEvent.subject_id == organisation_id,
            )
            assert len(db.session.scalars(claims).all()) == 1
