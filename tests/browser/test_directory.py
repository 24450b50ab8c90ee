"""Find support on a telephone and on a desk, with and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from matchmaker.models import Delivery, ProgrammeLocation
from tests.factories import make_organisation, make_outcode, make_programme

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def programmes(writing):
    with writing():
        make_outcode("KY12")
        make_programme(
            name="Breathe Easy",
            organisation=make_organisation(name="Fife Lungs"),
            conditions=["copd"],
            is_free=True,
            delivery=Delivery.IN_PERSON,
            locations=[ProgrammeLocation(town="Rosyth", latitude=56.03, longitude=-3.42)],
        )
        make_programme(name="Lung café", conditions=["lung-conditions"], is_free=False)
        make_programme(name="Stroke choir", conditions=["stroke"], is_free=True)


def test_somebody_in_a_hurry_finds_and_narrows_down_on_a_phone(new_page):
    page = new_page(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Find support", exact=True).last.click()
    page.get_by_label("What help do you look for?").fill("COPD near KY12")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="2 programmes")).to_be_visible()
    titles = page.get_by_role("heading", level=3)
    expect(titles.first).to_have_text("Breathe Easy")
    expect(page.get_by_text("Rosyth, about 3 miles away")).to_be_visible()
    free = page.get_by_label(re.compile("Free of charge"))
    expect(free).not_to_be_visible()
    page.get_by_text("More filters").click()
    free.check()
    page.get_by_role("button", name="Narrow it down").click()
    expect(page.get_by_role("heading", name="1 programme", exact=True)).to_be_visible()
    expect(page.get_by_label("What help do you look for?")).to_have_value("COPD near KY12")
    page.get_by_role("link", name="Take away Free of charge").click()
    expect(page.get_by_role("heading", name="2 programmes")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == 320


def test_all_questions_are_open_where_there_is_room(new_page):
    page = new_page(viewport={"width": 1280, "height": 900})
    page.goto("/find")
    expect(page.get_by_label("Free of charge (2)")).to_be_visible()
    expect(page.get_by_text("More filters")).not_to_be_visible()
    page.get_by_label("In person").check()
    page.get_by_label("Free of charge (2)").check()
    page.get_by_role("button", name="Narrow it down").click()
    expect(page.get_by_role("link", name="Take away In person")).to_be_visible()
    page.get_by_role("link", name="Breathe Easy").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Breathe Easy")
