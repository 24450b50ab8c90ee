"""Introductions live through whatever everybody does and however long it takes, and stay sound."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from matchmaker.services import audit, capacity, introduction_mail, partnerships, waiting
from tests.soak.life import Life

pytestmark = pytest.mark.soak

STEPS_OF_AN_EXAMPLE = 50
EXAMPLES = 20
# What must have happened, or the trial tried too little.
EVENTS = (
    *("proposed", "accepted", "declined", "withdrawn", "expired", "superseded", "reminded"),
    *("waiting", "resumed", "question_asked", "question_replied", "question_closed"),
    *("message_sent", "agreed", "active", "on_hold", "completed", "ended", "checked_on"),
)


def live(steps, phases=(Phase.generate,)):
    """Run the machine, with other draws each time, until it has made so many steps."""
    machine = type("Life", (Life,), {"steps": 0, "seen": Counter()})
    how = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS_OF_AN_EXAMPLE,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    number = 0
    while machine.steps < steps:
        number += 1
        run_state_machine_as_test(seed(number)(machine), settings=how)
    return machine


def test_nothing_anybody_does_breaks_what_is_always_so(session, trial_size):
    lived = live(trial_size(2000, 50_000))
    print(f"{lived.steps} steps", dict(sorted(lived.seen.items())))  # noqa: T201 - `make soak` shows it
    assert set(lived.seen) >= {f"introduction.{event}" for event in EVENTS}


def _contacts_stay(patch):
    """Whatever the state, contact details are handed out once they were."""
    known = set()
    real = partnerships.contact_of

    def remember(introduction, side):
        if introduction.is_released:
            known.add(introduction.id)
            return real(introduction, side)
        return object() if introduction.id in known else None

    patch.setattr(partnerships, "contact_of", remember)


def _places_are_not_taken(patch):
    patch.setattr(capacity, "take_place", lambda _programme, _now: None)


def _waiting_is_not_added_back(patch):
    real = waiting.resume

    def resume(introduction, *, now):
        introduction.waiting_since_at = now
        real(introduction, now=now)

    patch.setattr(waiting, "resume", resume)


def _a_no_is_not_written_down(patch):
    real = audit.record

    def record(action, subject, **values):
        if action != "introduction.declined":
            real(action, subject, **values)

    patch.setattr(audit, "record", record)


def _a_reminder_counts_twice(patch):
    real = introduction_mail.remind

    def remind(introduction, *, now):
        real(introduction, now=now)
        introduction.reminders = min(introduction.reminders + 1, 2)

    patch.setattr(introduction_mail, "remind", remind)


MUTANTS = (
    _contacts_stay,
    _places_are_not_taken,
    _waiting_is_not_added_back,
    _a_no_is_not_written_down,
    _a_reminder_counts_twice,
)


@pytest.mark.one_database
@pytest.mark.parametrize("break_rule", MUTANTS)
def test_the_machine_notices_a_broken_rule(session, monkeypatch, break_rule):
    break_rule(monkeypatch)
    with pytest.raises(BaseException):  # noqa: B017, PT011 - whichever check notices first
        live(10_000, phases=(Phase.generate,))
