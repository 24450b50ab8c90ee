"""Places a month: counted by the calendar in London, and never more taken than there are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from matchmaker.extensions import db, write_intent
from matchmaker.models import Programme, ProgrammeMonth
from matchmaker.services.capacity import free_places, set_places_per_month, take_place
from matchmaker.services.errors import FieldError, NoPlacesLeft
from tests.factories import NOW, make_programme

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session, scoped_session

    from tests.conftest import Writing

NEXT_MONTH = NOW + timedelta(days=30)


def month_row(programme: Programme) -> ProgrammeMonth:
    return db.session.scalars(
        select(ProgrammeMonth)
        .where(ProgrammeMonth.programme_id == programme.id)
        .execution_options(populate_existing=True)
    ).one()


def test_programme_without_a_figure_has_no_limit(session: scoped_session[Session]) -> None:
    programme = make_programme(places_per_month=None)
    for _ in range(50):
        take_place(programme, NOW)
    assert free_places(programme, NOW) is None


def test_each_place_taken_leaves_one_less(session: scoped_session[Session]) -> None:
    programme = make_programme(places_per_month=3)
    assert free_places(programme, NOW) == 3
    take_place(programme, NOW)
    assert free_places(programme, NOW) == 2


def test_full_programme_gives_no_place(session: scoped_session[Session]) -> None:
    programme = make_programme(places_per_month=1)
    take_place(programme, NOW)
    with pytest.raises(NoPlacesLeft, match="no places left this month"):
        take_place(programme, NOW)
    assert month_row(programme).taken == 1


def test_programme_with_no_places_at_all_gives_none(session: scoped_session[Session]) -> None:
    programme = make_programme(places_per_month=0)
    assert free_places(programme, NOW) == 0
    with pytest.raises(NoPlacesLeft):
        take_place(programme, NOW)


def test_new_month_brings_new_places(session: scoped_session[Session]) -> None:
    programme = make_programme(places_per_month=1)
    take_place(programme, NOW)
    assert free_places(programme, NEXT_MONTH) == 1
    take_place(programme, NEXT_MONTH)
    assert free_places(programme, NEXT_MONTH) == 0


def test_month_turns_at_midnight_in_london(session: scoped_session[Session]) -> None:
    programme = make_programme(places_per_month=1)
    last_hour_of_june = datetime(2026, 6, 30, 22, 59, tzinfo=UTC)
    midnight_in_summer_time = datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    take_place(programme, last_hour_of_june)
    assert free_places(programme, last_hour_of_june) == 0
    assert free_places(programme, midnight_in_summer_time) == 1


def test_places_are_raised_within_the_month(session: scoped_session[Session]) -> None:
    programme = make_programme(places_per_month=1)
    take_place(programme, NOW)
    set_places_per_month(programme, 3, NOW)
    assert free_places(programme, NOW) == 2


def test_places_never_fall_below_what_is_taken(session: scoped_session[Session]) -> None:
    programme = make_programme(places_per_month=5)
    for _ in range(3):
        take_place(programme, NOW)
    set_places_per_month(programme, 1, NOW)
    assert (month_row(programme).places, month_row(programme).taken) == (3, 3)
    assert free_places(programme, NOW) == 0
    assert free_places(programme, NEXT_MONTH) == 1


def test_what_was_taken_is_remembered_while_there_is_no_limit(
    session: scoped_session[Session],
) -> None:
    programme = make_programme(places_per_month=2)
    take_place(programme, NOW)
    set_places_per_month(programme, None, NOW)
    assert free_places(programme, NOW) is None
    set_places_per_month(programme, 2, NOW)
    assert free_places(programme, NOW) == 1


@pytest.mark.parametrize("places", [-1, 1001])
def test_impossible_figure_is_refused(session: scoped_session[Session], places: int) -> None:
    with pytest.raises(FieldError) as refusal:
        set_places_per_month(make_programme(), places, NOW)
    assert refusal.value.field == "places_per_month"


def test_two_hands_reach_for_the_last_places_and_none_is_given_twice(
    app: Flask, writing: Writing, trial_size: Callable[[int, int], int]
) -> None:
    takers, places = 8, 3
    for _ in range(trial_size(5, 200)):
        with writing():
            programme_id = make_programme(places_per_month=places).id
        start = Barrier(takers)
        with ThreadPoolExecutor(takers) as threads:
            hands = [threads.submit(try_to_take, app, programme_id, start) for _ in range(takers)]
        results = [hand.result() for hand in hands]
        assert sorted(results) == [False] * (takers - places) + [True] * places
        with app.app_context():
            row = db.session.get_one(
                ProgrammeMonth, {"programme_id": programme_id, "month": "2026-11"}
            )
            assert row.taken == places


def test_places_lowered_while_others_take_them_stay_consistent(
    app: Flask, writing: Writing, trial_size: Callable[[int, int], int]
) -> None:
    for _ in range(trial_size(5, 200)):
        with writing():
            programme_id = make_programme(places_per_month=4).id
        start = Barrier(5)
        with ThreadPoolExecutor(5) as threads:
            lowered = threads.submit(lower_places, app, programme_id, start)
            taken = [threads.submit(try_to_take, app, programme_id, start) for _ in range(4)]
            lowered.result()
            successes = sum(each.result() for each in taken)
        with app.app_context():
            row = db.session.get_one(
                ProgrammeMonth, {"programme_id": programme_id, "month": "2026-11"}
            )
            assert row.taken == successes
            assert row.places == max(1, successes)


def try_to_take(app: Flask, programme_id: int, start: Barrier) -> bool:
    with app.app_context(), write_intent():
        start.wait(timeout=30)
        try:
            take_place(db.session.get_one(Programme, programme_id), NOW)
        except NoPlacesLeft:
            return False
        db.session.commit()
        return True


def lower_places(app: Flask, programme_id: int, start: Barrier) -> None:
    with app.app_context(), write_intent():
        start.wait(timeout=30)
        set_places_per_month(db.session.get_one(Programme, programme_id), 1, NOW)
        db.session.commit()
