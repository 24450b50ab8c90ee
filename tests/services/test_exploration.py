"""One card of a list is left to chance, and how probable it was is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from matchmaker.models import Delivery, ShownSuggestion, Side
from matchmaker.services import matching
from matchmaker.services.matching import Door, exploration
from tests.factories import (
    EDINBURGH,
    FIFE,
    NOW,
    make_organisation,
    make_professional,
    make_programme,
)

LONG_AGO = NOW - timedelta(days=400)


@dataclass(frozen=True)
class Match:
    name: int
    score: float
    rank: int


@dataclass(frozen=True)
class Suggested:
    match: Match
    door: Door | None = None
    propensity: float = 1.0


def _list(scores):
    ordered = sorted(scores, reverse=True)
    return [Suggested(Match(place, score, place)) for place, score in enumerate(ordered, start=1)]


scores = st.lists(st.floats(0.001, 1.0), min_size=1, max_size=40)
luck = st.floats(0, 1, exclude_max=True)


@given(scores)
def test_probabilities_of_a_draw_add_up_to_one(scores):
    reached, seen = 0.0, {}
    while reached < 1 - 1e-9:
        drawn = exploration.draw(scores, luck=reached)
        seen[drawn.index] = drawn.propensity
        reached = sum(seen.values()) + 1e-12
    assert set(seen) == set(range(len(scores)))
    assert sum(seen.values()) == pytest.approx(1)


@given(scores, luck)
def test_everybody_in_a_draw_has_half_of_an_even_chance_at_least(scores, luck):
    assert exploration.draw(scores, luck=luck).propensity >= 0.5 / len(scores)


def test_the_better_score_has_the_better_chance():
    assert exploration.draw([0.1, 0.3], luck=0.0).propensity == pytest.approx(0.375)
    assert exploration.draw([0.1, 0.3], luck=0.99).propensity == pytest.approx(0.625)


def test_rounding_never_leaves_a_draw_without_a_winner():
    assert exploration.draw([0.1] * 7, luck=1.0).index == 6


@given(scores, luck)
def test_a_list_keeps_its_members_and_its_best_two(scores, luck):
    found = _list(scores)
    listed = exploration.with_one_door(found, lambda _each: Door.NEW, luck=luck)
    assert sorted(each.match.name for each in listed) == [each.match.name for each in found]
    assert [each.match.name for each in listed[:2]] == [each.match.name for each in found[:2]]
    assert [each.match.rank for each in listed] == list(range(1, len(found) + 1))


@given(scores, luck)
def test_a_list_has_one_door_at_most_and_it_is_from_ranks_3_to_20(scores, luck):
    found = _list(scores)
    listed = exploration.with_one_door(found, lambda _each: Door.NEW, luck=luck)
    doors = [each for each in listed if each.door is not None]
    assert len(doors) == (1 if len(found) >= 3 else 0)
    for door in doors:
        assert 3 <= door.match.name <= 20
        assert door.match.rank == min(5, len(found))
        assert door.propensity < 1 or len(found) == 3
    assert all(each.propensity == 1 for each in listed if each.door is None)


def test_a_list_without_anything_unusual_stays_as_it_is():
    found = _list([0.5] * 12)
    assert exploration.with_one_door(found, lambda _each: None, luck=0.5) == found


def _kinds(found):
    return {each.programme.name: each.door for each in found if each.door is not None}


def _explored(professional, **options):
    return matching.explore_for_professional(professional, **{"now": NOW, "top": 10, **options})


@pytest.fixture
def usual(session):
    """Two programmes that stand above everything: the right condition, place and approach."""
    for number in (1, 2):
        make_programme(
            name=f"Stroke choir {number}",
            approaches=["arts"],
            organisation=make_organisation(claimed_at=LONG_AGO),
        )


@pytest.mark.parametrize(
    ("values", "claimed_at", "door"),
    [
        ({"approaches": ["arts"]}, NOW - timedelta(days=89), Door.NEW),
        ({"approaches": ["nature-based"]}, LONG_AGO, Door.OTHER_APPROACH),
        ({"approaches": ["nature-based"]}, None, Door.OTHER_APPROACH),
        (
            {"approaches": ["arts"], "areas": [EDINBURGH], "delivery": Delivery.IN_PERSON},
            LONG_AGO,
            Door.NEIGHBOURING_AREA,
        ),
        ({"approaches": []}, LONG_AGO, None),
        ({"approaches": ["arts"]}, NOW - timedelta(days=91), None),
    ],
)
def test_programme_outside_the_usual_pattern_opens_a_door(session, usual, values, claimed_at, door):
    professional = make_professional(approaches=["arts"])
    make_programme(
        name="The other one", organisation=make_organisation(claimed_at=claimed_at), **values
    )
    session.commit()
    expected = {} if door is None else {"The other one": door}
    assert _kinds(_explored(professional)) == expected


def test_professional_outside_the_usual_pattern_opens_a_door(session):
    programme = make_programme(approaches=["arts"])
    for approach in ("arts", "arts", "nature-based"):
        make_professional(approaches=[approach])
    session.commit()
    found = matching.explore_for_programme(programme, now=NOW, top=10)
    assert [each.door for each in found] == [None, None, Door.OTHER_APPROACH]


def test_that_a_professional_is_new_is_not_told(session):
    programme = make_programme()
    for _number in range(3):
        make_professional(created_at=NOW)
    session.commit()
    found = matching.explore_for_programme(programme, now=NOW, top=10)
    assert [each.door for each in found] == [None, None, None]


def test_a_list_stays_the_same_all_day_and_changes_with_the_days(session):
    professional = make_professional()
    for _number in range(12):
        make_programme(organisation=make_organisation(claimed_at=NOW))
    session.commit()

    def _drawn(day):
        # 10:00 in London on each day.
        found = _explored(professional, now=NOW + timedelta(days=day, minutes=30))
        return next(each.programme.id for each in found if each.door is not None)

    assert _drawn(0) == _drawn(0)
    assert len({_drawn(day) for day in range(20)}) > 1


def test_what_was_left_to_chance_is_kept_with_its_probability(session):
    professional = make_professional()
    for _number in range(6):
        make_programme(organisation=make_organisation(claimed_at=NOW))
    session.commit()
    found = _explored(professional)
    matching.record_shown(found, shown_to=Side.PROFESSIONAL, now=NOW)
    rows = session.scalars(select(ShownSuggestion).order_by(ShownSuggestion.rank)).all()
    assert [row.is_unexpected for row in rows] == [False, False, False, False, True, False]
    assert [row.propensity == 1 for row in rows] == [True, True, True, True, False, True]
    assert rows[4].programme_id == found[4].programme.id
    assert rows[4].propensity == pytest.approx(found[4].propensity)


def test_a_shorter_page_shows_the_same_door(session):
    professional = make_professional(areas=[FIFE])
    for _number in range(15):
        make_programme(organisation=make_organisation(claimed_at=NOW))
    session.commit()
    short, long = _explored(professional, top=6), _explored(professional, top=15)
    assert [each.programme.id for each in short] == [each.programme.id for each in long[:6]]
