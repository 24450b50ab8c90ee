"""How many programmes there are about what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from matchmaker.extensions import db
from matchmaker.models import Delivery, ProgrammeMonth, ProgrammeStatus, StatisticsRelease
from matchmaker.services.clock import london_month
from matchmaker.services.statistics import releases
from matchmaker.services.statistics.periods import find_period
from matchmaker.services.statistics.supply import (
    Supply,
    count_supply,
    read_supply,
    store_supply,
)
from tests.factories import (
    EDINBURGH,
    FIFE,
    NOW,
    make_introduction,
    make_organisation,
    make_programme,
)

NHS_FIFE, NHS_LOTHIAN, NHS_TAYSIDE = "S08000029", "S08000024", "S08000030"
SCOTLAND, UNITED_KINGDOM, WALES = "S92000003", "K02000001", "W92000004"
STROKE = "stroke-and-brain-injury"


def _counted(area_code, group=STROKE):
    return count_supply(now=NOW).get((area_code, group), Supply())


def test_a_programme_counts_in_each_area_it_serves_and_around_it(session):
    make_programme(areas=[FIFE])
    for area_code in (NHS_FIFE, SCOTLAND, UNITED_KINGDOM):
        assert _counted(area_code) == Supply(programmes=1, near=1, online=1), area_code
    for area_code in (NHS_TAYSIDE, WALES):
        assert _counted(area_code) == Supply(), area_code


def test_what_serves_a_nation_is_not_near_its_parts(session):
    make_programme(areas=[SCOTLAND], delivery=Delivery.IN_PERSON)
    make_programme(areas=[SCOTLAND], delivery=Delivery.ONLINE)
    assert _counted(NHS_FIFE) == Supply(programmes=2, near=0, online=1)
    assert _counted(SCOTLAND) == Supply(programmes=2, near=1, online=1)


def test_a_programme_counts_once_however_much_it_names(session):
    make_programme(areas=[FIFE, NHS_FIFE], conditions=["stroke", "aphasia"])
    assert _counted(NHS_FIFE).programmes == 1


def test_a_programme_counts_in_every_group_of_its_conditions(session):
    make_programme(conditions=["stroke", "copd"])
    assert _counted(NHS_FIFE).programmes == 1
    assert _counted(NHS_FIFE, "lungs-and-breathing").programmes == 1
    assert _counted(NHS_FIFE, "long-term-pain").programmes == 0


def test_only_what_takes_people_on_counts(session):
    make_programme(published_at=None)
    make_programme(status=ProgrammeStatus.PAUSED)
    make_programme(status=ProgrammeStatus.CLOSED)
    make_programme(places_per_month=0)
    other = make_organisation()
    make_programme(organisation=make_organisation(merged_into_id=other.id))
    full, emptied, unlimited = (make_programme(places_per_month=each) for each in (2, 2, None))
    for programme, taken in ((full, 2), (emptied, 1), (unlimited, 2)):
        month = ProgrammeMonth(
            programme_id=programme.id, month=london_month(NOW), places=2, taken=taken
        )
        db.session.add(month)
    db.session.flush()
    assert _counted(NHS_FIFE).programmes == 2


def test_a_programme_of_nowhere_serves_nowhere(session):
    make_programme(areas=[])
    assert count_supply(now=NOW) == {}


def test_what_was_counted_is_read_with_its_release_only(session):
    make_programme(areas=[FIFE, EDINBURGH], delivery=Delivery.ONLINE)
    releases = [
        StatisticsRelease(month=month, begun_at=NOW, published_at=published_at)
        for month, published_at in (("2026-08", NOW), ("2026-09", NOW), ("2026-12", None))
    ]
    db.session.add_all(releases)
    db.session.flush()
    for release in releases:
        store_supply(release.id, count_supply(now=NOW) if release.month != "2026-08" else {})
    quarter = find_period("2026-q3")
    found = read_supply([NHS_FIFE, WALES], quarter)
    assert found == {(NHS_FIFE, STROKE): Supply(programmes=1, near=0, online=1)}
    assert read_supply([NHS_FIFE], find_period("2026-08")) == {}
    assert read_supply([NHS_FIFE], find_period("2026-q4")) == {}


def test_supply_is_counted_whenever_figures_are_published(session):
    make_introduction(proposed_at=datetime(2026, 9, 3, tzinfo=UTC))
    releases.build(find_period("2026-09"), now=datetime(2026, 10, 15, 12, tzinfo=UTC))
    found = read_supply([NHS_FIFE], find_period("2026-q3"))
    assert found == {(NHS_FIFE, STROKE): Supply(programmes=1, near=1, online=1)}


def test_the_counts_agree_with_plain_sql(session):
    for number in range(12):
        make_programme(
            areas=[(FIFE, EDINBURGH, NHS_FIFE)[number % 3]],
            conditions=[("stroke", "aphasia", "copd")[number % 4 % 3]],
            delivery=list(Delivery)[number % 3],
            status=ProgrammeStatus.PAUSED if number == 7 else ProgrammeStatus.OPEN,
            last_checked_at=NOW - timedelta(days=number),
        )
    plain = text(
        "SELECT count(DISTINCT p.id) FROM programme p"
        " JOIN programme_area a ON a.programme_id = p.id"
        " JOIN programme_term t ON t.programme_id = p.id"
        " WHERE p.status = 'open' AND a.area_code IN (:council, :board)"
        " AND t.code IN ('stroke', 'aphasia')"
    )
    expected = db.session.scalar(plain, {"council": FIFE, "board": NHS_FIFE})
    assert expected > 1
    assert _counted(NHS_FIFE).programmes == expected
