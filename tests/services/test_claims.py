from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db, write_intent
from matchmaker.models import (
    AuditEvent,
    Claim,
    ClaimState,
    Introduction,
    MembershipRole,
    Organisation,
    OutboxMail,
    User,
    Waiting,
)
from matchmaker.services import claims, erasure, memberships, organisations, throttle
from matchmaker.services.errors import AlreadyAnswered, DomainError, FieldError, Throttled
from matchmaker.services.policy import ANONYMOUS, actor_for
from tests.factories import (
    EDINBURGH,
    FIFE,
    NOW,
    make_introduction,
    make_lead,
    make_organisation,
    make_programme,
    make_user,
)

WORDS = {"job": "Co-ordinator", "evidence": "Ring the office."}
DAY = timedelta(days=1)


def make_unclaimed(**values):
    defaults = {"claimed_at": None, "website": "https://www.kelty.org.uk", "area_code": FIFE}
    return make_organisation(**{**defaults, **values})


def at_their_domain():
    return make_user(email=f"ann{make_user().id}@kelty.org.uk")


def ask(organisation, user=None, **words):
    return claims.ask(organisation, actor=user or make_user(), now=NOW, **(words or WORDS))


def role_of(organisation, user):
    membership = memberships.find_membership(organisation, user)
    return None if membership is None else membership.role


def mails(kind):
    return db.session.scalars(select(OutboxMail).where(OutboxMail.kind == kind)).all()


def test_somebody_at_its_own_domain_owns_it_at_once_and_gets_what_waits(session):
    organisation = make_unclaimed()
    waiting = make_introduction(
        programme=make_programme(organisation=organisation),
        waiting_for=Waiting.CLAIM,
        waiting_since_at=NOW - DAY,
    )
    user = at_their_domain()
    claim = claims.ask(organisation, actor=user, now=NOW)
    assert (claim.state, claim.by_domain, claim.decided_at) == (ClaimState.ACCEPTED, True, NOW)
    assert role_of(organisation, user) is MembershipRole.OWNER
    assert organisation.claimed_at == NOW
    assert session.get(Introduction, waiting.id).waiting_for is None
    assert [mail.user_id for mail in mails("introduction_asked")] == [user.id]


def test_somebody_else_says_what_they_do_and_waits(session):
    organisation, user = make_unclaimed(), make_user()
    claim = ask(organisation, user)
    assert claim.state is ClaimState.WAITING
    assert claims.find_waiting(organisation, user) is claim
    assert role_of(organisation, user) is None
    assert not organisation.is_claimed
    assert [event.action for event in session.scalars(select(AuditEvent))] == ["claim.made"]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"job": " ", "evidence": "Ring."}, "job"),
        ({"job": "Chair", "evidence": ""}, "evidence"),
        ({"job": "x" * 201, "evidence": "Ring."}, "job"),
        ({"job": "Chair", "evidence": "x" * 1001}, "evidence"),
    ],
)
def test_what_cannot_be_checked_is_asked_for_again(session, words, field):
    with pytest.raises(FieldError) as refusal:
        ask(make_unclaimed(), **words)
    assert refusal.value.field == field


def test_nobody_asks_twice_or_for_what_is_theirs(session):
    organisation, user = make_unclaimed(), make_user()
    ask(organisation, user)
    with pytest.raises(DomainError, match="asked already"):
        ask(organisation, user)
    own = make_organisation(members=[user])
    with pytest.raises(DomainError, match="look after this organisation already"):
        ask(own, user)


def test_nobody_asks_for_dozens(session):
    user = make_user()
    for _number in range(throttle.CLAIMANT.attempts):
        ask(make_unclaimed(), user)
    with pytest.raises(Throttled):
        ask(make_unclaimed(), user)


def test_a_lead_lets_somebody_in_and_they_are_told(session):
    organisation, user, lead = make_unclaimed(), make_user(), make_lead([FIFE])
    claim = claims.accept(ask(organisation, user), note=" Welcome. ", actor=lead, now=NOW + DAY)
    assert role_of(organisation, user) is MembershipRole.OWNER
    assert (claim.state, claim.decided_by_user_id) == (ClaimState.ACCEPTED, lead.id)
    (mail,) = mails("claim_accepted")
    assert (mail.user_id, "> Welcome." in mail.body) == (user.id, True)


