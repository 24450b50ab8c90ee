"""Somebody goes away between the moment a page was read and the moment its button is pressed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from matchmaker.extensions import db, write_intent
from matchmaker.models import Professional, Programme, Proposer
from matchmaker.services import introductions, professionals
from matchmaker.services.errors import DomainError
from tests.factories import NOW, make_professional, make_programme


def test_somebody_who_went_away_a_moment_ago_gets_no_request(app, writing):
    with writing():
        ids = make_professional().id, make_programme().id

    def go_away():
        with app.app_context(), write_intent():
            professional = db.session.get_one(Professional, ids[0])
            professionals.save(
                professional,
                professionals.Visibility(
                    is_findable=True, is_available=False, available_again_on=None
                ),
                version=professional.version,
                actor=professional.user,
                now=NOW,
            )
            db.session.commit()

    with app.app_context():
        professional = db.session.get_one(Professional, ids[0])
        programme = db.session.get_one(Programme, ids[1])
        assert professional.is_available
        with ThreadPoolExecutor(1) as thread:
            if db.engine.dialect.name == "sqlite":
                # One writes at a time there, and reads nothing before it may.
                db.session.rollback()
            thread.submit(go_away).result()
        with write_intent(), pytest.raises(DomainError, match="takes no introductions"):
            introductions.propose(
                professional,
                programme,
                proposed_by=Proposer.PROGRAMME,
                purpose="To meet.",
                actor=programme.organisation.memberships[0].user,
                now=NOW,
            )
