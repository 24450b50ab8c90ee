from __future__ import annotations

from datetime import date

import pytest

from matchmaker.models import Professional
from matchmaker.services.professionals import Task
from tests.factories import make_outcode, make_professional, make_user
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in


@pytest.fixture
def professional(writing):
    with writing():
        make_outcode("KY12")
        return make_professional(
            user=make_user(name="Ann Rae", email="ann.rae@example.org"),
            employer="Ward 6",
            is_findable=False,
        )


@pytest.fixture
def signed_in(client, writing, professional):
    sign_in(client, professional.user, writing)
    return client


@pytest.fixture
def saved(writing, professional):
    """The profile as the database has it."""

    def read(look):
        with writing() as session:
            return look(session.get(Professional, professional.id))

    return read


def fill_in(client, path, **values):
    """Open a page, change some of its answers and send all of them, as a browser would."""
    page = Markup(client.get(path).text)
    data = {}
    for each in page.all("input", "textarea", "select"):
        name, kind = each.attributes.get("name"), each.attributes.get("type")
        if name and kind not in ("checkbox", "radio", "submit") and each.is_inside("main"):
            data[name] = each.attributes.get("value", each.text if each.tag == "textarea" else "")
    for each in page.all("input"):
        if "checked" in each.attributes:
            data.setdefault(each.attributes["name"], []).append(each.attributes["value"])
    for each in page.all("option"):
        if "selected" in each.attributes:
            (select,) = (around for around in each.around if around.tag == "select")
            data[select.attributes["name"]] = each.attributes["value"]
    return client.post(path, data={**data, **values})


def test_list_of_tasks_says_what_is_done(signed_in):
    page = Markup(signed_in.get("/profile/").text)
    tasks = {
        each.text.split(" Done")[0].split(" To do")[0]
        for each in page.all("li")
        if each.attributes.get("class", "").startswith("govuk-task-list")
    }
    assert "You have answered 4 of 7" in page.all("main")[0].text
    assert len(tasks) == len(Task)


@pytest.mark.parametrize("task", list(Task))
def test_saving_a_task_unchanged_changes_no_answer(signed_in, saved, task):
    def answers(row):
        return (
            row.profession,
            row.employer,
            row.is_findable,
            row.delivery,
            [area.area_code for area in row.areas],
            [(term.field, term.code) for term in row.terms],
        )

    before = saved(answers)
    answer = fill_in(signed_in, f"/profile/{task}")
    assert (answer.status_code, answer.location) == (302, "/profile/")
    assert saved(answers) == before
    assert saved(lambda row: row.version) == 2


def test_work_is_saved(signed_in, saved):
    fill_in(
        signed_in, "/profile/work", profession="dietitian", setting="acute", hcpc_number="DT12345"
    )
    found = saved(lambda row: (row.profession, row.setting.value, row.hcpc_number))
    assert found == ("dietitian", "acute", "DT12345")


def test_places_are_typed_line_by_line(signed_in, saved):
    fill_in(signed_in, "/profile/places", where="KY12 7DR\nNHS Lothian\n")
    found = saved(lambda row: [(area.area_code, area.district) for area in row.areas])
    assert found == [("S08000024", None), ("S12000047", "KY12")]
    page = Markup(signed_in.get("/profile/places").text)
    assert page.all("textarea", name="where")[0].text == "NHS Lothian KY12"


def test_unknown_place_is_asked_about_beside_the_question(signed_in, saved):
    answer = fill_in(signed_in, "/profile/places", where="Fife\nDunfirmline")
    assert answer.status_code == 200
    assert "Did you mean Dunfermline" in answer.text
    assert "Dunfirmline" in Markup(answer.text).all("textarea", name="where")[0].text
    assert saved(lambda row: row.version) == 1


@pytest.mark.one_database
def test_unknown_place_like_no_other_is_answered_with_what_to_try(signed_in):
    answer = fill_in(signed_in, "/profile/places", where="Qxzvk")
    assert "We do not know a place called “Qxzvk”. Try your council" in answer.text
    assert "Did you mean" not in answer.text


def test_people_are_saved_with_ages(signed_in, saved):
    fill_in(signed_in, "/profile/people", conditions="COPD\nfalls", min_age="65", max_age="")
    assert saved(lambda row: [term.code for term in row.terms]) == ["copd", "falls"]
    assert saved(lambda row: (row.min_age, row.max_age)) == (65, None)


