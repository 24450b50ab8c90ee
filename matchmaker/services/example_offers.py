"""Offering to tell what became of an introduction, so that others can learn from it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import CameOfIt, CheckIn, Introduction, Outcome, User
from matchmaker.services import audit
from matchmaker.services.errors import DomainError
from matchmaker.services.introduction_locks import lock_introduction

GOOD_OUTCOMES = frozenset({Outcome.ACHIEVED, Outcome.PARTLY})
GOOD_NEWS = frozenset({CameOfIt.ACHIEVED, CameOfIt.PARTLY})


def is_worth_telling(introduction: Introduction) -> bool:
    """Whether something came of it, as its outcome or an answered check-in says."""
    if not introduction.is_released:
        return False
    if introduction.outcome is not None:
        return introduction.outcome in GOOD_OUTCOMES
    good_news = select(CheckIn.id).where(
        CheckIn.introduction_id == introduction.id, CheckIn.came_of_it.in_(GOOD_NEWS)
    )
    return db.session.scalar(good_news.limit(1)) is not None


def offer(introduction: Introduction, *, actor: User, now: datetime) -> Introduction:
    """Say that this could be told as a practice example; nothing is told without both sides.

    Raises:
        DomainError: Nothing has come of it, or it was withdrawn.
    """
    introduction = lock_introduction(introduction)
    if not is_worth_telling(introduction):
        raise DomainError(_("There is nothing to tell of this introduction yet."))
    if introduction.example_offered_at is None:
        introduction.example_offered_at = now
        audit.record("introduction.example_offered", introduction, actor=actor, now=now)
        db.session.flush()
    return introduction


def take_back(introduction: Introduction, *, actor: User, now: datetime) -> Introduction:
    """Take back the offer, whichever side made it."""
    introduction = lock_introduction(introduction)
    if introduction.example_offered_at is not None:
        introduction.example_offered_at = None
        audit.record("introduction.example_taken_back", introduction, actor=actor, now=now)
        db.session.flush()
    return introduction
