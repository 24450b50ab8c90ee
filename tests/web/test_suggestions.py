from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from matchmaker.models import Delivery, Dismissal, DismissalKind, Programme, ShownSuggestion
from matchmaker.services import matching
from matchmaker.web import suggestions
from tests.factories import (
    EDINBURGH,
    FIFE,
    make_organisation,
    make_outcode,
    make_professional,
    make_programme,
    make_user,
)
from tests.queries import statements_sent
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in

SCOTLAND = "S92000003"
BIRMINGHAM = "E08000025"


@pytest.fixture
def stroke_cafe(writing):
    with writing():
        make_outcode("KY12")
        return make_programme(name="Stroke café", conditions=["stroke"])


@pytest.fixture
def signed_in(client, writing, stroke_cafe):
    with writing():
        professional = make_professional(user=make_user(name="Ann Rae"))
    sign_in(client, professional.user, writing)
    return client


def post(client, path, **values):
    """Send a form from the page it stands on, and follow."""
    token = csrf_token(client.get("/suggestions").text)
    return client.post(path, data={"csrf_token": token, **values}, follow_redirects=True)


def heading(answer):
    (first,) = Markup(answer.text).all("h1")
    return first.text


def card_titles(answer):
    return [each.text for each in Markup(answer.text).all("h2") if each.is_inside("li")]


def places(answer):
    """What the first card says about where the programme is, and how it works."""
    facts = Markup(answer.text).all("ul", **{"class": "mm-card__facts"})[0].text
    return facts.split("Last checked")[0].strip()


def test_landing_page_asks_the_questions_without_an_account(client):
    page = Markup(client.get("/").text)
    (form,) = page.all("form", action="/try")
    assert form.attributes["method"] == "get"
    names = {each.attributes.get("name") for each in page.all("input", "select", "textarea")}
    assert {"profession", "where", "conditions", "approaches", "text"} <= names


def test_answers_lead_to_suggestions_with_reasons(client, stroke_cafe):
    answer = client.get("/try?where=KY12&conditions=stroke&profession=physiotherapist")
    assert heading(answer) == "1 programme fits"
    assert card_titles(answer) == ["Stroke café"]
    assert "You look for stroke; they work with stroke" in answer.text
    assert "In your area" in answer.text
    assert "%" not in Markup(answer.text).all("main")[0].text


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("values", "near_fife", "from_anywhere"),
    [
        ({"areas": [FIFE]}, "In your area", "Online"),
        ({"areas": [SCOTLAND]}, "Serves Scotland", "Online"),
        ({"areas": [BIRMINGHAM]}, "Online", "Online"),
        ({"areas": [EDINBURGH], "delivery": Delivery.IN_PERSON}, "About 12 miles away", ""),
    ],
)
def test_suggestion_says_where_a_programme_is_or_that_it_works_online(
    client, writing, values, near_fife, from_anywhere
):
    with writing():
        make_outcode("KY12")
        make_programme(**values)
    assert places(client.get("/try?conditions=stroke&where=KY12")) == near_fife
    assert places(client.get("/try?conditions=stroke")) == from_anywhere


@pytest.mark.one_database
def test_suggestion_from_a_register_promises_no_way_of_working(client, writing):
    with writing():
        make_outcode("KY12")
        make_programme(organisation=make_organisation(claimed_at=None), areas=[BIRMINGHAM])
    near_fife = client.get("/try?conditions=stroke&where=KY12")
    assert places(near_fife) == "About 255 miles away Ask whether they work online"
    assert places(client.get("/try?conditions=stroke")) == "Ask whether they work online"


@pytest.mark.one_database
def test_suggestion_says_when_the_entry_was_last_checked_if_ever(client, writing):
    with writing():
        make_programme(last_checked_at=datetime(2026, 11, 3, tzinfo=UTC))
    assert "Last checked 3 November 2026" in client.get("/try?conditions=stroke").text
    with writing() as session:
        session.scalars(select(Programme)).one().last_checked_at = None
    answer = client.get("/try?conditions=stroke")
    assert "Nobody has checked this entry yet" in answer.text
    assert "Last checked" not in answer.text


def test_question_left_out_is_shown_as_skipped_and_can_be_answered(client, stroke_cafe):
    page = Markup(client.get("/try?conditions=stroke").text)
    assert "Where Skipped Answer Where" in page.all("dl")[0].text
    links = [each.attributes["href"] for each in page.all("a") if "Answer" in each.text]
    assert "/?conditions=stroke#where" in links


def test_one_answer_can_be_left_out_of_several(client, stroke_cafe):
    page = Markup(client.get("/try?conditions=stroke&where=Fife").text)
    links = {each.attributes["href"] for each in page.all("a") if "Leave out" in each.text}
    assert links == {"/try?where=Fife", "/try?conditions=stroke"}


