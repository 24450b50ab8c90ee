"""Importing a charity register."""

from __future__ import annotations

import csv
import random
from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.models import (
    AuditEvent,
    IntroductionState,
    Organisation,
    Programme,
    ProgrammeStatus,
    ProgrammeTerm,
)
from matchmaker.services.imports.charities import import_charities
from matchmaker.services.imports.report import BrokenFile, ImportNotPossible
from matchmaker.services.open_referral.sources import find_origins, list_sources
from tests.factories import (
    EDINBURGH,
    FIFE,
    NOW,
    make_introduction,
    make_organisation,
    make_outcode,
    make_user,
)

LATER = NOW + timedelta(days=7)
COLUMNS = ("org_id", "name", "postcode", "active", "activities", "objects", "income", "web")
STROKE = {
    "org_id": "GB-SC-SC012345",
    "name": "FIFE STROKE FRIENDS",
    "postcode": "KY12 7JA",
    "active": "True",
    "activities": "A weekly cafe for people after a stroke.",
    "objects": "TO RELIEVE THOSE IN NEED. TO TEACH",
    "income": "1000.0",
    "web": "www.strokefriends.example",
}
WELSH = {
    **STROKE,
    "org_id": "GB-CHC-1123456",
    "name": "Cardiff Falls Club",
    "postcode": "",
    "web": "",
}


@pytest.fixture
def load(session, tmp_path):
    """Import rows, given as mappings; the districts KY12 and EH1 are there."""
    make_outcode("KY12")
    make_outcode("EH1", area_code=EDINBURGH)

    def load_rows(*rows, now=NOW):
        path = tmp_path / "charities.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        report = import_charities(path, now=now, progress=nullcontext)
        session.commit()
        session.expire_all()
        return report

    return load_rows


def figures(report):
    return (report.created, report.updated, report.unchanged, len(report.rejected))


def find(session, registration="GB-SC-SC012345"):
    return session.scalars(
        select(Organisation).where(Organisation.registration == registration)
    ).one()


def test_charity_becomes_an_unclaimed_organisation(session, load):
    assert figures(load(STROKE)) == (1, 0, 0, 0)
    organisation = find(session)
    assert organisation.name == "Fife Stroke Friends"
    assert not organisation.is_claimed
    assert organisation.last_checked_at is None
    assert organisation.website == "https://www.strokefriends.example"
    assert (organisation.postcode, organisation.area_code) == ("KY12 7JA", FIFE)
    assert organisation.source == "oscr"
    assert organisation.description == (
        "A weekly cafe for people after a stroke.\n\nTo relieve those in need. To teach"
    )


def test_charity_has_one_published_programme(session, load):
    load(STROKE)
    (programme,) = find(session).programmes
    assert programme.name == "Fife Stroke Friends"
    assert programme.is_published
    assert programme.status is ProgrammeStatus.OPEN
    assert programme.places_per_month is None
    assert [each.area_code for each in programme.areas] == [FIFE]


def test_nothing_read_from_the_text_is_stored_as_confirmed(session, load):
    load(STROKE)
    assert session.scalar(select(func.count(ProgrammeTerm.id))) == 0


def test_each_import_is_written_down(session, load):
    load(STROKE)
    event, other = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert (event.action, event.subject_id) == ("organisation.imported", find(session).id)
    assert event.actor_user_id is None
    assert (other.action, other.subject_id) == (
        "programme.imported",
        find(session).programmes[0].id,
    )


def test_second_run_leaves_everything_unchanged(session, load):
    load(STROKE, WELSH)
    assert figures(load(STROKE, WELSH, now=LATER)) == (0, 0, 2, 0)
    assert find(session).updated_at == NOW


def test_another_income_is_no_change(session, load):
    load(STROKE)
    assert figures(load({**STROKE, "income": "9"}, now=LATER)) == (0, 0, 1, 0)


def test_changed_row_rewrites_organisation_and_programme(session, load):
    load(STROKE, WELSH)
    changed = {**STROKE, "activities": "Now a choir.", "objects": "", "postcode": "EH1 1AA"}
    assert figures(load(changed, WELSH, now=LATER)) == (0, 1, 1, 0)
    organisation = find(session)
    (programme,) = organisation.programmes
    assert organisation.description == programme.description == "Now a choir."
    assert [each.area_code for each in programme.areas] == [EDINBURGH]
    assert programme.updated_at == organisation.updated_at == LATER
    assert programme.published_at == NOW


def test_organisation_that_is_looked_after_is_left_alone(session, load):
    load(STROKE)
    organisation = find(session)
    organisation.claimed_at = NOW
    organisation.name = "Our own name"
    session.commit()
    assert figures(load({**STROKE, "active": "False"}, now=LATER)) == (0, 0, 1, 0)
    assert find(session).name == "Our own name"
    assert find(session).programmes[0].status is ProgrammeStatus.OPEN


def test_field_that_somebody_changed_here_survives(session, load):
    load(STROKE)
    find(session).website = "https://ours.example"
    find(session).programmes[0].description = "What we really do."
    session.commit()
    assert figures(load(STROKE, now=LATER)) == (0, 0, 1, 0)
    report = load({**STROKE, "activities": "Now a choir.", "web": "steps.example"}, now=LATER)
    assert (figures(report), report.conflicts) == ((0, 1, 0, 0), 2)
    organisation = find(session)
    assert organisation.description.startswith("Now a choir.")
    assert organisation.website == "https://ours.example"
    assert organisation.programmes[0].description == "What we really do."


