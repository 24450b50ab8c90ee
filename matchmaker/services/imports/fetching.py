"""Fetching a feed from an address without becoming somebody's way into the network we stand in.

Only HTTPS, only hosts that this copy's settings name, only addresses that are public: the name is
resolved once, what it resolves to is checked, and the connection goes to that very address, so that
no second answer of the name server can lead elsewhere. Nothing is followed, and little is read.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from flask_babel import gettext as _

from matchmaker.models import SourceFormat
from matchmaker.services.imports import aliss, oruk
from matchmaker.services.imports.json_feed import read_json
from matchmaker.services.imports.records import MEGABYTE, Limits
from matchmaker.services.imports.report import BrokenFile

SECONDS = 5.0
LARGEST_ANSWER = 5 * MEGABYTE
MOST_PAGES = 2000
CONTENT_TYPES = frozenset(
    {"application/json", "text/json", "text/csv", "application/x-ndjson", "application/jsonl"}
)
_CHUNK = 64 * 1024

Resolver = Callable[[str, int], Collection[str]]
"""The addresses of a host, as texts."""
Connector = Callable[[str, int, str, float], socket.socket]
"""Opens a connection to an address and a port that speaks TLS as a host, within some seconds."""


class NotFetched(BrokenFile):
    """What stands at an address was not read; nothing has been changed."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, None, "address", reason)
        self.reason = reason


def resolve(host: str, port: int) -> Collection[str]:
    """Ask the system's name server."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def connect(address: str, port: int, host: str, seconds: float) -> socket.socket:
    """Open a connection whose certificate is that of `host`."""
    plain = socket.create_connection((address, port), timeout=seconds)
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Reads what stands at addresses of the hosts that are allowed."""

    hosts: frozenset[str]
    resolver: Resolver = resolve
    connector: Connector = connect
    seconds: float = SECONDS
    largest: int = LARGEST_ANSWER
    clock: Callable[[], float] = field(default=time.monotonic)

    def fetch(self, url: str) -> bytes:
        """Read one address.

        Raises:
            NotFetched: It is not allowed, does not answer as it should, or answers with too much.
        """
        host, port, path = self._checked(url)
        deadline = self.clock() + self.seconds
        address = self._public_address(url, host, port)
        try:
            plain = self.connector(address, port, host, self.seconds)
        except OSError:
            raise NotFetched(url, _("no connection could be made")) from None
        connection = http.client.HTTPConnection(host, port, timeout=self.seconds)
        connection.sock = plain
        try:
            connection.request(
                "GET",
                path,
                headers={
                    "Accept": "application/json, text/csv",
                    "Accept-Encoding": "identity",
                    "User-Agent": "Matchmaker",
                },
            )
            return self._body(url, connection.getresponse(), plain, deadline)
        except (OSError, http.client.HTTPException):
            raise NotFetched(url, _("the answer stopped in the middle, or took too long")) from None
        finally:
            connection.close()

    def _checked(self, url: str) -> tuple[str, int, str]:
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").rstrip(".")
            port = parts.port or 443
        except ValueError:
            raise NotFetched(url, _("this is not a web address")) from None
        if parts.scheme != "https" or parts.username is not None or parts.password is not None:
            raise NotFetched(url, _("it has to begin with https:// and the name of a website"))
        if host not in self.hosts:
            raise NotFetched(
                url, _("%(host)s is not among the websites that lists may come from", host=host)
            )
        if not url.isascii() or any(mark.isspace() for mark in url):
            raise NotFetched(url, _("this is not a web address"))
        return host, port, urlunsplit(("", "", parts.path or "/", parts.query, ""))

    def _public_address(self, url: str, host: str, port: int) -> str:
        """The address to connect to; if any that the name has is not public, none is used."""
        try:
            found = [str(each) for each in self.resolver(host, port)]
        except (OSError, UnicodeError):
            found = []
        if not found:
            raise NotFetched(url, _("there is no website of this name"))
        if not all(map(is_public, found)):
            raise NotFetched(url, _("it leads to a network that is not public"))
        return found[0]

    def _body(
        self, url: str, answer: http.client.HTTPResponse, plain: socket.socket, deadline: float
    ) -> bytes:
        if answer.status != http.client.OK:
            raise NotFetched(url, _("the website answered %(status)s", status=answer.status))
        kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip().casefold()
        if kind not in CONTENT_TYPES:
            raise NotFetched(url, _("the answer is neither JSON nor CSV"))
        if answer.getheader("Content-Encoding", "identity").casefold() != "identity":
            raise NotFetched(url, _("the answer is packed"))
        body = bytearray()
        while True:
            left = deadline - self.clock()
            if left <= 0:
                raise NotFetched(url, _("the answer took too long"))
            plain.settimeout(left)
            chunk = answer.read1(_CHUNK)
            if not chunk:
                break
            body += chunk
            if len(body) > self.largest:
                most = self.largest // MEGABYTE
                raise NotFetched(url, _("the answer is larger than %(most)s MB", most=most))
        if answer.length:
            raise NotFetched(url, _("the answer stopped in the middle, or took too long"))
        return bytes(body)


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet, also inside an address of version 6."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if inner is not None:
            return is_public(str(inner))
        # Addresses that a gateway translates into ones of version 4.
        if found in _TRANSLATED:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not (found.is_multicast or found.is_reserved)


