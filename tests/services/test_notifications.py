from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from matchmaker.models import AuditEvent, MutedNotification, NotificationKind, User
from matchmaker.services import erasure, notifications
from matchmaker.services.clock import LONDON
from matchmaker.services.errors import FieldError, LinkUnusable
from matchmaker.services.notifications import ALWAYS, AT_ONCE, QuietHours
from tests.factories import NOW, make_user

NIGHT = QuietHours(20, 7)


def london(*parts):
    return datetime(*parts, tzinfo=LONDON)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("moment", "sent_at"),
    [
        (london(2026, 11, 3, 19, 59, 59), None),
        (london(2026, 11, 3, 20, 0), london(2026, 11, 4, 7, 0)),
        (london(2026, 11, 3, 23, 30), london(2026, 11, 4, 7, 0)),
        (london(2026, 11, 4, 0, 0), london(2026, 11, 4, 7, 0)),
        (london(2026, 11, 4, 6, 59, 59), london(2026, 11, 4, 7, 0)),
        (london(2026, 11, 4, 7, 0), None),
        # In summer the hours are an hour earlier in UTC.
        (datetime(2026, 7, 1, 19, 30, tzinfo=UTC), datetime(2026, 7, 2, 6, 0, tzinfo=UTC)),
        (datetime(2026, 7, 1, 18, 59, tzinfo=UTC), None),
        # The nights in which the clocks go forward and back.
        (datetime(2026, 3, 28, 22, 0, tzinfo=UTC), datetime(2026, 3, 29, 6, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 7, 0, tzinfo=UTC)),
        # The last evening of the year, and of February in a leap year.
        (london(2026, 12, 31, 22, 0), london(2027, 1, 1, 7, 0)),
        (london(2028, 2, 28, 22, 0), london(2028, 2, 29, 7, 0)),
    ],
)
def test_mail_waits_until_the_night_is_over_in_london(moment, sent_at):
    assert NIGHT.end_after(moment) == (sent_at or moment)


@pytest.mark.one_database
def test_quiet_hours_may_lie_within_a_day():
    lunch = QuietHours(12, 14)
    assert lunch.end_after(london(2026, 11, 3, 13, 0)) == london(2026, 11, 3, 14, 0)
    assert lunch.end_after(london(2026, 11, 3, 14, 0)) == london(2026, 11, 3, 14, 0)


@pytest.mark.one_database
@pytest.mark.parametrize("hour", [1, 2])
def test_an_hour_that_the_clocks_leave_out_or_repeat_is_no_trap(hour):
    for night in ((2026, 3, 29), (2026, 10, 25)):
        start = datetime(*night, tzinfo=UTC) - timedelta(hours=2)
        quiet = QuietHours(22, hour)
        for minutes in range(0, 8 * 60, 10):
            moment = start + timedelta(minutes=minutes)
            end = quiet.end_after(moment)
            assert moment <= end <= moment + timedelta(hours=6)
            assert end.astimezone(LONDON).hour not in ({22, 23, 0} if hour == 1 else {22, 23, 0, 1})


@pytest.mark.one_database
@given(
    moment=st.integers(0, 3 * 366 * 24 * 60).map(lambda each: NOW + timedelta(minutes=each)),
    from_hour=st.integers(0, 23),
    length=st.integers(1, 23),
)
def test_mail_never_waits_longer_than_the_quiet_hours(moment, from_hour, length):
    quiet = QuietHours(from_hour, (from_hour + length) % 24)
    end = quiet.end_after(moment)
    assert moment <= end <= moment + timedelta(hours=length + 1)
    assert quiet.end_after(end) == end


def test_everybody_has_a_quiet_night_unless_they_choose_otherwise(session):
    user = User(
        email="a@example.org",
        name="A",
        password_hash="x",
        created_at=NOW,
        password_changed_at=NOW,
    )
    session.add(user)
    session.flush()
    assert notifications.quiet_hours_of(user) == NIGHT


