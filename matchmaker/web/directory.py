"""Find support: the public directory."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from matchmaker.services import directory, places
from matchmaker.services.directory import Entry, Search, Sort
from matchmaker.services.policy import Action
from matchmaker.web import directory_links as links
from matchmaker.web.access import access
from matchmaker.web.directory_cards import card_of
from matchmaker.web.forms.directory import FindForm
from matchmaker.web.from_url import row_id
from matchmaker.web.lifecycle import now

blueprint = Blueprint("directory", __name__)

ON_ONE_PAGE = 20
SORTS = {
    Sort.RELEVANCE: _l("Best match"),
    Sort.DISTANCE: _l("Nearest"),
    Sort.CHECKED: _l("Last checked"),
}


@blueprint.get("/find")
@access(Action.VIEW_PUBLIC)
def find() -> ResponseReturnValue:
    """Search, narrow down, sort and page through every public programme."""
    reduced = _without_full_postcodes()
    if reduced is not None:
        return redirect(reduced)
    form = FindForm()
    search = Search(form.wishes(), now=now())
    sort = _sort(search)
    last_page = max(1, -(-search.total // ON_ONE_PAGE))
    page = min(row_id(request.args.get("page", "")) or 1, last_page)
    entries = directory.list_entries(
        search, sort, first=(page - 1) * ON_ONE_PAGE, count=ON_ONE_PAGE, now=now()
    )
    wishes = search.wishes
    form.show_counts(search.counts)
    query = wishes.query() | ({"sort": sort.value} if sort is not search.sorts[0] else {})
    return render_template(
        "directory/find.html",
        form=form,
        total=search.total,
        cards=[card_of(each) for each in entries],
        chosen=list(links.chosen(wishes, query)),
        notes=list(links.notes(wishes, query)),
        sorts=[
            (SORTS[each], links.address(query, sort=each), each is sort) for each in search.sorts
        ],
        beside=links.conditions_beside(search, query),
        wider=[] if entries else list(links.wider(wishes, now())),
        instead=[] if entries else list(links.similar_conditions(wishes, query)),
        page=page,
        last_page=last_page,
        previous=links.address(query, page=page - 1) if page > 1 else None,
        following=links.address(query, page=page + 1) if page < last_page else None,
        download=links.download_address(query),
    )


@blueprint.get("/find.csv")
@access(Action.VIEW_PUBLIC)
def as_csv() -> ResponseReturnValue:
    """The first thousand of the same list for a spreadsheet."""
    reduced = _without_full_postcodes()
    if reduced is not None:
        return redirect(reduced)
    search = Search(FindForm().wishes(), now=now())
    return Response(
        directory.entries_as_csv(search, _sort(search), now=now(), address=_public_address),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="support.csv"'},
    )


def _without_full_postcodes() -> str | None:
    """The same address with postcodes reduced; None where there is nothing to reduce.

    A full postcode does not stay in the address, where it would be bookmarked and shared.
    """
    typed = request.args.to_dict(flat=False)
    reduced = dict(typed)
    if "q" in typed:
        reduced["q"] = [directory.without_full_postcodes(each) for each in typed["q"]]
    if "where" in typed:
        reduced["where"] = [places.district_of(each) or each for each in typed["where"]]
    if reduced == typed:
        return None
    return f"{request.path}?{urlencode(reduced, doseq=True)}"


def _sort(search: Search) -> Sort:
    wanted = request.args.get("sort", "")
    return next((each for each in search.sorts if each == wanted), search.sorts[0])


def _public_address(entry: Entry) -> str:
    return url_for("programmes.show", programme_id=entry.programme.id, _external=True)
