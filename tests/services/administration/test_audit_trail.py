"""Reading the audit trail by person, action, subject and day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from matchmaker.services import audit
from matchmaker.services.administration import audit_trail
from matchmaker.services.administration.audit_trail import Filters
from tests.factories import NOW, make_organisation, make_user


@pytest.fixture
def people(session):
    return make_user(name="Ada"), make_user(name="Bob")


def record(action, subject, actor=None, at=NOW, **details):
    event = audit.record(action, subject, actor=actor, now=at, **details)
    audit.db.session.flush()
    return event


def shown(before_id=None, most=50, **filters):
    lines = audit_trail.list_events(Filters(**filters), before_id=before_id, most=most)
    return [each.event.action for each in lines]


def test_latest_come_first_with_who_did_it(people):
    ada, bob = people
    record("user.created", bob, ada)
    record("introduction.expired", bob)
    lines = audit_trail.list_events(Filters(), before_id=None)
    assert [(each.event.action, each.actor) for each in lines] == [
        ("introduction.expired", None),
        ("user.created", ada),
    ]


def test_person_means_what_they_did_and_what_was_done_to_them(people):
    ada, bob = people
    organisation = make_organisation()
    record("organisation.edited", organisation, bob)
    record("user.made_lead", bob, ada)
    record("organisation.edited", organisation, ada)
    assert shown(person=bob) == ["user.made_lead", "organisation.edited"]


def test_organisation_with_the_number_of_a_person_is_not_taken_for_them(people):
    organisation = make_organisation(id=people[1].id)
    record("organisation.edited", organisation, people[0])
    assert shown(person=people[1]) == []
    assert shown(subject_type="organisation", subject_id=organisation.id) == ["organisation.edited"]


def test_action_is_found_by_how_it_begins(people):
    for action in ("user.made_lead", "user.made_administrator", "user_x", "organisation.user."):
        record(action, people[0])
    assert shown(action="user.made") == ["user.made_administrator", "user.made_lead"]
    assert shown(action="user_") == ["user_x"]


def test_subject_is_a_kind_or_one_of_a_kind(people):
    organisations = [make_organisation() for _ in range(2)]
    for each in (*organisations, people[0]):
        record(f"{each.__tablename__}.seen", each)
    assert shown(subject_type="organisation") == ["organisation.seen"] * 2
    assert shown(subject_type="organisation", subject_id=organisations[0].id) == [
        "organisation.seen"
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # The clocks go forward on 29 March 2026 at 1:00 in the night.
        (date(2026, 3, 28), ["before"]),
        (date(2026, 3, 29), ["last", "first"]),
        (date(2026, 3, 30), ["after"]),
    ],
)
def test_days_are_those_of_london(people, day, expected):
    midnight = datetime(2026, 3, 29, tzinfo=UTC)
    for action, at in (
        ("before", midnight - timedelta(microseconds=1)),
        ("first", midnight),
        ("last", midnight + timedelta(hours=23) - timedelta(microseconds=1)),
        ("after", midnight + timedelta(hours=23)),
    ):
        record(action, people[0], at=at)
    assert shown(since=day, until=day) == expected


def test_older_events_go_on_from_the_last_one_shown(people):
    events = [record(f"a{number}", people[0]) for number in range(5)]
    assert shown(most=2) == ["a4", "a3"]
    assert shown(most=2, before_id=events[3].id) == ["a2", "a1"]
    assert shown(before_id=events[0].id) == []


def test_export_has_numbers_in_place_of_names(people):
    ada, bob = people
    record("user.made_lead", bob, ada, area="S12000047", is_new=True)
    record("introduction.expired", bob)
    assert list(audit_trail.export_rows(Filters())) == [
        ("2026-11-03T09:30:00+00:00", "", "introduction.expired", "user", str(bob.id), ""),
        (
            "2026-11-03T09:30:00+00:00",
            str(ada.id),
            "user.made_lead",
            "user",
            str(bob.id),
            '{"area": "S12000047", "is_new": true}',
        ),
    ]
    assert list(audit_trail.export_rows(Filters(action="nothing"))) == []


def test_export_ends_at_its_limit(people, monkeypatch):
    for number in range(3):
        record(f"a{number}", people[0])
    monkeypatch.setattr(audit_trail, "EVENTS_EXPORTED", 2)
    assert [row[2] for row in audit_trail.export_rows(Filters())] == ["a2", "a1"]
