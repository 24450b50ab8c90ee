from __future__ import annotations

import base64
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from matchmaker.models import UserSession
from matchmaker.services import sessions
from matchmaker.services.sessions import (
    ABSOLUTE,
    IDLE,
    count_live_sessions,
    end_all_sessions,
    end_session,
    find_session,
    is_due_for_recording,
    record_use,
    start_session,
)
from tests.factories import NOW, make_user

SECOND = timedelta(seconds=1)


def test_token_has_128_random_bits_and_is_not_stored(session):
    token = start_session(make_user(), now=NOW)
    assert len(base64.urlsafe_b64decode(token + "==")) == 16
    assert start_session(make_user(), now=NOW) != token
    assert token not in {row.token_digest for row in session.scalars(select(UserSession))}


def test_session_belongs_to_who_began_it(session):
    user = make_user()
    assert find_session(start_session(user, now=NOW), now=NOW).user is user


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_unknown_token_finds_nothing(session, token):
    start_session(make_user(), now=NOW)
    assert find_session(token, now=NOW) is None


def test_idle_session_is_over_after_half_an_hour(session):
    token = start_session(make_user(), now=NOW)
    assert IDLE == timedelta(minutes=30)
    assert find_session(token, now=NOW + IDLE)
    assert find_session(token, now=NOW + IDLE + SECOND) is None


def test_session_in_use_is_over_after_twelve_hours(session):
    token = start_session(make_user(), now=NOW)
    row = find_session(token, now=NOW)
    moment = NOW
    while moment < NOW + timedelta(hours=12):
        assert find_session(token, now=moment)
        record_use(row.id, now=moment)
        moment += IDLE
    assert find_session(token, now=NOW + ABSOLUTE)
    assert find_session(token, now=NOW + ABSOLUTE + SECOND) is None


def test_use_is_written_down_once_a_minute(session):
    row = find_session(start_session(make_user(), now=NOW), now=NOW)
    assert not is_due_for_recording(row, now=NOW + timedelta(seconds=59))
    assert is_due_for_recording(row, now=NOW + timedelta(seconds=60))
    record_use(row.id, now=NOW + timedelta(minutes=5))
    session.refresh(row)
    assert row.last_used_at == NOW + timedelta(minutes=5)


def test_ended_session_is_over_and_no_use_of_it_is_recorded(session):
    token = start_session(make_user(), now=NOW)
    row = find_session(token, now=NOW)
    end_session(row, now=NOW)
    assert find_session(token, now=NOW) is None
    record_use(row.id, now=NOW + SECOND)
    session.refresh(row)
    assert row.last_used_at == NOW


def test_ending_all_sessions_ends_nobody_elses(session):
    user, other = make_user(), make_user()
    mine = [start_session(user, now=NOW) for _ in range(3)]
    theirs = start_session(other, now=NOW)
    assert count_live_sessions(user, now=NOW) == 3
    end_all_sessions(user, now=NOW)
    assert [find_session(token, now=NOW) for token in mine] == [None] * 3
    assert find_session(theirs, now=NOW)
    assert (count_live_sessions(user, now=NOW), count_live_sessions(other, now=NOW)) == (0, 1)


def test_live_sessions_are_listed_the_latest_used_first(session):
    user = make_user()
    first = find_session(start_session(user, now=NOW, browser="Firefox on Windows"), now=NOW)
    second = find_session(start_session(user, now=NOW), now=NOW)
    over = find_session(start_session(user, now=NOW), now=NOW)
    start_session(make_user(), now=NOW)
    end_session(over, now=NOW)
    record_use(first.id, now=NOW + timedelta(minutes=5))
    session.refresh(first)
    later = NOW + timedelta(minutes=29)
    assert sessions.list_live_sessions(user, now=later) == [first, second]
    assert (first.browser, second.browser) == ("Firefox on Windows", "")
    assert sessions.list_live_sessions(user, now=NOW + timedelta(minutes=34)) == [first]


def test_a_token_is_known_to_be_behind_its_own_session_only(session):
    user = make_user()
    tokens = [start_session(user, now=NOW) for _ in range(2)]
    first, second = (find_session(token, now=NOW) for token in tokens)
    assert sessions.is_behind(tokens[0], first)
    assert not sessions.is_behind(tokens[0], second)


def test_the_day_somebody_was_here_is_written_down(session):
    user, other = make_user(), make_user()
    # Twenty to midnight in London.
    late = NOW.replace(hour=23, minute=40)
    row = find_session(start_session(user, now=late), now=late)
    session.refresh(user)
    assert user.last_active_on == date(2026, 11, 3)
    record_use(row.id, now=late + timedelta(minutes=25))
    session.refresh(user)
    assert user.last_active_on == date(2026, 11, 4)
    record_use(row.id, now=late)
    session.refresh(user)
    assert (user.last_active_on, other.last_active_on) == (date(2026, 11, 4), None)
    end_session(row, now=late)
    record_use(row.id, now=late + timedelta(days=3))
    session.refresh(user)
    assert user.last_active_on == date(2026, 11, 4)


def test_sessions_that_are_over_are_not_counted(session):
    user = make_user()
    start_session(user, now=NOW)
    row = session.scalars(select(UserSession)).one()
    assert count_live_sessions(user, now=NOW + IDLE + SECOND) == 0
    sessions.record_use(row.id, now=NOW + ABSOLUTE)
    assert count_live_sessions(user, now=NOW + ABSOLUTE) == 1
    assert count_live_sessions(user, now=NOW + ABSOLUTE + SECOND) == 0
