"""The next step as a calendar reads it."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.models import Answer, IntroductionState
from matchmaker.services import calendar_files, partnerships
from matchmaker.services.mail import page_address
from tests.factories import (
    NOW,
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)

pytestmark = pytest.mark.one_database
WORDS = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture
def introduction(session):
    return make_introduction(
        professional=make_professional(
            user=make_user(name='Ann "Annie" Rae', email="ann@example.org")
        ),
        programme=make_programme(
            name="Stroke café",
            organisation=make_organisation(name="Stroke Friends", members=[make_user()]),
            contact_name="Morag Geddes",
            contact_email="morag@example.org",
        ),
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=IntroductionState.ACCEPTED,
        released_at=NOW,
        shared_purpose="More people; fewer alone, all well\\good.",
        next_step="Visit the Thursday group,\nthen have tea",
        next_step_on=date(2026, 12, 31),
    )


def _lines(introduction):
    """The lines as a calendar puts them together again."""
    written = calendar_files.next_step_file(introduction, now=NOW)
    assert written.endswith("\r\n")
    assert "\n" not in written.replace("\r\n", "")
    assert max(len(line.encode()) for line in written.split("\r\n")) <= 75
    return written.replace("\r\n ", "").split("\r\n")[:-1]


def test_both_are_invited_to_the_day(introduction):
    address = page_address("introductions.show", introduction_id=introduction.id)
    description = (
        "Visit the Thursday group\\,\\nthen have tea\\n\\n"
        "What for: More people\\; fewer alone\\, all well\\\\good.\\n\\n"
    ) + address
    ann = "CN=\"Ann ^'Annie^' Rae\":mailto:ann@example.org"
    morag = 'CN="Morag Geddes":mailto:morag@example.org'
    assert _lines(introduction) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Matchmaker//Introductions//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        f"UID:introduction-{introduction.id}-next-step@{urlsplit(address).hostname}",
        "SEQUENCE:1",
        "DTSTAMP:20261103T093000Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:Stroke café: Visit the Thursday group\\, then have tea",
        f"DESCRIPTION:{description}",
        f"URL:{address}",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        f"ORGANIZER;{ann}",
        f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;{ann}",
        f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;{morag}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_a_changed_day_is_the_same_event_in_a_later_sequence(introduction):
    before = _lines(introduction)
    partnerships.agree(
        introduction,
        shared_purpose="",
        next_step="Visit",
        next_step_on=date(2027, 1, 7),
        version=introduction.version,
        actor=introduction.professional.user,
        now=NOW + timedelta(days=1),
    )
    after = _lines(introduction)
    assert [line for line in after if line.startswith("UID")] == [
        line for line in before if line.startswith("UID")
    ]
    assert "SEQUENCE:2" in after
    assert "DTSTART;VALUE=DATE:20270107" in after


@pytest.mark.parametrize(
    "state", [IntroductionState.WITHDRAWN, IntroductionState.COMPLETED, IntroductionState.ENDED]
)
def test_there_is_no_file_of_what_is_over(introduction, state):
    introduction.move_to(state, NOW)
    assert calendar_files.next_step_file(introduction, now=NOW) is None


def test_there_is_no_file_without_a_day(introduction):
    introduction.next_step_on = None
    assert calendar_files.next_step_file(introduction, now=NOW) is None


def test_there_is_no_file_before_both_have_said_yes(session):
    proposal = make_introduction(next_step="Meet", next_step_on=date(2026, 12, 31))
    assert calendar_files.next_step_file(proposal, now=NOW) is None


def test_nobody_is_invited_who_was_erased(introduction):
    introduction.professional.user.erased_at = NOW
    assert calendar_files.next_step_file(introduction, now=NOW) is None


def test_a_programme_without_an_address_is_not_invited(introduction):
    programme = introduction.programme
    programme.contact_email = programme.contact_name = programme.organisation.email = ""
    programme.organisation.memberships[0].user.erased_at = NOW
    attendees = [line for line in _lines(introduction) if line.startswith("ATTENDEE")]
    assert len(attendees) == 1


def test_an_endless_step_is_short_in_the_calendars_grid(introduction):
    introduction.next_step = "walk " * 400
    (summary,) = (line for line in _lines(introduction) if line.startswith("SUMMARY"))
    assert len(summary) < 110
    assert summary.endswith("…")


@given(step=WORDS, name=WORDS)
def test_no_words_break_out_of_their_line(step, name):
    line = calendar_files._folded(f"SUMMARY:{calendar_files.escaped(step)}")
    assert max(len(each.encode()) for each in line.split("\r\n ")) <= 75
    assert "\n" not in line.replace("\r\n ", "")
    contact = partnerships.Contact(name=name, role="", email="a@b.example", phone="")
    person = calendar_files._person(contact)
    assert person.count('"') in (0, 2)
    assert not {"\n", "\r"} & set(person)


@given(WORDS)
def test_folding_loses_nothing(words):
    line = words.replace("\r", "").replace("\n", "")
    assert calendar_files._folded(line).replace("\r\n ", "") == line
