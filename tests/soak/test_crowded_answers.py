"""Of two hundred answers to one introduction at the same moment, one is heard and the rest told."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import cycle, islice
from threading import Barrier

import pytest
from sqlalchemy import func, select

from matchmaker.models import (
    Answer,
    AuditEvent,
    Introduction,
    IntroductionState,
    Membership,
    MembershipRole,
    OutboxMail,
    Proposer,
)
from matchmaker.services import introductions
from tests.factories import make_organisation, make_professional, make_programme, make_user
from tests.servers.web import running_web
from tests.soak.visitors import Visitor

pytestmark = pytest.mark.soak

WORKERS = 4
ANSWERS = 200
COLLEAGUES = 20
HEARD = 200
TOLD = {409, 410}
PLAIN_SENTENCES = (
    "This introduction has already been answered. Nothing has been changed.",
    "This link has been used already.",
    "You have already answered. We are waiting for the other side.",
)


@pytest.fixture
def propose(writing):
    """Ask an organisation of many colleagues; gives the introduction and everybody's link."""

    def ask(colleagues=COLLEAGUES):
        with writing() as session:
            owner, *others = [make_user() for _ in range(colleagues)]
            organisation = make_organisation(members=[owner, *others])
            professional = make_professional(user=make_user())
            seen = session.scalar(select(func.max(OutboxMail.id))) or 0
            introduction = introductions.propose(
                professional,
                make_programme(organisation=organisation),
                proposed_by=Proposer.PROFESSIONAL,
                purpose="To see who could come.",
                actor=professional.user,
                now=datetime.now(UTC),
            )
            mails = session.scalars(select(OutboxMail).where(OutboxMail.id > seen)).all()
            assert len(mails) == colleagues
            return introduction.id, [_token_in(mail.body) for mail in mails]

    return ask


@pytest.fixture
def crowd(settings, tmp_path):
    """`crowd(n)`: n browsers before four workers, each of which has opened a form."""
    with running_web(settings, tmp_path, workers=WORKERS) as server:

        def gather(number):
            visitors = [Visitor(server.url) for _ in range(number)]
            with ThreadPoolExecutor(max_workers=16) as opening:
                list(opening.map(lambda visitor: visitor.get("/sign-in"), visitors))
            return visitors

        yield gather


def _token_in(body):
    lines = (line for line in body.splitlines() if "/answer/" in line)
    return next(lines).partition("/answer/")[2].partition("?")[0]


def _all_at_once(visitors, answers):
    """Send each browser's answer at one moment; returns what each was told."""
    barrier = Barrier(len(answers))

    def _answer(visitor, token, says_yes):
        barrier.wait(timeout=60)
        if says_yes:
            return visitor.post(f"/answer/{token}/yes")
        return visitor.post(f"/answer/{token}/no", reason="no_time", note="")

    with ThreadPoolExecutor(max_workers=len(answers)) as people:
        told = [
            people.submit(_answer, visitor, token, says_yes)
            for visitor, (token, says_yes) in zip(visitors, answers, strict=True)
        ]
        return [each.result() for each in told]


def _check_one_was_heard(told):
    statuses = Counter(status for status, _page in told)
    assert statuses[HEARD] == 1
    assert set(statuses) <= {HEARD, *TOLD}
    for status, page in told:
        assert status == HEARD or any(sentence in page for sentence in PLAIN_SENTENCES)


def _events(session, introduction_id):
    return Counter(
        session.scalars(
            select(AuditEvent.action).where(
                AuditEvent.subject_type == "introduction", AuditEvent.subject_id == introduction_id
            )
        )
    )


def test_of_many_answers_at_once_one_is_heard_and_the_rest_are_told(
    propose, crowd, writing, trial_size
):
    visitors, outcomes = crowd(ANSWERS), Counter()
    for number in range(trial_size(2, 50)):
        introduction_id, tokens = propose()
        # Yes and no take turns over every colleague's link, each of which is sent many times.
        answers = [
            (token, (place + number) % 2 == 0)
            for place, token in enumerate(islice(cycle([*tokens, tokens[0]]), ANSWERS))
        ]
        _check_one_was_heard(_all_at_once(visitors, answers))
        with writing() as session:
            introduction = session.get(Introduction, introduction_id)
            events = _events(session, introduction_id)
            said_yes = introduction.programme_answer is Answer.YES
            state = IntroductionState.ACCEPTED if said_yes else IntroductionState.DECLINED
            assert introduction.state is state
            assert introduction.is_released == said_yes
            assert events["introduction.accepted"] == said_yes
            assert events["introduction.declined"] == (not said_yes)
            assert events["introduction.answered_yes"] == said_yes
            outcomes[state] += 1
    assert outcomes.total() == trial_size(2, 50)


def test_one_link_sent_eight_times_at_once_has_one_effect(propose, crowd, writing, trial_size):
    visitors = crowd(8)
    for _ in range(trial_size(3, 50)):
        introduction_id, (token,) = propose(colleagues=1)
        _check_one_was_heard(_all_at_once(visitors, [(token, True)] * 8))
        with writing() as session:
            assert session.get(Introduction, introduction_id).is_released
            assert _events(session, introduction_id)["introduction.accepted"] == 1
            mails = select(func.count()).where(
                OutboxMail.dedupe_key.startswith(f"introduction:{introduction_id}:accepted:")
            )
            assert session.scalar(mails) == 2


def test_an_answer_that_comes_after_somebody_left_the_organisation_is_not_heard(
    propose, crowd, writing
):
    introduction_id, tokens = propose(colleagues=2)
    with writing() as session:
        introduction = session.get(Introduction, introduction_id)
        memberships = introduction.programme.organisation.memberships
        (left,) = [each for each in memberships if each.role is MembershipRole.EDITOR]
        session.delete(session.get(Membership, left.id))
    told = _all_at_once(crowd(2), [(token, True) for token in tokens])
    assert sorted(status for status, _page in told) == [HEARD, 410]