def test_a_lead_says_no_and_why(session):
    organisation, user, lead = make_unclaimed(), make_user(), make_lead([FIFE])
    claim = ask(organisation, user)
    with pytest.raises(FieldError, match="Say why"):
        claims.refuse(claim, note=" ", actor=lead, now=NOW)
    with pytest.raises(FieldError, match="1000"):
        claims.refuse(claim, note="x" * 1001, actor=lead, now=NOW)
    claims.refuse(claim, note="The office does not know you.", actor=lead, now=NOW)
    assert role_of(organisation, user) is None
    assert "The office does not know you." in mails("claim_refused")[0].body
    again = ask(organisation, user)
    assert again.state is ClaimState.WAITING


def test_a_lead_sees_what_waits_in_their_areas_and_an_administrator_all(session):
    fife, edinburgh = (make_unclaimed(area_code=area) for area in (FIFE, EDINBURGH))
    here, there = ask(fife), ask(edinburgh)
    administrator = make_user(is_administrator=True)
    own = claims.ask(fife, actor=administrator, now=NOW, **WORDS)
    lead = make_lead([FIFE])
    assert claims.list_waiting(actor_for(lead)) == [here, own]
    assert claims.list_waiting(actor_for(administrator)) == [here, there]
    assert claims.list_waiting(actor_for(make_user())) == []
    assert claims.list_waiting(ANONYMOUS) == []


def test_owners_decide_once_there_are_some(session):
    owner, user, lead = make_user(), make_user(), make_lead([FIFE])
    organisation = make_unclaimed(members=[owner], claimed_at=NOW)
    claim = ask(organisation, user)
    (mail,) = mails("claim_asks_owner")
    assert (mail.user_id, "Co-ordinator" in mail.body) == (owner.id, True)
    assert claims.list_waiting(actor_for(lead)) == []
    assert claims.list_waiting(actor_for(owner)) == [claim]
    with pytest.raises(AlreadyAnswered, match="owners decide"):
        claims.accept(claim, note="", actor=lead, now=NOW)
    claims.accept(claim, note="", actor=owner, now=NOW)
    assert role_of(organisation, user) is MembershipRole.EDITOR


def test_a_second_address_at_the_domain_waits_for_the_owner_without_words(session):
    organisation = make_unclaimed()
    first, second = at_their_domain(), at_their_domain()
    claims.ask(organisation, actor=first, now=NOW)
    claim = claims.ask(organisation, actor=second, now=NOW)
    assert claim.state is ClaimState.WAITING
    (mail,) = mails("claim_asks_owner")
    assert (mail.user_id, "at your own domain" in mail.body) == (first.id, True)


def test_requests_that_wait_go_to_the_first_owner(session):
    organisation, late = make_unclaimed(), make_user()
    ask(organisation, late)
    first = at_their_domain()
    claims.ask(organisation, actor=first, now=NOW)
    assert [mail.user_id for mail in mails("claim_asks_owner")] == [first.id]


def test_a_request_can_be_taken_back_until_it_is_decided(session):
    organisation, user, lead = make_unclaimed(), make_user(), make_lead([FIFE])
    claim = claims.withdraw(ask(organisation, user), actor=user, now=NOW)
    assert claim.state is ClaimState.WITHDRAWN
    with pytest.raises(AlreadyAnswered, match="withdrawn"):
        claims.accept(claim, note="", actor=lead, now=NOW)
    with pytest.raises(AlreadyAnswered, match="decided already"):
        claims.withdraw(claim, actor=user, now=NOW)


