"""The table of allowed moves, and the CHECKs that say the same."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from matchmaker.extensions import db
from matchmaker.models import Introduction, IntroductionState, MoveNotAllowed, Side
from matchmaker.models.introduction import ALLOWED_MOVES, OPEN_STATES, RELEASED_STATES
from tests.factories import NOW, make_introduction

PAIRS = list(itertools.product(IntroductionState, IntroductionState))


def test_every_state_is_in_the_table_of_moves():
    assert set(ALLOWED_MOVES) == set(IntroductionState)


@pytest.mark.parametrize("state", sorted(set(IntroductionState) - OPEN_STATES))
def test_a_closed_introduction_stays_closed(state):
    assert ALLOWED_MOVES[state] == frozenset()


@pytest.mark.parametrize(("current", "wanted"), PAIRS)
def test_only_the_moves_of_the_table_are_made(current, wanted):
    introduction = Introduction(
        state=current, released_at=NOW if current in RELEASED_STATES else None
    )
    if wanted in ALLOWED_MOVES[current]:
        introduction.move_to(wanted, NOW)
        assert introduction.state is wanted
        assert introduction.is_released == (wanted in RELEASED_STATES)
        assert (introduction.closed_at is None) == (wanted in OPEN_STATES)
    else:
        with pytest.raises(MoveNotAllowed):
            introduction.move_to(wanted, NOW)


def test_each_side_has_another():
    assert Side.PROFESSIONAL.other is Side.PROGRAMME
    assert Side.PROGRAMME.other is Side.PROFESSIONAL


@pytest.mark.parametrize(
    "forged",
    [
        {"state": "accepted"},
        {"released_at": NOW},
        {"state": "accepted", "released_at": NOW},
        {"programme_answer": "yes"},
        {"programme_answer": "no"},
        {"programme_answered_at": NOW},
        {"professional_answered_at": None},
        {"reminders": 3},
        {"superseded_because": "away"},
        {"state": "superseded", "closed_at": NOW},
        {"state": "declined", "closed_at": NOW},
        {"state": "withdrawn"},
        {"closed_at": NOW},
        {"waiting_for": "places"},
        {"outcome": "achieved"},
        {"end_reason": "other"},
        {"state": "no such state"},
    ],
    ids=str,
)
def test_the_database_refuses_an_introduction_that_contradicts_itself(session, forged):
    introduction = make_introduction()
    statement = update(Introduction.__table__).where(Introduction.__table__.c.id == introduction.id)
    with pytest.raises((IntegrityError, LookupError)):
        db.session.execute(statement.values(**forged))
