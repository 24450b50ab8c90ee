"""Both sides of a lead's proposal say yes at the same moment, against four workers."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import func, select

from matchmaker.models import (
    AuditEvent,
    Introduction,
    IntroductionState,
    OutboxMail,
    Proposer,
)
from matchmaker.services import introductions
from tests.factories import (
    make_lead,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.servers.web import running_web
from tests.soak.visitors import Visitor

pytestmark = pytest.mark.soak

WORKERS = 4


@pytest.fixture
def propose_pairs(writing):
    """Make pairs, each of which a lead wants to introduce; gives the links to answer by."""

    def propose(number):
        with writing() as session:
            for _ in range(number):
                introductions.propose(
                    make_professional(user=make_user()),
                    make_programme(organisation=make_organisation(members=[make_user()])),
                    proposed_by=Proposer.LEAD,
                    purpose="To see what they could do together.",
                    actor=make_lead(),
                    now=datetime.now(UTC),
                )
            mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
            links = [_link_in(mail.body) for mail in mails]
        return list(zip(links[::2], links[1::2], strict=True))

    return propose


def _link_in(body):
    return next(line for line in body.splitlines() if "/answer/" in line).partition("/answer/")[2]


def _say_yes_together(url, pairs):
    """Let both of each pair say yes at once; returns every answer's status."""
    statuses = []
    with ThreadPoolExecutor(max_workers=2) as people:
        for pair in pairs:
            barrier = Barrier(2)
            statuses += people.map(lambda token, at=barrier: _say_yes(url, token, at), pair)
    return Counter(statuses)


def _say_yes(url, token, barrier):
    visitor = Visitor(url)
    seen, _page = visitor.get(f"/answer/{token}")
    barrier.wait(timeout=60)
    answered, _page = visitor.post(f"/answer/{token}/yes")
    return (seen, answered)


def _tally(writing):
    """What the database holds afterwards, per introduction."""
    with writing() as session:
        released = session.scalar(
            select(func.count()).where(
                Introduction.state == IntroductionState.ACCEPTED,
                Introduction.released_at.is_not(None),
            )
        )
        events = session.scalar(
            select(func.count()).where(AuditEvent.action == "introduction.accepted")
        )
        mails = session.scalar(
            select(func.count()).where(OutboxMail.dedupe_key.contains(":accepted:"))
        )
    return released, events, mails


def test_both_saying_yes_at_once_are_introduced_once(
    settings, propose_pairs, writing, trial_size, tmp_path
):
    pairs = propose_pairs(trial_size(25, 500))
    with running_web(settings, tmp_path, workers=WORKERS) as server:
        statuses = _say_yes_together(server.url, pairs)
    assert statuses == {(200, 200): 2 * len(pairs)}
    assert _tally(writing) == (len(pairs), len(pairs), 2 * len(pairs))


def test_the_trial_notices_when_the_rules_of_writing_are_gone(
    settings, propose_pairs, writing, tmp_path
):
    pairs = propose_pairs(25)
    broken = "tests.soak.broken_wsgi:app"
    with running_web(settings, tmp_path, workers=WORKERS, app=broken) as server:
        statuses = _say_yes_together(server.url, pairs)
    is_whole = statuses == {(200, 200): 2 * len(pairs)}
    assert (is_whole, _tally(writing)) != (True, (len(pairs), len(pairs), 2 * len(pairs)))
