"""A professional's development record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from matchmaker.models import Answer, IntroductionState, OutsideContact, Reflection
from matchmaker.services import development_record, outside_contacts
from matchmaker.services.errors import FieldError, StaleVersion
from matchmaker.services.outside_contacts import ContactDetails
from tests.factories import (
    NOW,
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
)


@pytest.fixture
def professional(session):
    return make_professional()


def _introduction(professional, **values):
    return make_introduction(
        professional=professional,
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        **{"state": IntroductionState.ACCEPTED, "released_at": NOW, **values},
    )


def _contact(professional, met="A nurse", met_on=date(2026, 10, 1), purpose=""):
    return outside_contacts.record(
        professional,
        ContactDetails(met, met_on, purpose),
        actor=professional.user,
        now=NOW,
    )


def _reflect(professional, about, body, version=0, now=NOW):
    development_record.save_reflection(professional, about, body, version=version, now=now)


def test_the_record_holds_what_both_agreed_to_and_every_contact(professional):
    programme = make_programme(name="Stroke café", organisation=make_organisation(name="Friends"))
    introduction = _introduction(
        professional, programme=programme, shared_purpose="More people find it."
    )
    contact = _contact(professional, purpose="To swap leaflets")
    make_introduction(professional=professional)
    _introduction(make_professional())
    _contact(make_professional(), met="A stranger")
    _reflect(professional, introduction, "I now ask about stairs.")
    first, second = development_record.list_entries(professional)
    assert (first.about, first.day, first.met) == (introduction, NOW.date(), "Stroke café")
    assert (first.organisation, first.purpose) == ("Friends", "More people find it.")
    assert (first.is_introduction, second.is_introduction) == (True, False)
    assert (second.about, second.day, second.met) == (contact, date(2026, 10, 1), "A nurse")
    assert (first.reflection, second.reflection) == ("I now ask about stairs.", "")


def test_an_introduction_stays_in_the_record_after_somebody_has_withdrawn(professional):
    accepted_at = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    introduction = _introduction(
        professional,
        state=IntroductionState.WITHDRAWN,
        released_at=None,
        closed_at=NOW,
        programme_answered_at=accepted_at,
        professional_answered_at=accepted_at - timedelta(days=3),
    )
    (entry,) = development_record.list_entries(professional)
    assert (entry.about, entry.day) == (introduction, date(2026, 7, 1))
    assert entry.purpose == introduction.purpose


@pytest.mark.parametrize("make_about", [_introduction, _contact])
def test_a_reflection_is_kept_changed_and_taken_away(professional, session, make_about):
    about = make_about(professional)
    _reflect(professional, about, " First. ")
    reflection = development_record.find_reflection(professional, about)
    assert (reflection.body, reflection.version) == ("First.", 1)
    _reflect(professional, about, "Second.", version=1, now=NOW + timedelta(days=1))
    assert (reflection.body, reflection.version) == ("Second.", 2)
    assert reflection.updated_at == NOW + timedelta(days=1)
    _reflect(professional, about, "", version=2)
    assert session.scalars(select(Reflection)).all() == []


def test_nothing_is_kept_of_nothing(professional, session):
    _reflect(professional, _contact(professional), "  ")
    assert session.scalars(select(Reflection)).all() == []


def test_another_windows_words_are_not_overwritten(professional):
    contact = _contact(professional)
    _reflect(professional, contact, "First.")
    with pytest.raises(StaleVersion):
        _reflect(professional, contact, "Second.", version=0)
    # The same words again are no quarrel: a button was pressed twice.
    _reflect(professional, contact, "First.", version=0)
    assert development_record.find_reflection(professional, contact).body == "First."


def test_an_endless_reflection_is_refused(professional):
    with pytest.raises(FieldError):
        _reflect(professional, _contact(professional), "x" * 4001)


def test_a_reflection_goes_with_its_contact(professional, session):
    contact = _contact(professional)
    _reflect(professional, contact, "First.")
    outside_contacts.delete(contact, actor=professional.user, now=NOW)
    assert session.scalars(select(Reflection)).all() == []
    assert session.scalars(select(OutsideContact)).all() == []


def test_the_file_has_a_line_for_each(professional):
    _contact(professional, met="=cmd()", purpose="To swap leaflets")
    written = development_record.entries_as_csv(development_record.list_entries(professional))
    assert written.removeprefix("\ufeff").splitlines() == [
        "Date,Kind,With,Organisation,Purpose,Reflection",
        "2026-10-01,Contact made elsewhere,'=cmd(),,To swap leaflets,",
    ]