def test_what_cannot_wait_comes_at_night_and_the_rest_does_not(session):
    user = make_user(quiet_from_hour=20, quiet_until_hour=7)
    night, morning = datetime(2026, 11, 3, 22, tzinfo=UTC), datetime(2026, 11, 4, 7, tzinfo=UTC)
    assert notifications.earliest_moment(AT_ONCE, user, now=night) == night
    assert notifications.earliest_moment(ALWAYS, user, now=night) == morning
    assert notifications.earliest_moment("digest", user, now=night) == morning
    assert notifications.earliest_moment(ALWAYS, "a@example.org", now=night) == night
    assert notifications.earliest_moment(ALWAYS, make_user(), now=night) == night


def test_one_kind_is_switched_off_for_one_person(session):
    user, other = make_user(), make_user()
    notifications.mute(user, NotificationKind.MESSAGES, actor=user, now=NOW)
    assert not notifications.is_wanted("messages", user)
    assert notifications.is_wanted("requests", user)
    assert notifications.is_wanted("messages", other)
    assert notifications.is_wanted("messages", "a@example.org")


@pytest.mark.parametrize("sort", [ALWAYS, AT_ONCE])
def test_what_always_comes_cannot_be_switched_off(session, sort):
    user = make_user()
    notifications.choose(user, wanted=(), quiet_hours=None, now=NOW)
    assert notifications.is_wanted(sort, user)


def test_switching_off_twice_is_switching_off_once(session):
    user = make_user()
    for _time in range(2):
        notifications.mute(user, NotificationKind.DIGEST, actor=user, now=NOW)
    assert len(session.scalars(select(MutedNotification)).all()) == 1
    (event,) = session.scalars(select(AuditEvent)).all()
    assert (event.action, event.details) == ("user.mail_switched_off", {"kind": "digest"})


def test_choices_are_taken_over_as_a_whole(session):
    user = make_user()
    notifications.mute(user, NotificationKind.DIGEST, actor=user, now=NOW)
    notifications.choose(
        user,
        wanted={NotificationKind.DIGEST, NotificationKind.REQUESTS},
        quiet_hours=QuietHours(18, 9),
        now=NOW,
    )
    assert notifications.list_muted(user) == set(NotificationKind) - {
        NotificationKind.DIGEST,
        NotificationKind.REQUESTS,
    }
    assert notifications.quiet_hours_of(user) == QuietHours(18, 9)
    notifications.choose(user, wanted=set(NotificationKind), quiet_hours=None, now=NOW)
    assert notifications.list_muted(user) == frozenset()
    assert notifications.quiet_hours_of(user) is None


def test_quiet_hours_that_never_end_or_never_begin_are_refused(session):
    with pytest.raises(FieldError) as refused:
        notifications.choose(make_user(), wanted=(), quiet_hours=QuietHours(8, 8), now=NOW)
    assert refused.value.field == "quiet_until"


def test_unsubscribe_token_names_a_person_and_a_kind(session):
    user = make_user()
    token = notifications.unsubscribe_token(user, NotificationKind.CHECK_INS)
    assert notifications.read_unsubscribe_token(token) == (user, NotificationKind.CHECK_INS)


@pytest.mark.parametrize(
    "spoil", [lambda token: token[:-1], lambda token: f"x{token}", lambda _: ""]
)
def test_changed_unsubscribe_token_is_refused(session, spoil):
    token = notifications.unsubscribe_token(make_user(), NotificationKind.CHECK_INS)
    with pytest.raises(LinkUnusable):
        notifications.read_unsubscribe_token(spoil(token))


def test_token_of_somebody_who_erased_themselves_writes_nothing_down(session):
    user = make_user()
    token = notifications.unsubscribe_token(user, NotificationKind.CHECK_INS)
    erasure.erase(user, now=NOW)
    with pytest.raises(LinkUnusable):
        notifications.read_unsubscribe_token(token)


def test_token_of_somebody_gone_never_reaches_whoever_has_their_number_now(session):
    user = make_user()
    token = notifications.unsubscribe_token(user, NotificationKind.CHECK_INS)
    session.delete(user)
    session.flush()
    with pytest.raises(LinkUnusable):
        notifications.read_unsubscribe_token(token)
    make_user(id=user.id, created_at=NOW + timedelta(seconds=1))
    with pytest.raises(LinkUnusable):
        notifications.read_unsubscribe_token(token)
