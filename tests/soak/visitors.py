"""People with browsers, many at once: plain HTTP with cookies and the forms' tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
TIMEOUT_SECONDS = 60
NO_ANSWER = 0
"""The status of a request that the server dropped."""


@dataclass
class Visitor:
    """One browser without scripts."""

    url: str
    opener: OpenerDirector = field(
        default_factory=lambda: build_opener(HTTPCookieProcessor(CookieJar()))
    )
    token: str = ""

    def get(self, path: str) -> tuple[int, str]:
        """Open a page and remember the token of its forms."""
        status, page = self._send(Request(self.url + path))
        found = TOKEN.search(page)
        if found:
            self.token = found[1]
        return status, page

    def post(self, path: str, **values: str) -> tuple[int, str]:
        """Send a form and follow where it leads."""
        body = urlencode({"csrf_token": self.token, **values}).encode()
        return self._send(Request(self.url + path, data=body))

    def _send(self, request: Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except (HTTPException, OSError) as error:
            return NO_ANSWER, str(error)
