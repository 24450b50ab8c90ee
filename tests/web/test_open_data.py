"""The page about the open data."""

from __future__ import annotations

import re

import pytest

from tests.open_data import make_full_programme, make_imported
from tests.web.markup import Markup

pytestmark = pytest.mark.one_database


def test_every_address_on_the_page_can_be_opened(client):
    page = client.get("/open-data").get_data(as_text=True)
    addresses = set(re.findall(r'href="(/api/[^"]+)"', page))
    assert len(addresses) == 9
    for address in addresses:
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address


def test_every_filter_of_the_api_is_on_the_page(client):
    page = Markup(client.get("/open-data").get_data(as_text=True))
    said = {name for code in page.all("code") for name in code.text.split(", ")}
    parameters = client.get("/api/oruk/v3/openapi.json").get_json()["components"]["parameters"]
    assert said == set(parameters)


def test_page_names_sources_in_their_own_words(client, writing):
    assert "Some entries come from others" not in client.get("/open-data").get_data(as_text=True)
    with writing():
        make_imported(make_full_programme())
    page = client.get("/open-data").get_data(as_text=True)
    assert "From ALISS, run by the Health and Social Care Alliance Scotland." in page
    assert "CC BY 4.0" in page
