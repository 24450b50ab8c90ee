"""What the worker does, and how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from matchmaker.jobs import outbox
from matchmaker.services import (
    check_ins,
    digest,
    dormancy,
    freshness_reminders,
    introduction_clock,
    matching,
    other_suggestions,
    pack_subscriptions,
    professionals,
    retention,
)
from matchmaker.services.clock import LONDON
from matchmaker.services.statistics import releases
from matchmaker.services.surveys import audience, closing, themes

# When few people are about, in London.
FIT_AT_HOUR = 3


@dataclass(frozen=True, slots=True)
class Task:
    """One periodic task.

    `run` gets the moment, in an app context with write intent; the worker commits after it, or
    rolls back when it raises. It returns True when there is more to do at once.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], bool]


def _forget_expired(now: datetime) -> bool:
    retention.forget_expired(now=now)
    return False


def _remind(now: datetime) -> bool:
    introduction_clock.remind_due(now=now)
    return False


def _expire(now: datetime) -> bool:
    other_suggestions.open_index()
    introduction_clock.expire_due(now=now)
    return False


def _reopen(now: datetime) -> bool:
    introduction_clock.reopen_waiting(now=now)
    return False


def _check_in(now: datetime) -> bool:
    check_ins.ask_due(now=now)
    return False


def _end_absences(now: datetime) -> bool:
    professionals.end_absences(now=now)
    return False


def _close_questions(now: datetime) -> bool:
    introduction_clock.close_unanswered_questions(now=now)
    return False


def _supersede_long_absences(now: datetime) -> bool:
    introduction_clock.supersede_long_absences(now=now)
    return False


def _ask_whether_still_right(now: datetime) -> bool:
    freshness_reminders.remind_due(now=now)
    return False


def _write_digests(now: datetime) -> bool:
    return digest.write_due(now=now)


def _tell_of_figures(now: datetime) -> bool:
    return pack_subscriptions.tell_due(now=now)


def _warn_of_erasure(now: datetime) -> bool:
    return dormancy.warn_due(now=now)


def _erase_unused(now: datetime) -> bool:
    return dormancy.erase_due(now=now)


def _write_survey_mails(now: datetime) -> bool:
    return audience.write_mails(now=now)


def _close_surveys(now: datetime) -> bool:
    closing.close_due(now=now)
    return False


def _find_themes(now: datetime) -> bool:
    return themes.find_next(now=now)


def _fit_nightly(now: datetime) -> bool:
    if now.astimezone(LONDON).hour == FIT_AT_HOUR:
        matching.start_build()
    return False


def _build_figures(now: datetime) -> bool:
    if releases.may_begin(now=now):
        releases.start_build()
    return False


TASKS = (
    Task("send mail", timedelta(seconds=2), outbox.send_next),
    Task("remind those who have not answered", timedelta(minutes=10), _remind),
    Task("close what nobody answered", timedelta(minutes=10), _expire),
    Task("let proposals go on that need not wait any more", timedelta(minutes=10), _reopen),
    Task("ask how it goes after 3, 6 and 12 months", timedelta(minutes=10), _check_in),
    Task("make available whoever is back", timedelta(minutes=10), _end_absences),
    Task("go on without a reply", timedelta(minutes=10), _close_questions),
    Task("close what waits for somebody too long", timedelta(hours=1), _supersede_long_absences),
    Task("ask whether entries are still right", timedelta(days=1), _ask_whether_still_right),
    Task("write the Monday mail", timedelta(minutes=1), _write_digests),
    Task("ask and remind in surveys", timedelta(minutes=1), _write_survey_mails),
    Task("close surveys after their last day", timedelta(minutes=10), _close_surveys),
    Task("find themes in what people wrote", timedelta(seconds=30), _find_themes),
    Task("tell leads of new figures", timedelta(minutes=10), _tell_of_figures),
    Task("warn those who have not been here for a year", timedelta(hours=1), _warn_of_erasure),
    Task("erase accounts that nobody uses", timedelta(hours=1), _erase_unused),
    Task("forget what has expired", timedelta(hours=1), _forget_expired),
    Task("fit the matching index at night", timedelta(hours=1), _fit_nightly),
    Task("build the figures that are due", timedelta(hours=1), _build_figures),
)
