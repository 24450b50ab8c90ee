"""The frame inside the page of another site, as a browser shows it."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect

from tests.factories import make_programme

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


class Practice(BaseHTTPRequestHandler):
    """A site with one page, which shows whatever its address holds after the question mark."""

    def do_GET(self):
        frame = self.path.partition("?")[2]
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f'<!doctype html><title>x</title><iframe src="{frame}">'.encode())

    def log_message(self, *_words):
        """Say nothing: tests are quiet."""


@pytest.fixture(scope="module")
def elsewhere():
    """Another site. The browser keeps pages of the wide world from showing this machine's own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Practice) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def site(browser, live_server, elsewhere):
    """Open the page of the other site with one of ours in it; complaints are not listened to."""
    context = browser.new_context()

    def show(address):
        page = context.new_page()
        page.goto(f"{elsewhere}?{live_server.url}{address}")
        return page

    yield show
    context.close()


@pytest.fixture(autouse=True)
def programme(writing):
    with writing():
        return make_programme(name="Stroke café")


def test_frame_is_shown_and_its_links_open_beside_the_page(site, elsewhere):
    page = site("/embed/find?q=stroke")
    link = page.frame_locator("iframe").get_by_role("link", name="Stroke café")
    with page.context.expect_page() as opened:
        link.click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Stroke café")
    assert page.url.startswith(elsewhere)


def test_other_pages_are_not_shown_there(site, programme):
    page = site(f"/programmes/{programme.id}")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Stroke café")).to_have_count(0)
    assert page.frames[1].url.startswith("chrome-error:")
