"""What search engines ask for: which pages there are, which to leave alone, and how each is called.

Pages are kept out of their lists unless they are named here: most show what somebody typed or
chose.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Flask, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from matchmaker.services import public_pages
from matchmaker.services.mail import page_address
from matchmaker.services.policy import Action
from matchmaker.web.access import access

blueprint = Blueprint("sitemap", __name__)

# What stands still and is for everybody.
STILL_PAGES = (
    "suggestions.start",
    "directory.find",
    "embed.index",
    "open_data.index",
    "pages.help_page",
    "pages.how_matching_works",
    "pages.figures_explained",
    "practice_examples.index",
    "pages.glossary",
    "open_data.index",
    "pages.accessibility",
    "pages.privacy",
)
INDEXED = frozenset(
    {*STILL_PAGES, "programmes.show", "organisations.show", "practice_examples.show"}
)
# What a robot would never be done with, or what only makes sense to the person who filled it in.
LEFT_ALONE = ("/find?", "/try", "/list", "/embed/find", "/report", "/sign-in", "/api/")


@blueprint.get("/robots.txt")
@access(Action.VIEW_PUBLIC)
def robots() -> ResponseReturnValue:
    """What robots should leave alone, and where the list of pages is (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in LEFT_ALONE)]
    lines += ["", f"Sitemap: {page_address('sitemap.index')}", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
@access(Action.VIEW_PUBLIC)
def index() -> ResponseReturnValue:
    """The files that together name every public page (sitemaps.org, protocol 0.9)."""
    kinds = (
        ("sitemap.programmes", public_pages.count_files_of_programmes()),
        ("sitemap.organisations", public_pages.count_files_of_organisations()),
    )
    files = [
        page_address(endpoint, number=number)
        for endpoint, n_files in kinds
        for number in range(1, n_files + 1)
    ]
    return _xml("sitemap/index.xml", files=[page_address("sitemap.pages"), *files])


@blueprint.get("/sitemap/pages.xml")
@access(Action.VIEW_PUBLIC)
def pages() -> ResponseReturnValue:
    """The pages that stand still."""
    return _pages((page_address(endpoint), None) for endpoint in STILL_PAGES)


@blueprint.get("/sitemap/programmes-<int:number>.xml")
@access(Action.VIEW_PUBLIC)
def programmes(number: int) -> ResponseReturnValue:
    """Some thousands of programmes."""
    return _pages(
        (page_address("programmes.show", programme_id=row_id), f"{updated_at:%Y-%m-%d}")
        for row_id, updated_at in public_pages.list_programmes(number)
    )


@blueprint.get("/sitemap/organisations-<int:number>.xml")
@access(Action.VIEW_PUBLIC)
def organisations(number: int) -> ResponseReturnValue:
    """Some thousands of organisations."""
    return _pages(
        (page_address("organisations.show", organisation_id=row_id), f"{updated_at:%Y-%m-%d}")
        for row_id, updated_at in public_pages.list_organisations(number)
    )


def _pages(pages: Iterable[tuple[str, str | None]]) -> ResponseReturnValue:
    listed = list(pages)
    # A file must name a page.
    if not listed:
        abort(404)
    return _xml("sitemap/pages.xml", pages=listed)


def _xml(template: str, **values: object) -> Response:
    return Response(render_template(template, **values), content_type="application/xml")


def canonical_address() -> str | None:
    """The one address of the page that is shown, or None where it is not for search engines."""
    if request.endpoint not in INDEXED or request.query_string:
        return None
    return page_address(request.endpoint, **(request.view_args or {}))


def init_app(app: Flask) -> None:
    """Let every page say how it is called, or that it is nothing to be found."""
    app.jinja_env.globals.update(canonical_address=canonical_address)
