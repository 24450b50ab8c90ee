"""The page checks notice what they are there to notice."""

from __future__ import annotations

import pytest

from tests.page_checks import (
    Complaints,
    accessibility_problems,
    assert_fits_narrow_screen,
    dead_controls,
    heading_problems,
)

pytestmark = pytest.mark.browser

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"
SOUND = """<!DOCTYPE html><html lang="en"><head><title>Sound - Matchmaker</title></head>
<body><main><h1>Sound</h1><p>Words.</p></main></body></html>"""


@pytest.fixture
def open_page(browser):
    """Show HTML as if a server had sent it under our content security policy."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    complaints = Complaints()
    complaints.watch(context)

    def show(html: str):
        page = context.new_page()
        page.route(
            "http://specimen.test/",
            lambda route: route.fulfill(
                body=html,
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": POLICY},
            ),
        )
        page.goto("http://specimen.test/")
        page.complaints = complaints.heard
        return page

    yield show
    context.close()


def test_a_sound_page_has_no_problem(open_page, html_checker):
    page = open_page(SOUND)
    assert accessibility_problems(page) == []
    assert heading_problems(page) == []
    assert html_checker.errors(SOUND) == []
    assert dead_controls(page, SOUND) == []
    assert page.complaints == []
    assert_fits_narrow_screen(page)
    assert page.viewport_size == {"width": 1280, "height": 900}


def test_an_input_without_a_label_is_an_accessibility_problem(open_page):
    page = open_page(SOUND.replace("<p>", '<input name="email"><p>'))
    assert any("label" in problem for problem in accessibility_problems(page))


def test_a_duplicate_id_is_an_html_error(html_checker):
    html = SOUND.replace("<p>", '<p id="twice"></p><p id="twice">')
    assert any("Duplicate ID" in problem for problem in html_checker.errors(html))


@pytest.mark.parametrize(
    ("old", "new"),
    [("<h1>Sound</h1>", ""), ("<p>", "<h1>Sound</h1><p>"), ("<title>Sound", "<title>")],
)
def test_a_missing_or_second_heading_or_another_title_is_a_problem(open_page, old, new):
    assert len(heading_problems(open_page(SOUND.replace(old, new)))) == 1


def test_the_title_of_a_page_with_errors_may_say_so_first(open_page):
    assert heading_problems(open_page(SOUND.replace("<title>", "<title>Error: "))) == []


def test_a_word_wider_than_the_screen_is_noticed(open_page):
    page = open_page(SOUND.replace("Words", "W" * 80))
    with pytest.raises(AssertionError, match="WWW"):
        assert_fits_narrow_screen(page)


@pytest.mark.parametrize("addition", ["<script>1</script>", '<b style="color: red">Red</b>'])
def test_what_the_policy_forbids_is_noticed(open_page, addition):
    page = open_page(SOUND.replace("Words", addition))
    assert any("Content Security Policy" in complaint for complaint in page.complaints)


@pytest.mark.parametrize(
    "control",
    [
        "<button>Outside any form</button>",
        '<form><button type="button">Waits for a script</button></form>',
        "<form><input></form>",
        "<form><button hidden>Not there</button></form>",
        "<form><button>Send</button></form><select><option>Outside</option></select>",
        "<a>Leads nowhere</a>",
        '<a href="#">Leads nowhere</a>',
        '<a href="#missing">Leads to nothing</a>',
        '<a href="javascript:open()">Runs a script</a>',
    ],
)
def test_a_control_that_needs_a_script_is_noticed(open_page, control):
    page = open_page(SOUND)
    assert dead_controls(page, SOUND.replace("Words", control)) != []


def test_what_is_hidden_until_a_script_shows_it_is_no_dead_control(open_page):
    page = open_page(SOUND)
    form = '<form><input><button>Send</button><button type="button" hidden>Show</button></form>'
    assert dead_controls(page, SOUND.replace("Words", form)) == []
