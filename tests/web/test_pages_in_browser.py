"""The frame of every page in a real browser: accessible, valid, narrow, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.page_checks import check_page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PAGES = ["/privacy", "/accessibility", "/how-matching-works", "/there-is-no-such-page"]


@pytest.mark.parametrize("address", PAGES)
def test_page_is_accessible_valid_and_fits_a_phone(page, html_checker, address):
    page.goto(address)
    check_page(page, html_checker)


def test_first_stop_of_the_keyboard_skips_to_the_content(page):
    page.goto("/privacy")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"


def test_menu_of_a_phone_opens_and_without_scripts_is_open(page, page_without_scripts):
    for each in (page, page_without_scripts):
        each.set_viewport_size({"width": 320, "height": 800})
        each.goto("/privacy")
    link = page.get_by_role("banner").get_by_role("link", name="Sign in")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(link).to_be_visible()
    open_link = page_without_scripts.get_by_role("banner").get_by_role("link", name="Sign in")
    expect(open_link).to_be_visible()


def test_header_can_be_read_where_colours_are_forced(new_page):
    page = new_page(forced_colors="active")
    page.goto("/how-matching-works")
    bar, ground = page.evaluate(
        """() => [
            getComputedStyle(document.querySelector('.mm-bar rect:last-child')).fill,
            getComputedStyle(document.body).backgroundColor,
        ]"""
    )
    assert bar != ground


def test_print_leaves_out_what_can_only_be_clicked(page):
    page.goto("/privacy")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("heading", name="Privacy notice")).to_be_visible()
