"""Places and times on a programme's form, without scripts, and on its public page."""

from __future__ import annotations

from datetime import date, time

import pytest
from werkzeug.datastructures import MultiDict

from matchmaker.models import Frequency
from matchmaker.services.programme_times import TimeDetails, set_times, times_of
from matchmaker.services.programme_venues import VenueDetails, set_venues
from matchmaker.services.programmes import find_programme
from matchmaker.web.forms.venues_and_times import TimeForm, answers_of_time
from tests.factories import make_organisation, make_programme, make_user
from tests.web.markup import Markup, csrf_token
from tests.web.test_programmes import ANSWERS
from tests.web.world import sign_in

# What a page shows is decided in Python, from rows that read the same on both databases.
pytestmark = pytest.mark.one_database

HALL = {
    "locations-0-name": "Town hall",
    "locations-0-address": "1 High Street",
    "locations-0-town": "Dunfermline",
    "locations-0-postcode": "KY12 7JA",
}
MONDAYS = {
    "schedules-0-how_often": "weekly",
    "schedules-0-weekdays": ["MO", "TH"],
    "schedules-0-opens_at": "10am",
    "schedules-0-closes_at": "12.30 pm",
    "schedules-0-note": "Not in August",
}


@pytest.fixture
def programme(writing):
    with writing():
        organisation = make_organisation(members=[make_user()])
        return make_programme(organisation=organisation, name="Steady feet", version=1)


@pytest.fixture
def member(client, programme, writing):
    with writing():
        user = find_programme(programme.id).organisation.memberships[0].user
    sign_in(client, user, writing)
    return client


def send(client, programme, answers, *, button="save_and_preview"):
    page = f"/programmes/{programme.id}/edit"
    token = csrf_token(client.get(page).text)
    pressed = {button: "yes"} if isinstance(button, str) else dict([button])
    typed = {**ANSWERS, "version": "1", **answers, "csrf_token": token}
    typed.pop("save_and_preview")
    return client.post(page, data={**typed, **pressed})


def test_another_place_is_added_and_everything_typed_stays(member, programme):
    answer = send(
        member,
        programme,
        {**HALL, "name": "Half typed", "min_age": "old"},
        button=("add", "locations"),
    )
    assert answer.status_code == 200
    page = Markup(answer.text)
    assert page.with_id("name").attributes["value"] == "Half typed"
    assert page.with_id("min_age").attributes["value"] == "old"
    assert page.with_id("locations-0-town").attributes["value"] == "Dunfermline"
    assert page.with_id("locations-1-name").attributes.get("value", "") == ""
    assert "Enter a whole number" not in answer.text


def test_place_is_taken_away_and_the_others_move_up(member, programme):
    two = {**HALL, "locations-1-name": "Church", "locations-1-postcode": "nonsense"}
    answer = send(member, programme, two, button=("remove", "locations-0"))
    page = Markup(answer.text)
    assert page.with_id("locations-0-name").attributes["value"] == "Church"
    assert not page.all("input", id="locations-1-name")


def test_no_more_places_are_offered_than_are_taken(member, programme):
    five = {f"locations-{number}-name": f"Hall {number}" for number in range(5)}
    answer = send(member, programme, five, button=("add", "locations"))
    page = Markup(answer.text)
    assert not page.all("button", name="add", value="locations")
    assert page.all("button", name="add", value="schedules")


def test_places_and_times_are_saved_and_shown_to_everybody(app, member, programme):
    public = {"website": "www.example.org", "public_email": "hello@example.org", "is_free": "free"}
    answer = send(member, programme, {**HALL, **MONDAYS, **public, "cost": "Tea by donation"})
    assert answer.status_code == 302, answer.text
    page = app.test_client().get(f"/programmes/{programme.id}").text
    assert "Every Monday and Thursday, 10 am to 12:30 pm. Not in August" in page
    assert "Town hall<br>1 High Street<br>Dunfermline<br>KY12 7JA" in page
    assert "Free<br>Tea by donation" in page
    assert 'href="https://www.example.org"' in page
    assert 'href="mailto:hello@example.org"' in page
    assert "Morag" not in page


def test_form_shows_what_is_there_and_saves_it_unchanged(app, member, programme, writing):
    monthly = TimeDetails(
        frequency=Frequency.MONTHLY, weekdays=("1MO", "3MO"), opens_at=time(14), closes_at=time(16)
    )
    unusual = TimeDetails(frequency=Frequency.WEEKLY, interval=3, weekdays=("FR",))
    with writing():
        row = find_programme(programme.id)
        set_times(row, [monthly, unusual])
        set_venues(row, [VenueDetails(name="Town hall", town="Cupar")])
    text = member.get(f"/programmes/{programme.id}/edit").text
    assert "As it is now: Every 3 weeks on Friday" in text
    page = Markup(text)
    sent = {
        each.attributes["name"]: each.attributes.get("value", "")
        for each in page.all("input")
        if each.attributes["name"].startswith(("locations", "schedules"))
        and each.attributes.get("type") in ("text", "hidden")
    }
    ticked = [
        (each.attributes["name"], each.attributes["value"])
        for each in page.all("input", type="checkbox")
        if "checked" in each.attributes and "schedules" in each.attributes["name"]
    ]
    for name in ("schedules-0-weekdays", "schedules-0-ordinals"):
        sent[name] = [value for each, value in ticked if each == name]
    sent |= {"schedules-0-how_often": "monthly", "schedules-1-how_often": "as_it_is"}
    assert send(member, programme, sent).status_code == 302
    with app.app_context():
        row = find_programme(programme.id)
        assert times_of(row) == (monthly, unusual)
        assert (row.locations[0].name, row.locations[0].town) == ("Town hall", "Cupar")


