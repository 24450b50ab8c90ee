"""Having one's registration looked up, by hand and with every look written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.models import AuditEvent, CheckState, OutboxMail, RegisterCheck
from matchmaker.services import accounts, professionals, register_checks
from matchmaker.services.erasure import erase
from matchmaker.services.errors import AlreadyAnswered, DomainError, StaleVersion
from matchmaker.services.limited_view import limited_view
from matchmaker.services.policy import Action, actor_for, may
from matchmaker.services.professionals import Work
from matchmaker.services.retention import forget_expired
from tests.factories import FIFE, NOW, make_lead, make_professional, make_user

LATER = NOW + timedelta(days=1)


@pytest.fixture
def ann(session):
    user = make_user(name="Ann Rae", email="ann@example.org")
    make_professional(user=user, hcpc_number="PH123456")
    session.refresh(user)
    return user


@pytest.fixture
def lead(session):
    return make_lead([FIFE])


@pytest.fixture
def check(ann, lead):
    return register_checks.ask(ann.professional, actor=ann, now=NOW)


def decide(check, found, lead, **values):
    values = {"digest": register_checks.digest_of(check.professional), "now": LATER, **values}
    return register_checks.decide(check, found, actor=lead, **values)


def save_work(user, **values):
    answers = {
        "profession": "physiotherapist",
        "setting": None,
        "employer": "Victoria Hospital",
        "offers_text": "",
        "hcpc_number": "PH123456",
        **values,
    }
    professional = user.professional
    professionals.save(
        professional, Work(**answers), version=professional.version, actor=user, now=LATER
    )


def test_a_check_waits_for_the_leads_of_the_place(session, check, lead, ann):
    elsewhere = make_lead(["W92000004"])
    administrator = make_user(is_administrator=True)
    assert register_checks.list_waiting(actor_for(lead)) == [check]
    for other in (elsewhere, administrator, ann):
        assert register_checks.list_waiting(actor_for(other)) == []


def test_nobody_checks_themselves(session):
    lead = make_lead([FIFE])
    make_professional(user=lead, hcpc_number="PH123456")
    session.refresh(lead)
    with pytest.raises(DomainError, match="Nobody looks after"):
        register_checks.ask(lead.professional, actor=lead, now=NOW)
    make_lead([FIFE])
    check = register_checks.ask(lead.professional, actor=lead, now=NOW)
    assert not may(actor_for(lead), Action.CHECK_REGISTRATION, check)


def test_asking_twice_is_asking_once(session, check, ann):
    assert register_checks.ask(ann.professional, actor=ann, now=LATER) is check
    session.add(RegisterCheck(professional_id=check.professional_id, requested_at=NOW))
    with pytest.raises(IntegrityError):
        session.flush()


def test_there_is_nothing_to_check_without_a_number_or_twice(session, ann, lead):
    ann.professional.hcpc_number = ""
    session.flush()
    with pytest.raises(DomainError, match="Enter your HCPC number"):
        register_checks.ask(ann.professional, actor=ann, now=NOW)
    ann.professional.hcpc_number = "PH123456"
    ann.professional.hcpc_checked_at = NOW
    session.flush()
    with pytest.raises(DomainError, match="checked already"):
        register_checks.ask(ann.professional, actor=ann, now=NOW)


@pytest.mark.parametrize(
    ("found", "checked_at", "sentence"),
    [
        (CheckState.FOUND, LATER, "found you"),
        (CheckState.NOT_FOUND, None, "did not find your number"),
        (CheckState.DIFFERS, None, "is not the one in your profile"),
    ],
)
def test_what_was_found_is_dated_mailed_and_written_down(
    session, check, ann, lead, found, checked_at, sentence
):
    decide(check, found, lead)
    assert (check.state, check.decided_at, check.decided_by_user_id) == (found, LATER, lead.id)
    assert ann.professional.hcpc_checked_at == checked_at
    assert limited_view(ann.professional).registration_checked_at == checked_at
    mail = session.scalars(select(OutboxMail)).one()
    assert mail.recipient == "ann@example.org"
    assert sentence in mail.body
    assert "PH123456" not in mail.body + mail.html + mail.subject
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [each.action for each in events] == ["register_check.asked", "register_check.decided"]
    assert events[-1].details == {"found": found.value}


def test_a_check_is_decided_once(check, lead):
    decide(check, CheckState.FOUND, lead)
    with pytest.raises(AlreadyAnswered):
        decide(check, CheckState.NOT_FOUND, lead)


def test_only_what_a_register_can_say_is_written_down(check, lead):
    with pytest.raises(ValueError, match="withdrawn"):
        decide(check, CheckState.WITHDRAWN, lead)


def test_other_details_than_were_looked_up_are_not_decided_about(session, check, ann, lead):
    digest = register_checks.digest_of(ann.professional)
    ann.name = "Ann Other"
    session.flush()
    with pytest.raises(StaleVersion, match="Look them up again"):
        decide(check, CheckState.FOUND, lead, digest=digest)
    assert ann.professional.hcpc_checked_at is None


@pytest.mark.parametrize(
    "change",
    [
        lambda ann: save_work(ann, hcpc_number="PH654321"),
        lambda ann: save_work(ann, profession="dietitian"),
        lambda ann: accounts.rename(ann, "Ann Other", now=LATER),
    ],
    ids=["number", "profession", "name"],
)
@pytest.mark.parametrize("is_decided", [True, False])
def test_other_details_have_to_be_checked_anew(session, check, ann, lead, change, is_decided):
    if is_decided:
        decide(check, CheckState.FOUND, lead)
    change(ann)
    assert ann.professional.hcpc_checked_at is None
    assert check.state is (CheckState.FOUND if is_decided else CheckState.WITHDRAWN)
    assert register_checks.find_waiting(ann.professional) is None
    actions = session.scalars(select(AuditEvent.action)).all()
    assert ("register_check.cleared" in actions) == is_decided
    register_checks.ask(ann.professional, actor=ann, now=LATER)


def test_what_has_nothing_to_do_with_it_clears_nothing(check, ann, lead):
    decide(check, CheckState.FOUND, lead)
    save_work(ann, employer="Another hospital")
    accounts.rename(ann, "Ann Rae", now=LATER)
    assert ann.professional.hcpc_checked_at == LATER


def test_somebody_wants_no_check_after_all(check, ann, lead):
    register_checks.withdraw(ann.professional, actor=ann, now=LATER)
    register_checks.withdraw(ann.professional, actor=ann, now=LATER)
    assert (check.state, check.decided_at) == (CheckState.WITHDRAWN, LATER)
    assert register_checks.find_last(ann.professional) is check
    with pytest.raises(AlreadyAnswered, match="not wanted"):
        decide(check, CheckState.FOUND, lead)


def test_nothing_of_it_is_left_of_somebody_who_erases_themselves(session, check, ann):
    erase(ann, now=LATER)
    assert session.scalars(select(RegisterCheck)).all() == []


def test_a_check_is_forgotten_after_a_year_and_its_date_stays(session, check, ann, lead):
    decide(check, CheckState.FOUND, lead)
    forget_expired(now=LATER + timedelta(days=366))
    assert session.scalars(select(RegisterCheck)).all() == []
    assert ann.professional.hcpc_checked_at == LATER
