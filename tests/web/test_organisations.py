"""The pages of an organisation: its public record, and looking after it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import Membership, MembershipRole, Organisation
from tests.factories import FIFE, make_organisation, make_programme, make_user
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in

ANSWERS = {
    "name": "Fife Stroke Friends",
    "kind": "charity",
    "register": "GB-SC",
    "registration": "SC012345",
    "description": "We help.",
    "website": "www.strokefriends.example",
    "email": "hello@strokefriends.example",
}


def post(client, address, answers, page=None):
    """Send a form as a browser does, with the token of the page it stands on."""
    token = csrf_token(client.get(page or address).text)
    return client.post(address, data={**answers, "csrf_token": token})


@pytest.fixture
def owner(writing):
    with writing():
        return make_user(name="Morag Sinclair", email="morag@example.org")


@pytest.fixture
def organisation(writing, owner):
    with writing():
        return make_organisation(
            members=[owner, make_user(name="Ed Itor", email="ed@example.org")],
            name="Fife Stroke Friends",
            registration="GB-SC-SC012345",
            area_code=FIFE,
        )


def stored(app, organisation_id):
    with app.app_context():
        return db.session.get(Organisation, organisation_id)


def members(app):
    with app.app_context():
        rows = db.session.scalars(select(Membership).order_by(Membership.id))
        return [(each.user.name, each.role) for each in rows]


def test_newcomer_registers_an_organisation_and_looks_after_it(app, client, owner, writing):
    sign_in(client, owner, writing)
    answer = post(client, "/organisations/new", ANSWERS)
    assert (answer.status_code, answer.location) == (302, "/organisations/1/manage")
    assert stored(app, 1).registration == "GB-SC-SC012345"
    page = client.get(answer.location).text
    assert "Fife Stroke Friends is on Matchmaker now." in page
    assert "Add a programme" in page
    assert members(app) == [("Morag Sinclair", MembershipRole.OWNER)]


def test_wrong_number_is_explained_beside_the_question_and_nothing_is_lost(client, owner, writing):
    sign_in(client, owner, writing)
    answer = post(client, "/organisations/new", {**ANSWERS, "registration": "77"})
    assert answer.status_code == 422
    page = Markup(answer.text)
    assert "SC and 6 digits" in page.with_id("registration-error").text
    assert page.with_id("registration").attributes["value"] == "77"
    assert page.one("title").text.startswith("Error: Add your organisation")
    assert page.one("a", href="#registration").text


def test_second_registration_leads_to_the_first(client, organisation, owner, writing):
    sign_in(client, owner, writing)
    answer = post(client, "/organisations/new", ANSWERS)
    assert answer.status_code == 422
    assert "Ask a colleague" in answer.text
    assert f'href="/organisations/{organisation.id}"' in answer.text


def test_empty_form_names_every_question_that_needs_an_answer(client, owner, writing):
    sign_in(client, owner, writing)
    answer = post(client, "/organisations/new", {})
    assert answer.status_code == 422
    for sentence in ("Enter the name", "Choose what sort", "Choose where it is registered"):
        assert sentence in answer.text


@pytest.mark.parametrize("field", ["name", "description", "registration", "postcode", "website"])
def test_character_that_cannot_be_stored_breaks_nothing(client, owner, writing, field):
    sign_in(client, owner, writing)
    answer = post(client, "/organisations/new", {**ANSWERS, field: "a\x00b"})
    assert answer.status_code in (302, 422)


def test_public_record_shows_the_organisation_and_its_published_programmes(
    client, organisation, writing
):
    with writing():
        make_programme(organisation=organisation, name="Steady feet")
        make_programme(organisation=organisation, name="Secret plan", published_at=None)
    page = client.get(f"/organisations/{organisation.id}").text
    assert "Steady feet" in page
    assert "Secret plan" not in page
    assert "SC012345" in page
    assert "morag@example.org" not in page
    assert "Look after this organisation" not in page


def test_imported_record_says_that_nobody_has_checked_it(client, writing):
    with writing():
        organisation = make_organisation(claimed_at=None, last_checked_at=None)
    page = client.get(f"/organisations/{organisation.id}").text
    assert "comes from a public register" in page
    assert "Not yet" in page


def test_foreign_organisation_does_not_exist_for_strangers(client, organisation, writing):
    with writing():
        stranger = make_user()
    sign_in(client, stranger, writing)
    for page in ("manage", "edit"):
        assert client.get(f"/organisations/{organisation.id}/{page}").status_code == 404
    assert client.get("/organisations/999").status_code == 404


def test_record_is_changed(app, client, organisation, owner, writing):
    sign_in(client, owner, writing)
    address = f"/organisations/{organisation.id}/edit"
    page = Markup(client.get(address).text)
    assert page.with_id("registration").attributes["value"] == "SC012345"
    answer = post(client, address, {**ANSWERS, "name": "New name", "version": "1"})
    assert answer.location == f"/organisations/{organisation.id}/manage"
    assert stored(app, organisation.id).name == "New name"


def test_stale_record_is_409_and_keeps_what_was_typed(app, client, organisation, owner, writing):
    sign_in(client, owner, writing)
    address = f"/organisations/{organisation.id}/edit"
    post(client, address, {**ANSWERS, "name": "First", "version": "1"})
    answer = post(client, address, {**ANSWERS, "name": "Second", "version": "1"})
    assert answer.status_code == 409
    assert "nothing was saved" in answer.text
    assert stored(app, organisation.id).name == "First"
    page = Markup(answer.text)
    assert page.with_id("name").attributes["value"] == "Second"
    again = page.one("input", name="version").attributes["value"]
    assert post(client, address, {**ANSWERS, "name": "Second", "version": again}).status_code == 302
    assert stored(app, organisation.id).name == "Second"


@pytest.mark.parametrize("version", ["", "one", "-1", "²", "9" * 5000, None])
def test_tampered_version_counts_as_stale(client, organisation, owner, writing, version):
    sign_in(client, owner, writing)
    address = f"/organisations/{organisation.id}/edit"
    sent = {} if version is None else {"version": version}
    assert post(client, address, {**ANSWERS, **sent}).status_code == 409


def test_owner_hands_over_and_removes(app, client, organisation, owner, writing):
    sign_in(client, owner, writing)
    page = f"/organisations/{organisation.id}/manage"
    make_owner = {"membership": "2", "role": "owner"}
    post(client, f"/organisations/{organisation.id}/members/role", make_owner, page)
    assert members(app)[1] == ("Ed Itor", MembershipRole.OWNER)
    post(client, f"/organisations/{organisation.id}/members/remove", {"membership": "2"}, page)
    assert members(app) == [("Morag Sinclair", MembershipRole.OWNER)]


@pytest.mark.parametrize(
    ("action", "answers", "sentence"),
    [
        ("remove", {"membership": "1"}, "at least one owner"),
        ("role", {"membership": "1", "role": "editor"}, "at least one owner"),
        ("role", {"membership": "2", "role": "emperor"}, "Choose a member"),
        ("remove", {"membership": "99"}, "not a member any more"),
        ("remove", {}, "not a member any more"),
    ],
)
def test_refusal_is_shown_on_the_page(
    app, client, organisation, owner, writing, action, answers, sentence
):
    sign_in(client, owner, writing)
    before = members(app)
    page = f"/organisations/{organisation.id}/manage"
    answer = post(client, f"/organisations/{organisation.id}/members/{action}", answers, page)
    assert sentence in client.get(answer.location).text
    assert members(app) == before


def test_member_of_another_organisation_cannot_be_removed_through_ours(
    app, client, organisation, owner, writing
):
    with writing():
        make_organisation(members=[make_user(name="Else Where")])
    sign_in(client, owner, writing)
    page = f"/organisations/{organisation.id}/manage"
    post(client, f"/organisations/{organisation.id}/members/remove", {"membership": "3"}, page)
    assert ("Else Where", MembershipRole.OWNER) in members(app)


def test_editor_sees_no_buttons_about_members(client, organisation, writing):
    with writing():
        editor = db.session.scalars(
            select(Membership).where(Membership.role == MembershipRole.EDITOR)
        ).one()
        user = editor.user
    sign_in(client, user, writing)
    page = client.get(f"/organisations/{organisation.id}/manage").text
    assert "Ed Itor (you)" in page
    assert "Make an owner" not in page
    assert "Invite a colleague" not in page
