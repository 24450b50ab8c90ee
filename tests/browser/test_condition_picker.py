"""The boxes that suggest as one types, in a page of their own with the real scripts and policy."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.page_checks import accessibility_problems

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

MANIFEST = Path(__file__).resolve().parents[2] / "static/build/manifest.json"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'"
FORM = """<!DOCTYPE html>
<html lang="en"><head><title>Pickers</title>{styles}{scripts}</head>
<body><main><h1>Pickers</h1><form>
  <label for="terms">Conditions</label>
  <textarea class="govuk-textarea" id="terms" name="terms" data-terms="known" data-add="Add"
            data-remove="Remove" data-chosen="Your answers" data-no-results="Not in our list"
            >COPD</textarea>
  <datalist id="known">
    <option value="COPD"></option>
    <option value="Heart failure"></option>
    <option value="Stroke"></option>
  </datalist>
  <button>Save</button>
</form></main></body></html>"""


@pytest.fixture
def open_pickers(new_page, live_server):
    def show(**options):
        manifest = json.loads(MANIFEST.read_text())
        styles = "".join(
            f'<link rel="stylesheet" href="/assets/{manifest[name]}">'
            for name in ("accessible-autocomplete.css", "matchmaker.css")
        )
        scripts = f'<script type="module" src="/assets/{manifest["matchmaker.js"]}"></script>'
        page = new_page(**options)
        page.route(
            "**/pickers*",
            lambda route: route.fulfill(
                body=FORM.format(styles=styles, scripts=scripts),
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": POLICY},
            ),
        )
        page.goto("/pickers")
        return page

    return show


@pytest.fixture
def pickers(open_pickers):
    page = open_pickers()
    expect(page.get_by_role("combobox", name="Conditions")).to_be_visible()
    return page


def saved(page) -> dict[str, list[str]]:
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/pickers?*")
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True)


def type_into(page, label: str, words: str):
    box = page.get_by_role("combobox", name=label, exact=True)
    box.press_sequentially(words)
    return box


def test_a_suggestion_gone_to_and_taken_is_added(pickers):
    type_into(pickers, "Conditions", "fail heart")
    pickers.keyboard.press("ArrowDown")
    pickers.keyboard.press("Enter")
    expect(pickers.get_by_role("combobox", name="Conditions")).to_be_focused()
    expect(pickers.get_by_role("combobox", name="Conditions")).to_have_value("")
    assert saved(pickers)["terms"] == ["COPD\r\nHeart failure"]


def test_words_of_ones_own_are_added_with_enter_as_typed(pickers):
    type_into(pickers, "Conditions", "str").press("Enter")
    expect(pickers.get_by_role("status").last).to_have_text("Your answers: COPD, str")
    assert saved(pickers)["terms"] == ["COPD\r\nstr"]


def test_what_was_typed_and_not_added_is_saved_too(pickers):
    type_into(pickers, "Conditions", "stroke")
    assert saved(pickers)["terms"] == ["COPD\r\nstroke"]


def test_the_same_answer_is_kept_once(pickers):
    type_into(pickers, "Conditions", "copd")
    pickers.get_by_role("button", name="Add").click()
    assert saved(pickers)["terms"] == ["COPD"]


def test_an_answer_can_be_removed(pickers):
    pickers.get_by_role("button", name="Remove COPD").click()
    expect(pickers.get_by_text("Your answers", exact=True)).to_be_hidden()
    assert saved(pickers)["terms"] == [""]


def test_pickers_are_accessible_with_answers_and_open_menu(pickers):
    assert accessibility_problems(pickers) == []
    type_into(pickers, "Conditions", "st")
    expect(pickers.get_by_role("option", name="Stroke")).to_be_visible()
    assert accessibility_problems(pickers) == []


def test_without_scripts_the_plain_question_remains(open_pickers):
    page = open_pickers(java_script_enabled=False)
    page.get_by_label("Conditions").fill("Falls")
    assert saved(page)["terms"] == ["Falls"]
