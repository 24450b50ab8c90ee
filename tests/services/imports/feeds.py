"""Small made-up feeds for tests of the importers."""

from __future__ import annotations

import json
from typing import Any

from matchmaker.models import SourceFormat
from matchmaker.services.imports.formats import READERS
from matchmaker.services.imports.plan import Source
from matchmaker.services.imports.records import ON_THE_WEB, Feed
from tests.factories import EDINBURGH, FIFE

DISTRICTS = {"KY12": FIFE, "EH1": EDINBURGH}
ORUK = Source(
    name="Fife Council", format=SourceFormat.ORUK, attribution="Fife Council", licence="OGL"
)
ALISS = Source(name="ALISS", format=SourceFormat.ALISS)


def oruk_service(number: int = 1, **values: Any) -> dict[str, Any]:
    """A service of an Open Referral feed, with an organisation of its own unless one is given."""
    return {
        "id": f"service-{number}",
        "name": f"Stroke café {number}",
        "description": "Tea and talk after a stroke.",
        "status": "active",
        "organization": {
            "id": f"organisation-{number}",
            "name": f"Steady Steps {number}",
            "description": "We help people walk again.",
        },
        **values,
    }


def full_oruk_service(**values: Any) -> dict[str, Any]:
    """A service that says everything we take."""
    return oruk_service(
        **{
            "url": "https://steady.example.org.uk/cafe",
            "email": "cafe@steady.example.org.uk",
            "minimum_age": "18",
            "maximum_age": 65,
            "fees": "£2 for the tea",
            "assured_date": "2026-10-01",
            "attributes": [
                {"id": "a", "taxonomy_term": {"id": "t", "name": "COPD"}},
                {"id": "b", "taxonomy_term": {"id": "u", "name": "Peer support"}},
                {"id": "c", "taxonomy_term": {"id": "v", "name": "Knitting in the dark"}},
            ],
            "service_areas": [{"id": "x", "uri": f"http://statistics.data.gov.uk/id/{FIFE}"}],
            "service_at_locations": [
                {
                    "id": "l",
                    "location": {
                        "id": "m",
                        "location_type": "physical",
                        "name": "The Hall",
                        "latitude": "56.07",
                        "longitude": -3.46,
                        "addresses": [
                            {
                                "address_1": "1 High Street",
                                "city": "Dunfermline",
                                "postal_code": "ky127ja",
                            }
                        ],
                    },
                }
            ],
            "schedules": [
                {
                    "id": "s",
                    "freq": "WEEKLY",
                    "interval": 2,
                    "byday": "TU,TH",
                    "dtstart": "2026-01-06",
                    "opens_at": "10:00Z",
                    "closes_at": "12:30:00",
                    "description": "Not in July",
                }
            ],
            "phones": [{"id": "p", "number": "01383 000 000"}],
            **values,
        }
    )


def aliss_service(number: int = 1, **values: Any) -> dict[str, Any]:
    """A service as the API of ALISS tells it."""
    return {
        "id": f"00000000-0000-4000-8000-{number:012}",
        "name": f"Soup Social {number}",
        "description": "<p>Soup &amp; company.</p><script>alert(1)</script><p>Every week.</p>",
        "url": "",
        "referral_url": "https://soup.example.org.uk/refer",
        "phone": "01383 111 111",
        "email": "soup@soup.example.org.uk",
        "categories": [
            {"name": "Lunch Club", "slug": "lunch-club"},
            {"name": "Dementia", "slug": "dementia"},
        ],
        "service_areas": [{"code": FIFE, "type": "4", "name": "Fife"}],
        "locations": [],
        "organisation": {"id": "soup", "name": "Soup and Company"},
        "permalink": f"https://www.aliss.org/services/{number}",
        "last_reviewed": "2026-09-01T10:00:00Z",
        **values,
    }


def read(source_format: SourceFormat, content: Any) -> Feed:
    """What the reader of a format makes of content, written as JSON."""
    return READERS[source_format](json.dumps(content).encode(), "feed.json", ON_THE_WEB, DISTRICTS)


def read_oruk(*services: Any) -> Feed:
    """A page of an Open Referral feed, read."""
    return read(SourceFormat.ORUK, {"contents": list(services)})


def read_aliss(*services: Any) -> Feed:
    """A page of ALISS, read."""
    return read(SourceFormat.ALISS, {"data": list(services)})
