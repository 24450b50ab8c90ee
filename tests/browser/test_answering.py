"""Answering in the browser: by mail in two taps, with a question first, and when places reopen.

On a narrow screen and without scripts, where nothing may get in the way. Mail is read from the
outbox: the links in it are what a person would tap.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from matchmaker.models import Introduction, IntroductionState, OutboxMail, Proposer, Side, Waiting
from matchmaker.services import introduction_clock, introductions
from tests.browser.journey import main_of, press
from tests.factories import make_professional, make_programme
from tests.page_checks import NARROW, assert_fits_narrow_screen

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

QUESTION = "How many of them live in the villages?"
REPLY = "About half. I can bring a list of places, without names."


@pytest.fixture
def asked(writing):
    """A professional has asked a programme that has one place a month."""
    with writing():
        programme = make_programme(name="Silver Singers", places_per_month=1)
        return _ask(programme)


@pytest.fixture
def mailed(writing):
    """The first link of a kind in the newest mail to somebody."""

    def find(user_id, path):
        with writing() as session:
            bodies = session.scalars(
                select(OutboxMail.body)
                .where(OutboxMail.user_id == user_id)
                .order_by(OutboxMail.id.desc())
            )
            lines = (line for body in bodies for line in body.splitlines())
            return next(line[line.index(path) :] for line in lines if path in line)

    return find


@pytest.fixture
def phone(new_page):
    return new_page(viewport=NARROW, java_script_enabled=False)


def _ask(programme):
    professional = make_professional()
    return introductions.propose(
        professional,
        programme,
        proposed_by=Proposer.PROFESSIONAL,
        purpose="Many people I discharge love to sing.",
        actor=professional.user,
        now=datetime.now(UTC),
    )


def _owner(introduction):
    return introduction.programme.organisation.memberships[0].user


def _stored(writing, introduction):
    with writing() as session:
        return session.get(Introduction, introduction.id)


def test_an_answer_from_the_mail_takes_two_taps(asked, mailed, phone, writing):
    phone.goto(mailed(_owner(asked).id, "/answer/"))
    expect(main_of(phone)).to_contain_text("Many people I discharge love to sing.")
    assert_fits_narrow_screen(phone)
    press(phone, "Yes, introduce us")
    expect(main_of(phone)).to_contain_text("Both of you have said yes.")
    assert _stored(writing, asked).state is IntroductionState.ACCEPTED


def test_a_question_first_comes_back_with_its_reply(asked, mailed, phone, writing):
    phone.goto(mailed(_owner(asked).id, "/answer/"))
    press(phone, "I have a question first")
    press(phone, "About how many people a month would you tell about us?")
    box = phone.get_by_label("What would you like to know first?")
    expect(box).to_have_value("About how many people a month would you tell about us?")
    box.fill(f"{box.input_value()} {QUESTION}")
    assert_fits_narrow_screen(phone)
    press(phone, "Ask the question")
    expect(main_of(phone)).to_contain_text("We have passed your question on.")
    assert _stored(writing, asked).waiting_for is Waiting.QUESTION

    phone.goto(mailed(asked.professional.user_id, "/question/"))
    expect(main_of(phone)).to_contain_text(QUESTION)
    assert_fits_narrow_screen(phone)
    phone.get_by_label("Your reply").fill(REPLY)
    press(phone, "Send the reply")
    expect(main_of(phone)).to_contain_text("We have passed your reply on.")

    phone.goto(mailed(_owner(asked).id, "/answer/"))
    expect(main_of(phone)).to_contain_text(REPLY)
    press(phone, "Yes, introduce us")
    expect(main_of(phone)).to_contain_text("Both of you have said yes.")
    # The last place of the month went with this yes.
    assert _stored(writing, asked).released_at is not None


def test_a_full_programme_asks_again_when_it_has_places(asked, mailed, phone, writing):
    waits = mailed(_owner(asked).id, "/answer/")
    with writing() as session:
        programme = session.merge(asked).programme
        taken = _ask(programme)
        introductions.accept(taken, Side.PROGRAMME, actor=_owner(taken), now=datetime.now(UTC))
    phone.goto(waits)
    expect(main_of(phone)).to_contain_text("There are no places left this month")
    expect(phone.get_by_role("button", name="Yes, introduce us")).to_have_count(0)
    next_month = (datetime.now(UTC).replace(day=1) + timedelta(days=32)).replace(day=2)
    with writing():
        assert introduction_clock.reopen_waiting(now=datetime.now(UTC)) == 0
        assert introduction_clock.reopen_waiting(now=next_month) == 1
    fresh = mailed(_owner(asked).id, "/answer/")
    assert fresh != waits
    phone.goto(fresh)
    expect(phone.get_by_role("button", name="Yes, introduce us")).to_be_visible()
    expect(main_of(phone)).not_to_contain_text("There are no places left this month")