def test_answers_come_back_when_they_are_changed(client):
    page = Markup(client.get("/?where=Fife&conditions=stroke&approaches=advocacy").text)
    assert page.all("input", name="where")[0].attributes["value"] == "Fife"
    assert page.all("textarea", name="conditions")[0].text == "stroke"
    ticked = [
        each.attributes["value"]
        for each in page.all("input", name="approaches")
        if "checked" in each.attributes
    ]
    assert ticked == ["advocacy"]


def test_full_postcode_does_not_stay_in_the_address(client, stroke_cafe):
    answer = client.get("/try?where=KY12+7DR&conditions=stroke")
    assert answer.status_code == 302
    assert answer.location == "/try?where=KY12&conditions=stroke"


def test_full_postcode_we_do_not_know_is_forgotten_too(client):
    answer = client.get("/try?where=ZE9+9ZZ&conditions=stroke", follow_redirects=True)
    assert "We do not know a place called “ZE9”" in answer.text
    assert "9ZZ" not in answer.text


def test_unknown_place_is_named_and_the_rest_still_counts(client, stroke_cafe):
    answer = client.get("/try?where=Dunfirmline&conditions=stroke")
    assert "We do not know a place called “Dunfirmline”" in answer.text
    (link,) = [each for each in Markup(answer.text).all("a") if each.text == "Dunfermline"]
    assert link.attributes["href"] == "/try?where=Dunfermline&conditions=stroke"
    assert card_titles(answer) == ["Stroke café"]


def test_unknown_condition_is_named_and_counts_as_words(client, writing):
    with writing():
        make_programme(name="Zebra club", conditions=[], description="For the zebra spotters.")
        make_programme(name="Stroke café")
    answer = client.get("/try?conditions=zebra")
    assert "We do not have “zebra” in our list" in answer.text
    assert card_titles(answer) == ["Zebra club"]


def test_misspelt_condition_brings_up_the_right_one(client):
    page = Markup(client.get("/try?conditions=strroke&conditions=falls").text)
    (link,) = [each for each in page.all("a") if each.text == "stroke"]
    assert link.attributes["href"] == "/try?conditions=stroke&conditions=falls"


def test_nothing_unrelated_fills_an_empty_list(client, writing):
    with writing():
        make_programme(name="Skin clinic", conditions=["eczema"], description="Creams and advice.")
    answer = client.get("/try?where=Fife&conditions=stroke")
    assert heading(answer) == "No programme fits yet"
    assert card_titles(answer) == []


