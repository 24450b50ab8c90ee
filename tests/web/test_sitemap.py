"""What search engines are told: which pages there are, how each is called, what it is about."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time
from xml.etree import ElementTree

import pytest

from matchmaker.models import (
    Frequency,
    OrganisationKind,
    ProgrammeLocation,
    ProgrammeSchedule,
)
from matchmaker.services import public_pages
from tests.factories import FIFE, make_organisation, make_programme
from tests.web.markup import Markup
from tests.web.world import build_world, sign_in

pytestmark = pytest.mark.one_database
SITE = "http://127.0.0.1:8000"
IN_SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def addresses(answer):
    assert answer.mimetype == "application/xml"
    found = ElementTree.fromstring(answer.data).findall(".//s:loc", IN_SITEMAP)
    return [each.text.removeprefix(SITE) for each in found]


def test_sitemap_leads_to_every_public_page_and_to_nothing_else(client, writing):
    with writing():
        draft = make_programme(published_at=None)
        merged = make_organisation(merged_into_id=draft.organisation_id)
        make_programme(organisation=merged)
        shown = make_programme(updated_at=datetime(2026, 5, 6, tzinfo=UTC))
    files = addresses(client.get("/sitemap.xml"))
    listed = [each for file in files for each in addresses(client.get(file))]
    assert [each for each in listed if re.search("[0-9]", each)] == [
        f"/programmes/{shown.id}",
        f"/organisations/{draft.organisation_id}",
        f"/organisations/{shown.organisation_id}",
    ]
    assert [client.get(each).status_code for each in listed] == [200] * len(listed)
    assert "<lastmod>2026-05-06</lastmod>" in client.get("/sitemap/programmes-1.xml").text


def test_sitemap_is_cut_into_files(client, writing, monkeypatch):
    monkeypatch.setattr(public_pages, "IN_ONE_FILE", 2)
    with writing():
        organisation = make_organisation()
        made = [make_programme(organisation=organisation).id for _ in range(3)]
    assert addresses(client.get("/sitemap.xml"))[1:] == [
        "/sitemap/programmes-1.xml",
        "/sitemap/programmes-2.xml",
        "/sitemap/organisations-1.xml",
    ]
    assert addresses(client.get("/sitemap/programmes-2.xml")) == [f"/programmes/{made[2]}"]
    assert client.get("/sitemap/programmes-3.xml").status_code == 404
    assert client.get("/sitemap/programmes-0.xml").status_code == 404


def test_robots_are_told_where_the_sitemap_is_and_what_to_leave_alone(client):
    lines = client.get("/robots.txt").text.splitlines()
    assert f"Sitemap: {SITE}/sitemap.xml" in lines
    assert "Disallow: /list" in lines
    assert "Disallow: /" not in lines


def head_of(client, address):
    page = Markup(client.get(address).text)
    canonical = [each.attributes["href"] for each in page.all("link", rel="canonical")]
    return canonical, [each.attributes["content"] for each in page.all("meta", name="robots")]


def test_public_pages_say_what_they_are_called(client, writing):
    with writing():
        programme = make_programme()
    for address in ("/", "/glossary", f"/programmes/{programme.id}"):
        assert head_of(client, address) == ([SITE + address], [])


@pytest.mark.parametrize(
    "address", ["/?where=Fife", "/list", "/lists/shared?p=1", "/sign-in", "/no-such-page"]
)
def test_what_somebody_chose_or_typed_is_not_to_be_found(client, address):
    assert head_of(client, address) == ([], ["noindex"])


def data_in(page):
    (script,) = Markup(page).all("script", type="application/ld+json")
    return json.loads(script.text)


def test_a_programme_is_a_service_of_its_organisation(client, writing):
    with writing():
        organisation = make_organisation(
            name="Lung Friends", phone="01", website="https://l.example"
        )
        programme = make_programme(
            organisation=organisation,
            name="Walk",
            description="We walk.",
            public_id="a-b-c",
            is_free=True,
            public_email="walk@example.org",
            contact_name="Secret",
            contact_email="secret@example.org",
            locations=[
                ProgrammeLocation(
                    town="Dunfermline", postcode="KY12 7DS", latitude=56, longitude=-3
                )
            ],
            schedules=[
                ProgrammeSchedule(
                    frequency=Frequency.WEEKLY,
                    weekdays="MO,TH",
                    opens_at=time(10),
                    closes_at=time(12),
                    starts_on=date(2026, 9, 1),
                ),
                ProgrammeSchedule(frequency=Frequency.MONTHLY, weekdays="1MO"),
            ],
        )
    assert data_in(client.get(f"/programmes/{programme.id}").text) == {
        "@context": "https://schema.org",
        "@type": "Service",
        "@id": f"{SITE}/programmes/{programme.id}",
        "url": f"{SITE}/programmes/{programme.id}",
        "identifier": "a-b-c",
        "name": "Walk",
        "description": "We walk.",
        "provider": {
            "@type": "NGO",
            "@id": f"{SITE}/organisations/{organisation.id}",
            "name": "Lung Friends",
            "url": "https://l.example",
        },
        "areaServed": [{"@type": "AdministrativeArea", "name": "Fife", "identifier": FIFE}],
        "availableChannel": [
            {
                "@type": "ServiceChannel",
                "serviceUrl": "https://l.example",
                "servicePhone": {
                    "@type": "ContactPoint",
                    "telephone": "01",
                    "email": "walk@example.org",
                },
                "serviceLocation": {
                    "@type": "Place",
                    "address": {
                        "@type": "PostalAddress",
                        "addressLocality": "Dunfermline",
                        "postalCode": "KY12 7DS",
                        "addressCountry": "GB",
                    },
                    "geo": {"@type": "GeoCoordinates", "latitude": 56.0, "longitude": -3.0},
                },
            }
        ],
        "hoursAvailable": [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": ["Monday", "Thursday"],
                "opens": "10:00",
                "closes": "12:00",
                "validFrom": "2026-09-01",
            }
        ],
        "offers": {"@type": "Offer", "price": "0", "priceCurrency": "GBP"},
    }


@pytest.mark.parametrize(
    ("kind", "said"), [(OrganisationKind.CHARITY, "NGO"), (OrganisationKind.OTHER, "Organization")]
)
def test_an_organisation_says_what_it_is(client, writing, kind, said):
    with writing():
        organisation = make_organisation(
            kind=kind, name="Lung Friends", description="", registration="GB-SC-SC012345"
        )
    address = f"{SITE}/organisations/{organisation.id}"
    assert data_in(client.get(f"/organisations/{organisation.id}").text) == {
        "@context": "https://schema.org",
        "@type": said,
        "@id": address,
        "url": address,
        "name": "Lung Friends",
        "identifier": "GB-SC-SC012345",
    }


def test_nothing_in_a_name_ends_the_data(client, writing):
    name = "</script><script>alert(1)</script><!-- & '"
    with writing():
        programme = make_programme(name=name, description="", areas=[])
    page = client.get(f"/programmes/{programme.id}").text
    assert "<script>alert" not in page
    data = data_in(page)
    assert data["name"] == name
    assert not {"availableChannel", "areaServed", "hoursAvailable", "offers"} & set(data)


def test_a_draft_has_no_data(app, writing):
    with writing():
        world = build_world()
    client = app.test_client()
    sign_in(client, world.users["owner"], writing)
    page = client.get(f"/programmes/{world.values['draft_id']}").text
    assert not Markup(page).all("script", type="application/ld+json")
