"""Numbers in addresses that no row can have, on both databases."""

from __future__ import annotations

import pytest

from tests.factories import make_lead, make_professional, make_programme, make_user
from tests.web.world import sign_in

NUMBERS = ["2147483648", "9223372036854775808", "9" * 20, "9" * 5000]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("address", ["/programmes/", "/organisations/"])
def test_page_of_a_number_that_no_row_can_have_is_not_found(client, address, number):
    assert client.get(f"{address}{number}").status_code == 404


@pytest.mark.parametrize("number", [*NUMBERS, "-1", "²", "x", ""])
def test_new_programme_of_no_organisation_is_not_found(client, writing, number):
    with writing():
        user = make_user()
    sign_in(client, user, writing)
    assert client.get(f"/programmes/new?organisation={number}").status_code == 404


@pytest.mark.one_database
def test_pair_is_there_only_if_both_are(client, writing):
    with writing():
        lead, programme, professional = make_lead(), make_programme(), make_professional()
    sign_in(client, lead, writing)
    pairs = {
        (programme.id, professional.id): 200,
        (programme.id, professional.id + 1): 404,
        (programme.id + 1, professional.id): 404,
    }
    for (programme_id, professional_id), status in pairs.items():
        answer = client.get(f"/lead/programmes/{programme_id}/{professional_id}")
        assert answer.status_code == status
