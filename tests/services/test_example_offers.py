"""Offering to tell an introduction as a practice example."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.models import (
    Answer,
    AuditEvent,
    CameOfIt,
    CheckIn,
    Going,
    IntroductionState,
    Outcome,
    Side,
    WouldHelp,
)
from matchmaker.services import example_offers
from matchmaker.services.errors import DomainError
from tests.factories import NOW, make_introduction

LATER = NOW + timedelta(days=100)


def _introduction(**values):
    return make_introduction(
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        **{"state": IntroductionState.ACTIVE, "released_at": NOW, **values},
    )


def _completed(outcome):
    return _introduction(state=IntroductionState.COMPLETED, outcome=outcome, closed_at=NOW)


def _tell(session, introduction, came_of_it):
    session.add(
        CheckIn(
            introduction=introduction,
            months=3,
            side=Side.PROGRAMME,
            asked_at=NOW,
            answered_at=NOW,
            going=Going.GOING,
            came_of_it=came_of_it,
            would_help=WouldHelp.NOTHING,
        )
    )
    session.flush()


@pytest.mark.parametrize(
    ("outcome", "is_worth_telling"),
    [(Outcome.ACHIEVED, True), (Outcome.PARTLY, True), (Outcome.NOT_ACHIEVED, False)],
)
def test_an_outcome_is_worth_telling_when_there_is_one(session, outcome, is_worth_telling):
    assert example_offers.is_worth_telling(_completed(outcome)) == is_worth_telling


@pytest.mark.parametrize(
    ("came_of_it", "is_worth_telling"),
    [
        (CameOfIt.ACHIEVED, True),
        (CameOfIt.PARTLY, True),
        (CameOfIt.NOT_ACHIEVED, False),
        (CameOfIt.TOO_EARLY, False),
    ],
)
def test_good_news_in_a_check_in_is_worth_telling(session, came_of_it, is_worth_telling):
    introduction = _introduction()
    assert not example_offers.is_worth_telling(introduction)
    _tell(session, introduction, came_of_it)
    assert example_offers.is_worth_telling(introduction) == is_worth_telling


def test_a_bad_end_after_good_news_is_not_worth_telling(session):
    introduction = _completed(Outcome.NOT_ACHIEVED)
    _tell(session, introduction, CameOfIt.PARTLY)
    assert not example_offers.is_worth_telling(introduction)


def test_what_was_withdrawn_is_never_told(session):
    introduction = _introduction(state=IntroductionState.WITHDRAWN, released_at=None, closed_at=NOW)
    _tell(session, introduction, CameOfIt.ACHIEVED)
    with pytest.raises(DomainError):
        example_offers.offer(introduction, actor=introduction.professional.user, now=LATER)


def test_an_offer_is_made_once_and_taken_back(session):
    introduction = _completed(Outcome.PARTLY)
    actor = introduction.professional.user
    example_offers.offer(introduction, actor=actor, now=LATER)
    example_offers.offer(introduction, actor=actor, now=LATER + timedelta(days=1))
    assert introduction.example_offered_at == LATER
    example_offers.take_back(introduction, actor=actor, now=LATER)
    example_offers.take_back(introduction, actor=actor, now=LATER)
    assert introduction.example_offered_at is None
    assert session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all() == [
        "introduction.example_offered",
        "introduction.example_taken_back",
    ]
