"""What comes out of a printer, and what can be done without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.factories import make_organisation, make_programme

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

SUGGESTIONS = "/try?profession=physiotherapist&where=Fife&conditions=stroke"
# What can only be clicked.
CLICKED = ("nav", ".govuk-skip-link", ".govuk-button", ".govuk-back-link", ".mm-card__actions")


@pytest.fixture
def programme(writing):
    with writing():
        return make_programme(
            name="Stroke café",
            organisation=make_organisation(name="Stroke Friends"),
            professions=["physiotherapist"],
        )


def shown(page, selector):
    return [each.inner_text() for each in page.locator(selector).all() if each.is_visible()]


@pytest.mark.parametrize("address", [SUGGESTIONS, "/programmes/{}"])
def test_print_keeps_what_is_said_and_leaves_out_what_is_clicked(page, programme, address):
    page.goto(address.format(programme.id))
    assert len(shown(page, ", ".join(CLICKED))) >= 3
    page.emulate_media(media="print")
    for selector in CLICKED:
        assert shown(page, selector) == [], selector
    for said in ("Stroke café", "Stroke Friends"):
        expect(page.get_by_role("main").get_by_text(said, exact=True).first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"


def test_reasons_are_printed_with_the_suggestion(page, programme):
    page.goto(SUGGESTIONS)
    page.emulate_media(media="print")
    expect(page.get_by_text("You look for stroke; they work with stroke")).to_be_visible()


def test_skip_link_leads_past_the_header_to_the_first_question(page):
    page.goto("/register")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Your work e-mail address")).to_be_focused()


def test_link_in_the_error_summary_leads_to_its_question(page):
    page.goto("/register")
    page.get_by_label("Your work e-mail address").focus()
    page.keyboard.press("Enter")
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your work e-mail address")).to_be_focused()
    summary.get_by_role("link", name="Choose what brings you here").press("Enter")
    expect(page.get_by_label("I am an allied health professional")).to_be_focused()


def test_suggestions_can_be_reached_without_a_mouse(page, programme):
    page.goto("/")
    page.get_by_label("Where do you work?").focus()
    page.keyboard.type("Fife")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Who do you want help for?")).to_be_focused()
    page.keyboard.type("stroke")
    page.get_by_role("button", name="See who could help").press("Enter")
    link = page.get_by_role("link", name="Stroke café")
    link.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Stroke café")
