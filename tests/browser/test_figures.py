"""A lead's figures on a screen, in colours that the reader forces, and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from matchmaker.services import passwords
from tests.browser.journey import main_of, press
from tests.factories import FIFE, make_figures, make_lead

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PASSWORD = "purple kettle over the harbour"
FIONA = "fiona@example.org"
NHS_FIFE = "S08000029"
FILL = "each => getComputedStyle(each).fill"
# What can only be clicked.
CLICKED = (".mm-parts", ".mm-choose", ".mm-chart__csv", ".govuk-button")


@pytest.fixture
def published(writing):
    """Fiona, who looks after Fife, and two months with figures a year apart."""
    with writing():
        make_lead([FIFE], email=FIONA, password_hash=passwords.hash_password(PASSWORD))
        for month, asked in (("2025-09", 40), ("2026-09", 60)):
            figures = {("all", "asked"): asked, ("all", "accepted"): "*"}
            make_figures("funnel", NHS_FIFE, month, figures)


def signed_in(page, address):
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(FIONA)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    main_of(page).get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    page.goto(address)
    return page


def fills(page, selector):
    return {each.evaluate(FILL) for each in page.locator(selector).all()}


@pytest.mark.parametrize("forced_colors", ["none", "active"])
def test_bars_can_be_told_from_the_page_and_months_from_the_year_before(
    new_page, published, forced_colors
):
    page = signed_in(new_page(forced_colors=forced_colors), "/lead/activity/trends")
    this_year = fills(page, ".mm-columns__pair .mm-columns__column:not([class*=other])")
    year_before = fills(page, ".mm-columns__pair .mm-columns__column--other")
    assert len(this_year) == len(year_before) == 1
    assert this_year != year_before
    page.goto("/lead/activity/")
    bars = page.locator(".mm-bar")
    tracks = fills(page, ".mm-bar__track")
    assert fills(page, ".mm-bar rect:last-child").isdisjoint(tracks)
    # Two figures and the share of one are shown, and what is hidden has no bar.
    assert bars.count() == page.locator(".mm-figure:has(.mm-bar)").count()
    expect(page.locator(".mm-figure", has_text="*").locator(".mm-bar")).to_have_count(0)


def test_paper_holds_figures_and_nothing_to_click(page, published):
    signed_in(page, "/lead/activity/")
    page.emulate_media(media="print")
    for selector in CLICKED:
        for each in page.locator(selector).all():
            expect(each).to_be_hidden()
    expect(main_of(page).get_by_text("September 2026", exact=True)).to_be_visible()
    expect(page.get_by_text("about 60 introductions were asked for")).to_be_visible()
    expect(page.locator(".mm-bar").first).to_be_visible()


def test_a_report_begins_on_the_first_sheet(page, published):
    signed_in(page, "/lead/packs/S08000029/2026-09")
    page.emulate_media(media="print")
    # A part with margins of its own would begin on the second, after the site's name alone.
    assert page.evaluate("getComputedStyle(document.body).page") == "pack"


def test_what_is_counted_is_unfolded_on_paper(page, published):
    signed_in(page, "/lead/gaps/")
    said = page.get_by_text("“Not met” counts the introductions")
    expect(said).to_be_hidden()
    page.emulate_media(media="print")
    expect(said).to_be_visible()


def test_lead_is_told_of_new_figures_until_they_stop(page, published):
    signed_in(page, "/lead/packs/")
    page.get_by_label("Every quarter").check()
    press(page, "Tell me by e-mail")
    said = page.get_by_text("We shall tell you when figures of NHS Fife are published.")
    expect(said).to_be_visible()
    expect(page.get_by_role("heading", name="NHS Fife")).to_be_visible()
    press(page, "Stop NHS Fife")
    expect(page.get_by_role("heading", name="NHS Fife")).to_have_count(0)
