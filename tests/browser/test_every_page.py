"""Every page in every state, as the person it is for: accessible, valid, narrow, without scripts.

One world and one server for all of them; nothing here changes a row that another page shows.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from flask import render_template
from playwright.sync_api import expect
from werkzeug.exceptions import HTTPException

from matchmaker import create_app
from matchmaker.extensions import Base, db, write_intent
from tests.browser.page_cases import Case, all_cases
from tests.browser.page_world import build_page_world
from tests.browser_fixtures import WIDE
from tests.page_checks import Complaints, check_page
from tests.web.world import VISITOR, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Page, Response

    from tests.servers.web import LiveServer
    from tests.web.world import World

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

CASES = all_cases()
# What answers with something else than a page.
NOT_PAGES = frozenset(
    {
        *("administration.audit_csv", "static", "health.healthz", "health.readyz"),
        *("accounts.own_data_for_programs", "accounts.own_data_to_read"),
        *("partnerships.next_step_file", "development_record.as_csv"),
        *("lists.table", "lists.shared_table", "programmes.times_file"),
        *("sitemap.index", "sitemap.pages", "sitemap.programmes", "sitemap.organisations"),
        *("sitemap.robots", "directory.as_csv", "evidence.as_csv", "activity.as_csv"),
        *(f"gaps.{each}_csv" for each in ("table", "map", "reach", "overlaps", "approaches")),
        *("evidence_packs.as_zip", "matching_quality.as_csv"),
        "lead_surveys.read_csv",
        *(f"open_referral.{each}" for each in ("about", "openapi", "service", "services")),
        *(f"open_referral.{each}" for each in ("service_at_location", "service_at_locations")),
        *(f"open_referral.{each}" for each in ("taxonomies", "taxonomy")),
        *(f"open_referral.{each}" for each in ("taxonomy_term", "taxonomy_terms")),
    }
)
# Errors that nobody can bring about by asking.
FAULTS = ("413", "500", "503")


@dataclass
class Visitors:
    """A browser window for everybody in the world, opened when first needed."""

    app: Flask
    browser: Browser
    server: LiveServer
    world: World
    complaints: Complaints = field(default_factory=Complaints)
    pages: dict[str, Page] = field(default_factory=dict)

    def page_of(self, person: str) -> Page:
        """The window of `person`, signed in."""
        if person not in self.pages:
            context = self.browser.new_context(base_url=self.server.url, viewport=WIDE)
            self.complaints.watch(context)
            if person != VISITOR:
                context.add_cookies([self._session_of(person)])
            self.pages[person] = context.new_page()
        return self.pages[person]

    def close(self) -> None:
        """Close every window."""
        for page in self.pages.values():
            page.context.close()

    def _session_of(self, person: str) -> dict[str, str]:
        client = self.app.test_client()
        sign_in(client, self.world.users[person], lambda: writing_in(self.app))
        cookie = client.get_cookie("session")
        return {"name": "session", "value": cookie.value, "url": self.server.url}


@contextmanager
def writing_in(app):
    with app.app_context(), write_intent():
        yield db.session
        db.session.commit()


@pytest.fixture(scope="module")
def visitors(shared_app, database, browser, development_server) -> Iterator[Visitors]:
    with writing_in(shared_app):
        world = build_page_world()
    visitors = Visitors(shared_app, browser, development_server, world)
    yield visitors
    visitors.close()
    shared_app.extensions.pop("matching", None)
    database.empty([table.name for table in Base.metadata.sorted_tables])


@pytest.fixture
def no_complaints(visitors) -> Iterator[None]:
    visitors.complaints.heard.clear()
    yield
    assert visitors.complaints.heard == []


@pytest.mark.usefixtures("no_complaints")
@pytest.mark.parametrize("case", CASES, ids=str)
def test_page_is_accessible_valid_narrow_and_needs_no_scripts(visitors, html_checker, case):
    page = visitors.page_of(case.person)
    answer = open_case(page, case, visitors.world)
    assert answer.status == case.status
    check_page(page, html_checker, answer.text())
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_have_count(int(case.has_errors))
    if case.has_errors:
        expect(summary).to_be_focused()


@pytest.mark.usefixtures("no_complaints")
@pytest.mark.parametrize("status", FAULTS)
def test_page_about_a_fault_passes_too(visitors, html_checker, status):
    with visitors.app.test_request_context():
        source = render_template(f"errors/{status}.html")
    page = visitors.page_of(VISITOR)
    page.route("**/broken", lambda route: route.fulfill(body=source, content_type="text/html"))
    check_page(page, html_checker, page.goto("/broken").text())


@pytest.mark.usefixtures("no_complaints")
def test_page_of_a_form_that_has_expired_passes_too(visitors, html_checker):
    page = visitors.page_of("owner")
    page.goto("/account/name")
    page.evaluate("document.querySelector('main [name=csrf_token]').value = 'expired'")
    answer = press(page, "Save")
    assert answer.status == 400
    check_page(page, html_checker, answer.text())


def test_every_page_is_among_the_cases(visitors, development_settings):
    app = create_app(development_settings)
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert {endpoint_of(app, case, visitors.world) for case in CASES} - {None} == pages - NOT_PAGES


def open_case(page: Page, case: Case, world: World) -> Response:
    """Open the page, and press what is to be pressed; returns the answer that is now shown."""
    answer = page.goto(case.address.format_map(world.values))
    if not case.press:
        return answer
    for label, text in case.fill:
        page.get_by_label(label).fill(text)
    return press(page, case.press)


def press(page: Page, name: str) -> Response:
    with page.expect_navigation() as navigation:
        page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
    return navigation.value


def endpoint_of(app: Flask, case: Case, world: World) -> str | None:
    """The route that answers for a case, unless nothing does."""
    adapter = app.url_map.bind("localhost")
    path = case.address.format_map(world.values).partition("?")[0]
    try:
        return adapter.match(path, method="GET")[0]
    except HTTPException:
        return None
