"""Fixtures for tests in a real browser against a real gunicorn.

A test that uses them carries the mark `browser`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.page_checks import Complaints
from tests.servers.chromium import FLAGS, find_chromium
from tests.servers.html_checker import running_html_checker
from tests.servers.web import running_web

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext, Page

    from matchmaker.config import Settings
    from tests.servers.html_checker import HtmlChecker
    from tests.servers.web import LiveServer

WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def shared_server(
    shared_app: Flask, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """One gunicorn for each database. Tests ask for `live_server`, which empties the database."""
    with running_web(settings, tmp_path_factory.mktemp("gunicorn")) as server:
        yield server


@pytest.fixture
def live_server(app: Flask, shared_server: LiveServer) -> LiveServer:
    """The app served by gunicorn, on an empty database."""
    return shared_server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium on this machine, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(FLAGS), headless=True
        )
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Open a page as a new visitor: `new_page()`, or with options for the browser context.

    At the end the test fails if any such page broke the content security policy, raised an error
    in a script, or lacked one of its files.
    """
    complaints = Complaints()
    contexts: list[BrowserContext] = []

    def open_page(**options: object) -> Page:
        wanted = {"base_url": live_server.url, "viewport": WIDE, **options}
        context = browser.new_context(**wanted)
        contexts.append(context)
        complaints.watch(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert complaints.heard == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page of a new visitor in a window 1280 pixels wide."""
    return new_page()


@pytest.fixture
def page_without_scripts(new_page: Callable[..., Page]) -> Page:
    """The same for someone whose browser runs no scripts."""
    return new_page(java_script_enabled=False)


@pytest.fixture(scope="session")
def html_checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HtmlChecker]:
    """The Nu Html Checker, started once."""
    with running_html_checker(tmp_path_factory.mktemp("html-checker")) as checker:
        yield checker
