"""The address of a page as it may be written down: which page it was, and nothing secret."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

from matchmaker.web.accounts.sign_in import same_site_path

LONGEST_PATH = 200
# Nothing in the addresses of our pages is as long, except what opens something.
LONGEST_PIECE = 30


def page_to_report() -> str | None:
    """The page that is shown, for the link below it; None on the pages of reporting themselves."""
    return None if request.blueprint == "reports" else without_secrets(request.path)


def without_secrets(path: str | None) -> str:
    """The path of one of our pages, without its query and without tokens; empty for others."""
    known = same_site_path(path)
    if known is None:
        return ""
    pieces = urlsplit(known).path.split("/")
    return "/".join("…" if len(piece) > LONGEST_PIECE else piece for piece in pieces)[:LONGEST_PATH]
