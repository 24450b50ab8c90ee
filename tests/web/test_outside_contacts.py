"""Contacts made elsewhere, from the pages, and the development record they go into."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from matchmaker.models import Introduction, OutsideContact, Reflection
from matchmaker.services.clock import london_date
from tests.factories import make_organisation, make_professional, make_programme, make_user
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in

pytestmark = pytest.mark.one_database


@pytest.fixture
def professional(writing):
    with writing():
        return make_professional(user=make_user(name="Ann Rae"))


@pytest.fixture
def as_professional(app, professional, writing):
    client = app.test_client()
    sign_in(client, professional.user, writing)
    return client


def _today():
    return london_date(datetime.now(UTC))


def _day(day):
    return {"met_on-day": day.day, "met_on-month": day.month, "met_on-year": day.year}


def _post(client, address, **values):
    token = csrf_token(client.get(address).text)
    return client.post(address, data={"csrf_token": token, **values})


def _record(client, met="The Stroke café team", day=None, **values):
    return _post(client, "/contacts/new", met=met, **_day(day or _today()), **values)


def _stored(writing):
    with writing() as session:
        return session.scalars(select(OutsideContact)).one()


def test_a_contact_is_written_down_from_any_page(as_professional, professional, writing):
    assert Markup(as_professional.get("/privacy").text).all("a", href="/contacts/new")
    page = Markup(as_professional.get("/contacts/new").text)
    # The day is there already, and nobody with one hat is asked whose contact it is.
    assert page.one("input", name="met_on-day").attributes["value"] == str(_today().day)
    assert not page.all("input", name="owner")
    answer = _record(as_professional)
    contact = _stored(writing)
    assert answer.location == f"/contacts/{contact.id}"
    assert (contact.professional_id, contact.met_on) == (professional.id, _today())
    assert "The Stroke café team" in as_professional.get("/contacts/").text


def test_nobody_is_asked_twice_and_what_was_typed_is_kept(as_professional):
    answer = _record(as_professional, met="", purpose="To swap leaflets")
    assert answer.status_code == 422
    assert "Say who you met" in answer.text
    assert "To swap leaflets" in answer.text
    answer = _record(as_professional, day=_today() + timedelta(days=1))
    assert answer.status_code == 422
    assert "The day must be today or in the past" in answer.text


def test_somebody_with_two_hats_says_whose_contact_it_is(app, professional, writing):
    with writing() as session:
        user = session.merge(professional.user)
        organisation = make_organisation(members=[user], name="Stroke Friends")
    client = app.test_client()
    sign_in(client, user, writing)
    assert "My own, as a professional" in client.get("/contacts/new").text
    assert _record(client).status_code == 422
    assert _record(client, owner="organisation-999").status_code == 422
    _record(client, owner=f"organisation-{organisation.id}")
    contact = _stored(writing)
    assert (contact.organisation_id, contact.professional_id) == (organisation.id, None)
    page = client.get(f"/contacts/{contact.id}").text
    assert "Give them the address of your programme" in page
    assert "What you took from it" not in page


def test_a_contact_is_corrected_but_not_from_a_stale_page(as_professional, writing):
    _record(as_professional)
    address = f"/contacts/{_stored(writing).id}/edit"
    _post(as_professional, address, met="Una", **_day(date(2026, 1, 2)), version="1")
    contact = _stored(writing)
    assert (contact.met, contact.met_on) == ("Una", date(2026, 1, 2))
    answer = _post(as_professional, address, met="Morag", **_day(date(2026, 1, 2)), version="1")
    assert answer.status_code == 409
    assert "Morag" in answer.text
    version = Markup(answer.text).one("input", name="version").attributes["value"]
    _post(as_professional, address, met="Morag", **_day(date(2026, 1, 2)), version=version)
    assert _stored(writing).met == "Morag"


def test_a_contact_is_deleted_after_asking(as_professional, writing):
    _record(as_professional)
    address = f"/contacts/{_stored(writing).id}/delete"
    assert "Delete this contact?" in as_professional.get(address).text
    assert _post(as_professional, address).location == "/contacts/"
    with writing() as session:
        assert session.scalars(select(OutsideContact)).all() == []


def test_whom_somebody_met_becomes_an_introduction(as_professional, writing):
    with writing():
        programme = make_programme(name="Stroke café")
    _record(as_professional, purpose="To send people on.")
    contact = _stored(writing)
    address = f"/contacts/{contact.id}/introduction?programme={programme.id}"
    assert Markup(as_professional.get(f"/contacts/{contact.id}").text).all("a", href=address)
    assert "To send people on." in as_professional.get(address).text
    assert _post(as_professional, address, purpose="").status_code == 422
    answer = _post(as_professional, address, purpose="To send people on.")
    with writing() as session:
        introduction = session.scalars(select(Introduction)).one()
    assert answer.location == f"/introductions/{introduction.id}"
    page = as_professional.get(f"/contacts/{contact.id}").text
    assert "You asked for an introduction after this contact." in page
    assert "1 of them became an introduction." in as_professional.get("/contacts/").text


@pytest.mark.parametrize("programme", ["", "nonsense", "999", "9999999999"])
def test_nobody_is_introduced_to_what_is_not_there(as_professional, writing, programme):
    _record(as_professional)
    address = f"/contacts/{_stored(writing).id}/introduction?programme={programme}"
    assert as_professional.get(address).status_code == 404


def test_nothing_yet_is_said_kindly(as_professional):
    assert "Nothing here yet" in as_professional.get("/contacts/").text
    assert "Nothing here yet" in as_professional.get("/profile/development").text


def test_the_development_record_holds_contacts_and_reflections(as_professional, writing):
    _record(as_professional, met="=Stroke café")
    contact = _stored(writing)
    address = f"/profile/development/contacts/{contact.id}"
    _post(as_professional, address, body="I now ask about stairs.", version="0")
    page = as_professional.get("/profile/development").text
    assert "=Stroke café" in page
    assert "I now ask about stairs." in page
    answer = as_professional.get("/profile/development.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "'=Stroke café" in answer.text
    assert "I now ask about stairs." in answer.text


def test_a_reflection_from_a_stale_window_is_kept_and_not_saved(as_professional, writing):
    _record(as_professional)
    address = f"/profile/development/contacts/{_stored(writing).id}"
    _post(as_professional, address, body="First.", version="0")
    answer = _post(as_professional, address, body="Second.", version="0")
    assert answer.status_code == 409
    assert "Second." in answer.text
    version = Markup(answer.text).one("input", name="version").attributes["value"]
    _post(as_professional, address, body="Second.", version=version)
    with writing() as session:
        assert session.scalars(select(Reflection.body)).all() == ["Second."]
    assert _post(as_professional, address, body="x" * 4001, version="2").status_code == 422
