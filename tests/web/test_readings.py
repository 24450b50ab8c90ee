"""Whoever writes in their own words is asked whether what we read there is right."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from matchmaker.models import (
    AuditEvent,
    Professional,
    ProfessionalTerm,
    Programme,
    TermField,
    TermSide,
)
from matchmaker.services import professionals
from matchmaker.services.readings import Reading
from tests.factories import make_organisation, make_professional, make_programme, make_user
from tests.web.markup import Markup
from tests.web.test_profile import fill_in
from tests.web.world import sign_in

TEXT = "Chair-based exercise for people with COPD after a stroke"
QUESTION = "We read these in what you wrote. Are they right?"
ASKED = ["approach.physical-activity", "condition.copd"]


@pytest.fixture
def professional(writing):
    with writing():
        return make_professional(user=make_user(), offers_text="I work with <falls>.")


@pytest.fixture
def programme(writing):
    with writing():
        return make_programme(
            organisation=make_organisation(members=[make_user()]), name="Steady feet"
        )


@pytest.fixture
def author(client, writing, professional):
    """The client, signed in as the professional."""
    sign_in(client, professional.user, writing)
    return client


@pytest.fixture
def member(client, writing, programme):
    """The client, signed in as somebody who looks after the programme."""
    sign_in(client, programme.organisation.memberships[0].user, writing)
    return client


@pytest.fixture
def stored(writing):
    """Codes, version and number of audit events of a row, as the database has them."""

    def read(row):
        with writing() as session:
            fresh = session.get_one(type(row), row.id)
            n_events = session.scalar(select(func.count(AuditEvent.id)))
            return sorted(term.code for term in fresh.terms), fresh.version, n_events

    return read


def boxes(page):
    return [each.attributes["value"] for each in page.all("input", type="checkbox")]


def hidden(page):
    """What travels with the form besides what is ticked."""
    return {
        each.attributes["name"]: each.attributes["value"]
        for each in page.all("input")
        if each.attributes["type"] == "hidden" and each.is_inside("main")
    }


def ask(client, path="/profile/seeking", name="seeks_text", text=TEXT, **more):
    """Save a text, follow to the question, and return its address and page."""
    answer = fill_in(client, path, **{name: text}, **more)
    assert answer.status_code == 302
    return answer.location, Markup(client.get(answer.location).text)


def test_author_is_asked_about_each_term_with_the_words_that_say_so(author):
    address, page = ask(author)
    assert urlsplit(address).path == "/profile/seeking/what-we-read"
    assert page.one("h1").text == QUESTION
    assert boxes(page) == ASKED
    for box, label, hint in zip(
        page.all("input", type="checkbox"),
        ("Physical activity", "COPD"),
        ("from “Chair-based exercise”", "from “COPD”"),
        strict=True,
    ):
        assert page.one("label", **{"for": box.attributes["id"]}).text == label
        assert page.with_id(box.attributes["aria-describedby"]).text == hint
    assert "Saved: What you are looking for" in page.one("main").text


def test_nothing_is_ticked_and_nothing_is_added_by_looking(author, professional, stored):
    _, page = ask(author)
    assert not [box for box in page.all("input", type="checkbox") if "checked" in box.attributes]
    assert stored(professional) == (["stroke"], 2, 1)


def test_what_is_ticked_is_added(author, professional, stored):
    address, _ = ask(author)
    answer = fill_in(author, address, terms=["condition.copd"], add="yes")
    assert (answer.status_code, answer.location) == (302, "/profile/")
    assert "Added: COPD" in author.get("/profile/").text
    assert stored(professional) == (["copd", "stroke"], 3, 2)


def test_none_of_these_leaves_all_as_it_is(author, professional, stored):
    _, page = ask(author)
    (none,) = [each for each in page.all("a") if each.text == "None of these"]
    assert none.attributes["href"] == "/profile/"
    author.get(none.attributes["href"])
    assert stored(professional) == (["stroke"], 2, 1)


def test_what_was_refused_is_not_asked_again_while_the_words_stay(author):
    ask(author)
    answer = fill_in(author, "/profile/seeking")
    assert answer.location == "/profile/"
    answer = fill_in(author, "/profile/seeking", seeks_text=f"{TEXT}.")
    assert answer.location == "/profile/"
    _, page = ask(author, text=f"{TEXT}. Also dementia.")
    assert boxes(page) == ["condition.dementia"]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/profile/seeking", {"seeks_text": "A garden for people after a stroke"}),
        ("/profile/seeking", {"seeks_text": "We do not work with COPD"}),
        ("/profile/work", {"employer": "Another hospital"}),
        ("/profile/people", {"conditions": "stroke\nfalls"}),
    ],
)
def test_nothing_is_asked_where_a_save_says_nothing_new(author, path, values):
    answer = fill_in(author, path, **values)
    assert (answer.status_code, answer.location) == (302, "/profile/")


def test_words_are_shown_as_words(author):
    _, page = ask(author, "/profile/work", "offers_text", "<b>Falls</b> & <i>COPD</i>")
    assert boxes(page) == ["condition.copd"]
    assert not page.all("i")


def test_terms_of_either_text_may_be_asked_about(author, professional, stored):
    address, _ = ask(author, "/profile/work", "offers_text", "dementia")
    assert urlsplit(address).path == "/profile/work/what-we-read"
    fill_in(author, address, terms=["condition.dementia"], add="yes")
    assert stored(professional)[0] == ["dementia", "stroke"]


def test_pressing_the_button_with_nothing_ticked_is_explained(author, professional, stored):
    address, _ = ask(author)
    answer = fill_in(author, address, add="yes")
    page = Markup(answer.text)
    assert answer.status_code == 422
    assert page.one("title").text.startswith(f"Error: {QUESTION}")
    (link,) = [each for each in page.all("a") if each.text.startswith("Tick what is right")]
    assert page.with_id(link.attributes["href"][1:]).attributes["value"] == ASKED[0]
    assert stored(professional)[1] == 2


def test_stale_question_gets_409_and_keeps_what_was_ticked(author, professional, stored):
    address, page = ask(author)
    version = page.one("input", name="version").attributes["value"]
    fill_in(author, "/profile/work", employer="Another hospital")
    answer = fill_in(author, address, terms=["condition.copd"], version=version, add="yes")
    assert answer.status_code == 409
    assert "changed in another window" in answer.text
    page = Markup(answer.text)
    assert [box.attributes["value"] for box in page.all("input", checked="")] == ["condition.copd"]
    assert stored(professional) == (["stroke"], 3, 2)
    # Adding once more, having been told, is a decision.
    data = hidden(page)
    answer = author.post(address, data={**data, "terms": ["condition.copd"]})
    assert answer.location == "/profile/"
    assert stored(professional)[0] == ["copd", "stroke"]


def test_term_chosen_meanwhile_in_another_window_is_no_longer_asked_about(author, professional):
    address, page = ask(author)
    version = page.one("input", name="version").attributes["value"]
    fill_in(author, "/profile/people", conditions="stroke\nCOPD")
    answer = fill_in(author, address, terms=["condition.copd"], version=version, add="yes")
    assert answer.status_code == 409
    assert boxes(Markup(answer.text)) == ["approach.physical-activity"]


def test_question_that_has_been_answered_leads_on(author, professional, stored):
    address, page = ask(author)
    data = hidden(page)
    for _press in range(2):
        answer = author.post(address, data={**data, "terms": ASKED})
        assert (answer.status_code, answer.location) == (302, "/profile/")
    assert "There was nothing left to add." in author.get("/profile/").text
    assert stored(professional) == (["copd", "physical-activity", "stroke"], 3, 2)
    assert author.get(address).location == "/profile/"


@pytest.mark.parametrize(
    ("left", "status"), [(["approach.physical-activity"], 409), ([], 302)], ids=["some", "none"]
)
def test_save_that_comes_in_between_is_looked_at_again(author, monkeypatch, left, status):
    address, page = ask(author)
    chosen = frozenset(ASKED) - set(left)
    looks = iter([Reading(TEXT, frozenset(), 1), Reading(TEXT, chosen, 2)])
    monkeypatch.setattr(professionals, "reading", lambda *_: next(looks))
    answer = author.post(address, data={**hidden(page), "version": "1", "terms": ASKED})
    assert answer.status_code == status
    page = Markup(answer.text)
    assert boxes(page) == left
    assert [each.attributes["value"] for each in page.all("input", name="version")] == ["2"] * len(
        left
    )


@pytest.mark.parametrize("query", ["", "?term=condition.dementia", "?term=x&term=condition."])
def test_address_cannot_ask_about_what_the_text_does_not_say(author, query):
    ask(author)
    answer = author.get(f"/profile/seeking/what-we-read{query}")
    assert (answer.status_code, answer.location) == (302, "/profile/")


def test_box_that_was_not_asked_about_adds_nothing(author, professional, stored):
    address, _ = ask(author)
    fill_in(author, address, terms=["condition.dementia", "condition.copd"], add="yes")
    assert stored(professional)[0] == ["copd", "stroke"]


def test_task_without_a_text_has_no_such_page(author):
    assert author.get("/profile/people/what-we-read").status_code == 404


def test_too_many_terms_are_explained_beside_the_question(author, writing, professional):
    with writing() as session:
        session.get_one(Professional, professional.id).terms += [
            ProfessionalTerm(
                field=TermField.CONDITION, side=TermSide.OFFERS, wording=f"word {number}"
            )
            for number in range(19)
        ]
    address, _ = ask(author)
    answer = fill_in(author, address, terms=["condition.copd"], add="yes")
    assert answer.status_code == 422
    page = Markup(answer.text)
    assert "You can have 20 conditions" in page.with_id("terms-error").text
    assert [box.attributes["value"] for box in page.all("input", checked="")] == ["condition.copd"]


def test_words_from_before_the_account_are_asked_about_once_the_profile_is_started(client, writing):
    with writing():
        user = make_user()
    sign_in(client, user, writing)
    answer = fill_in(client, "/profile/start?conditions=stroke&text=a+choir+after+a+stroke")
    assert urlsplit(answer.location).path == "/profile/seeking/what-we-read"
    assert boxes(Markup(client.get(answer.location).text)) == ["approach.arts"]


@pytest.mark.parametrize(
    ("button", "onward"),
    [("save_and_preview", "/programmes/{}/preview"), ("save", "/organisations/{}/manage")],
)
def test_programme_is_asked_about_in_the_same_way(
    member, programme, stored, button, onward, writing
):
    if button == "save":
        # What is saved of a published one for later is a change of its own, not the programme.
        with writing() as session:
            session.get_one(Programme, programme.id).published_at = None
    path = f"/programmes/{programme.id}/edit"
    address, page = ask(member, path, "description", TEXT, **{button: "yes"})
    assert urlsplit(address).path == f"/programmes/{programme.id}/what-we-read"
    assert boxes(page) == ASKED
    onward = onward.format(
        programme.id if "preview" in onward else programme.organisation_id,
    )
    (none,) = [each for each in page.all("a") if each.text == "None of these"]
    assert none.attributes["href"] == onward
    assert stored(programme) == (["stroke"], 2, 1)
    answer = fill_in(member, address, terms=ASKED, add="yes")
    assert (answer.status_code, answer.location) == (302, onward)
    assert stored(programme) == (["copd", "physical-activity", "stroke"], 3, 2)
    answer = fill_in(member, path, **{button: "yes"})
    assert (answer.status_code, answer.location) == (302, onward)


def test_new_programme_is_asked_about_too(member, programme):
    path = f"/programmes/new?organisation={programme.organisation_id}"
    address, page = ask(member, path, "description", TEXT, conditions="COPD", save="yes")
    query = parse_qs(urlsplit(address).query)
    assert query == {"term": ["approach.physical-activity", "condition.stroke"], "later": ["yes"]}
    assert boxes(page) == query["term"]


def test_stale_question_about_a_programme_gets_409(member, writing, programme, stored):
    path = f"/programmes/{programme.id}/edit"
    address, _ = ask(member, path, "description", TEXT, save_and_preview="yes")
    with writing() as session:
        session.get_one(Programme, programme.id).version += 1
    answer = fill_in(member, address, terms=ASKED, version="2", add="yes")
    assert answer.status_code == 409
    assert Markup(answer.text).one("input", name="version").attributes["value"] == "3"
    assert stored(programme) == (["stroke"], 3, 1)


def test_nobody_is_asked_about_a_foreign_programme(member, writing):
    with writing():
        other = make_programme(description=TEXT)
    address = f"/programmes/{other.id}/what-we-read?term=condition.copd"
    assert member.get(address).status_code == 404
    assert member.post(address).status_code in (400, 404)
