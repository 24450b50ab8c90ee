"""What is checked on every page: accessibility, valid HTML, one heading, no sideways scroll."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

    from tests.servers.html_checker import HtmlChecker

AXE = Path(__file__).resolve().parents[1] / "node_modules/axe-core/axe.min.js"
# WCAG 2.2 AA and what axe calls best practice (landmarks, heading order).
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
NARROW = {"width": 320, "height": 800}


@dataclass
class Complaints:
    """Errors the browser itself reports: policy violations, script errors, missing files."""

    heard: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of the context."""
        context.on("weberror", lambda error: self.heard.append(f"script error: {error.error}"))
        context.on("console", self._hear_console)
        context.on("response", self._hear_response)

    def _hear_console(self, message: ConsoleMessage) -> None:
        # A page that answers 404 on purpose is reported here too; `_hear_response` sorts those out.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.heard.append(f"console error: {message.text}")

    def _hear_response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.heard.append(f"{response.status} for {response.url}")


def check_page(page: Page, html_checker: HtmlChecker, source: str | None = None) -> None:
    """Assert everything below of the page that is open; the window is left as it was.

    `source` is the HTML as the server sent it. It must be given for a page that answers a form;
    any other is asked for once more.
    """
    page.wait_for_load_state()
    source = source_of(page) if source is None else source
    assert heading_problems(page) == []
    assert accessibility_problems(page) == []
    assert html_checker.errors(source) == []
    assert dead_controls(page, source) == []
    assert_fits_narrow_screen(page)


def source_of(page: Page) -> str:
    """Return the HTML as the server sent it, before any script changed it."""
    answer = page.request.get(page.url)
    return answer.text()


def accessibility_problems(page: Page) -> list[str]:
    """Run axe in the page; one sentence for each element that breaks a rule.

    The script goes in through the debugger, which the content security policy does not govern, so
    the policy stays in force.
    """
    page.evaluate(_axe_source())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", list(RULES))
    return [
        f"{violation['id']}: {violation['help']}: {node['html']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def heading_problems(page: Page) -> list[str]:
    """Return what is wrong with the title and headings: one h1, and a title that begins with it."""
    headings = page.locator("h1")
    if headings.count() != 1:
        return [f"{headings.count()} h1 elements on {page.url}"]
    heading = " ".join(headings.inner_text().split())
    title = page.title().removeprefix("Error: ")
    return [] if title.startswith(heading) else [f"title {title!r} does not begin with {heading!r}"]


def dead_controls(page: Page, source: str) -> list[str]:
    """List what does nothing where no script runs: `source` is the HTML as the server sent it.

    A button must send a form, a form must have such a button, a field must be in a form, and a link
    must lead somewhere. What the server sends hidden is for a script to show.
    """
    return page.evaluate(
        """source => {
            const sent = new DOMParser().parseFromString(source, 'text/html');
            const sends = 'button:not([type=button], [type=reset]), input[type=submit]';
            const shown = selector =>
                [...sent.querySelectorAll(selector)].filter(each => !each.closest('[hidden]'));
            const leads = href =>
                href && !href.startsWith('javascript:') &&
                (!href.startsWith('#') || sent.getElementById(href.slice(1)));
            return [
                ...shown('button').filter(each => !each.form || !each.matches(sends)),
                ...shown('form').filter(
                    form => ![...form.elements].some(
                        each => each.matches(sends) && !each.closest('[hidden]'))),
                ...shown('input:not([type=hidden]), select, textarea').filter(each => !each.form),
                ...shown('a').filter(each => !leads(each.getAttribute('href'))),
            ].map(each => each.outerHTML.slice(0, 200));
        }""",
        source,
    )


def assert_fits_narrow_screen(page: Page) -> None:
    """Assert that nothing is wider than a screen of 320 CSS pixels (WCAG 1.4.10)."""
    before = page.viewport_size
    page.set_viewport_size(NARROW)
    wide = page.evaluate(
        """limit => [...document.querySelectorAll('body *')]
            .filter(each => Math.max(each.getBoundingClientRect().right, each.scrollWidth) > limit)
            .map(each => each.outerHTML.slice(0, 120))""",
        NARROW["width"],
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], wide
    if before:
        page.set_viewport_size(before)


@cache
def _axe_source() -> str:
    return AXE.read_text(encoding="utf-8")