def test_nobody_reads_any_more_of_a_request_that_is_gone_or_no_longer_theirs_to_decide(session):
    staying, leaving, asking = make_user(), make_user(), make_user()
    organisation, other = (make_organisation(members=[staying, leaving]) for _each in range(2))
    for each in (organisation, other):
        each.memberships[1].role = MembershipRole.OWNER
    session.flush()
    first, second = (ask(each, asking) for each in (organisation, other))

    def readers():
        session.expire_all()
        return [mail.user_id for mail in mails("claim_asks_owner") if "Co-ordinator" in mail.body]

    assert readers() == [staying.id, leaving.id] * 2
    organisations.remove_member(organisation.memberships[1], actor=staying, now=NOW)
    assert readers() == [staying.id, staying.id, leaving.id]
    claims.withdraw(first, actor=asking, now=NOW)
    assert readers() == [staying.id, leaving.id]
    assert second.state is ClaimState.WAITING
    erasure.erase(asking, now=NOW)
    assert readers() == []


def test_two_with_addresses_there_who_come_at_once_are_one_owner_and_one_who_asks(app, trial_size):
    for _number in range(trial_size(2, 50)):
        with app.app_context(), write_intent():
            organisation_id = make_unclaimed().id
            users = [at_their_domain().id for _each in range(2)]
            db.session.commit()
        gate = threading.Barrier(2)

        def come(user_id, organisation_id=organisation_id, gate=gate):
            gate.wait()
            with app.app_context(), write_intent():
                organisation = db.session.get(Organisation, organisation_id)
                claim = claims.ask(organisation, actor=db.session.get(User, user_id), now=NOW)
                db.session.commit()
                return claim.state.value

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(come, users)) == ["accepted", "waiting"]


def test_somebody_who_was_invited_meanwhile_stays_what_they_are(session):
    organisation, user = make_unclaimed(), make_user()
    claim = ask(organisation, user)
    memberships.add_member(organisation, user, MembershipRole.OWNER, now=NOW)
    other = make_user()
    memberships.add_member(organisation, other, MembershipRole.OWNER, now=NOW)
    claims.accept(claim, note="", actor=other, now=NOW)
    assert role_of(organisation, user) is MembershipRole.OWNER
    assert len(organisation.memberships) == 2


def test_nothing_is_decided_about_somebody_who_is_gone(app):
    with app.app_context(), write_intent():
        organisation, user, lead = make_unclaimed(), make_user(), make_lead([FIFE])
        claim_id, lead_id = ask(organisation, user).id, lead.id
        db.session.commit()
        claim = claims.find_claim(claim_id)
        # The page has been read; the row goes before the answer comes.
        db.session.expunge(claim)
        erasure.erase(db.session.get(User, claim.user_id), now=NOW)
        db.session.commit()
        with pytest.raises(AlreadyAnswered, match="erased"):
            claims.accept(claim, note="", actor=db.session.get(User, lead_id), now=NOW)


def test_of_two_who_decide_at_once_one_does(app, trial_size):
    for _number in range(trial_size(3, 50)):
        with app.app_context(), write_intent():
            leads = [make_lead([FIFE]).id for _each in range(2)]
            claim_id = ask(make_unclaimed()).id
            db.session.commit()
        gate = threading.Barrier(2)

        def decide(lead_id, how, claim_id=claim_id, gate=gate):
            gate.wait()
            with app.app_context(), write_intent():
                claim = claims.find_claim(claim_id)
                lead = db.session.get(User, lead_id)
                try:
                    how(claim, note="Because.", actor=lead, now=NOW)
                except AlreadyAnswered:
                    db.session.rollback()
                    return False
                db.session.commit()
                return True

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(decide, leads, [claims.accept, claims.refuse]))
        assert sorted(done) == [False, True]
        with app.app_context():
            claim = db.session.get(Claim, claim_id)
            is_accepted = claim.state is ClaimState.ACCEPTED
            assert is_accepted == done[0]
            assert claim.organisation.is_claimed == is_accepted
            assert len(mails("claim_accepted" if is_accepted else "claim_refused")) >= 1
            told = select(OutboxMail).where(OutboxMail.dedupe_key.endswith(f":{claim_id}:decided"))
            assert len(db.session.scalars(told).all()) == 1
