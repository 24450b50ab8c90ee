"""Reading a list from an address, and all that is refused.

A real server on this machine answers, without TLS: the name resolves to a public address, and the
connection that would go there is made to the server instead. Everything else is as in use.
"""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from matchmaker.models import SourceFormat
from matchmaker.services.imports.fetching import (
    Fetcher,
    NotFetched,
    fetch_feed,
    is_public,
    page_address,
)
from matchmaker.services.imports.records import ON_THE_WEB, Limits
from matchmaker.services.imports.report import BrokenFile

HOST = "feeds.example.org"
URL = f"https://{HOST}/services"
PUBLIC = "93.184.216.34"
JSON = {"Content-Type": "application/json; charset=utf-8"}

pytestmark = [pytest.mark.usefixtures("words"), pytest.mark.one_database]


@pytest.fixture
def words(shared_app):
    """Messages are in a language, which an app knows."""
    with shared_app.app_context():
        yield


@pytest.fixture(scope="module")
def website():
    """A server whose `answers` say what it sends: status, headers and body by path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked.append(self.path)
            status, headers, body = self.server.answers.get(self.path, (404, JSON, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def answers(website):
    website.answers, website.asked = {}, []
    return website.answers


@pytest.fixture
def make_fetcher(website):
    def make(resolved=(PUBLIC,), **values):
        connected = []

        def connect(address, port, host, seconds):
            connected.append((address, port, host))
            return socket.create_connection(website.server_address, timeout=seconds)

        fetcher = Fetcher(
            **{
                "hosts": frozenset({HOST}),
                "resolver": lambda _host, _port: resolved,
                "connector": connect,
                **values,
            }
        )
        return fetcher, connected

    return make


def test_connection_goes_to_the_address_that_was_checked(make_fetcher, answers):
    answers["/services?a=1"] = (200, JSON, b"[]")
    fetcher, connected = make_fetcher()
    assert fetcher.fetch(f"{URL}?a=1") == b"[]"
    assert connected == [(PUBLIC, 443, HOST)]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"http://{HOST}/services", "https://"),
        ("ftp://feeds.example.org/", "https://"),
        ("file:///etc/passwd", "https://"),
        (f"https://me:secret@{HOST}/", "https://"),
        ("https://other.example.org/", "not among the websites"),
        ("https://127.0.0.1/", "not among the websites"),
        (f"https://{HOST}.evil.example/", "not among the websites"),
        ("https://[::1", "not a web address"),
        (f"https://{HOST}:99999/", "not a web address"),
        (f"https://{HOST}/a b", "not a web address"),
        (f"https://{HOST}/a\r\nHost: x", "not a web address"),
        ("nonsense", "https://"),
    ],
)
def test_address_that_is_not_allowed_is_never_asked(make_fetcher, url, says):
    fetcher, connected = make_fetcher()
    with pytest.raises(NotFetched, match=says):
        fetcher.fetch(url)
    assert connected == []


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
        *("2001:db8::1", "nonsense", ""),
    ],
)
def test_address_that_is_not_public_is_never_asked(make_fetcher, address):
    assert not is_public(address)
    for resolved in ([address], [PUBLIC, address]):
        fetcher, connected = make_fetcher(resolved)
        with pytest.raises(NotFetched, match="not public"):
            fetcher.fetch(URL)
        assert connected == []


def test_public_addresses_are_public():
    assert is_public(PUBLIC)
    assert is_public("2606:4700::1111")
    assert is_public("::ffff:93.184.216.34")


def test_name_that_nobody_has_is_told(make_fetcher):
    def unknown(_host, _port):
        raise socket.gaierror

    for resolver in (unknown, lambda _host, _port: []):
        fetcher, _connected = make_fetcher(resolver=resolver)
        with pytest.raises(NotFetched, match="no website of this name"):
            fetcher.fetch(URL)


def test_website_that_does_not_answer_is_told(make_fetcher):
    def refuse(*_args):
        raise ConnectionRefusedError

    fetcher, _connected = make_fetcher(connector=refuse)
    with pytest.raises(NotFetched, match="no connection"):
        fetcher.fetch(URL)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((302, {**JSON, "Location": "https://feeds.example.org/x"}, b""), "answered 302"),
        ((404, JSON, b"{}"), "answered 404"),
        ((500, JSON, b"{}"), "answered 500"),
        ((200, {"Content-Type": "text/html"}, b"<p>"), "neither JSON nor CSV"),
        ((200, {}, b"[]"), "neither JSON nor CSV"),
        ((200, {**JSON, "Content-Encoding": "gzip"}, b"x"), "packed"),
        ((200, {**JSON, "Content-Length": "50"}, b"[1, 2"), "stopped in the middle"),
        ((200, JSON, b" " * 2000), "larger than"),
    ],
)
def test_answer_that_is_not_as_it_should_be_is_refused(make_fetcher, answers, answer, says):
    answers["/services"] = answer
    fetcher, _connected = make_fetcher(largest=1000)
    with pytest.raises(NotFetched, match=says):
        fetcher.fetch(URL)


def test_answer_that_comes_drop_by_drop_is_given_up(make_fetcher, answers):
    answers["/services"] = (200, JSON, b"[]")
    moments = iter(range(100))
    fetcher, _connected = make_fetcher(clock=lambda: next(moments) * 10.0)
    with pytest.raises(NotFetched, match="took too long"):
        fetcher.fetch(URL)


def pages(answers, *contents, key="data", asked=""):
    for number, content in enumerate((*contents, []), start=1):
        body = json.dumps({key: content, "next": None}).encode()
        answers[f"/services?{asked}page={number}"] = (200, JSON, body)


def test_pages_are_read_until_one_is_empty_whatever_they_say_of_the_next(make_fetcher, answers):
    pages(answers, [{"id": 1}, {"id": 2}], [{"id": 3}])
    fetcher, _connected = make_fetcher()
    data = fetch_feed(fetcher, URL, SourceFormat.ALISS, ON_THE_WEB, seconds=60)
    assert json.loads(data) == {"data": [{"id": 1}, {"id": 2}, {"id": 3}]}


def test_feed_that_stops_in_the_middle_gives_nothing(make_fetcher, answers):
    pages(answers, [{"id": 1}], [{"id": 2}], key="contents")
    answers["/services?page=2"] = (200, JSON, b'{"contents": [{"id"')
    fetcher, _connected = make_fetcher()
    with pytest.raises(BrokenFile, match="page=2:1: file: it is not JSON"):
        fetch_feed(fetcher, URL, SourceFormat.ORUK, ON_THE_WEB, seconds=60)


def test_services_told_in_short_are_asked_for_one_by_one(make_fetcher, answers):
    full = {"id": "a/b", "attributes": []}
    pages(answers, [{"id": "a/b"}, {"id": "c", "schedules": []}, 3], key="contents", asked="q=1&")
    answers["/services/a%2Fb"] = (200, JSON, json.dumps(full).encode())
    fetcher, _connected = make_fetcher()
    data = fetch_feed(fetcher, f"{URL}?q=1", SourceFormat.ORUK, ON_THE_WEB, seconds=60)
    assert json.loads(data) == {"contents": [full, {"id": "c", "schedules": []}, 3]}


def test_service_that_is_gone_when_asked_for_stops_the_whole(make_fetcher, answers):
    pages(answers, [{"id": "a"}], key="contents")
    fetcher, _connected = make_fetcher()
    with pytest.raises(NotFetched, match="answered 404"):
        fetch_feed(fetcher, URL, SourceFormat.ORUK, ON_THE_WEB, seconds=60)


def test_website_without_pages_is_read_once(make_fetcher, answers):
    for number in (1, 2):
        answers[f"/services?page={number}"] = (200, JSON, b'[{"id": 1}]')
    fetcher, _connected = make_fetcher()
    data = fetch_feed(fetcher, URL, SourceFormat.ORUK, ON_THE_WEB, seconds=60)
    assert json.loads(data) == {"contents": [{"id": 1}]}


@pytest.mark.parametrize(
    ("limits", "seconds", "says"),
    [
        (Limits(largest_bytes=10, most_rows=10), 60, "larger than"),
        (Limits(largest_bytes=1000, most_rows=1), 60, "more than 1 rows"),
        (ON_THE_WEB, -1, "took too long"),
    ],
)
def test_feed_without_end_is_given_up(make_fetcher, answers, limits, seconds, says):
    pages(answers, [{"id": 1}], [{"id": 2}])
    fetcher, _connected = make_fetcher()
    with pytest.raises(BrokenFile, match=says):
        fetch_feed(fetcher, URL, SourceFormat.ALISS, limits, seconds=seconds)


def test_table_is_one_answer(make_fetcher, answers):
    answers["/services"] = (200, {"Content-Type": "text/csv"}, b"name\n")
    fetcher, _connected = make_fetcher()
    assert fetch_feed(fetcher, URL, SourceFormat.CSV, ON_THE_WEB, seconds=60) == b"name\n"


def test_page_keeps_what_else_was_asked_for():
    assert page_address(f"{URL}?q=a%20b&page=9", 2) == f"{URL}?q=a+b&page=2"
