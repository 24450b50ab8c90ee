"""The open API against what schemathesis asks of it from its description, right and wrong."""

from __future__ import annotations

from itertools import product

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode

from matchmaker.services import open_referral
from tests.factories import make_outcode, make_programme
from tests.open_data import make_full_programme, make_imported, make_location, make_schedule

pytestmark = pytest.mark.soak

DESCRIPTION = "/api/oruk/v3/openapi.json"
RIGHT, WRONG = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
OPERATIONS = (
    *("getApi", "listServices", "getService", "listServiceAtLocations", "getServiceAtLocation"),
    *("listTaxonomies", "getTaxonomy", "listTaxonomyTerms", "getTaxonomyTerm"),
)


@pytest.fixture
def names(writing):
    """A few services; the ids of things that are there, by the operation that shows one."""
    with writing():
        full = make_full_programme()
        make_imported(full)
        make_outcode("G1", latitude=55.86, longitude=-4.25)
        make_programme(locations=[make_location(postcode="")], schedules=[make_schedule()])
        return {
            "getService": full.public_id,
            "getServiceAtLocation": full.locations[0].public_id,
            "getTaxonomy": open_referral.Taxonomy.SOURCE.public_id,
            "getTaxonomyTerm": open_referral.list_terms()[0].public_id,
        }


# Nothing can be wrong with a request for the address itself.
@pytest.mark.parametrize(
    ("operation_id", "mode"),
    [pair for pair in product(OPERATIONS, GenerationMode) if pair != ("getApi", WRONG)],
)
def test_no_request_breaks_the_api_or_its_description(app, names, trial_size, operation_id, mode):
    schema = schemathesis.openapi.from_wsgi(DESCRIPTION, app)
    operation = schema.find_operation_by_id(operation_id)

    @settings(
        max_examples=trial_size(5, 500),
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=operation.as_strategy(generation_mode=mode), is_there=...)
    def hold(case: schemathesis.Case, is_there: bool) -> None:
        if is_there and mode is RIGHT:
            _ask_for_what_is_there(case, operation_id, names)
        case.call_and_validate()

    hold()


def _ask_for_what_is_there(case, operation_id, names):
    """Random ids are never those of something."""
    if operation_id in names:
        case.path_parameters["id"] = names[operation_id]
    for parameter, shown_by in (
        ("taxonomy_id", "getTaxonomy"),
        ("taxonomy_term_id", "getTaxonomyTerm"),
    ):
        if parameter in (case.query or {}):
            case.query[parameter] = names[shown_by]
    if "postcode" in (case.query or {}):
        case.query["postcode"] = "KY12 7JA"


def test_every_operation_is_tried(app):
    schema = schemathesis.openapi.from_wsgi(DESCRIPTION, app)
    described = {each.ok().definition.raw["operationId"] for each in schema.get_all_operations()}
    assert described == set(OPERATIONS)
