"""The pages of a programme, from draft to closed, and whom it might meet."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    Dismissal,
    DismissalKind,
    IntroductionState,
    ProgrammeStatus,
    ShownSuggestion,
    Side,
)
from matchmaker.services.programmes import find_programme
from matchmaker.web.programmes.record import ages_sentence
from tests.factories import (
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in

ANSWERS = {
    "name": "Steady feet",
    "description": "A weekly class for people who have had a stroke.",
    "conditions": "stroke\nwobbly knees",
    "approaches": "peer support",
    "min_age": "18",
    "max_age": "",
    "delivery": "in_person",
    "areas": "Fife\nNHS Tayside",
    "cost": "free",
    "funded_by": "",
    "professions": ["physiotherapist"],
    "seeks_text": "",
    "contact_name": "Morag Sinclair",
    "contact_email": "morag@example.org",
    "contact_phone": "",
    "places_per_month": "4",
    "save_and_preview": "yes",
}


def post(client, address, answers=None, page=None):
    """Send a form as a browser does, with the token of the page it stands on."""
    token = csrf_token(client.get(page or address).text)
    return client.post(address, data={**(answers or {}), "csrf_token": token})


@pytest.fixture
def organisation(writing):
    with writing():
        return make_organisation(
            members=[make_user(name="Morag Sinclair")], name="Fife Stroke Friends"
        )


@pytest.fixture
def programme(writing, organisation):
    with writing():
        return make_programme(
            organisation=organisation,
            name="Steady feet",
            professions=["physiotherapist"],
            contact_name="Morag Sinclair",
            contact_email="morag@example.org",
        )


@pytest.fixture
def member(client, organisation, writing):
    """The client, signed in as somebody who looks after the organisation."""
    sign_in(client, organisation.memberships[0].user, writing)
    return client


def stored(app, programme_id=1):
    with app.app_context():
        return find_programme(programme_id)


def test_draft_is_written_looked_at_and_published(app, member, organisation):
    answer = post(member, f"/programmes/new?organisation={organisation.id}", ANSWERS)
    assert answer.location == "/programmes/1/preview"
    preview = member.get(answer.location).text
    assert "We did not recognise “wobbly knees”" in preview
    assert "18 years and older" in preview
    assert "Morag Sinclair" in preview
    assert not stored(app).is_published
    answer = post(member, "/programmes/1/publish", page="/programmes/1/preview")
    assert answer.location == "/programmes/1"
    assert stored(app).is_published
    assert app.test_client().get("/programmes/1").status_code == 200


def test_draft_can_be_left_and_finished_later(app, member, organisation):
    few = {"delivery": "in_person", "save": "yes", "description": "Half a sen"}
    answer = post(member, f"/programmes/new?organisation={organisation.id}", few)
    assert answer.location == f"/organisations/{organisation.id}/manage"
    assert "Programme without a name" in member.get(answer.location).text
    page = Markup(member.get("/programmes/1/edit").text)
    assert page.with_id("description").text == "Half a sen"
    preview = member.get("/programmes/1/preview").text
    assert "Enter the name of the programme" in preview
    assert "Publish it" not in preview
    post(member, "/programmes/1/publish", page="/programmes/1/preview")
    assert not stored(app).is_published


def test_draft_is_hidden_from_others(app, member, organisation):
    post(member, f"/programmes/new?organisation={organisation.id}", ANSWERS)
    assert app.test_client().get("/programmes/1").status_code == 404


@pytest.mark.parametrize("query", ["", "?organisation=999", "?organisation=x"])
def test_programme_needs_an_organisation_of_ones_own(member, query):
    assert member.get(f"/programmes/new{query}").status_code == 404


def test_programme_cannot_be_added_to_a_foreign_organisation(app, member, writing):
    with writing():
        other = make_organisation(members=[make_user()])
    page = f"/programmes/new?organisation={other.id}"
    assert member.get(page).status_code == 404
    token = csrf_token(member.get("/organisations/new").text)
    assert member.post(page, data={**ANSWERS, "csrf_token": token}).status_code == 404
    assert stored(app) is None


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("areas", "Atlantis", "We do not know the place “Atlantis”"),
        ("min_age", "old", "Enter a whole number"),
        ("min_age", "130", "Enter an age from 0 to 120"),
        ("max_age", "5", "must not be below the youngest"),
        ("places_per_month", "-1", "from 0 to 1,000"),
        ("contact_email", "nobody", "Enter an e-mail address"),
        ("delivery", "", "Choose how people take part"),
        ("name", "x" * 201, "200 characters"),
    ],
)
def test_answer_that_cannot_be_taken_keeps_the_others(
    app, member, organisation, field, wrong, sentence
):
    page = f"/programmes/new?organisation={organisation.id}"
    answer = post(member, page, {**ANSWERS, field: wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "A weekly class for people who have had a stroke." in answer.text
    assert Markup(answer.text).one("title").text.startswith("Error: ")
    assert stored(app) is None


@pytest.mark.parametrize("field", ["name", "description", "conditions", "areas", "contact_name"])
def test_character_that_cannot_be_stored_breaks_nothing(member, organisation, field):
    page = f"/programmes/new?organisation={organisation.id}"
    assert post(member, page, {**ANSWERS, field: "a\x00b"}).status_code in (302, 422)


def test_edit_form_shows_what_is_there_and_saves_it_unchanged(app, member, organisation):
    post(member, f"/programmes/new?organisation={organisation.id}", ANSWERS)
    page = Markup(member.get("/programmes/1/edit").text)
    shown = {
        "conditions": page.with_id("conditions").text,
        "areas": sorted(page.with_id("areas").pieces[0].split("\n")),
        "places_per_month": page.with_id("places_per_month").attributes["value"],
    }
    assert shown == {
        "conditions": "stroke wobbly knees",
        "areas": ["Fife", "NHS Tayside"],
        "places_per_month": "4",
    }
    before = [(each.field, each.wording, each.code) for each in stored(app).terms]
    post(member, "/programmes/1/edit", {**ANSWERS, "version": "1"})
    after = stored(app)
    assert after.version == 2
    assert [(each.field, each.wording, each.code) for each in after.terms] == before


def test_stale_edit_is_409_and_keeps_what_was_typed(app, member, programme):
    post(member, "/programmes/1/edit", {**ANSWERS, "name": "First", "version": "1"})
    answer = post(member, "/programmes/1/edit", {**ANSWERS, "name": "Second", "version": "1"})
    assert answer.status_code == 409
    assert stored(app).name == "First"
    page = Markup(answer.text)
    assert page.with_id("name").attributes["value"] == "Second"
    version = page.one("input", name="version").attributes["value"]
    again = post(member, "/programmes/1/edit", {**ANSWERS, "name": "Second", "version": version})
    assert again.status_code == 302
    assert stored(app).name == "Second"


@pytest.mark.one_database
def test_edit_that_cannot_be_taken_changes_nothing_and_keeps_what_was_typed(app, member, programme):
    answer = post(
        member,
        "/programmes/1/edit",
        {**ANSWERS, "name": "New", "areas": "Atlantis", "version": "1"},
    )
    assert answer.status_code == 422
    page = Markup(answer.text)
    assert "We do not know the place “Atlantis”" in answer.text
    assert page.with_id("name").attributes["value"] == "New"
    assert page.one("input", name="version").attributes["value"] == "1"
    assert (stored(app).name, stored(app).version) == ("Steady feet", 1)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("youngest", "oldest", "sentence"),
    [
        (None, None, "All ages"),
        (0, None, "All ages"),
        (18, None, "18 years and older"),
        (None, 15, "Up to 15 years"),
        (0, 15, "0 to 15 years"),
        (16, 25, "16 to 25 years"),
    ],
)
def test_ages_are_said_in_words(app, youngest, oldest, sentence):
    with app.test_request_context():
        assert ages_sentence(youngest, oldest) == sentence


def test_public_page_never_shows_the_contact_person(client, programme):
    page = client.get("/programmes/1").text
    assert "Steady feet" in page
    assert "morag@example.org" not in page
    assert "Morag Sinclair" not in page
    assert "Register to ask for an introduction" in page


def test_professional_is_led_to_ask_for_an_introduction(client, programme, writing):
    with writing():
        professional = make_professional()
    sign_in(client, professional.user, writing)
    page = Markup(client.get("/programmes/1").text)
    assert page.one("a", href="/introductions/new/1").text == "Ask for an introduction"
    with writing():
        introduction = make_introduction(professional=professional, programme=programme)
    page = Markup(client.get("/programmes/1").text)
    assert not page.all("a", href="/introductions/new/1")
    assert page.one("a", href=f"/introductions/{introduction.id}").text


def test_imported_programme_shows_what_was_read_from_its_text(client, writing):
    with writing():
        make_programme(
            organisation=make_organisation(claimed_at=None),
            description="Exercise classes after a stroke.",
            conditions=(),
            last_checked_at=None,
        )
    page = client.get("/programmes/1").text
    assert "We read this from the text." in page
    assert "Nobody has checked this yet" in page


def test_pause_reopen_and_still_right(app, member, programme):
    post(member, "/programmes/1/pause", page="/programmes/1")
    assert stored(app).status is ProgrammeStatus.PAUSED
    assert "takes no introductions at the moment" in member.get("/programmes/1").text
    post(member, "/programmes/1/reopen", page="/programmes/1")
    assert stored(app).status is ProgrammeStatus.OPEN
    before = stored(app).last_checked_at
    post(member, "/programmes/1/still-right", page="/programmes/1")
    assert stored(app).last_checked_at > before


def test_step_that_leads_nowhere_is_explained(member, programme):
    answer = post(member, "/programmes/1/reopen", page="/programmes/1")
    assert "This programme is open already." in member.get(answer.location).text


def test_closing_asks_first_and_says_what_ends(app, member, programme, writing):
    with writing():
        introduction = make_introduction(programme=programme)
    page = member.get("/programmes/1/close").text
    assert "1 request that nobody has answered ends with it" in page
    assert stored(app).status is ProgrammeStatus.OPEN
    post(member, "/programmes/1/close")
    assert stored(app).status is ProgrammeStatus.CLOSED
    with app.app_context():
        found = db.session.get(type(introduction), introduction.id)
        assert found.state is IntroductionState.SUPERSEDED


def test_places_are_set_on_a_page_of_their_own(app, member, programme):
    post(member, "/programmes/1/places", {"places_per_month": "3"})
    assert stored(app).places_per_month == 3
    assert "3 places are free this month" in member.get("/programmes/1/places").text
    assert post(member, "/programmes/1/places", {"places_per_month": "many"}).status_code == 422
    post(member, "/programmes/1/places", {"places_per_month": ""})
    assert stored(app).places_per_month is None


def test_suggestions_tell_no_more_than_may_be_seen_before_both_say_yes(
    app, member, programme, writing
):
    with writing():
        make_professional(
            user=make_user(name="Isla Secret", email="isla@nhs.example", phone="0131 SECRET"),
            employer="Secret Hospital",
            hcpc_number="PH999999",
            offers_text="A secret text about strokes",
            conditions=["stroke", "cancer"],
        )
    page = member.get("/programmes/1/suggestions").text
    assert "Physiotherapist, NHS Fife" in page
    assert 'href="/introductions/new/1/1"' in page
    for secret in ("Secret", "secret", "isla", "PH999999", "cancer"):
        assert secret not in page
    with app.app_context():
        shown = db.session.scalars(select(ShownSuggestion)).one()
        assert (shown.shown_to, shown.professional_id, shown.rank) == (Side.PROGRAMME, 1, 1)


def test_professional_who_does_not_want_to_be_found_is_not_suggested(member, programme, writing):
    with writing():
        make_professional(is_findable=False)
    assert "Nobody fits at the moment" in member.get("/programmes/1/suggestions").text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"status": ProgrammeStatus.PAUSED}, "This programme is not open"),
        ({"published_at": None}, "This programme is not open"),
        ({"places_per_month": 0}, "No places left this month"),
    ],
)
def test_programme_that_takes_nobody_gets_no_suggestions(
    member, organisation, writing, values, sentence
):
    with writing():
        make_professional()
        make_programme(organisation=organisation, **values)
    page = member.get("/programmes/1/suggestions").text
    assert sentence in page
    assert "/introductions/new" not in page


def test_suggestion_is_put_aside_and_brought_back(app, member, programme, writing):
    with writing():
        make_professional()
    aside = "/programmes/1/suggestions/1/put-aside"
    answer = post(member, aside, {"kind": "not_for_us"})
    assert answer.status_code == 422
    assert "Choose the reason that comes closest" in answer.text
    post(member, aside, {"kind": "not_for_us", "reason": "too_far"})
    with app.app_context():
        dismissal = db.session.scalars(select(Dismissal)).one()
        assert (dismissal.kind, dismissal.reason) == (DismissalKind.NOT_FOR_US, "too_far")
    page = member.get("/programmes/1/suggestions").text
    assert "/introductions/new/1/1" not in page
    assert "Bring back" in page
    post(member, "/programmes/1/suggestions/1/bring-back", page="/programmes/1/suggestions")
    assert "/introductions/new/1/1" in member.get("/programmes/1/suggestions").text


def test_putting_aside_for_now_needs_no_reason(app, member, programme, writing):
    with writing():
        make_professional()
    post(member, "/programmes/1/suggestions/1/put-aside", {"kind": "not_now"})
    with app.app_context():
        dismissal = db.session.scalars(select(Dismissal)).one()
        assert dismissal.kind is DismissalKind.NOT_NOW
        assert dismissal.until_at is not None


def test_foreign_programme_does_not_exist_for_members_of_others(client, programme, writing):
    with writing():
        stranger = make_organisation(members=[make_user()]).memberships[0].user
    sign_in(client, stranger, writing)
    for page in ("edit", "preview", "close", "places", "suggestions"):
        assert client.get(f"/programmes/1/{page}").status_code == 404


def test_file_in_place_of_an_answer_breaks_nothing(member, organisation):
    page = f"/programmes/new?organisation={organisation.id}"
    file = (BytesIO(b"text"), "answer.txt")
    assert post(member, page, {**ANSWERS, "cost": "\x00", "name": file}).status_code in (302, 422)
