"""What becomes of an introduction once both have said yes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    AuditEvent,
    EndReason,
    IntroductionState,
    OutboxMail,
    Outcome,
    Side,
)
from matchmaker.services import partnerships
from matchmaker.services.errors import AlreadyAnswered, FieldError, StaleVersion
from tests.factories import (
    NOW,
    make_introduction,
    make_organisation,
    make_programme,
    make_user,
)

LATER = NOW + timedelta(days=30)


@pytest.fixture
def introduction(session):
    return _accepted()


def _accepted(**values):
    return make_introduction(
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=IntroductionState.ACCEPTED,
        released_at=NOW,
        **values,
    )


def _actor(introduction):
    return introduction.professional.user


def _agree(introduction, **values):
    defaults = {
        "shared_purpose": "Fewer people home alone.",
        "next_step": "Meet for tea",
        "next_step_on": date(2026, 12, 1),
        "version": introduction.version,
        "actor": _actor(introduction),
        "now": LATER,
    }
    return partnerships.agree(introduction, **{**defaults, **values})


def test_contact_details_are_known_exactly_while_released(introduction):
    contact = partnerships.contact_of(introduction, Side.PROFESSIONAL)
    assert contact.email == introduction.professional.user.email
    introduction.move_to(IntroductionState.WITHDRAWN, LATER)
    for side in Side:
        assert partnerships.contact_of(introduction, side) is None


def test_a_programmes_named_contact_comes_before_its_owner(session):
    programme = make_programme(
        contact_name="Morag", contact_email="morag@example.org", contact_phone="01383 1"
    )
    contact = partnerships.contact_of(_accepted(programme=programme), Side.PROGRAMME)
    assert (contact.name, contact.email, contact.phone) == (
        "Morag",
        "morag@example.org",
        "01383 1",
    )


def test_without_a_named_contact_the_owner_is_the_contact(introduction):
    owner = introduction.programme.organisation.memberships[0].user
    contact = partnerships.contact_of(introduction, Side.PROGRAMME)
    assert (contact.name, contact.email) == (owner.name, owner.email)


def test_without_members_the_organisations_own_address_is_the_contact(session):
    organisation = make_organisation(email="hello@example.org")
    introduction = _accepted(programme=make_programme(organisation=organisation))
    assert partnerships.contact_of(introduction, Side.PROGRAMME).email == "hello@example.org"


def test_a_person_who_was_erased_is_nobodys_contact(introduction):
    owner = introduction.programme.organisation.memberships[0].user
    owner.erased_at = introduction.professional.user.erased_at = NOW
    assert partnerships.contact_of(introduction, Side.PROFESSIONAL) is None
    contact = partnerships.contact_of(introduction, Side.PROGRAMME)
    assert owner.email not in (contact.email, contact.name)


def test_a_message_reaches_the_other_side_word_for_word(introduction):
    partnerships.send_message(
        introduction,
        Side.PROFESSIONAL,
        " Hello!\nTuesday? ",
        seen_id=0,
        actor=_actor(introduction),
        now=LATER,
    )
    (message,) = introduction.messages
    assert message.body == "Hello!\nTuesday?"
    mail = db.session.scalars(select(OutboxMail)).one()
    assert mail.recipient == introduction.programme.organisation.memberships[0].user.email
    assert "> Hello!\n> Tuesday?" in mail.body
    assert "/reply/" in mail.body


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 4001])
def test_an_empty_or_endless_message_is_refused(introduction, body):
    with pytest.raises(FieldError):
        partnerships.send_message(
            introduction, Side.PROGRAMME, body, seen_id=0, actor=_actor(introduction), now=LATER
        )


def test_nobody_writes_before_acceptance(session):
    proposal = make_introduction()
    with pytest.raises(AlreadyAnswered):
        partnerships.send_message(
            proposal, Side.PROFESSIONAL, "Hello", seen_id=0, actor=_actor(proposal), now=LATER
        )
    with pytest.raises(AlreadyAnswered):
        _agree(proposal)


def test_what_was_agreed_is_written_down(introduction):
    agreed = _agree(introduction)
    assert agreed.shared_purpose == "Fewer people home alone."
    assert agreed.next_step_on == date(2026, 12, 1)


def test_a_stale_form_overwrites_nothing(introduction):
    version = introduction.version
    _agree(introduction, next_step="First")
    with pytest.raises(StaleVersion):
        _agree(introduction, version=version, next_step="Second")
    assert introduction.next_step == "First"


def test_what_stands_there_already_is_not_written_again(introduction):
    version = introduction.version
    _agree(introduction)
    _agree(introduction, version=version)
    assert introduction.version == version + 1
    assert len(db.session.scalars(select(AuditEvent)).all()) == 1


def test_everybody_but_the_one_who_wrote_it_down_hears_what_was_agreed(introduction):
    _agree(introduction)
    mail = db.session.scalars(select(OutboxMail)).one()
    assert mail.recipient == introduction.programme.organisation.memberships[0].user.email
    assert "Meet for tea" in mail.body
    assert "1 December 2026" in mail.body


def test_a_day_needs_a_step(introduction):
    with pytest.raises(FieldError) as refusal:
        _agree(introduction, next_step="  ")
    assert refusal.value.field == "next_step"


def test_an_endless_agreement_is_refused(introduction):
    with pytest.raises(FieldError) as refusal:
        _agree(introduction, shared_purpose="x" * 2001)
    assert refusal.value.field == "shared_purpose"


def test_a_partnership_begins_pauses_goes_on_and_is_completed(introduction):
    actor = _actor(introduction)
    partnerships.start(introduction, actor=actor, now=LATER)
    partnerships.hold(introduction, actor=actor, now=LATER)
    partnerships.start(introduction, actor=actor, now=LATER)
    partnerships.complete(
        introduction, outcome=Outcome.PARTLY, note=" Good. ", actor=actor, now=LATER
    )
    assert introduction.state is IntroductionState.COMPLETED
    assert introduction.outcome is Outcome.PARTLY
    assert introduction.closing_note == "Good."
    assert introduction.is_released
    assert db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all() == [
        "introduction.active",
        "introduction.on_hold",
        "introduction.active",
        "introduction.completed",
    ]


def test_a_partnership_can_end_with_a_reason(introduction):
    partnerships.end(
        introduction,
        reason=EndReason.FUNDING_ENDED,
        note="",
        actor=_actor(introduction),
        now=LATER,
    )
    assert introduction.end_reason is EndReason.FUNDING_ENDED
    assert introduction.closed_at == LATER


def test_a_completed_introduction_moves_no_further(introduction):
    actor = _actor(introduction)
    partnerships.complete(introduction, outcome=Outcome.ACHIEVED, note="", actor=actor, now=LATER)
    with pytest.raises(AlreadyAnswered):
        partnerships.start(introduction, actor=actor, now=LATER)


def test_everybody_but_the_one_who_did_it_hears_of_progress(session):
    colleague, owner = make_user(), make_user()
    programme = make_programme(organisation=make_organisation(members=[owner, colleague]))
    introduction = _accepted(programme=programme)
    partnerships.start(introduction, actor=owner, now=LATER)
    told = set(db.session.scalars(select(OutboxMail.recipient)))
    assert told == {colleague.email, introduction.professional.user.email}
