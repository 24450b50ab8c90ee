"""Two people decide about the same two organisations at the same moment, and only one does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from matchmaker.extensions import db, write_intent
from matchmaker.models import AuditEvent, Likeness, Organisation, PossibleDuplicate, User
from matchmaker.services import duplicates, merging
from matchmaker.services.errors import AlreadyAnswered, StaleVersion
from matchmaker.services.merging import Which
from tests.factories import NOW, make_organisation, make_programme, make_user

pytestmark = pytest.mark.soak


def make_pairs(number):
    for _ in range(number):
        first, second = (make_organisation(registration=None) for _ in range(2))
        for each in (first, second):
            make_programme(organisation=each)
        duplicates.suspect(first.id, second.id, Likeness.DOMAIN, now=NOW)


def decide(app, pair_id, user_id, stays, barrier):
    """Merge as one of the two people would; says whether it was they who did."""
    with app.app_context():
        pair = duplicates.find_pair(pair_id)
        digest = merging.digest_of(pair)
        db.session.rollback()
        barrier.wait()
        with write_intent():
            user = db.session.get_one(User, user_id)
            pair = duplicates.find_pair(pair_id)
            try:
                merging.merge(pair, stays, {}, digest, actor=user, now=NOW)
                db.session.commit()
            except (AlreadyAnswered, StaleVersion):
                db.session.rollback()
                return False
            return True


def test_of_two_who_put_the_same_together_one_does(app, writing, trial_size):
    number = trial_size(6, 200)
    with writing() as session:
        people = [make_user(is_administrator=True).id for _ in range(2)]
        make_pairs(number)
        pair_ids = session.scalars(select(PossibleDuplicate.id)).all()
    with ThreadPoolExecutor(2) as pool:
        for pair_id in pair_ids:
            barrier = Barrier(2)
            decided = [
                pool.submit(decide, app, pair_id, person, stays, barrier)
                for person, stays in zip(people, Which, strict=True)
            ]
            assert sorted(each.result() for each in decided) == [False, True]
    with writing() as session:
        merged = AuditEvent.action == "organisation.merged"
        assert session.scalar(select(func.count(AuditEvent.id)).where(merged)) == number
        gone = session.scalars(
            select(Organisation).where(Organisation.merged_into_id.is_not(None))
        ).all()
        assert len(gone) == number
        assert not any(each.programmes for each in gone)
