"""Counting failed attempts, for all workers in one table, so that guessing is slow.

An attempt is counted before the password is looked at and given back when it was right; however
many arrive at once, no more than the limit get through. A refused attempt is not counted, so the
wait is a delay that always ends, never a lock-out. Between two windows the older one fades out in
proportion (a sliding window), so a window's edge is no opportunity.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from matchmaker.extensions import db, insert_into
from matchmaker.models import ThrottleCount
from matchmaker.services.errors import Throttled


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `attempts` in any `window`, for each key of the same `scope`."""

    scope: str
    attempts: int
    window: timedelta


FIVE_MINUTES = timedelta(minutes=5)
HOUR = timedelta(hours=1)

ACCOUNT = Limit("account", 10, FIVE_MINUTES)
# A browser that signed in before counts by itself, so that a stranger who keeps guessing somebody's
# password cannot keep that person out (OWASP, "device cookies").
KNOWN_BROWSER = Limit("known_browser", 10, FIVE_MINUTES)
# A hospital sits behind one address.
ADDRESS = Limit("address", 300, FIVE_MINUTES)
# Ten guesses a second over the whole site: half of what one core can verify.
EVERYONE = Limit("everyone", 3000, FIVE_MINUTES)
MAIL_RECIPIENT = Limit("mail_recipient", 5, HOUR)
MAIL_ADDRESS = Limit("mail_address", 300, HOUR)
# Whoever invites writes into the mail, if only a name; nobody may write to hundreds of strangers.
INVITER = Limit("inviter", 30, HOUR)
# Every request is a mail to somebody who has never heard of the person who asks.
PROPOSER = Limit("proposer", 20, HOUR)
# Every claim asks somebody to check it.
CLAIMANT = Limit("claimant", 10, HOUR)
# Every request for help waits for somebody to read it.
HELP_ASKER = Limit("help_asker", 5, HOUR)
# Anybody may report a page. A hospital sits behind one address.
REPORTER = Limit("reporter", 20, HOUR)
REPORT_ADDRESS = Limit("report_address", 60, HOUR)
REPORT_EVERYONE = Limit("report_everyone", 600, HOUR)
MAIL_EVERYONE = Limit("mail_everyone", 2000, HOUR)


@dataclass(frozen=True, slots=True)
class Key:
    """What is counted: a limit, and the account, address or browser it applies to."""

    limit: Limit
    value: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """One counted attempt, which can be given back."""

    scope: str
    key_digest: str
    window_started_at: datetime


def take(keys: Iterable[Key], *, now: datetime) -> tuple[Taken, ...]:
    """Count one attempt against every key.

    Callers always name the limits in the same order, so that two transactions never each hold a
    row that the other waits for.

    Raises:
        Throttled: A limit is reached. The caller must roll back: nothing may stay counted.
    """
    return tuple(_take_one(key, now) for key in keys)


def give_back(taken: Iterable[Taken]) -> None:
    """Take back attempts that did not fail after all."""
    for each in taken:
        db.session.execute(
            update(ThrottleCount)
            .where(
                ThrottleCount.scope == each.scope,
                ThrottleCount.key_digest == each.key_digest,
                ThrottleCount.window_started_at == each.window_started_at,
                ThrottleCount.failures > 0,
            )
            .values(failures=ThrottleCount.failures - 1)
            .execution_options(synchronize_session=False)
        )


def forget(*, before: datetime) -> None:
    """Delete the counts of windows that began before a moment."""
    db.session.execute(
        delete(ThrottleCount)
        .where(ThrottleCount.window_started_at < before)
        .execution_options(synchronize_session=False)
    )


def network_of(address: str | None) -> str:
    """What of an IP address is counted: all of IPv4, the /64 of IPv6 (one customer has many)."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed.packed, 64), strict=False))


def digest(scope: str, value: str) -> str:
    """A keyed digest of what is counted, so that the table names nobody."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"throttle:{scope}:{value}".encode(), hashlib.sha256).hexdigest()


def _take_one(key: Key, now: datetime) -> Taken:
    limit = key.limit
    started_at = _window_start(now, limit.window)
    taken = Taken(limit.scope, digest(limit.scope, key.value), started_at)
    previous = _failures(taken, started_at - limit.window)
    faded = int(previous * (1 - (now - started_at) / limit.window))
    if faded >= limit.attempts or not _count(taken, limit.attempts - faded):
        raise _throttled(limit, previous, _failures(taken, started_at), now - started_at)
    return taken


def _count(taken: Taken, allowed: int) -> bool:
    """Add one unless `allowed` are there already: one statement, so that it cannot be raced."""
    statement = (
        insert_into(ThrottleCount)
        .values(
            scope=taken.scope,
            key_digest=taken.key_digest,
            window_started_at=taken.window_started_at,
            failures=1,
        )
        .on_conflict_do_update(
            index_elements=["scope", "key_digest", "window_started_at"],
            set_={"failures": ThrottleCount.failures + 1},
            where=ThrottleCount.failures < allowed,
        )
        .returning(ThrottleCount.failures)
    )
    return db.session.execute(statement).first() is not None


def _failures(taken: Taken, window_started_at: datetime) -> int:
    return (
        db.session.scalar(
            select(ThrottleCount.failures).where(
                ThrottleCount.scope == taken.scope,
                ThrottleCount.key_digest == taken.key_digest,
                ThrottleCount.window_started_at == window_started_at,
            )
        )
        or 0
    )


def _throttled(limit: Limit, previous: int, current: int, elapsed: timedelta) -> Throttled:
    free = limit.attempts - current
    # Until the faded share of the older window lets one more through.
    share = 1 - free / previous if free > 0 else 1.0
    seconds = math.ceil((limit.window * share - elapsed).total_seconds()) + 1
    minutes = math.ceil(seconds / 60)
    return Throttled(
        _("There were too many tries. Wait %(minutes)d minutes, then try again.", minutes=minutes)
        if minutes > 1
        else _("There were too many tries. Wait a minute, then try again."),
        retry_after_seconds=seconds,
    )


def _window_start(now: datetime, window: timedelta) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + (now - epoch) // window * window