def test_ages_in_the_wrong_order_are_explained(signed_in):
    answer = fill_in(signed_in, "/profile/people", min_age="65", max_age="16")
    assert "The oldest age must not be below the youngest" in answer.text


def test_being_found_is_a_choice_that_is_explained(signed_in, saved):
    page = signed_in.get("/profile/visibility").text
    assert "They do not see your name" in page
    fill_in(signed_in, "/profile/visibility", is_findable="y")
    assert saved(lambda row: row.is_findable) is True


def test_how_far_somebody_wants_to_go_is_saved(signed_in, saved):
    fill_in(signed_in, "/profile/engagement", willing=["is_willing_to_advise"])
    assert saved(lambda row: (row.is_willing_to_advise, row.is_willing_to_refer)) == (True, False)


def test_stale_page_gets_409_and_keeps_what_was_typed(signed_in, saved):
    old = Markup(signed_in.get("/profile/seeking").text)
    version = old.all("input", name="version")[0].attributes["value"]
    fill_in(signed_in, "/profile/seeking", seeks_text="a choir")
    answer = fill_in(signed_in, "/profile/seeking", seeks_text="a garden", version=version)
    assert answer.status_code == 409
    page = Markup(answer.text)
    assert page.all("textarea", name="seeks_text")[0].text == "a garden"
    assert "changed in another window" in answer.text
    assert saved(lambda row: row.seeks_text) == "a choir"
    # Saving once more, having been told, is a decision.
    token, version = (
        page.all("input", name=name)[0].attributes["value"] for name in ("csrf_token", "version")
    )
    data = {"csrf_token": token, "version": version, "seeks_text": "a garden"}
    assert signed_in.post("/profile/seeking", data=data).status_code == 302
    assert saved(lambda row: row.seeks_text) == "a garden"


def test_all_answers_stand_on_one_page_with_ways_to_change_them(signed_in):
    page = Markup(signed_in.get("/profile/answers").text)
    links = {each.attributes["href"] for each in page.all("a") if "Change" in each.text}
    assert links == {f"/profile/{task}" for task in Task}


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("values", "question", "in_words"),
    [
        ({}, "Ages", "All ages"),
        ({"min_age": 0}, "Ages", "0 and over"),
        ({"max_age": 15}, "Ages", "Up to 15"),
        ({"min_age": 0, "max_age": 15}, "Ages", "0 to 15"),
        ({}, "Time for introductions", "Yes"),
        ({"is_available": False}, "Time for introductions", "Not at the moment"),
        (
            {"is_available": False, "available_again_on": date(2027, 1, 4)},
            "Time for introductions",
            "From 4 January 2027",
        ),
    ],
)
def test_ages_and_absences_are_put_in_words(
    signed_in, writing, professional, values, question, in_words
):
    with writing() as session:
        for name, value in values.items():
            setattr(session.get_one(Professional, professional.id), name, value)
    page = Markup(signed_in.get("/profile/answers").text)
    terms = [each.text for each in page.all("dt", "dd")]
    assert terms[terms.index(question) + 1] == in_words


def test_preview_shows_what_organisations_see_and_nothing_more(signed_in):
    page = Markup(signed_in.get("/profile/preview").text).all("main")[0].text
    assert "Physiotherapist" in page
    assert "NHS Fife" in page
    for secret in ("Ann Rae", "Ward 6", "ann.rae@example.org"):
        assert secret not in page


def test_somebody_without_a_profile_can_start_one_from_their_answers(client, writing):
    with writing():
        user = make_user()
    sign_in(client, user, writing)
    address = "/profile/start?where=Fife&conditions=stroke"
    token = csrf_token(client.get(address).text)
    answer = client.post(address, data={"csrf_token": token})
    assert answer.location == "/profile/"
    page = client.get("/profile/answers").text
    assert "stroke" in page
    assert "Fife" in page


def test_profile_is_not_started_twice(signed_in):
    assert signed_in.get("/profile/start").location == "/profile/"


def test_unknown_task_does_not_exist(signed_in):
    assert signed_in.get("/profile/secrets").status_code == 404
