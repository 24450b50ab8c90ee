"""A number that SQLite gives to a second row opens nothing of the first one's, nor the reverse."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from matchmaker.extensions import db
from matchmaker.models import Answer, IntroductionMessage, IntroductionState, OutboxMail, Side
from matchmaker.services import partnerships
from tests.factories import make_introduction


def _accepted(now):
    return make_introduction(
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=IntroductionState.ACCEPTED,
        released_at=now,
    )


def _write(introduction, body, now):
    return partnerships.send_message(
        introduction,
        Side.PROFESSIONAL,
        body,
        seen_id=0,
        actor=introduction.professional.user,
        now=now,
    )


@pytest.mark.parametrize("is_between_others", [True, False])
def test_a_link_to_reply_by_never_shows_another_message(app, writing, is_between_others):
    now = datetime.now(UTC)
    with writing() as session:
        introduction = _accepted(now)
        message = _write(introduction, "The first words.", now)
        token = re.search(r"/reply/(\S+)", session.scalars(select(OutboxMail.body)).one())[1]
        number = message.id
        session.execute(delete(IntroductionMessage))
        session.expunge_all()
        other = _accepted(now) if is_between_others else db.session.merge(introduction)
        later = IntroductionMessage(
            id=number,
            introduction_id=other.id,
            side=Side.PROFESSIONAL,
            body="Words for somebody else.",
            # The same moment, or a later one in the same introduction.
            created_at=now if is_between_others else now + timedelta(seconds=1),
        )
        session.add(later)
    page = app.test_client().get(f"/reply/{token}")
    assert page.status_code == 410
    assert "Words for somebody else." not in page.text
