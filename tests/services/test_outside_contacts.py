"""Contacts that came about elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from matchmaker.models import (
    AuditEvent,
    Introduction,
    OutsideContact,
    ProgrammeStatus,
    Proposer,
)
from matchmaker.services import outside_contacts
from matchmaker.services.errors import (
    AlreadyIntroduced,
    DomainError,
    FieldError,
    StaleVersion,
)
from matchmaker.services.outside_contacts import ContactDetails
from matchmaker.services.policy import Actor, actor_for
from tests.factories import (
    NOW,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)

MET = ContactDetails("The Stroke café team", NOW.date() - timedelta(days=1), "To swap leaflets")


@pytest.fixture
def professional(session):
    return make_professional()


def _record(owner, details=MET, actor=None):
    return outside_contacts.record(owner, details, actor=actor or make_user(), now=NOW)


def test_a_contact_is_written_down(professional, session):
    contact = _record(professional, actor=professional.user)
    assert (contact.met, contact.met_on, contact.purpose) == (MET.met, MET.met_on, MET.purpose)
    assert contact.professional is professional
    assert contact.recorded_by_user_id == professional.user_id
    assert session.scalars(select(AuditEvent.action)).all() == ["outside_contact.recorded"]
    assert session.scalars(select(Introduction)).all() == []


@pytest.mark.parametrize("make_owner", [make_professional, make_organisation])
def test_a_button_pressed_twice_writes_one_contact(session, make_owner):
    owner = make_owner()
    assert _record(owner) is _record(owner)
    assert _record(owner, replace(MET, purpose="Another")) is not _record(owner)
    assert _record(make_owner()) is not _record(owner)


@pytest.mark.parametrize(
    ("field", "details"),
    [
        ("met", replace(MET, met="  ")),
        ("met", replace(MET, met="x" * 201)),
        ("purpose", replace(MET, purpose="x" * 2001)),
        ("met_on", replace(MET, met_on=NOW.date() + timedelta(days=1))),
        ("met_on", replace(MET, met_on=date(1999, 12, 31))),
    ],
)
def test_what_cannot_be_is_not_written_down(professional, field, details):
    with pytest.raises(FieldError) as refusal:
        _record(professional, details)
    assert refusal.value.field == field


def test_today_is_a_day_in_london(professional):
    late = NOW.replace(month=6, hour=23, minute=30)
    today = replace(MET, met_on=late.date() + timedelta(days=1))
    contact = outside_contacts.record(professional, today, actor=professional.user, now=late)
    assert contact.met_on == late.date() + timedelta(days=1)


def test_people_see_their_own_contacts_and_their_organisations(professional):
    colleague = make_user()
    organisation = make_organisation(members=[make_user(), colleague])
    own = _record(professional)
    earlier = _record(organisation, replace(MET, met_on=date(2026, 1, 1)))
    later = _record(organisation)
    _record(make_organisation())
    assert outside_contacts.list_contacts(actor_for(professional.user)) == [own]
    assert outside_contacts.list_contacts(actor_for(colleague)) == [later, earlier]
    assert outside_contacts.list_contacts(Actor(user_id=1)) == []
    assert outside_contacts.find_contact(own.id) is own


def test_a_contact_is_corrected(professional):
    contact = _record(professional)
    outside_contacts.change(
        contact,
        replace(MET, met=" Stroke Friends "),
        version=contact.version,
        actor=professional.user,
        now=NOW,
    )
    assert contact.met == "Stroke Friends"
    with pytest.raises(StaleVersion):
        outside_contacts.change(contact, MET, version=1, actor=professional.user, now=NOW)
    assert contact.met == "Stroke Friends"


def test_a_contact_is_forgotten(professional, session):
    contact = _record(professional)
    outside_contacts.delete(contact, actor=professional.user, now=NOW)
    assert session.scalars(select(OutsideContact)).all() == []


def test_a_programme_of_that_name_may_be_whom_they_met(professional):
    cafe = make_programme(name="Stroke café")
    make_programme(name="Stroke choir")
    make_programme(name="Walking group")
    make_programme(name="Stroke café draft", published_at=None)
    make_programme(name="Stroke café closed", status=ProgrammeStatus.CLOSED)
    assert outside_contacts.programmes_like(_record(professional)) == [cafe]


def test_the_organisations_name_counts_as_well(professional):
    programme = make_programme(organisation=make_organisation(name="Stroke Friends of Fife"))
    contact = _record(professional, replace(MET, met="Una, Stroke Friends"))
    assert outside_contacts.programmes_like(contact) == [programme]


def test_a_number_tells_two_groups_apart(professional):
    organisation = make_organisation(name="Friends")
    make_programme(name="Stroke group 1", organisation=organisation)
    second = make_programme(name="Stroke group 2", organisation=organisation)
    contact = _record(professional, replace(MET, met="Stroke group 2."))
    assert outside_contacts.programmes_like(contact) == [second]


def test_signs_in_a_name_are_only_signs(professional):
    make_programme(name="Walking group")
    assert outside_contacts.programmes_like(_record(professional, replace(MET, met="%%%%"))) == []
    assert outside_contacts.programmes_like(_record(professional, replace(MET, met="An"))) == []


def test_no_professional_is_looked_for_by_name(professional):
    make_programme(name="Stroke café")
    assert outside_contacts.programmes_like(_record(make_organisation())) == []


def test_a_contact_becomes_an_introduction(professional):
    programme = make_programme()
    contact = _record(professional)
    introduction = outside_contacts.introduce(
        contact, programme, purpose="To go on.", actor=professional.user, now=NOW
    )
    assert introduction.proposed_by is Proposer.PROFESSIONAL
    assert introduction.purpose == "To go on."
    assert (contact.programme, contact.introduction) == (programme, introduction)
    assert outside_contacts.programmes_like(contact) == []


def test_a_contact_becomes_one_introduction_only(professional):
    programme = make_programme()
    contact = _record(professional)
    outside_contacts.introduce(
        contact, programme, purpose="To go on.", actor=professional.user, now=NOW
    )
    with pytest.raises(AlreadyIntroduced):
        outside_contacts.introduce(
            contact, programme, purpose="Again", actor=professional.user, now=NOW
        )
    with pytest.raises(DomainError):
        outside_contacts.introduce(
            contact, make_programme(), purpose="Again", actor=professional.user, now=NOW
        )


def test_an_organisations_contact_is_not_made_an_introduction(session):
    contact = _record(make_organisation())
    with pytest.raises(DomainError):
        outside_contacts.introduce(
            contact, make_programme(), purpose="To go on.", actor=make_user(), now=NOW
        )
