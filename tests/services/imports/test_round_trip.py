"""What we publish comes back as it was: out, into an empty database, and out again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time

from sqlalchemy import delete

from matchmaker.models import (
    Delivery,
    Frequency,
    ImportSource,
    Organisation,
    ProgrammeLocation,
    ProgrammeSchedule,
    ProgrammeStatus,
)
from matchmaker.services.imports.loading import load
from matchmaker.services.imports.oruk import read_oruk
from matchmaker.services.imports.parts import known_districts
from matchmaker.services.imports.records import ON_THE_WEB
from matchmaker.services.open_referral.export import SERVICES, export
from tests.factories import EDINBURGH, FIFE, NOW, make_organisation, make_outcode, make_programme
from tests.services.imports.feeds import ORUK

# Names that are made here for parts of an entry, and when a row here last changed.
MADE_HERE = frozenset({"id", "location_id", "last_modified"})


def make_everything():
    make_outcode("KY12")
    organisation = make_organisation(
        name="Steady Steps",
        description="We help people walk again.\n\nEvery week.",
        registration="GB-SC-SC012345",
        website="https://steady.example.org.uk",
        email="hello@steady.example.org.uk",
        phone="01383 000 000",
    )
    make_programme(
        organisation=organisation,
        name="Stroke café & “choir”",
        description="Tea < 5 minutes away, and talk.\n\n- a list\n- of things",
        conditions=["stroke", "copd"],
        approaches=["peer-support"],
        areas=[FIFE, EDINBURGH],
        min_age=0,
        max_age=120,
        is_free=True,
        funded_by="The lottery",
        website="https://steady.example.org.uk/cafe",
        public_email="cafe@steady.example.org.uk",
        public_phone="01383 000 001",
        last_checked_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC),
        locations=[
            ProgrammeLocation(name="Hall", postcode="KY12 7JA", latitude=56.07, longitude=-3.46),
            ProgrammeLocation(address="1 High Street", town="Dunfermline"),
        ],
        schedules=[
            ProgrammeSchedule(
                frequency=Frequency.MONTHLY,
                weekdays="1MO,-1FR",
                starts_on=date(2026, 1, 5),
                ends_on=date(2026, 12, 31),
                opens_at=time(10),
                closes_at=time(11, 30),
                note="Not in July",
            ),
            ProgrammeSchedule(starts_on=date(2026, 12, 24)),
        ],
    )
    make_programme(
        organisation=organisation,
        name="Paused",
        status=ProgrammeStatus.PAUSED,
        delivery=Delivery.ONLINE,
        areas=[],
        cost="£3 a session",
        is_free=False,
        min_age=18,
    )
    make_programme(
        organisation=make_organisation(registration=None, description="", website="", email=""),
        delivery=Delivery.IN_PERSON,
        last_checked_at=None,
    )


def published(folder):
    export(folder, progress=lambda _count: None)
    return (folder / SERVICES).read_bytes()


def comparable(content, name=""):
    """The content without what is made here, and without the tag of the source it came by."""
    if isinstance(content, dict):
        is_entry = "organization" in content or name == "organization"
        return {
            key: comparable(value, key)
            for key, value in content.items()
            if key not in MADE_HERE or (key == "id" and is_entry)
        }
    if isinstance(content, list):
        parts = [
            comparable(each)
            for each in content
            if not (isinstance(each, dict) and each.get("link_type") == "source")
        ]
        return sorted(parts, key=lambda part: json.dumps(part, sort_keys=True)) or None
    return content


def without_empty(content):
    if isinstance(content, dict):
        return {key: without_empty(each) for key, each in content.items() if each is not None}
    return [without_empty(each) for each in content] if isinstance(content, list) else content


def services_in(data):
    return without_empty(comparable(json.loads(data)["contents"]))


def test_what_we_publish_is_read_back_as_it_was(session, tmp_path):
    make_everything()
    session.commit()
    before = published(tmp_path / "before")
    session.execute(delete(Organisation))
    session.execute(delete(ImportSource))
    session.commit()
    feed = read_oruk(before, "services.json", ON_THE_WEB, known_districts())
    assert feed.rejected == []
    assert load(feed, ORUK, actor=None, now=NOW).created == 3
    session.commit()
    session.expire_all()
    after = published(tmp_path / "after")
    assert len(services_in(before)) == 3
    assert services_in(after) == services_in(before)
    again = read_oruk(after, "services.json", ON_THE_WEB, known_districts())
    assert load(again, ORUK, actor=None, now=NOW).unchanged == 3
