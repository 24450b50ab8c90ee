"""Asking both sides how it goes, and what their answers do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    AuditEvent,
    CameOfIt,
    CheckIn,
    EndReason,
    Going,
    IntroductionState,
    LinkToken,
    OutboxMail,
    Outcome,
    Side,
    WouldHelp,
)
from matchmaker.services import check_ins, introductions, partnerships
from matchmaker.services.clock import LONDON, add_months, london_date, london_midnight
from matchmaker.services.errors import AlreadyAnswered, FieldError
from matchmaker.services.policy import Actor, actor_for
from tests.factories import NOW, make_introduction, make_organisation, make_programme, make_user


def _introduction(released_at=NOW, **values):
    return make_introduction(
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        **{"state": IntroductionState.ACCEPTED, "released_at": released_at, **values},
    )


def _london(year, month, day, hour=12):
    return datetime(year, month, day, hour, tzinfo=LONDON).astimezone(UTC)


def _ask(introduction, months=3):
    assert check_ins.ask_due(now=_due(introduction, months)) == 1
    return {
        side: next(each for each in check_ins.list_of(introduction, side) if each.months == months)
        for side in Side
    }


def _due(introduction, months):
    day = add_months(london_date(introduction.released_at), months)
    return _london(day.year, day.month, day.day)


def _answer(check_in, going=Going.GOING, came_of_it=CameOfIt.PARTLY, **values):
    defaults = {
        "would_help": WouldHelp.NOTHING,
        "note": "",
        "actor": check_in.introduction.professional.user,
        "now": check_in.asked_at + timedelta(hours=1),
    }
    return check_ins.answer(check_in, going=going, came_of_it=came_of_it, **{**defaults, **values})


def _months_asked(introduction):
    return [each.months for each in check_ins.list_of(introduction, Side.PROGRAMME)]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("released_at", "months", "day"),
    [
        (_london(2026, 11, 3), 3, date(2027, 2, 3)),
        (_london(2026, 11, 30), 3, date(2027, 2, 28)),
        (_london(2027, 11, 30), 3, date(2028, 2, 29)),
        (_london(2028, 2, 29), 12, date(2029, 2, 28)),
        (_london(2026, 8, 31), 6, date(2027, 2, 28)),
        (_london(2026, 12, 31), 6, date(2027, 6, 30)),
        # In summer a day in London begins at 23:00 UTC.
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), 3, date(2026, 10, 1)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), 3, date(2027, 3, 31)),
    ],
)
def test_the_day_is_counted_in_calendar_months_of_london(session, released_at, months, day):
    introduction = _introduction(released_at)
    begins = london_midnight(day)
    check_ins.ask_due(now=begins - timedelta(seconds=1))
    assert months not in _months_asked(introduction)
    check_ins.ask_due(now=begins)
    assert months in _months_asked(introduction)


@pytest.mark.one_database
@given(
    released=st.dates(date(2023, 1, 1), date(2033, 1, 1)),
    days=st.integers(-4, 4),
    months=st.sampled_from(check_ins.MONTHS),
)
@example(released=date(2026, 11, 30), days=0, months=3)
@example(released=date(2028, 2, 29), days=0, months=12)
def test_the_search_for_what_is_due_agrees_with_the_calendar(released, days, months):
    due = add_months(released, months)
    today = due + timedelta(days=days)
    assert (released <= check_ins._last_day_due(today, months)) == (due <= today)


def test_both_sides_are_asked_once_on_the_day_and_not_before(session):
    introduction = _introduction()
    due = _due(introduction, 3)
    assert check_ins.ask_due(now=due - timedelta(days=1)) == 0
    assert check_ins.ask_due(now=due) == 1
    assert check_ins.ask_due(now=due + timedelta(days=1)) == 0
    for side in Side:
        (check_in,) = check_ins.list_of(introduction, side)
        assert check_in.months == 3
    assert len(session.scalars(select(OutboxMail)).all()) == 2
    assert session.scalars(select(AuditEvent.action)).all() == ["introduction.checked_on"]


def test_an_introduction_of_a_summer_evening_belongs_to_the_next_day(session):
    introduction = _introduction(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert check_ins.ask_due(now=_london(2026, 9, 30, 23)) == 0
    assert check_ins.ask_due(now=_london(2026, 10, 1, 0)) == 1
    assert _months_asked(introduction) == [3]


def test_they_are_asked_three_times_in_a_year(session):
    introduction = _introduction()
    for months in (3, 6, 12):
        check_ins.ask_due(now=_due(introduction, months))
    check_ins.ask_due(now=_due(introduction, 24))
    assert _months_asked(introduction) == [3, 6, 12]


def test_of_several_that_were_missed_only_the_last_is_asked(session):
    introduction = _introduction()
    check_ins.ask_due(now=_due(introduction, 8))
    assert _months_asked(introduction) == [6]


@pytest.mark.parametrize(
    "state",
    [IntroductionState.COMPLETED, IntroductionState.ENDED, IntroductionState.WITHDRAWN],
)
def test_nobody_is_asked_about_what_is_over(session, state):
    introduction = _introduction()
    due = _due(introduction, 3)
    actor = introduction.professional.user
    if state is IntroductionState.COMPLETED:
        partnerships.complete(introduction, outcome=Outcome.PARTLY, note="", actor=actor, now=NOW)
    elif state is IntroductionState.ENDED:
        partnerships.end(introduction, reason=EndReason.OTHER, note="", actor=actor, now=NOW)
    else:
        introductions.withdraw(introduction, Side.PROFESSIONAL, actor=actor, now=NOW)
    assert check_ins.ask_due(now=due) == 0


def test_everybody_on_a_side_is_asked_with_a_link_of_their_own(session):
    owner, editor = make_user(), make_user()
    programme = make_programme(organisation=make_organisation(members=[owner, editor]))
    introduction = _introduction(programme=programme)
    _ask(introduction)
    mails = session.scalars(select(OutboxMail)).all()
    professional = introduction.professional.user
    assert {each.recipient for each in mails} == {owner.email, editor.email, professional.email}
    assert len(session.scalars(select(LinkToken)).all()) == 3


@pytest.mark.parametrize(
    ("before", "going", "after"),
    [
        (IntroductionState.ACCEPTED, Going.GOING, IntroductionState.ACTIVE),
        (IntroductionState.ACTIVE, Going.GOING, IntroductionState.ACTIVE),
        (IntroductionState.ON_HOLD, Going.GOING, IntroductionState.ACTIVE),
        (IntroductionState.ACCEPTED, Going.NOT_STARTED, IntroductionState.ACCEPTED),
        (IntroductionState.ON_HOLD, Going.NOT_STARTED, IntroductionState.ON_HOLD),
        (IntroductionState.ACCEPTED, Going.PAUSED, IntroductionState.ON_HOLD),
        (IntroductionState.ACTIVE, Going.PAUSED, IntroductionState.ON_HOLD),
        (IntroductionState.ON_HOLD, Going.PAUSED, IntroductionState.ON_HOLD),
        (IntroductionState.ACTIVE, Going.DONE, IntroductionState.COMPLETED),
        (IntroductionState.ACCEPTED, Going.ENDED, IntroductionState.ENDED),
    ],
)
def test_an_answer_moves_the_introduction(session, before, going, after):
    introduction = _introduction(state=before)
    asked = _ask(introduction)
    version, mails = introduction.version, len(session.scalars(select(OutboxMail)).all())
    _answer(asked[Side.PROFESSIONAL], going)
    assert introduction.state is after
    has_moved = before is not after
    assert introduction.version == version + has_moved
    # The one who answered knows; the other side hears of a move, and of nothing else.
    assert len(session.scalars(select(OutboxMail)).all()) == mails + has_moved
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions[1:] == ["check_in.answered"] + [f"introduction.{after}"] * has_moved


@pytest.mark.parametrize("came_of_it", [CameOfIt.ACHIEVED, CameOfIt.PARTLY, CameOfIt.NOT_ACHIEVED])
def test_what_came_of_it_becomes_the_outcome_with_what_changed(session, came_of_it):
    introduction = _introduction()
    _answer(
        _ask(introduction)[Side.PROGRAMME],
        Going.DONE,
        came_of_it,
        note=" Nine people came. ",
    )
    assert introduction.outcome is Outcome(str(came_of_it))
    assert introduction.closing_note == "Nine people came."


@pytest.mark.parametrize(
    ("would_help", "reason"),
    [
        (WouldHelp.GETTING_IN_TOUCH, EndReason.NO_CONTACT),
        (WouldHelp.FUNDING, EndReason.FUNDING_ENDED),
        (WouldHelp.TIME, EndReason.OTHER),
    ],
)
def test_what_would_have_helped_says_why_it_ended(session, would_help, reason):
    introduction = _introduction()
    _answer(
        _ask(introduction)[Side.PROGRAMME],
        Going.ENDED,
        CameOfIt.NOT_ACHIEVED,
        would_help=would_help,
    )
    assert introduction.end_reason is reason


@pytest.mark.parametrize("going", [Going.DONE, Going.ENDED])
def test_it_is_not_too_early_to_say_of_what_is_over(session, going):
    introduction = _introduction()
    asked = _ask(introduction)
    with pytest.raises(FieldError) as refusal:
        _answer(asked[Side.PROFESSIONAL], going, CameOfIt.TOO_EARLY)
    assert refusal.value.field == "came_of_it"
    assert asked[Side.PROFESSIONAL].answered_at is None


def test_an_endless_note_is_refused(session):
    check_in = _ask(_introduction())[Side.PROFESSIONAL]
    with pytest.raises(FieldError):
        _answer(check_in, note="x" * 2001)


def test_a_check_in_is_answered_once(session):
    introduction = _introduction()
    check_in = _ask(introduction)[Side.PROFESSIONAL]
    _answer(check_in, Going.GOING)
    with pytest.raises(AlreadyAnswered):
        _answer(check_in, Going.ENDED)
    assert introduction.state is IntroductionState.ACTIVE


def test_the_later_of_two_answers_that_contradict_each_other_counts(session):
    introduction = _introduction()
    asked = _ask(introduction)
    _answer(asked[Side.PROFESSIONAL], Going.PAUSED)
    _answer(asked[Side.PROGRAMME], Going.GOING)
    assert introduction.state is IntroductionState.ACTIVE


def test_once_one_side_has_ended_it_the_others_check_in_is_closed(session):
    introduction = _introduction()
    asked = _ask(introduction)
    _answer(asked[Side.PROFESSIONAL], Going.ENDED)
    with pytest.raises(AlreadyAnswered):
        _answer(asked[Side.PROGRAMME], Going.GOING)
    assert asked[Side.PROGRAMME].answered_at is None
    assert introduction.state is IntroductionState.ENDED


def test_an_unanswered_check_in_closes_when_the_next_is_asked(session):
    introduction = _introduction()
    first = _ask(introduction, 3)[Side.PROGRAMME]
    second = _ask(introduction, 6)[Side.PROGRAMME]
    with pytest.raises(AlreadyAnswered):
        _answer(first)
    _answer(second)
    assert (first.answered_at, second.going) == (None, Going.GOING)


def test_what_waits_for_somebody_is_the_open_check_in_of_their_side(session):
    owner = make_user()
    programme = make_programme(organisation=make_organisation(members=[owner]))
    introduction = _introduction(programme=programme)
    _ask(introduction, 3)
    asked = _ask(introduction, 6)
    ann = introduction.professional.user
    for user, side in ((ann, Side.PROFESSIONAL), (owner, Side.PROGRAMME)):
        assert check_ins.list_open(actor_for(user)) == [asked[side]]
    assert check_ins.list_open(actor_for(make_user())) == []
    _answer(asked[Side.PROFESSIONAL])
    assert check_ins.list_open(actor_for(ann)) == []
    assert check_ins.list_open(actor_for(owner)) == [asked[Side.PROGRAMME]]
    introductions.withdraw(introduction, Side.PROGRAMME, actor=owner, now=NOW)
    assert check_ins.list_open(actor_for(owner)) == []


def test_nothing_waits_for_somebody_without_a_part_in_anything(session):
    _ask(_introduction())
    assert check_ins.list_open(Actor(user_id=1)) == []


def test_a_check_in_is_found_by_its_number(session):
    check_in = _ask(_introduction())[Side.PROGRAMME]
    assert check_ins.find_check_in(check_in.id) is check_in
    assert check_ins.find_check_in(check_in.id + 1000) is None
    assert db.session.get(CheckIn, check_in.id).months == 3
