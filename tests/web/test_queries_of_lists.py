"""Lists take as many queries for many rows as for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    Block,
    IntroductionQuestion,
    IntroductionState,
    Programme,
    Proposer,
    Side,
    Waiting,
)
from tests.factories import make_introduction, make_professional, make_programme
from tests.queries import statements_sent
from tests.web.world import sign_in

pytestmark = pytest.mark.one_database


def _one_of_each(programme):
    """A proposal, one that waits for a reply, an introduction under way, and a block."""
    now = datetime.now(UTC)
    asked = {
        "programme": programme,
        "proposed_by": Proposer.PROFESSIONAL,
        "proposed_at": now,
        "answer_due_at": now + timedelta(days=9),
    }
    make_introduction(**asked)
    waiting = make_introduction(**asked, waiting_for=Waiting.QUESTION, waiting_since_at=now)
    question = IntroductionQuestion(
        introduction_id=waiting.id, side=Side.PROFESSIONAL, body="Where?", asked_at=now
    )
    make_introduction(
        programme=programme,
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=IntroductionState.ACCEPTED,
        released_at=now,
    )
    block = Block(
        side=Side.PROGRAMME,
        professional_id=make_professional().id,
        organisation_id=programme.organisation_id,
        created_at=now,
    )
    db.session.add_all((question, block))


@pytest.mark.parametrize("address", ["/introductions/", "/home", "/account/blocked"])
def test_a_longer_list_takes_no_more_queries(app, writing, address):
    with writing():
        programme = make_programme()
        owner = programme.organisation.memberships[0].user
        _one_of_each(programme)
    client = app.test_client()
    sign_in(client, owner, writing)
    client.get(address)
    with statements_sent(app) as for_one:
        client.get(address)
    with writing() as session:
        same = session.get(Programme, programme.id)
        for _ in range(3):
            _one_of_each(same)
    with statements_sent(app) as for_four:
        assert client.get(address).status_code == 200
    assert len(for_four) == len(for_one)
