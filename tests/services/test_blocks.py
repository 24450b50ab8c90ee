from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.models import (
    Answer,
    AuditEvent,
    Block,
    DeclineReason,
    IntroductionState,
    OutboxMail,
    Proposer,
    Side,
)
from matchmaker.services import blocks, introductions, matching, partnerships
from matchmaker.services.blocking import block, unblock
from matchmaker.services.errors import DomainError
from matchmaker.services.policy import actor_for
from tests.factories import (
    NOW,
    make_introduction,
    make_lead,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)


@pytest.fixture
def professional(session):
    return make_professional()


@pytest.fixture
def programme(session):
    return make_programme()


def block_by(side, professional, organisation, now=NOW):
    return block(side, professional, organisation, actor=make_user(), now=now)


def propose(professional, programme, proposed_by):
    return introductions.propose(
        professional,
        programme,
        proposed_by=proposed_by,
        purpose="To meet.",
        actor=make_lead(),
        now=NOW,
    )


def suggested_to(side, professional, programme):
    if side is Side.PROFESSIONAL:
        found = matching.suggest_for_professional(professional, now=NOW, top=5)
        return programme in [each.programme for each in found]
    found = matching.suggest_for_programme(programme, now=NOW, top=5)
    return professional in [each.professional for each in found]


@pytest.mark.parametrize("by", Side)
def test_two_who_are_apart_are_suggested_to_neither(session, professional, programme, by):
    other = make_programme()
    session.commit()
    assert suggested_to(Side.PROFESSIONAL, professional, programme)
    assert suggested_to(Side.PROGRAMME, professional, programme)
    made = block_by(by, professional, programme.organisation)
    assert not suggested_to(Side.PROFESSIONAL, professional, programme)
    assert not suggested_to(Side.PROGRAMME, professional, programme)
    assert suggested_to(Side.PROFESSIONAL, professional, other)
    assert suggested_to(Side.PROGRAMME, professional, other)
    unblock(made, actor=make_user(), now=NOW)
    assert suggested_to(Side.PROFESSIONAL, professional, programme)
    assert suggested_to(Side.PROGRAMME, professional, programme)
    assert propose(professional, programme, Proposer.PROFESSIONAL).closed_at is None


@pytest.mark.parametrize("by", Side)
def test_a_block_holds_for_every_programme_and_for_nobody_else(
    session, professional, programme, by
):
    sister = make_programme(organisation=programme.organisation)
    other = make_programme()
    assert not blocks.are_apart(professional, programme.organisation)
    block_by(by, professional, programme.organisation)
    assert blocks.are_apart(professional, programme.organisation)
    assert not blocks.are_apart(professional, other.organisation)
    assert not blocks.are_apart(make_professional(), programme.organisation)
    apart = blocks.ids_apart_from(Side.PROFESSIONAL, professional.id)
    assert apart == {programme.id, sister.id}
    assert blocks.ids_apart_from(Side.PROGRAMME, sister.id) == {professional.id}
    assert blocks.ids_apart_from(Side.PROGRAMME, other.id) == set()


@pytest.mark.parametrize(
    ("by", "proposed_by", "sentence"),
    [
        (Side.PROGRAMME, Proposer.PROFESSIONAL, "This programme takes no introductions"),
        (Side.PROFESSIONAL, Proposer.PROGRAMME, "This professional takes no introductions"),
        (Side.PROFESSIONAL, Proposer.LEAD, "This professional takes no introductions"),
        (Side.PROGRAMME, Proposer.LEAD, "This professional takes no introductions"),
        (Side.PROFESSIONAL, Proposer.PROFESSIONAL, "You have blocked"),
        (Side.PROGRAMME, Proposer.PROGRAMME, "You have blocked"),
    ],
)
def test_nobody_can_introduce_them_and_only_who_blocked_reads_why(
    session, professional, programme, by, proposed_by, sentence
):
    block_by(by, professional, programme.organisation)
    with pytest.raises(DomainError, match=sentence) as refused:
        propose(professional, programme, proposed_by)
    assert ("block" in str(refused.value)) == (by == proposed_by)


def test_blocking_twice_is_blocking_once(session, professional, programme):
    first = block_by(Side.PROFESSIONAL, professional, programme.organisation)
    assert block_by(Side.PROFESSIONAL, professional, programme.organisation) is first
    theirs = block_by(Side.PROGRAMME, professional, programme.organisation)
    assert session.scalars(select(Block).order_by(Block.id)).all() == [first, theirs]
    unblock(first, actor=make_user(), now=NOW)
    assert blocks.are_apart(professional, programme.organisation)


@pytest.mark.parametrize("by", Side)
@pytest.mark.parametrize("proposed_by", Proposer)
def test_an_open_proposal_ends_without_a_reason(session, professional, programme, by, proposed_by):
    introduction = make_introduction(
        professional=professional, programme=programme, proposed_by=proposed_by
    )
    elsewhere = make_introduction(professional=professional)
    block_by(by, professional, programme.organisation)
    assert elsewhere.state is IntroductionState.PROPOSED
    if proposed_by == by:
        assert introduction.state is IntroductionState.WITHDRAWN
    else:
        assert introduction.state is IntroductionState.DECLINED
        assert introduction.answer_of(by) is Answer.NO
        assert introduction.decline_reason is DeclineReason.OTHER
    for mail in session.scalars(select(OutboxMail)):
        assert "block" not in (mail.subject + mail.body).lower()


@pytest.mark.parametrize("by", Side)
def test_contact_details_are_hidden_at_once(session, professional, programme, by):
    introduction = make_introduction(
        professional=professional,
        programme=programme,
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=IntroductionState.ACTIVE,
        released_at=NOW,
    )
    assert partnerships.contact_of(introduction, by) is not None
    block_by(by, professional, programme.organisation)
    assert introduction.state is IntroductionState.WITHDRAWN
    assert partnerships.contact_of(introduction, by) is None


def test_what_is_over_stays_as_it_is(session, professional, programme):
    over = make_introduction(
        professional=professional,
        programme=programme,
        state=IntroductionState.EXPIRED,
        closed_at=NOW,
    )
    block_by(Side.PROFESSIONAL, professional, programme.organisation)
    assert over.state is IntroductionState.EXPIRED


def test_blocking_and_its_undoing_are_recorded(session, professional, programme):
    actor = make_user()
    made = block(Side.PROFESSIONAL, professional, programme.organisation, actor=actor, now=NOW)
    unblock(made, actor=actor, now=NOW)
    session.flush()
    rows = session.execute(
        select(AuditEvent.action, AuditEvent.actor_user_id, AuditEvent.details).where(
            AuditEvent.subject_type == "block"
        )
    ).all()
    details = {"side": "professional"}
    assert rows == [("block.made", actor.id, details), ("block.undone", actor.id, details)]


def test_everybody_sees_their_own_blocks_only(session):
    owner = make_user()
    professional = make_professional()
    organisation = make_organisation(members=[owner])
    by_professional = block_by(Side.PROFESSIONAL, professional, organisation)
    by_organisation = block_by(
        Side.PROGRAMME, professional, organisation, now=NOW + timedelta(days=1)
    )
    older = block_by(Side.PROFESSIONAL, professional, make_organisation(), now=NOW)
    assert blocks.list_blocks(actor_for(professional.user)) == [older, by_professional]
    assert blocks.list_blocks(actor_for(owner)) == [by_organisation]
    assert blocks.list_blocks(actor_for(make_user())) == []