@pytest.mark.parametrize("address", ["/try", "/try?where=I+do+not+know", "/try?where=&text="])
def test_no_answer_at_all_is_asked_for_one(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Error: " in Markup(answer.text).all("title")[0].text
    assert "Answer one question or more" in answer.text


def test_answers_are_kept_for_a_new_account(client, stroke_cafe):
    page = Markup(client.get("/try?where=KY12&conditions=stroke&text=walking").text)
    (keep,) = [each for each in page.all("a") if "keeping these answers" in each.text]
    assert keep.attributes["href"] == "/register?where=KY12&conditions=stroke&text=walking"


def test_long_list_is_shown_ten_at_a_time(client, writing):
    with writing():
        for number in range(13):
            make_programme(name=f"Stroke group {number:02}")
    first = client.get("/try?conditions=stroke")
    assert len(card_titles(first)) == 10
    assert heading(first) == "The 10 programmes that fit best"
    (more,) = [each for each in Markup(first.text).all("a") if each.text == "Show more"]
    second = client.get(more.attributes["href"])
    assert card_titles(second)[:10] == card_titles(first)
    assert heading(second) == "13 programmes fit"
    assert "Show more" not in second.text


@pytest.mark.one_database
@pytest.mark.parametrize("address", ["/try?conditions=stroke", "/suggestions?"])
def test_list_does_not_grow_without_end(signed_in, writing, monkeypatch, address):
    monkeypatch.setattr(suggestions, "MOST_ON_ONE_PAGE", 20)
    with writing():
        for _ in range(21):
            make_programme()
    assert "Show more" in signed_in.get(address).text
    for asked in (20, 30):
        longest = signed_in.get(f"{address}&show={asked}")
        assert len(card_titles(longest)) == 20
        assert "Show more" not in longest.text


def test_each_suggestion_is_written_down_once(signed_in, writing):
    with writing():
        for _ in range(12):
            make_programme()
    signed_in.get("/suggestions")
    signed_in.get("/suggestions?show=20")
    with writing() as session:
        rows = session.scalars(select(ShownSuggestion).order_by(ShownSuggestion.rank)).all()
        assert [row.rank for row in rows] == list(range(1, 14))


@pytest.mark.one_database
def test_one_card_says_that_it_is_unexpected_and_why(signed_in, writing):
    with writing():
        for _ in range(6):
            make_programme(organisation=make_organisation(claimed_at=datetime.now(UTC)))
    page = signed_in.get("/suggestions").text
    assert page.count("An unexpected door.") == 1
    assert page.count("They are new here, and few people know them yet.") == 1


def test_a_visitor_without_an_account_meets_no_chance(client, writing):
    with writing():
        for _ in range(6):
            make_programme(organisation=make_organisation(claimed_at=datetime.now(UTC)))
    assert "An unexpected door" not in client.get("/try?conditions=stroke").text


def test_nothing_of_a_visit_without_an_account_is_written_down(client, stroke_cafe, app):
    with statements_sent(app, "INSERT", "UPDATE", "DELETE") as written:
        assert card_titles(client.get("/try?conditions=stroke&where=KY12")) == ["Stroke café"]
    assert written == []


def test_page_is_shown_even_if_what_it_showed_cannot_be_written_down(
    signed_in, monkeypatch, caplog
):
    def fail(*_args, **_values):
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(matching, "record_shown", fail)
    answer = signed_in.get("/suggestions")
    assert answer.status_code == 200
    assert card_titles(answer) == ["Stroke café"]
    assert "could not be written down" in caplog.text
    assert signed_in.get("/home").status_code == 200


@pytest.mark.parametrize("query", ["show=-1", "show=9999999999", "show=x", "profession=wizard"])
def test_odd_addresses_do_no_harm(client, stroke_cafe, query):
    assert client.get(f"/try?conditions=stroke&{query}").status_code == 200


def test_endless_answers_are_cut(client):
    many = "&".join(f"conditions=word{number}" for number in range(900))
    answer = client.get(f"/try?{many}&text={'x' * 9000}")
    assert answer.status_code == 200
    assert "word19" in answer.text
    assert "word20" not in answer.text


def test_markup_in_an_answer_is_shown_as_typed(client):
    answer = client.get("/try?where=%3Cscript%3Ealert(1)%3C/script%3E&conditions=%3Cb%3E")
    assert "<script>alert" not in answer.text
    assert "&lt;b&gt;" in answer.text


def test_own_suggestions_come_from_the_profile(signed_in):
    answer = signed_in.get("/suggestions")
    assert heading(answer) == "Suggestions for you"
    assert card_titles(answer) == ["Stroke café"]
    links = [each.attributes["href"] for each in Markup(answer.text).all("a")]
    assert any(link.startswith("/introductions/new") for link in links)


def test_not_now_hides_a_suggestion_until_it_is_brought_back(signed_in, stroke_cafe):
    answer = post(signed_in, f"/suggestions/{stroke_cafe.id}/not-now")
    assert "We will not suggest Stroke café for 90 days." in answer.text
    assert card_titles(answer) == []
    assert card_titles(signed_in.get("/suggestions/put-aside")) == ["Stroke café"]
    post(signed_in, f"/suggestions/{stroke_cafe.id}/bring-back")
    assert card_titles(signed_in.get("/suggestions")) == ["Stroke café"]


def test_not_for_us_asks_why(signed_in, stroke_cafe, writing):
    address = f"/suggestions/{stroke_cafe.id}/not-for-us"
    assert "Choose why it is not for you" in post(signed_in, address).text
    post(signed_in, address, reason="too_far")
    assert "It is too far away" in signed_in.get("/suggestions/put-aside").text
    with writing() as session:
        (dismissal,) = session.scalars(select(Dismissal))
        assert dismissal.kind is DismissalKind.NOT_FOR_US
        assert dismissal.until_at is None


def test_draft_programme_cannot_be_put_aside(signed_in, writing):
    with writing():
        draft = make_programme(published_at=None)
    assert post(signed_in, f"/suggestions/{draft.id}/not-now").status_code == 404


def test_professionals_only_have_suggestions_of_their_own(client, writing):
    assert client.get("/suggestions").status_code == 302
    with writing():
        user = make_user()
    sign_in(client, user, writing)
    assert client.get("/suggestions").status_code == 403


def test_page_of_suggestions_keeps_to_its_query_budget(signed_in, app, writing):
    with writing():
        for _ in range(12):
            make_programme(last_checked_at=datetime.now(UTC))
    signed_in.get("/suggestions")
    with statements_sent(app, "SELECT") as reads:
        assert len(card_titles(signed_in.get("/suggestions"))) == 10
    # Session and user 6, profile 2, changes 5, settled 3, programmes 2, put aside 1.
    assert len(reads) <= 20, reads
