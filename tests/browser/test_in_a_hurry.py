"""Between two patients: three programmes on paper in a minute, on a phone, without an account."""

from __future__ import annotations

import re
import time
from datetime import time as clock
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from matchmaker.models import Delivery, Frequency, ProgrammeLocation, ProgrammeSchedule
from tests.browser.journey import main_of, press
from tests.factories import make_organisation, make_outcode, make_programme
from tests.page_checks import check_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PHONE = {"width": 320, "height": 640}
# As many as the programmes of the demo say of themselves, and more than most.
DESCRIPTION = (
    "A friendly group for people who get short of breath, and for those who care for them. We walk"
    " as far as each of us can, sit down for tea, and talk about what helps. A physiotherapist"
    " comes once a month. Nobody needs to be sent by a doctor."
)
NAMES = ("Breathe Easy Dunfermline", "Singing for Lung Health", "Steady Lungs exercise group")


@pytest.fixture(autouse=True)
def programmes(writing):
    with writing():
        make_outcode("KY12")
        for number, name in enumerate(NAMES, 1):
            make_programme(
                name=name,
                description=DESCRIPTION,
                conditions=["copd"],
                organisation=make_organisation(
                    name=f"Forth Breath Singers {number}",
                    website=f"https://www.forth-breath.example/groups/singing-for-lungs-{number}",
                    phone="01632 960112",
                ),
                delivery=Delivery.IN_PERSON,
                is_free=True,
                cost="Tea by donation",
                locations=[
                    ProgrammeLocation(
                        name="Old Kirk Hall",
                        address="7 Kirk Wynd Close",
                        town="Dunfermline",
                        postcode="KY12 9ZZ",
                    )
                ],
                schedules=[
                    ProgrammeSchedule(
                        frequency=Frequency.WEEKLY,
                        weekdays=day,
                        opens_at=clock(14),
                        closes_at=clock(15, 30),
                    )
                    for day in ("MO", "TH")
                ],
            )
        make_programme(name="Stroke café")


def find_three_and_print(page: Page) -> None:
    page.goto("/")
    page.get_by_label("What help do you look for?").fill("COPD near KY12")
    main_of(page).get_by_role("button", name="Search").click()
    for number in range(3):
        page.get_by_role("button", name=re.compile("^Add to my list")).first.click()
        expect(page.get_by_role("button", name=re.compile("^On your list"))).to_have_count(
            number + 1
        )
    page.get_by_role("link", name="Your list (3)").click()
    press(page, "Print in large type")
    expect(page.get_by_role("heading", level=2)).to_have_count(3)


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_three_programmes_are_printed_in_under_a_minute(new_page, has_scripts):
    page = new_page(viewport=PHONE, java_script_enabled=has_scripts)
    began = time.monotonic()
    find_three_and_print(page)
    printed = page.pdf(prefer_css_page_size=True, format="A4")
    assert time.monotonic() - began < 60
    assert number_of_pages(printed) == 1
    assert set(page.get_by_role("heading", level=2).all_inner_texts()) == set(NAMES)


def test_paper_is_in_large_type_and_holds_nothing_but_the_list(new_page, html_checker):
    page = new_page(viewport=PHONE)
    find_three_and_print(page)
    check_page(page, html_checker)
    page.emulate_media(media="print")
    for said in ("Dunfermline, KY12 9ZZ", "01632 960112", "Every Monday, 2 pm to 3:30 pm"):
        line = page.get_by_text(said).first
        expect(line).to_be_visible()
        assert size_of_type(line) >= 18 * 4 / 3
    for clicked in ("button", "a", "nav", "header", "footer"):
        assert not [each for each in page.locator(clicked).all() if each.is_visible()], clicked


def test_print_button_prints(new_page):
    page = new_page(viewport=PHONE)
    find_three_and_print(page)
    page.evaluate("window.print = () => { document.title = 'printed'; }")
    press(page, "Print this page")
    expect(page).to_have_title("printed")


def test_button_comes_back_in_focus_where_it_was(new_page):
    page = new_page(viewport=PHONE)
    page.goto("/find?q=COPD+near+KY12")
    page.get_by_role("button", name=re.compile("^Add to my list")).last.click()
    button = page.get_by_role("button", name=re.compile("^On your list"))
    expect(button).to_be_focused()
    expect(button).to_be_in_viewport()


def number_of_pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def size_of_type(element) -> float:
    """In CSS pixels, of which four are three points."""
    return element.evaluate("each => parseFloat(getComputedStyle(each).fontSize)")