def test_register_is_named_once_in_the_open_data(session, load):
    load(STROKE)
    (origin,) = find_origins(find(session).programmes).of_organisation(find(session))
    assert origin.attribution == "Contains information from the Scottish Charity Register (OSCR)"
    assert [each.key for each in list_sources()] == ["Scottish Charity Register (OSCR)"]


def test_organisation_with_the_number_that_came_from_elsewhere_is_left_alone(session, load):
    make_organisation(name="Their own name", registration=STROKE["org_id"])
    session.commit()
    assert figures(load(STROKE)) == (0, 0, 1, 0)
    assert find(session).name == "Their own name"
    assert find(session).programmes == []


def test_charity_that_has_ended_is_not_added(session, load):
    report = load({**STROKE, "active": "False"})
    assert (figures(report), report.skipped) == ((0, 0, 0, 0), 1)
    assert session.scalar(select(func.count(Organisation.id))) == 0


def test_charity_that_ends_closes_and_its_proposals_end(session, load):
    load(STROKE)
    introduction = make_introduction(programme=find(session).programmes[0])
    session.commit()
    assert figures(load({**STROKE, "active": "False"}, now=LATER)) == (0, 1, 0, 0)
    assert find(session).programmes[0].status is ProgrammeStatus.CLOSED
    session.refresh(introduction)
    assert introduction.state is IntroductionState.SUPERSEDED
    assert figures(load(STROKE, now=LATER)) == (0, 1, 0, 0)
    assert find(session).programmes[0].status is ProgrammeStatus.OPEN


def test_charity_without_a_postcode_is_kept_without_a_place(session, load):
    load(WELSH)
    organisation = find(session, "GB-CHC-1123456")
    assert (organisation.postcode, organisation.area_code) == ("", None)
    assert organisation.programmes[0].areas == []


@pytest.mark.parametrize("web", ["nonsense", "javascript:alert(1)", "http.//x.example"])
def test_unusable_website_is_left_out(session, load, web):
    load({**STROKE, "web": web})
    assert find(session).website == ""


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"org_id": ""}, "org_id"),
        ({"org_id": "1123456"}, "org_id"),
        ({"org_id": "GB-SC-12"}, "org_id"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"active": ""}, "active"),
        ({"active": "perhaps"}, "active"),
        ({"activities": "", "objects": " "}, "activities"),
        ({"postcode": "LONDON"}, "postcode"),
        ({"postcode": "ZZ1 1AA"}, "postcode"),
        ({"org_id": STROKE["org_id"]}, "org_id"),
        ({"objects": "a\x00b"}, "row"),
    ],
)
def test_bad_row_is_rejected_and_good_ones_are_kept(session, load, answers, field):
    bad = {**WELSH, **answers}
    other = {**WELSH, "org_id": "GB-NIC-100123"}
    report = load(STROKE, bad, other)
    assert report.created == 2
    assert [(each.row, each.field) for each in report.rejected] == [(3, field)]


def test_objects_that_repeat_the_activities_are_not_said_twice(session, load):
    load({**STROKE, "activities": "To help people.", "objects": "TO HELP PEOPLE"})
    assert find(session).description == "To help people."


def test_long_text_is_cut(session, load):
    load({**STROKE, "activities": "We help. " * 1000, "objects": "TO TEACH. " * 1000})
    assert len(find(session).description) <= 4002


def test_first_import_needs_the_districts(session, tmp_path):
    path = tmp_path / "charities.csv"
    path.write_text("org_id,name,postcode,active,activities,objects\n", encoding="utf-8")
    with pytest.raises(ImportNotPossible, match="import outcodes FILE"):
        import_charities(path, now=NOW, progress=nullcontext)


def test_more_rows_than_one_batch_keep_their_own_texts(session, load):
    rows = [
        {**STROKE, "org_id": f"GB-CHC-{200000 + n}", "activities": f"Number {n}."}
        for n in range(1201)
    ]
    assert figures(load(*rows)) == (1201, 0, 0, 0)
    found = session.execute(
        select(Organisation.registration, Programme.description).join(Organisation.programmes)
    )
    for registration, description in found:
        assert description.startswith(f"Number {int(registration[-6:]) - 200000}.")


def test_mutilated_files_are_imported_whole_or_not_at_all(session, load, tmp_path, trial_size):
    """Random damage to a good file: each trial either reports what it did or changes nothing."""
    load(STROKE, WELSH)
    good = (tmp_path / "charities.csv").read_bytes()
    dice = random.Random(1)
    path = tmp_path / "damaged.csv"
    outcomes = set()
    for _ in range(trial_size(60, 1000)):
        data = bytearray(good)
        for _ in range(dice.randint(1, 6)):
            place = dice.randrange(len(data))
            match dice.randrange(3):
                case 0:
                    data[place] = dice.randrange(256)
                case 1:
                    del data[place : place + dice.randrange(40)]
                case 2:
                    data[place:place] = dice.choice((b'"', b",", b"\n", b"\x00", b"\xff", b"\r"))
        path.write_bytes(data)
        before = session.scalar(select(func.count(Organisation.id)))
        try:
            report = import_charities(path, now=NOW, progress=nullcontext)
        except BrokenFile:
            outcomes.add("broken")
            assert not session.new
            assert not session.dirty
            session.rollback()
            expected = before
        else:
            outcomes.add("read")
            session.commit()
            expected = before + report.created
        assert session.scalar(select(func.count(Organisation.id))) == expected
        assert expected == session.scalar(select(func.count(Programme.id)))
    assert outcomes == {"broken", "read"}


def test_member_who_looks_after_it_is_not_needed_to_import(session, load):
    make_user()
    load(STROKE)
    assert find(session).memberships == []
