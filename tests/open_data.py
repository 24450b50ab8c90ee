"""A programme of which everything is known, for tests of the open data."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from matchmaker.extensions import db
from matchmaker.models import (
    Delivery,
    Frequency,
    ImportedRecord,
    ImportSource,
    Programme,
    ProgrammeLocation,
    ProgrammeSchedule,
    ProgrammeTerm,
    SourceFormat,
    TermField,
)
from tests.factories import NOW, make_organisation, make_outcode, make_programme


def make_location(**values: Any) -> ProgrammeLocation:
    """A hall in Dunfermline."""
    defaults = {
        "name": "Abbey Hall",
        "address": "1 Abbey Street",
        "town": "Dunfermline",
        "postcode": "KY12 7JA",
        "latitude": 56.07,
        "longitude": -3.46,
    }
    return ProgrammeLocation(**{**defaults, **values})


def make_schedule(**values: Any) -> ProgrammeSchedule:
    """Every second Monday and Thursday, in the morning."""
    defaults = {
        "frequency": Frequency.WEEKLY,
        "interval": 2,
        "weekdays": "MO,TH",
        "starts_on": date(2026, 1, 5),
        "ends_on": date(2026, 12, 17),
        "opens_at": time(10),
        "closes_at": time(11, 30),
        "note": "Not on bank holidays.",
    }
    return ProgrammeSchedule(**{**defaults, **values})


def make_full_programme(**values: Any) -> Programme:
    """A programme with something in every field that everybody may know, and in others."""
    organisation = make_organisation(
        name="Stroke Friends",
        registration="GB-SC-SC012345",
        website="https://friends.example.org",
        email="hello@friends.example.org",
        phone="01383 000 001",
        source="oscr",
    )
    defaults = {
        "organisation": organisation,
        "name": "Stroke café",
        "description": "Tea & talk — every second week.",
        "conditions": ["stroke"],
        "approaches": ["peer-support"],
        "min_age": 18,
        "max_age": 99,
        "delivery": Delivery.IN_PERSON,
        "is_free": True,
        "funded_by": "Fife Council",
        "website": "friends.example.org/café".replace("é", "e"),
        "public_email": "cafe@friends.example.org",
        "public_phone": "01383 000 002",
        "contact_name": "Secret Person",
        "contact_email": "secret@friends.example.org",
        "contact_phone": "01383 000 666",
        "locations": [make_location()],
        "schedules": [make_schedule()],
        "last_checked_at": NOW - timedelta(days=30),
    }
    programme = make_programme(**{**defaults, **values})
    programme.terms.append(
        ProgrammeTerm(field=TermField.CONDITION, wording="feeling wobbly", code="")
    )
    make_outcode("KY12")
    return programme


def make_imported(programme: Programme, **values: Any) -> ImportSource:
    """A source that the programme came from."""
    defaults = {
        "name": "ALISS",
        "format": SourceFormat.ALISS,
        "url": "https://www.aliss.org/",
        "attribution": "From ALISS, run by the Health and Social Care Alliance Scotland.",
        "licence": "CC BY 4.0",
        "created_at": NOW,
    }
    source = ImportSource(**{**defaults, **values})
    record = ImportedRecord(
        source=source,
        external_id="one",
        programme=programme,
        taken={},
        offered={},
        first_seen_at=NOW,
        last_seen_at=NOW,
    )
    db.session.add(record)
    db.session.flush()
    return source
