"""Deciding between what people wrote here and what the source says now."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchmaker.models import AuditEvent, ImportedRecord, Organisation, Programme
from matchmaker.services.errors import StaleVersion
from matchmaker.services.imports import conflicts
from matchmaker.services.imports.conflicts import Keep
from matchmaker.services.imports.loading import load
from matchmaker.services.policy import Actor, actor_for
from tests.factories import NOW, make_lead, make_outcode, make_user
from tests.services.imports.feeds import ORUK, full_oruk_service, read_oruk


@pytest.fixture
def conflict(session):
    """A programme whose description and ages were changed here and there; returns its record."""
    make_outcode("KY12")
    load(read_oruk(full_oruk_service()), ORUK, actor=None, now=NOW)
    programme = session.scalars(select(Programme)).one()
    programme.description, programme.max_age = "Our words.", 99
    session.commit()
    changed = full_oruk_service(description="Their words.", maximum_age=70)
    load(read_oruk(changed), ORUK, actor=None, now=NOW)
    session.commit()
    session.expire_all()
    found = session.scalars(select(ImportedRecord).where(ImportedRecord.has_conflict)).one()
    return conflicts.find_record(found.id)


def decide(record, **choices):
    fields = conflicts.fields_in_conflict(record)
    conflicts.decide(record, choices, conflicts.digest_of(fields), actor=make_user(), now=NOW)


def test_both_are_shown_field_by_field(conflict):
    fields = conflicts.fields_in_conflict(conflict)
    assert [(each.field, each.ours, each.theirs) for each in fields] == [
        ("description", "Our words.", "Their words."),
        ("ages", [18, 99], [18, 70]),
    ]


def test_each_field_goes_its_own_way(session, conflict):
    decide(conflict, description=Keep.OURS, ages=Keep.THEIRS)
    session.commit()
    programme = conflict.programme
    assert (programme.description, programme.max_age) == ("Our words.", 70)
    assert not conflict.has_conflict
    assert conflicts.fields_in_conflict(conflict) == []
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "import.conflict_decided")
    ).one()
    assert event.details == {"description": "ours", "ages": "theirs"}


def test_decision_holds_until_the_source_changes_again(session, conflict):
    decide(conflict, description=Keep.OURS, ages=Keep.OURS)
    session.commit()
    same = full_oruk_service(description="Their words.", maximum_age=70)
    report = load(read_oruk({**same, "name": "New"}), ORUK, actor=None, now=NOW)
    assert (report.updated, report.conflicts) == (1, 0)
    report = load(read_oruk({**same, "description": "Newer words."}), ORUK, actor=None, now=NOW)
    assert report.conflicts == 1


def test_decision_about_something_else_by_now_is_refused(session, conflict):
    digest = conflicts.digest_of(conflicts.fields_in_conflict(conflict))
    conflict.programme.description = "Even newer."
    session.commit()
    choices = {"description": Keep.OURS, "ages": Keep.OURS}
    with pytest.raises(StaleVersion):
        conflicts.decide(conflict, choices, digest, actor=make_user(), now=NOW)


def test_organisation_takes_its_postcode_with_the_area(session, conflict):
    organisation = session.scalars(select(Organisation)).one()
    record = session.scalars(
        select(ImportedRecord).where(ImportedRecord.organisation_id == organisation.id)
    ).one()
    record.taken = {**record.taken, "postcode": ""}
    record.offered = {**record.offered, "postcode": "KY12 7JA"}
    organisation.postcode = "EH1 1AA"
    record.has_conflict = True
    session.commit()
    decide(record, postcode=Keep.THEIRS)
    assert (organisation.postcode, organisation.area_code) == ("KY12 7JA", "S12000047")


def test_list_is_of_those_that_somebody_may_decide(session, conflict):
    assert conflicts.list_conflicts(actor_for(make_lead())) == [conflict]
    assert conflicts.list_conflicts(Actor(user_id=1, is_administrator=True)) == [conflict]
    organisation = conflict.programme.organisation
    owner = Actor(user_id=1, owned_organisation_ids=frozenset({organisation.id}))
    assert conflicts.list_conflicts(owner) == []
    organisation.claimed_at = NOW
    assert conflicts.list_conflicts(owner) == [conflict]
    assert conflicts.list_conflicts(actor_for(make_lead())) == []
