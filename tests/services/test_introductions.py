"""Asking for an introduction and answering one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    AuditEvent,
    DeclineReason,
    Introduction,
    IntroductionState,
    OutboxMail,
    Proposer,
    Side,
    Waiting,
)
from matchmaker.models.programme import ProgrammeStatus
from matchmaker.services import capacity, interruptions, introductions, throttle, waiting
from matchmaker.services.errors import (
    AlreadyAnswered,
    AlreadyIntroduced,
    DomainError,
    FieldError,
    NoPlacesLeft,
    Throttled,
)
from matchmaker.services.introduction_lookups import find_introduction, list_introductions
from matchmaker.services.policy import actor_for
from matchmaker.services.throttle import Key
from tests.factories import (
    NOW,
    make_introduction,
    make_lead,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)

LATER = NOW + timedelta(days=1)


@pytest.fixture
def professional(session):
    return make_professional()


@pytest.fixture
def programme(session):
    return make_programme()


def _propose(professional, programme, **values):
    defaults = {
        "proposed_by": Proposer.PROFESSIONAL,
        "purpose": "To send people on after they leave hospital.",
        "actor": professional.user,
        "now": NOW,
    }
    return introductions.propose(professional, programme, **{**defaults, **values})


def _accept(introduction, side, now=LATER):
    return introductions.accept(introduction, side, actor=make_user(), now=now)


def _decline(introduction, side):
    return introductions.decline(
        introduction,
        side,
        reason=DeclineReason.NO_TIME,
        note=" Too busy. ",
        actor=make_user(),
        now=LATER,
    )


def _events():
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def _mail_to(address):
    found = db.session.scalars(
        select(OutboxMail).where(OutboxMail.recipient == address).order_by(OutboxMail.id)
    )
    return list(found.all())


def _owner(programme):
    return programme.organisation.memberships[0].user


def test_asking_is_the_askers_yes(professional, programme):
    introduction = _propose(professional, programme)
    assert introduction.professional_answer is Answer.YES
    assert introduction.programme_answer is Answer.PENDING
    assert introduction.answer_due_at == NOW + timedelta(days=14)
    assert _events() == ["introduction.proposed"]


def test_nobody_asks_half_the_country_in_an_hour(professional):
    limit = throttle.PROPOSER
    for _time in range(limit.attempts):
        throttle.take([Key(limit, str(professional.user.id))], now=NOW)
    with pytest.raises(Throttled):
        _propose(professional, make_programme())
    _propose(professional, make_programme(), now=NOW + 2 * limit.window)


def test_the_other_side_is_asked_by_mail_without_a_name(professional, programme):
    _propose(professional, programme)
    (mail,) = _mail_to(_owner(programme).email)
    assert "Physiotherapist, NHS Fife" in mail.body
    assert "To send people on" in mail.body
    assert "/answer/" in mail.body
    for secret in (professional.user.name, professional.user.email, professional.employer):
        assert secret not in mail.body
    assert _mail_to(professional.user.email) == []


def test_a_programme_can_ask_a_professional_who_may_be_found(professional, programme):
    introduction = _propose(professional, programme, proposed_by=Proposer.PROGRAMME)
    assert introduction.programme_answer is Answer.YES
    assert introduction.professional_answer is Answer.PENDING
    assert len(_mail_to(professional.user.email)) == 1


def test_after_a_leads_proposal_both_sides_are_asked(professional, programme):
    introduction = _propose(
        professional, programme, proposed_by=Proposer.LEAD, actor=make_lead(), lead_note=" Try it. "
    )
    assert introduction.lead_note == "Try it."
    assert {introduction.answer_of(side) for side in Side} == {Answer.PENDING}
    assert len(_mail_to(professional.user.email)) == 1
    assert len(_mail_to(_owner(programme).email)) == 1


@pytest.mark.parametrize("purpose", ["", "   ", "x" * 2001])
def test_a_purpose_is_needed_and_may_not_be_too_long(professional, programme, purpose):
    with pytest.raises(FieldError) as refusal:
        _propose(professional, programme, purpose=purpose)
    assert refusal.value.field == "purpose"


def test_a_pair_has_one_open_introduction_at_a_time(professional, programme):
    _propose(professional, programme)
    with pytest.raises(AlreadyIntroduced):
        _propose(professional, programme)
    assert len(db.session.scalars(select(Introduction.id)).all()) == 1


def test_the_database_itself_refuses_a_second_open_introduction(
    professional, programme, monkeypatch
):
    _propose(professional, programme)
    monkeypatch.setattr(introductions, "find_open_introduction", lambda *_: None)
    with pytest.raises(AlreadyIntroduced):
        _propose(professional, programme)


@pytest.mark.parametrize("side", Side)
def test_whoever_said_no_may_ask_at_any_time(professional, programme, side):
    _decline(_propose(professional, programme, proposed_by=Proposer(side.other)), side)
    asked = _propose(professional, programme, proposed_by=Proposer(side), now=LATER)
    assert asked.state is IntroductionState.PROPOSED


def test_after_a_no_the_other_side_reads_from_which_day_it_may_ask_again(professional, programme):
    _decline(_propose(professional, programme), Side.PROGRAMME)
    last_evening = datetime(2027, 2, 1, 23, 59, tzinfo=UTC)
    with pytest.raises(DomainError, match="from 2 February 2027"):
        _propose(professional, programme, now=last_evening)
    asked = _propose(professional, programme, now=last_evening + timedelta(minutes=1))
    assert asked.state is IntroductionState.PROPOSED


def test_each_of_two_who_both_said_no_waits_for_its_own_day(professional, programme):
    _decline(_propose(professional, programme), Side.PROGRAMME)
    second = _propose(professional, programme, proposed_by=Proposer.PROGRAMME, now=LATER)
    _decline(second, Side.PROFESSIONAL)
    for proposed_by in (Proposer.PROFESSIONAL, Proposer.PROGRAMME):
        with pytest.raises(DomainError, match="not taken forward"):
            _propose(professional, programme, proposed_by=proposed_by, now=LATER)


def test_a_lead_does_not_learn_that_somebody_said_no(professional, programme):
    _decline(_propose(professional, programme), Side.PROGRAMME)
    with pytest.raises(DomainError, match="cannot be introduced") as refusal:
        _propose(professional, programme, proposed_by=Proposer.LEAD, actor=make_lead(), now=LATER)
    assert "taken forward" not in str(refusal.value)


def test_other_ends_than_a_no_give_no_rest(professional, programme):
    introductions.withdraw(
        _propose(professional, programme), Side.PROFESSIONAL, actor=professional.user, now=LATER
    )
    assert _propose(professional, programme, now=LATER).state is IntroductionState.PROPOSED


@pytest.mark.parametrize("status", [ProgrammeStatus.PAUSED, ProgrammeStatus.CLOSED])
def test_a_programme_that_is_not_open_cannot_be_asked(professional, programme, status):
    programme.status = status
    with pytest.raises(DomainError):
        _propose(professional, programme)


def test_a_draft_cannot_be_asked(professional, programme):
    programme.published_at = None
    with pytest.raises(DomainError):
        _propose(professional, programme)


@pytest.mark.parametrize("flag", ["is_findable", "is_available"])
def test_a_professional_who_cannot_be_found_is_not_asked(professional, programme, flag):
    setattr(professional, flag, False)
    with pytest.raises(DomainError):
        _propose(professional, programme, proposed_by=Proposer.PROGRAMME)


def test_a_professional_who_cannot_be_found_can_ask(professional, programme):
    professional.is_findable = False
    assert _propose(professional, programme).state is IntroductionState.PROPOSED


def test_a_professional_who_is_away_is_told_to_come_back_before_they_ask(professional, programme):
    professional.is_available = False
    with pytest.raises(DomainError, match="you are away"):
        _propose(professional, programme)


def test_the_second_yes_releases_contact_details_to_both(professional, programme):
    introduction = _accept(_propose(professional, programme), Side.PROGRAMME)
    assert introduction.state is IntroductionState.ACCEPTED
    assert introduction.released_at == LATER
    assert _events() == [
        "introduction.proposed",
        "introduction.answered_yes",
        "introduction.accepted",
    ]
    assert len(_mail_to(professional.user.email)) == 1
    assert len(_mail_to(_owner(programme).email)) == 2


def test_one_yes_to_a_leads_proposal_releases_nothing(professional, programme):
    introduction = _propose(professional, programme, proposed_by=Proposer.LEAD, actor=make_lead())
    introduction = _accept(introduction, Side.PROFESSIONAL)
    assert introduction.state is IntroductionState.PROPOSED
    assert not introduction.is_released


def test_a_side_answers_once(professional, programme):
    introduction = _propose(professional, programme)
    with pytest.raises(AlreadyAnswered):
        _accept(introduction, Side.PROFESSIONAL)
    introduction = _accept(introduction, Side.PROGRAMME)
    with pytest.raises(AlreadyAnswered):
        _accept(introduction, Side.PROGRAMME)
    with pytest.raises(AlreadyAnswered):
        _decline(introduction, Side.PROGRAMME)


def test_acceptance_takes_a_place(professional, programme):
    programme.places_per_month = 2
    _accept(_propose(professional, programme), Side.PROGRAMME)
    assert capacity.free_places(programme, LATER) == 1


def test_when_the_last_place_goes_the_other_proposals_wait(programme):
    programme.places_per_month = 1
    first = _propose(make_professional(), programme)
    second = _propose(make_professional(), programme)
    _accept(first, Side.PROGRAMME)
    assert second.waiting_for is Waiting.PLACES
    assert second.waiting_since_at == LATER
    assert "introduction.waiting" in _events()
    told = {
        mail.recipient for mail in db.session.scalars(select(OutboxMail)) if "waits" in mail.subject
    }
    assert told == {second.professional.user.email, _owner(programme).email}


def test_a_proposal_that_waits_for_places_cannot_be_accepted(professional, programme):
    programme.places_per_month = 0
    introduction = _propose(professional, programme)
    assert introduction.waiting_for is Waiting.PLACES
    with pytest.raises(NoPlacesLeft):
        _accept(introduction, Side.PROGRAMME)


def test_a_request_to_an_unclaimed_organisation_waits_for_a_claim(professional, session):
    programme = make_programme(organisation=make_organisation(claimed_at=None))
    introduction = _propose(professional, programme)
    assert introduction.waiting_for is Waiting.CLAIM


def test_a_refusal_is_private(professional, programme):
    introduction = _decline(_propose(professional, programme), Side.PROGRAMME)
    assert introduction.state is IntroductionState.DECLINED
    assert introduction.decline_note == "Too busy."
    (mail,) = _mail_to(professional.user.email)
    assert "not taken forward" in mail.body
    assert "busy" not in mail.body.lower()


def test_the_one_who_was_only_asked_hears_nothing_of_the_others_refusal(professional, programme):
    lead = make_lead()
    introduction = _propose(professional, programme, proposed_by=Proposer.LEAD, actor=lead)
    before = len(_mail_to(_owner(programme).email))
    _decline(introduction, Side.PROFESSIONAL)
    assert len(_mail_to(_owner(programme).email)) == before
    assert _mail_to(lead.email) == []


def test_withdrawing_before_the_answer_tells_the_other_side(professional, programme):
    introduction = introductions.withdraw(
        _propose(professional, programme), Side.PROFESSIONAL, actor=professional.user, now=LATER
    )
    assert introduction.state is IntroductionState.WITHDRAWN
    assert "taken back" in _mail_to(_owner(programme).email)[-1].subject


def test_withdrawing_after_acceptance_hides_contact_details_at_once(professional, programme):
    introduction = _accept(_propose(professional, programme), Side.PROGRAMME)
    introduction = introductions.withdraw(
        introduction, Side.PROGRAMME, actor=_owner(programme), now=LATER
    )
    assert introduction.released_at is None
    assert "withdrawn" in _mail_to(professional.user.email)[-1].subject


def test_withdrawn_introduction_cannot_be_accepted(professional, programme):
    introduction = introductions.withdraw(
        _propose(professional, programme), Side.PROFESSIONAL, actor=professional.user, now=LATER
    )
    with pytest.raises(AlreadyAnswered):
        _accept(introduction, Side.PROGRAMME)
    with pytest.raises(AlreadyAnswered):
        introductions.withdraw(introduction, Side.PROFESSIONAL, actor=professional.user, now=LATER)


def test_a_side_that_has_not_said_yes_has_nothing_to_withdraw(professional, programme):
    introduction = _propose(professional, programme)
    with pytest.raises(DomainError):
        introductions.withdraw(introduction, Side.PROGRAMME, actor=_owner(programme), now=LATER)


def test_closing_a_programme_settles_its_open_proposals_kindly(professional, programme):
    introduction = _propose(professional, programme)
    assert interruptions.supersede_for(programme, actor=_owner(programme), now=LATER) == 1
    assert introduction.state is IntroductionState.SUPERSEDED
    assert "has closed" in _mail_to(professional.user.email)[-1].subject


def test_people_find_the_introductions_of_both_their_sides(professional, programme):
    introduction = _propose(professional, programme)
    make_introduction()
    for user in (professional.user, _owner(programme)):
        assert list_introductions(actor_for(user)) == [introduction]
    assert list_introductions(actor_for(make_user())) == []


def test_an_introduction_is_found_by_its_number(professional, programme):
    introduction = _propose(professional, programme)
    assert find_introduction(introduction.id) is introduction
    assert find_introduction(999) is None


def test_a_proposal_that_waits_already_is_left_alone_when_the_last_place_goes(programme):
    programme.places_per_month = 1
    first = _propose(make_professional(), programme)
    second = _propose(make_professional(), programme)
    waiting.wait(second, Waiting.PLACES, now=NOW)
    _accept(first, Side.PROGRAMME)
    assert second.waiting_since_at == NOW
    assert "introduction.waiting" not in _events()
