"""The pages anyone may read are there, are linked from everywhere, and tell the truth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matchmaker import create_app, engine
from matchmaker.config import Operator
from matchmaker.web.pages import weights
from tests.web.markup import Markup

pytestmark = pytest.mark.one_database

PAGES = {
    "/help": "Help",
    "/privacy": "Privacy notice",
    "/accessibility": "Accessibility statement",
    "/how-matching-works": "How matching works",
    "/examples": "Practice examples",
    "/glossary": "Glossary",
    "/open-data": "Open data",
}


@pytest.mark.parametrize(("address", "heading"), PAGES.items())
def test_page_has_one_heading_and_is_named_after_it(client, address, heading):
    page = Markup(client.get(address).text)
    assert page.one("h1").text == heading
    assert page.one("title").text == f"{heading} – Matchmaker"


@pytest.mark.parametrize("address", PAGES)
def test_every_page_leads_to_the_others_and_says_what_it_is_not(client, address):
    page = Markup(client.get(address).text)
    footer = page.one("footer")
    links = {link.attributes["href"] for link in page.all("a") if link.is_inside("footer")}
    assert links == {*PAGES, f"/report?page={address}"}
    assert "Not an NHS or government service" in footer.text


@pytest.mark.parametrize("address", PAGES)
def test_page_belongs_to_us_and_not_to_the_government(client, address):
    html = client.get(address).text
    for foreign in ("GOV.UK", "Crown copyright", "Open Government Licence", "nhs.uk"):
        assert foreign not in html


@pytest.mark.parametrize("address", PAGES)
def test_contents_of_a_page_lead_to_parts_that_exist(client, address):
    page = Markup(client.get(address).text)
    ids = {each.attributes.get("id") for each in page.elements}
    targets = {link.attributes["href"] for link in page.all("a")}
    inside = {target.removeprefix("#") for target in targets if target.startswith("#")}
    assert "main-content" in inside
    assert inside <= ids


def test_weights_on_the_page_are_those_of_the_engine(client):
    page = Markup(client.get("/how-matching-works").text)
    cells = [int(cell.text) for cell in page.all("td")]
    shown = list(zip(cells[::2], cells[1::2], strict=True))
    model = engine.DEFAULT
    professional = sum(model.professional_weights.values())
    programme = sum(model.programme_weights.values())
    expected = [
        (
            round(100 * model.professional_weights.get(field, 0) / professional),
            round(100 * model.programme_weights[field] / programme),
        )
        for field in ("condition", "place", "text", "approach", "profession", "people")
    ]
    assert shown == expected


def test_weights_follow_the_engine_when_it_changes():
    changed = replace(engine.DEFAULT, professional_weights={"condition": 3.0, "place": 1.0})
    assert [each.professional for each in weights(changed)] == [75, 25, 0, 0, 0, 0]


def test_every_weight_of_the_engine_is_explained():
    shown = [each for each in weights(engine.DEFAULT) if each.professional or each.programme]
    fields = set(engine.DEFAULT.professional_weights) | set(engine.DEFAULT.programme_weights)
    assert len(shown) == len(fields)
    assert 98 <= sum(each.professional for each in shown) <= 102
    assert 98 <= sum(each.programme for each in shown) <= 102


@pytest.mark.parametrize("address", ["/privacy", "/accessibility"])
def test_trial_copy_says_that_nobody_runs_it(client, address):
    assert "Do not put real people’s details into it" in client.get(address).text


@pytest.mark.parametrize("address", ["/privacy", "/accessibility"])
def test_page_names_who_runs_the_service(settings, address):
    operator = Operator(name="Partnership Office", email="office@example.org")
    app = create_app(replace(settings, operator=operator))
    page = Markup(app.test_client().get(address).text)
    assert page.one("a", href="mailto:office@example.org").text == "office@example.org"
    assert "trial copy" not in page.one("main").text


def test_visitor_is_led_to_what_a_visitor_can_do(client):
    page = Markup(client.get("/privacy").text)
    links = [
        link.text for link in page.all("a") if link.is_inside("nav") and link.is_inside("header")
    ]
    assert links == [
        *("Find support", "Get suggestions", "How matching works", "Register", "Sign in")
    ]
    assert page.all("form") == []


def test_link_to_the_page_one_is_on_says_so(client):
    page = Markup(client.get("/how-matching-works").text)
    assert page.one("a", **{"aria-current": "page"}).attributes["href"] == "/how-matching-works"


def test_page_about_figures_shows_an_example_that_the_rule_itself_worked_out(client):
    page = Markup(client.get("/figures-explained").text)
    assert page.one("h1").text == "How figures are protected"
    assert "Shares such as 40% are worked out from rounded figures" in page.one("main").text
    cells = [cell.text for cell in page.all("td")]
    assert cells == ["12", "10", "10", "7", "*", "x", "0", "0", "0", "19", "20", "20"]