_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")

_ITEMS: Mapping[SourceFormat, tuple[str, Callable[[Any, str], list[Any]]]] = {
    SourceFormat.ORUK: ("contents", oruk.services_in),
    SourceFormat.ALISS: ("data", aliss.services_in),
}


def fetch_feed(
    fetcher: Fetcher, url: str, source_format: SourceFormat, limits: Limits, *, seconds: float
) -> bytes:
    """Read a list at an address, all pages of a feed, as one file.

    A page of Open Referral may tell of its services in short; each is then asked for by itself.
    Pages are asked for until one holds nothing: where a page names the next, the last part of a
    feed can be missing. If any page cannot be read, nothing is.

    Args:
        fetcher: Reads addresses.
        url: Where the list stands; of a feed, its first page.
        source_format: How it is written.
        limits: How much is read at most, all pages together.
        seconds: How long all pages may take together.

    Raises:
        BrokenFile: A page cannot be read, or there is too much of them.
    """
    if source_format not in _ITEMS:
        return fetcher.fetch(url)
    key, items_in = _ITEMS[source_format]
    reading = _Reading(fetcher, url, limits, fetcher.clock() + seconds)
    items: list[Any] = []
    for page in range(1, MOST_PAGES + 1):
        address = page_address(url, page)
        found = items_in(reading.read(address), address)
        # A website without pages answers every one of them with the same.
        if not found or found == items[-len(found) :]:
            break
        items += found
        if len(items) > limits.most_rows:
            raise NotFetched(url, _("it has more than %(most)s rows", most=f"{limits.most_rows:,}"))
    if source_format is SourceFormat.ORUK:
        items = [
            reading.read(detail_address(url, item["id"])) if oruk.is_in_short(item) else item
            for item in items
        ]
    return json.dumps({key: items}).encode()


class _Reading:
    """Reads one address after another, as long as all together are not too much."""

    def __init__(self, fetcher: Fetcher, url: str, limits: Limits, deadline: float) -> None:
        self._fetcher = fetcher
        self._url = url
        self._limits = limits
        self._deadline = deadline
        self._size = 0

    def read(self, address: str) -> Any:
        """What the JSON at an address says.

        Raises:
            BrokenFile: It cannot be read, or all together are too much.
        """
        if self._fetcher.clock() > self._deadline:
            raise NotFetched(self._url, _("all its pages together took too long"))
        data = self._fetcher.fetch(address)
        self._size += len(data)
        if self._size > self._limits.largest_bytes:
            most = self._limits.largest_bytes // MEGABYTE
            raise NotFetched(self._url, _("its pages are larger than %(most)s MB", most=most))
        return read_json(data, address, self._limits)


def detail_address(url: str, external_id: str) -> str:
    """The address of one service of the list at `url`, in full."""
    parts = urlsplit(url)
    path = f"{parts.path.rstrip('/')}/{quote(external_id, safe='')}"
    return urlunsplit(parts._replace(path=path, query=""))


def page_address(url: str, page: int) -> str:
    """The address of a page of a feed; whatever else was asked for stays."""
    parts = urlsplit(url)
    asked = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "page"]
    return urlunsplit(parts._replace(query=urlencode([*asked, ("page", str(page))])))
