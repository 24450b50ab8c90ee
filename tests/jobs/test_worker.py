from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.jobs.tasks import TASKS, Task
from matchmaker.jobs.worker import Worker, stopped_by_signals
from matchmaker.models import OutboxMail, ThrottleCount
from matchmaker.services import outbox, throttle
from tests.factories import NOW
from tests.servers.web import ROOT, environment_of

SOON = timedelta(milliseconds=5)
NEVER = timedelta(days=365)
# A process takes seconds, and what a signal does knows nothing of databases.
STOPPED_BY = {"sqlite": signal.SIGINT, "postgresql": signal.SIGTERM}


def run_until(worker, is_enough, seconds=10):
    """Run `worker` in a thread until `is_enough()`; returns how long stopping took."""
    thread = threading.Thread(target=worker.run)
    thread.start()
    deadline = time.monotonic() + seconds
    while not is_enough() and time.monotonic() < deadline:
        time.sleep(0.005)
    stopped_at = time.monotonic()
    worker.stop()
    thread.join(timeout=seconds)
    assert not thread.is_alive()
    assert is_enough()
    return time.monotonic() - stopped_at


def count_row(now):
    throttle.take([throttle.Key(throttle.ACCOUNT, "x")], now=now)


def failures(app):
    with app.app_context():
        return db.session.scalar(select(func.sum(ThrottleCount.failures))) or 0


def test_each_task_runs_at_its_own_pace(app):
    ran = {"often": 0, "seldom": 0}

    def task(name, every):
        def run(_now):
            ran[name] += 1
            return False

        return Task(name, every, run)

    worker = Worker(app, [task("often", SOON), task("seldom", NEVER)])
    run_until(worker, lambda: ran["often"] > 5)
    assert ran["seldom"] == 1


def test_task_that_has_more_to_do_runs_again_at_once(app):
    left = [5]

    def run(_now):
        left[0] -= 1
        return left[0] > 0

    run_until(Worker(app, [Task("much", NEVER, run)]), lambda: left[0] == 0)
    assert left == [0]


def test_what_a_task_wrote_is_committed(app):
    def run(now):
        count_row(now)
        return False

    run_until(Worker(app, [Task("write", NEVER, run)]), lambda: failures(app) == 1)


def test_failing_task_leaves_nothing_and_ends_nothing(app, caplog):
    ran = []

    def fail(now):
        count_row(now)
        raise ValueError("broken")

    def work(now):
        ran.append(now)
        return False

    worker = Worker(app, [Task("fail", SOON, fail), Task("work", SOON, work)])
    run_until(worker, lambda: len(ran) > 3)
    assert failures(app) == 0
    assert {record.task for record in caplog.records if record.levelname == "ERROR"} == {"fail"}
    assert all(moment.tzinfo is not None for moment in ran)


def test_waiting_worker_stops_at_once(app):
    ran = []
    worker = Worker(app, [Task("once", NEVER, lambda now: bool(ran.append(now)))])
    assert run_until(worker, lambda: ran) < 1


def test_worker_that_was_stopped_before_it_began_does_nothing(app):
    ran = []
    worker = Worker(app, [Task("once", NEVER, lambda now: bool(ran.append(now)))])
    worker.stop()
    worker.run()
    assert ran == []


@pytest.mark.one_database
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_stop_the_worker_and_are_then_as_before(app, number):
    before = signal.getsignal(number)
    worker = Worker(app, [Task("signal", SOON, lambda _now: os.kill(os.getpid(), number))])
    with stopped_by_signals(worker):
        worker.run()
    assert signal.getsignal(number) is before


@pytest.mark.one_database
def test_mail_and_forgetting_are_among_the_tasks():
    names = [task.name for task in TASKS]
    assert len(set(names)) == len(names)
    assert {"send mail", "forget what has expired"} <= set(names)


def is_sent(app):
    with app.app_context():
        return db.session.scalar(select(OutboxMail.sent_at)) is not None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_sends_mail_and_stops_when_told(app, writing, number):
    with writing():
        outbox.enqueue("e", recipient="a@example.org", subject="Hi", body="b\n", now=NOW)
    has_ended = threading.Event()

    def stop():
        deadline = time.monotonic() + 20
        while not (is_sent(app) or has_ended.is_set()) and time.monotonic() < deadline:
            time.sleep(0.01)
        if not has_ended.is_set():
            os.kill(os.getpid(), number)

    thread = threading.Thread(target=stop)
    thread.start()
    result = app.test_cli_runner().invoke(args=["jobs"])
    has_ended.set()
    thread.join()
    assert result.exit_code == 0, result.output
    assert "Subject: Hi" in result.output


@pytest.mark.soak
def test_process_of_the_command_sends_mail_and_stops_when_told(app, writing, settings, database):
    """The same in a process of its own, stopped as `make run` and systemd stop it."""
    number = STOPPED_BY[database.kind]
    with writing():
        outbox.enqueue("e", recipient="a@example.org", subject="Hi", body="b\n", now=NOW)
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "matchmaker", "jobs"],
        cwd=ROOT,
        env={**os.environ, **environment_of(settings, settings.public_url)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 60
        while not is_sent(app) and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(number)
        # The worker stops at once (see above); taking down the interpreter is what takes time.
        printed, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "Subject: Hi" in printed
