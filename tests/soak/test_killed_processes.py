"""Web and worker processes killed again and again while people write: nothing is lost.

What a page acknowledged is in the database afterwards, and every mail arrived. A mail may arrive
twice where the worker was killed between the mail server's "yes" and its own mark; it then carries
the same Message-ID, by which mail programs show it once.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from matchmaker.models import IntroductionMessage, IntroductionState, OutboxMail
from matchmaker.models.introduction import Answer
from matchmaker.services import passwords
from tests.factories import (
    PASSWORD,
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.jobs.smtp import running_smtp
from tests.servers.web import ROOT, environment_of, running_web
from tests.soak.visitors import Visitor

pytestmark = pytest.mark.soak

WORKERS = 2
WRITERS = 3
SECONDS = 300


@dataclass
class Told:
    """What a writer was told: the words that were acknowledged, and how many were not."""

    kept: list[str] = field(default_factory=list)
    dropped: int = 0


@pytest.fixture
def conversations(writing):
    """Introductions under way, and the address of a person of each who can sign in."""
    found = []
    with writing():
        hashed = passwords.hash_password(PASSWORD)
        for _ in range(WRITERS):
            writer = make_user(password_hash=hashed)
            introduction = make_introduction(
                professional=make_professional(user=writer),
                programme=make_programme(organisation=make_organisation(members=[make_user()])),
                professional_answer=Answer.YES,
                programme_answer=Answer.YES,
                state=IntroductionState.ACTIVE,
                released_at=datetime.now(UTC),
            )
            found.append((introduction.id, writer.email))
    return found


class Worker:
    """`matchmaker jobs` in a process of its own, which can be killed and started again."""

    def __init__(self, module: str, environ: dict[str, str], log: Path) -> None:
        self._module, self._environ, self._log = module, environ, log
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", self._module, "jobs"],
                cwd=ROOT,
                env=self._environ,
                stdout=output,
                stderr=output,
            )

    def kill(self) -> None:
        """Kill it, whatever it is doing, and start another."""
        self.process.kill()
        self.process.wait()
        self.process = self._start()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=SECONDS)


@contextmanager
def running_jobs(module, settings, url, mailbox, folder):
    environ = {
        **os.environ,
        **environment_of(settings, url),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mailbox.port),
    }
    worker = Worker(module, environ, folder / "worker.log")
    try:
        yield worker
    finally:
        worker.process.kill()
        worker.process.wait()


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The workers of a gunicorn."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    return [int(each) for each in listed.split()]


def write_until(stop: threading.Event, url: str, introduction_id: int, email: str, told: Told):
    """Sign in, then write one message after the other, each with words of its own."""
    visitor, number = Visitor(url), 0
    _sign_in(visitor, email)
    while not stop.is_set():
        status, page = visitor.get(f"/introductions/{introduction_id}")
        if status != 200 or "message-body" not in page:
            _sign_in(visitor, email)
            continue
        number += 1
        words = f"Words number {number} in {introduction_id}"
        status, _page = visitor.post(
            f"/introductions/{introduction_id}/messages",
            **{"message-body": words, "message-seen": "0", "message-side": "professional"},
        )
        if status == 200:
            told.kept.append(words)
        else:
            told.dropped += 1
        # More than the worker can send would only have to be waited for in the end.
        stop.wait(1)


def _sign_in(visitor: Visitor, email: str) -> None:
    visitor.get("/sign-in")
    visitor.post("/sign-in", email=email, password=PASSWORD)


def kill_at_random(server, worker, times, draw, *, pause, n_written, n_arrived):
    """Kill a web worker or the worker that sends mail, again and again.

    Before each, something new has been written and, since the last worker started, been sent, so
    that on a slow machine, too, what is killed is at work.
    """
    killed = Counter()
    written, arrived = 0, 0
    while killed.total() < times:
        wait_until(lambda at=written: n_written() > at)
        written = n_written()
        if draw.random() < 0.5:
            time.sleep(draw.uniform(*pause))
            killed["web"] += kill_one_of(children_of(server.process), draw)
        else:
            # Between its first mails a worker that starts does everything else that is due.
            wait_until(lambda at=arrived: n_arrived() >= at + 3)
            time.sleep(draw.uniform(*pause))
            worker.kill()
            killed["worker"] += 1
            arrived = n_arrived()
    return killed


def wait_until(is_so):
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "nothing was written or sent any more"
        time.sleep(0.01)


def kill_one_of(processes, draw):
    """Kill one, if there is one; it may have ended by itself in the meantime."""
    try:
        os.kill(draw.choice(processes), signal.SIGKILL)
    except (IndexError, ProcessLookupError):
        return False
    return True


def let_the_rest_be_sent(writing):
    """Wait until the outbox is empty.

    What a killed worker had claimed is free again after ten minutes, which have passed here.
    """
    unsent = select(func.count()).select_from(OutboxMail).where(OutboxMail.sent_at.is_(None))
    deadline = time.monotonic() + SECONDS
    is_empty = False
    while not is_empty and time.monotonic() < deadline:
        with writing() as session:
            session.execute(
                update(OutboxMail)
                .where(OutboxMail.sent_at.is_(None), OutboxMail.claimed_until.is_not(None))
                .values(claimed_until=datetime.now(UTC))
            )
        time.sleep(5)
        with writing() as session:
            is_empty = session.scalar(unsent) == 0


@dataclass(frozen=True)
class Found:
    """What a trial ended with."""

    killed: Counter[str]
    acknowledged: list[str]
    n_not_acknowledged: int
    written: Counter[str]
    mails: list[OutboxMail]
    arrived: dict[str, list[str]]

    @property
    def n_repeats(self) -> int:
        """How many mails arrived more than once."""
        return sum(len(copies) - 1 for copies in self.arrived.values())

    @property
    def lost_mails(self) -> set[str]:
        """The Message-IDs that never arrived."""
        return {mail.message_id for mail in self.mails} - set(self.arrived)

    @property
    def lost_words(self) -> set[str]:
        """What was acknowledged and is not there."""
        return set(self.acknowledged) - set(self.written)

    def __str__(self) -> str:
        return (
            f"killed {dict(self.killed)}; {len(self.acknowledged)} writes acknowledged,"
            f" {self.n_not_acknowledged} not, {len(self.lost_words)} lost;"
            f" {len(self.mails)} mails, {len(self.lost_mails)} lost, {self.n_repeats} repeated"
        )


@pytest.fixture
def trial(settings, conversations, writing, tmp_path):
    """`trial(kills)`: write, kill that many times, let the rest be sent, and look.

    The mail server takes `seconds` over each mail, so that the worker is often in the middle of one
    when it is killed.
    """

    def run(kills, jobs="matchmaker.cli", seconds=0.1, pause=(0.0, 0.3)):
        told, stop = [Told() for _ in conversations], threading.Event()
        with ExitStack() as stack:
            mailbox = stack.enter_context(running_smtp())
            mailbox.seconds_before, mailbox.seconds_after = seconds, 0.1
            server = stack.enter_context(running_web(settings, tmp_path, workers=WORKERS))
            worker = stack.enter_context(
                running_jobs(jobs, settings, server.url, mailbox, tmp_path)
            )
            writers = [
                threading.Thread(target=write_until, args=(stop, server.url, *who, heard))
                for who, heard in zip(conversations, told, strict=True)
            ]
            for writer in writers:
                writer.start()
            killed = kill_at_random(
                server,
                worker,
                kills,
                random.Random(2026),
                pause=pause,
                n_written=lambda: sum(len(each.kept) for each in told),
                n_arrived=lambda: len(mailbox.arrived),
            )
            stop.set()
            for writer in writers:
                writer.join(timeout=SECONDS)
            # Nothing is killed any more in the middle of a mail.
            mailbox.seconds_before = mailbox.seconds_after = 0
            let_the_rest_be_sent(writing)
            worker.stop()
        with writing() as session:
            written = Counter(session.scalars(select(IntroductionMessage.body)))
            mails = list(session.scalars(select(OutboxMail)))
        arrived: dict[str, list[str]] = {}
        for mail in mailbox.arrived:
            arrived.setdefault(mail["Message-ID"], []).append(str(mail.get_body(("plain",))))
        found = Found(
            killed=killed,
            acknowledged=[words for each in told for words in each.kept],
            n_not_acknowledged=sum(each.dropped for each in told),
            written=written,
            mails=mails,
            arrived=arrived,
        )
        print(found)  # noqa: T201 - `make soak` shows it
        return found

    return run


def test_killed_processes_lose_neither_what_was_acknowledged_nor_a_mail(trial, trial_size):
    found = trial(trial_size(8, 100))
    assert found.killed["web"] > 0
    assert found.killed["worker"] > 0
    assert len(found.acknowledged) >= found.killed.total()
    assert found.lost_words == set()
    assert set(found.written.values()) == {1}
    # Each message was told once, and what arrived twice is the same mail.
    assert len(found.mails) == found.written.total()
    assert found.lost_mails == set()
    assert all(mail.sent_at is not None for mail in found.mails)
    assert all(len(set(copies)) == 1 for copies in found.arrived.values())


@pytest.mark.one_database
def test_the_trial_notices_a_worker_that_marks_a_mail_before_it_is_sent(trial):
    # It has begun with the next mail by then, and is not through with it.
    found = trial(4, jobs="tests.soak.broken_jobs", seconds=1.0, pause=(0.3, 0.8))
    assert found.lost_mails != set()
