from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.extensions import db
from matchmaker.models import OutboxMail
from matchmaker.services import dormancy
from matchmaker.services.clock import add_months, london_date
from tests.factories import NOW, make_user

TODAY = london_date(NOW)
A_YEAR_AGO = add_months(TODAY, -12)
DAY = timedelta(days=1)


def subjects():
    return [mail.subject for mail in db.session.query(OutboxMail).order_by(OutboxMail.id)]


def warned(user, *, ago):
    """Warn a person some days ago."""
    dormancy.warn_due(now=NOW - ago)
    return user


def test_somebody_who_has_not_been_here_for_a_year_is_warned_once(session):
    user = make_user(last_active_on=A_YEAR_AGO)
    assert not dormancy.warn_due(now=NOW)
    dormancy.warn_due(now=NOW + DAY)
    (mail,) = session.query(OutboxMail)
    assert mail.recipient == user.email
    last_day = add_months(A_YEAR_AGO, 18)
    assert f"{last_day.day} {last_day:%B %Y}" in mail.body


@pytest.mark.parametrize(
    "values",
    [
        {"last_active_on": A_YEAR_AGO + DAY},
        {"last_active_on": None, "created_at": NOW - timedelta(days=300)},
        {"last_active_on": A_YEAR_AGO, "erased_at": NOW},
    ],
    ids=["here since", "new", "gone"],
)
def test_others_are_not_warned(session, values):
    make_user(**values)
    dormancy.warn_due(now=NOW)
    assert subjects() == []


def test_somebody_who_never_came_counts_from_when_they_registered(session):
    make_user(last_active_on=None, created_at=NOW - timedelta(days=366))
    dormancy.warn_due(now=NOW)
    assert len(subjects()) == 1


def test_somebody_who_came_back_and_went_again_is_warned_again(session):
    user = make_user(last_active_on=A_YEAR_AGO)
    dormancy.warn_due(now=NOW)
    user.last_active_on = TODAY + DAY
    session.flush()
    dormancy.warn_due(now=NOW + timedelta(days=400))
    assert len(subjects()) == 2


def test_after_18_months_a_warned_account_is_erased_and_told_why(session):
    user = make_user(last_active_on=add_months(TODAY, -18))
    address = user.email
    warned(user, ago=timedelta(days=31))
    assert not dormancy.erase_due(now=NOW)
    assert user.erased_at == NOW
    last = session.query(OutboxMail).order_by(OutboxMail.id.desc()).first()
    assert last.recipient == address
    assert "nobody had used it for 18 months" in last.body


def test_nobody_is_erased_without_a_months_notice(session):
    unwarned = make_user(last_active_on=add_months(TODAY, -30))
    dormancy.erase_due(now=NOW)
    assert unwarned.erased_at is None
    dormancy.warn_due(now=NOW - timedelta(days=29))
    dormancy.erase_due(now=NOW)
    assert unwarned.erased_at is None
    (mail,) = session.query(OutboxMail)
    first_day = london_date(NOW - timedelta(days=29) + dormancy.LEAST_NOTICE)
    assert f"{first_day.day} {first_day:%B %Y}" in mail.body


def test_somebody_who_came_back_after_the_warning_stays(session):
    user = warned(make_user(last_active_on=add_months(TODAY, -18)), ago=timedelta(days=40))
    user.last_active_on = TODAY
    session.flush()
    dormancy.erase_due(now=NOW)
    assert user.erased_at is None


def test_the_last_administrator_stays(session):
    user = make_user(last_active_on=add_months(TODAY, -24), is_administrator=True)
    warned(user, ago=timedelta(days=60))
    dormancy.erase_due(now=NOW)
    assert user.erased_at is None


def test_many_are_dealt_with_a_few_at_a_time(session, monkeypatch):
    monkeypatch.setattr(dormancy, "AT_ONCE", 1)
    users = [make_user(last_active_on=add_months(TODAY, -20)) for _each in range(2)]
    early = NOW - timedelta(days=60)
    assert [dormancy.warn_due(now=early), dormancy.warn_due(now=early)] == [True, False]
    assert [dormancy.erase_due(now=NOW), dormancy.erase_due(now=NOW)] == [True, False]
    assert all(user.erased_at for user in users)
