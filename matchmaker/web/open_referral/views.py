"""The addresses of Open Referral UK v3, levels 1 and 2."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import Blueprint, Response, abort, current_app
from flask.typing import ResponseReturnValue

from matchmaker.services import open_referral
from matchmaker.services.open_referral import Part
from matchmaker.services.policy import Action
from matchmaker.web.access import access
from matchmaker.web.open_referral import answers, parameters
from matchmaker.web.open_referral.answers import PREFIX, answer, problem
from matchmaker.web.open_referral.document import openapi_document
from matchmaker.web.open_referral.parameters import WrongParameter

VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/en/latest/"

Item = TypeVar("Item")

blueprint = Blueprint("open_referral", __name__, url_prefix=PREFIX)


@blueprint.after_request
def _open_to_all(response: Response) -> Response:
    return answers.open_to_all(response)


@blueprint.errorhandler(WrongParameter)
def _refuse(error: WrongParameter) -> Response:
    return problem(400, str(error), parameter=error.name)


@blueprint.get("/", strict_slashes=False)
@access(Action.VIEW_PUBLIC)
def about() -> ResponseReturnValue:
    """Which version of the format this is, and where it is described."""
    public_url = current_app.extensions["settings"].public_url
    address = f"{public_url}{PREFIX}/openapi.json"
    return answer({"version": VERSION, "profile": PROFILE, "openapi_url": address})


@blueprint.get("/openapi.json")
@access(Action.VIEW_PUBLIC)
def openapi() -> ResponseReturnValue:
    """The description of this API for programs."""
    return answer(openapi_document(current_app.extensions["settings"].public_url))


@blueprint.get("/services", strict_slashes=False)
@access(Action.VIEW_PUBLIC)
def services() -> ResponseReturnValue:
    """A page of services: without the lists that belong to each, unless all is asked for."""
    wanted, part, is_full = parameters.read_wanted(), parameters.read_part(), parameters.read_full()
    found = open_referral.list_services(wanted, part, with_lists=is_full)
    places = [place for row in found.rows for place in row.locations] if is_full else []
    around = open_referral.surroundings_of(found.rows, places)
    contents = [
        open_referral.service(row, around) if is_full else open_referral.service_in_short(row)
        for row in found.rows
    ]
    page = answers.page(contents, found.total, part, around.origins.everyone())
    return answer(page, changed_at=open_referral.changed_at())


@blueprint.get("/services/<service_id>", strict_slashes=False)
@access(Action.VIEW_PUBLIC)
def service(service_id: str) -> ResponseReturnValue:
    """A service with all that belongs to it."""
    row = _find(open_referral.find_service, service_id)
    around = open_referral.surroundings_of([row], row.locations)
    content = open_referral.service(row, around)
    return answer(content, changed_at=open_referral.service_changed_at(row))


@blueprint.get("/service_at_locations", strict_slashes=False)
@access(Action.VIEW_PUBLIC)
def service_at_locations() -> ResponseReturnValue:
    """A page of the places where services are."""
    wanted, part = parameters.read_wanted(with_place=True), parameters.read_part()
    is_full = parameters.read_full()
    found = open_referral.list_places(wanted, part)
    places = [place for place, _programme in found.rows] if is_full else []
    around = open_referral.surroundings_of([row for _place, row in found.rows], places)
    contents = [
        open_referral.service_at_location_by_itself(place, row, around)
        if is_full
        else open_referral.service_at_location_in_short(place, row)
        for place, row in found.rows
    ]
    page = answers.page(contents, found.total, part, around.origins.everyone())
    return answer(page, changed_at=open_referral.changed_at())


@blueprint.get("/service_at_locations/<service_at_location_id>", strict_slashes=False)
@access(Action.VIEW_PUBLIC)
def service_at_location(service_at_location_id: str) -> ResponseReturnValue:
    """A place where a service is, with its address."""
    place, row = _find(open_referral.find_place, service_at_location_id)
    around = open_referral.surroundings_of([row], [place])
    content = open_referral.service_at_location_by_itself(place, row, around)
    return answer(content, changed_at=open_referral.service_changed_at(row))


@blueprint.get("/taxonomies", strict_slashes=False)
@access(Action.VIEW_PUBLIC)
def taxonomies() -> ResponseReturnValue:
    """A page of the lists of words that services are tagged with."""
    part = parameters.read_part()
    contents = [open_referral.taxonomy(each) for each in open_referral.Taxonomy]
    return answer(_page_of(contents, part))


@blueprint.get("/taxonomies/<taxonomy_id>", strict_slashes=False)
@access(Action.VIEW_PUBLIC)
def taxonomy(taxonomy_id: str) -> ResponseReturnValue:
    """One of these lists."""
    return answer(open_referral.taxonomy(_find(open_referral.find_taxonomy, taxonomy_id)))


@blueprint.get("/taxonomy_terms", strict_slashes=False)
@access(Action.VIEW_PUBLIC)
def taxonomy_terms() -> ResponseReturnValue:
    """A page of the words of all lists, or of one."""
    part, wanted = parameters.read_part(), parameters.read_taxonomy_id()
    terms = open_referral.list_terms()
    shown = [term for term in terms if wanted in (None, term.taxonomy.public_id)]
    return answer(_page_of([open_referral.taxonomy_term(term) for term in shown], part))


@blueprint.get("/taxonomy_terms/<taxonomy_term_id>", strict_slashes=False)
@access(Action.VIEW_PUBLIC)
def taxonomy_term(taxonomy_term_id: str) -> ResponseReturnValue:
    """One of these words."""
    return answer(open_referral.taxonomy_term(_find(open_referral.find_term, taxonomy_term_id)))


def _find(find: Callable[[str], Item | None], wording: str) -> Item:
    """What has this name, or 404."""
    name = open_referral.find_name(wording)
    found = None if name is None else find(name)
    if found is None:
        abort(404)
    return found


def _page_of(contents: Sequence[dict[str, object]], part: Part) -> dict[str, object]:
    shown = list(contents[part.first : part.first + part.per_page])
    return answers.page(shown, len(contents), part, [])