def test_more_places_and_times_than_are_offered_are_shown_and_kept(app, member, programme, writing):
    with writing():
        row = find_programme(programme.id)
        set_venues(row, [VenueDetails(name=f"Hall {number}") for number in range(12)])
        days = (date(2027, 1, 1 + number) for number in range(12))
        set_times(row, [TimeDetails(starts_on=day) for day in days])
    page = Markup(member.get(f"/programmes/{programme.id}/edit").text)
    assert page.with_id("locations-11-name").attributes["value"] == "Hall 11"
    assert page.with_id("schedules-11-starts_on-day").attributes["value"] == "12"
    assert not page.all("button", name="add")
    places = {f"locations-{number}-name": f"Hall {number}" for number in range(12)}
    assert send(member, programme, places).status_code == 302
    with app.app_context():
        assert len(find_programme(programme.id).locations) == 12


@pytest.mark.parametrize(
    ("answers", "box", "sentence"),
    [
        ({"locations-0-postcode": "KY12"}, "locations-0-postcode", "Enter a full postcode"),
        ({"schedules-0-weekdays": []}, "schedules-0-weekdays", "at least one day of the week"),
        ({"schedules-0-how_often": "monthly"}, "schedules-0-ordinals", "which ones in the month"),
        ({"schedules-0-how_often": "once"}, "schedules-0-starts_on-day", "Enter the date"),
        ({"schedules-0-opens_at": "2"}, "schedules-0-opens_at", "like 2am or 2pm"),
        ({"schedules-0-opens_at": "soon"}, "schedules-0-opens_at", "Enter a time, like 10am"),
        ({"schedules-0-closes_at": "9am"}, "schedules-0-closes_at", "It must end after it begins"),
    ],
)
def test_answer_that_cannot_be_taken_is_named_beside_its_box(
    member, programme, answers, box, sentence
):
    answer = send(member, programme, {**HALL, **MONDAYS, **answers})
    assert answer.status_code == 422
    page = Markup(answer.text)
    assert sentence in page.one("a", href=f"#{box}").text
    assert page.with_id(box)
    assert page.with_id("locations-0-town").attributes["value"] == "Dunfermline"


def test_empty_places_and_times_are_no_mistake(app, member, programme):
    empty = {"locations-0-name": "", "schedules-0-how_often": "weekly", "schedules-0-opens_at": ""}
    assert send(member, programme, empty).status_code == 302
    with app.app_context():
        row = find_programme(programme.id)
        assert (list(row.locations), list(row.schedules)) == ([], [])


@pytest.mark.parametrize(
    "name", ["locations-²-name", "locations-9999999-name", "locations-x", "add"]
)
def test_boxes_that_no_page_of_ours_has_break_nothing(member, programme, name):
    assert send(member, programme, {name: "locations"}).status_code in (200, 302)


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"frequency": "weekly"}', "nonsense"])
def test_rule_that_somebody_tampered_with_is_refused(app, kept):
    with app.test_request_context():
        typed = {"how_often": "as_it_is", "kept": kept, "note": "x"}
        assert not TimeForm(MultiDict(typed)).validate()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("10", time(10)),
        ("10 AM", time(10)),
        ("2.30pm", time(14, 30)),
        ("2:30 p.m.", time(14, 30)),
        ("1430", time(14, 30)),
        ("14:00", time(14)),
        ("12pm", time(12)),
        ("12 am", time(0)),
        ("noon", time(12)),
        ("12 noon", time(12)),
        ("midnight", time(0)),
        ("07:15", time(7, 15)),
        ("", None),
        ("25", None),
        ("13pm", None),
        ("10:75", None),
    ],
)
def test_times_are_read_as_people_write_them(app, typed, read):
    with app.test_request_context():
        form = TimeForm(MultiDict({"how_often": "daily", "opens_at": typed}))
        assert form.opens_at.data == read
        assert form.validate() == (read is not None or not typed)


@pytest.mark.parametrize(
    "details",
    [
        TimeDetails(frequency=Frequency.WEEKLY),
        TimeDetails(frequency=Frequency.MONTHLY, weekdays=("1MO", "3TU")),
        TimeDetails(frequency=Frequency.MONTHLY),
        TimeDetails(frequency=Frequency.WEEKLY, weekdays=("1MO",)),
    ],
)
def test_what_the_questions_cannot_say_stays_as_it_is(app, details):
    with app.test_request_context():
        answers = answers_of_time(details)
        assert answers["how_often"] == "as_it_is"
        form = TimeForm(**answers)
        assert form.details() == details
