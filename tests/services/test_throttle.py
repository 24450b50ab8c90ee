from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.extensions import db, write_intent
from matchmaker.models import ThrottleCount
from matchmaker.services import throttle
from matchmaker.services.errors import Throttled
from matchmaker.services.throttle import ACCOUNT, ADDRESS, Key, Limit, network_of, take

START = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
MAIRI = Key(ACCOUNT, "mairi@example.org")


def take_times(times, key=MAIRI, now=START):
    for _ in range(times):
        take([key], now=now)


def wait_after(key, now):
    with pytest.raises(Throttled) as raised:
        take([key], now=now)
    return timedelta(seconds=raised.value.retry_after_seconds)


def test_eleventh_failure_within_five_minutes_is_refused(session):
    take_times(10)
    with pytest.raises(Throttled, match="too many tries"):
        take([MAIRI], now=START + timedelta(minutes=4))


def test_accounts_and_scopes_are_counted_apart(session):
    take_times(10)
    take([Key(ACCOUNT, "ewan@example.org"), Key(ADDRESS, "mairi@example.org")], now=START)


@pytest.mark.parametrize("elapsed", [0, 1, 100, 299])
def test_waiting_as_long_as_told_is_enough_and_half_is_not(session, elapsed):
    now = START + timedelta(seconds=elapsed)
    take_times(10, now=now)
    wait = wait_after(MAIRI, now)
    assert wait <= timedelta(minutes=6)
    wait_after(MAIRI, now + wait / 2)
    take([MAIRI], now=now + wait)


def test_edge_of_a_window_is_no_opportunity(session):
    take_times(10, now=START + timedelta(seconds=299))
    wait = wait_after(MAIRI, START + timedelta(seconds=300))
    take([MAIRI], now=START + timedelta(seconds=300) + wait)
    wait_after(MAIRI, START + timedelta(seconds=300) + wait)


def test_everything_is_free_again_after_two_windows(session):
    take_times(10)
    take_times(10, now=START + timedelta(minutes=10))


def test_refused_attempts_do_not_prolong_the_wait(session):
    take_times(10)
    first = wait_after(MAIRI, START)
    for _ in range(50):
        wait_after(MAIRI, START)
    assert wait_after(MAIRI, START) == first


def test_attempt_given_back_does_not_count(session):
    take_times(9)
    for _ in range(5):
        throttle.give_back(take([MAIRI], now=START))
    take([MAIRI], now=START)
    wait_after(MAIRI, START)


def test_nothing_is_given_back_below_zero(session):
    taken = take([MAIRI], now=START)
    throttle.give_back(taken)
    throttle.give_back(taken)
    take_times(10)
    wait_after(MAIRI, START)


def test_table_names_nobody(session):
    take_times(1)
    row = session.scalars(select(ThrottleCount)).one()
    assert "mairi" not in row.key_digest
    assert len(row.key_digest) == 64


def test_old_counts_are_forgotten_and_new_ones_kept(session):
    take_times(1)
    take_times(1, now=START + timedelta(days=2))
    throttle.forget(before=START + timedelta(days=1))
    assert session.scalar(select(func.count()).select_from(ThrottleCount)) == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "unknown"),
        (None, "unknown"),
        ("nonsense", "unknown"),
    ],
)
@pytest.mark.one_database
def test_addresses_of_one_subscriber_are_one(app, address, network):
    assert network_of(address) == network


def test_sentence_says_how_long_to_wait(session):
    key = Key(Limit("slow", 1, timedelta(hours=1)), "x")
    take([key], now=START)
    with pytest.raises(Throttled, match=r"Wait \d\d minutes"):
        take([key], now=START)
    brief = Key(Limit("brief", 1, timedelta(seconds=10)), "x")
    take([brief], now=START)
    with pytest.raises(Throttled, match="Wait a minute"):
        take([brief], now=START)


def test_many_at_once_never_exceed_the_limit(app, trial_size):
    """Threads with connections of their own, on a real database: the count is one statement."""
    attempts, rounds = 40, trial_size(3, 50)
    for number in range(rounds):
        key = Key(ACCOUNT, f"person{number}@example.org")
        gate = threading.Barrier(8)

        def attempt(_number, key=key, gate=gate):
            if _number < 8:
                gate.wait()
            with app.app_context(), write_intent():
                try:
                    take([key], now=START)
                except Throttled:
                    return 0
                db.session.commit()
                return 1

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(attempt, range(attempts))) == 10
