"""Which page of a list an address asks for, and the addresses of the pages beside it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from matchmaker.services.administration.pages import Page
from matchmaker.web.from_url import row_id


def wanted_page() -> int:
    """The number in `?page=`; the first page where it says nothing we understand."""
    return row_id(request.args.get("page", "")) or 1


def same_questions(endpoint: str, **changes: object) -> str:
    """The address of a page with the questions of this one, some changed; None leaves one out."""
    # What stands in the address is not given to `url_for`, which takes orders such as `_scheme`.
    values = {**request.args.to_dict(), **changes}
    return f"{url_for(endpoint)}?{urlencode({name: each for name, each in values.items() if each})}"


def links_beside(page: Page[Any]) -> dict[str, str | None]:
    """The addresses of the pages before and after `page`, where there are any."""
    endpoint = str(request.endpoint)
    return {
        "previous": same_questions(endpoint, page=page.number - 1) if page.number > 1 else None,
        "next": same_questions(endpoint, page=page.number + 1) if page.has_next else None,
    }
