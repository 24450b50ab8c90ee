"""The one loader: idempotent, faithful to what people edited here, and all or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.models import (
    AuditEvent,
    ImportedRecord,
    ImportSource,
    IntroductionState,
    Likeness,
    Organisation,
    PossibleDuplicate,
    Programme,
    ProgrammeStatus,
)
from matchmaker.services.imports.loading import load
from matchmaker.services.imports.planning import make_plan
from matchmaker.services.programme_details import details_of
from matchmaker.services.programmes import edit_programme
from tests.factories import FIFE, NOW, make_introduction, make_organisation, make_outcode, make_user
from tests.services.imports.feeds import (
    ALISS,
    ORUK,
    aliss_service,
    full_oruk_service,
    oruk_service,
    read_aliss,
    read_oruk,
)

LATER = NOW + timedelta(days=7)


@pytest.fixture
def bring(session):
    """Load services of an Open Referral feed and commit."""
    make_outcode("KY12")

    def bring_in(*services, now=NOW, source=ORUK, actor=None):
        feed = read_oruk(*services) if source is not ALISS else read_aliss(*services)
        report = load(feed, source, actor=actor, now=now)
        session.commit()
        session.expire_all()
        return report

    return bring_in


def figures(report):
    return (report.created, report.updated, report.unchanged, len(report.rejected))


def only_programme(session):
    return session.scalars(select(Programme)).one()


def only_record(session):
    return session.scalars(
        select(ImportedRecord).where(ImportedRecord.programme_id.is_not(None))
    ).one()


def test_service_becomes_a_published_programme_of_an_unclaimed_organisation(session, bring):
    assert figures(bring(full_oruk_service())) == (1, 0, 0, 0)
    programme = only_programme(session)
    assert programme.is_published
    assert (programme.min_age, programme.max_age) == (18, 65)
    assert [(term.field.value, term.wording, term.code) for term in programme.terms] == [
        ("condition", "COPD", "copd"),
        ("approach", "Knitting in the dark", ""),
        ("approach", "Peer support", "peer-support"),
    ]
    assert [area.area_code for area in programme.areas] == [FIFE]
    assert [place.postcode for place in programme.locations] == ["KY12 7JA"]
    assert [str(each.opens_at) for each in programme.schedules] == ["10:00:00"]
    assert str(programme.last_checked_at) == "2026-10-01 00:00:00+00:00"
    assert not programme.organisation.is_claimed
    assert programme.organisation.description == "We help people walk again."


def test_source_and_its_licence_are_kept(session, bring):
    bring(oruk_service())
    source = session.scalars(select(ImportSource)).one()
    assert (source.name, source.attribution, source.licence) == (
        "Fife Council",
        "Fife Council",
        "OGL",
    )
    assert source.last_imported_at == NOW


def test_second_run_changes_nothing(session, bring):
    bring(full_oruk_service(), oruk_service(2))
    events = session.scalar(select(func.count(AuditEvent.id)))
    assert figures(bring(full_oruk_service(), oruk_service(2), now=LATER)) == (0, 0, 2, 0)
    assert session.scalar(select(func.count(AuditEvent.id))) == events
    assert {each.version for each in session.scalars(select(Programme))} == {1}
    assert {each.last_seen_at for each in session.scalars(select(ImportedRecord))} == {LATER}


def test_what_the_source_changes_is_taken(session, bring):
    bring(full_oruk_service())
    place = only_programme(session).locations[0].public_id
    changed = full_oruk_service(
        name="Walking café", minimum_age=None, attributes=[], email="new@steady.example.org.uk"
    )
    assert figures(bring(changed, now=LATER)) == (0, 1, 0, 0)
    programme = only_programme(session)
    assert (programme.name, programme.min_age, programme.terms) == ("Walking café", None, [])
    assert programme.public_email == "new@steady.example.org.uk"
    assert programme.locations[0].public_id == place
    assert programme.updated_at == LATER


def test_changed_organisation_counts_in_its_row(session, bring):
    bring(oruk_service())
    organisation = {**oruk_service()["organization"], "description": "New words."}
    assert figures(bring(oruk_service(organization=organisation))) == (0, 1, 0, 0)
    assert session.scalars(select(Organisation)).one().description == "New words."


def test_field_edited_here_survives_and_the_others_follow(session, bring):
    bring(full_oruk_service())
    only_programme(session).description = "Our own words.\r\nMore."
    session.commit()
    assert figures(bring(full_oruk_service(), now=LATER)) == (0, 0, 1, 0)
    report = bring(full_oruk_service(name="New name"), now=LATER)
    assert (figures(report), report.conflicts) == ((0, 1, 0, 0), 0)
    programme = only_programme(session)
    assert (programme.name, programme.description) == ("New name", "Our own words.\r\nMore.")


def test_edit_here_and_change_there_are_a_conflict_until_it_is_decided(session, bring):
    bring(full_oruk_service())
    only_programme(session).description = "Our own words."
    session.commit()
    report = bring(full_oruk_service(description="Their new words."), now=LATER)
    assert (report.conflicts, report.updated) == (1, 0)
    assert only_record(session).has_conflict
    assert only_programme(session).description == "Our own words."
    bring(full_oruk_service(description="Their new words.", name="Other"), now=LATER)
    assert only_record(session).has_conflict
    assert only_programme(session).name == "Other"


def test_both_saying_the_same_is_no_conflict(session, bring):
    bring(full_oruk_service())
    only_programme(session).description = "The same words."
    session.commit()
    assert bring(full_oruk_service(description="The same words.")).conflicts == 0
    assert not only_record(session).has_conflict


def test_field_that_a_feed_does_not_speak_of_is_left_as_it_is(session, bring):
    bring(full_oruk_service())
    assert figures(bring(oruk_service(name="Short"), now=LATER))[1] == 1
    assert [place.postcode for place in only_programme(session).locations] == ["KY12 7JA"]


def test_feed_that_speaks_of_a_field_for_the_first_time_fills_it_where_it_is_empty(session, bring):
    bring(oruk_service())
    only_programme(session).public_phone = "01383 999 999"
    session.commit()
    report = bring(full_oruk_service(), now=LATER)
    programme = only_programme(session)
    assert (programme.public_phone, report.conflicts) == ("01383 999 999", 1)
    assert [area.area_code for area in programme.areas] == [FIFE]


def test_service_that_closes_there_closes_here_and_its_proposals_end(session, bring):
    bring(oruk_service())
    introduction = make_introduction(programme=only_programme(session))
    session.commit()
    assert figures(bring(oruk_service(status="inactive"), now=LATER)) == (0, 1, 0, 0)
    session.refresh(introduction)
    assert only_programme(session).status is ProgrammeStatus.CLOSED
    assert introduction.state is IntroductionState.SUPERSEDED


def test_service_that_pauses_there_lets_proposals_wait(session, bring):
    bring(oruk_service())
    introduction = make_introduction(programme=only_programme(session))
    session.commit()
    bring(oruk_service(status="temporarily closed"), now=LATER)
    session.refresh(introduction)
    assert introduction.waiting_for is not None
    assert introduction.state is IntroductionState.PROPOSED


def test_service_that_is_gone_from_the_list_stays_and_is_counted(session, bring):
    bring(oruk_service(1), oruk_service(2))
    report = bring(oruk_service(2))
    assert (figures(report), report.missing) == ((0, 0, 1, 0), 1)
    assert session.scalar(select(func.count(Programme.id))) == 2


def test_service_that_was_over_before_is_not_added(session, bring):
    report = bring(oruk_service(status="inactive"))
    assert (figures(report), report.skipped) == ((0, 0, 0, 0), 1)
    assert session.scalar(select(func.count(Organisation.id))) == 0


def test_programme_stays_where_it_is_when_its_source_gives_it_to_somebody_new(session, bring):
    bring(oruk_service())
    other = {**oruk_service()["organization"], "id": "other", "name": "Others"}
    assert figures(bring(oruk_service(organization=other))) == (0, 0, 1, 0)
    assert session.scalars(select(Organisation.name)).all() == ["Steady Steps 1"]


def test_day_of_checking_moves_forward_only(session, bring):
    bring(oruk_service(assured_date="2026-10-01"))
    assert figures(bring(oruk_service(assured_date="2026-09-01"))) == (0, 0, 1, 0)
    assert figures(bring(oruk_service(assured_date="2026-11-01"))) == (0, 1, 0, 0)
    assert str(only_programme(session).last_checked_at)[:10] == "2026-11-01"


def test_day_that_has_not_come_yet_is_rejected(session, bring):
    report = bring(oruk_service(assured_date="2999-01-01"))
    assert [(each.row, each.field) for each in report.rejected] == [(1, "last checked")]
    assert session.scalar(select(func.count(Organisation.id))) == 0


def test_each_import_is_written_down_with_who_did_it(session, bring):
    lead = make_user()
    bring(oruk_service(), actor=lead)
    events = session.execute(select(AuditEvent.action, AuditEvent.actor_user_id)).all()
    assert set(events) == {
        ("organisation.imported", lead.id),
        ("programme.imported", lead.id),
    }


def test_two_sources_may_use_the_same_id(session, bring):
    bring(oruk_service())
    bring(aliss_service(id="service-1"), source=ALISS)
    assert session.scalar(select(func.count(Programme.id))) == 2


def likely_pairs(session):
    return session.execute(
        select(PossibleDuplicate.first_id, PossibleDuplicate.second_id, PossibleDuplicate.likeness)
    ).all()


def with_organisation(number=1, **values):
    organisation = {**oruk_service(number)["organization"], **values}
    return oruk_service(number, organization=organisation)


@pytest.mark.parametrize(
    ("here", "theirs", "likeness"),
    [
        ({"name": "The Soup Trust Ltd"}, {"name": "Soup Trust"}, Likeness.NAME_AND_POSTCODE),
        (
            {"website": "https://www.soup.org.uk/home"},
            {"email": "info@soup.org.uk"},
            Likeness.DOMAIN,
        ),
        (
            {"registration": "GB-SC-SC012345"},
            {
                "organization_identifiers": [
                    {"identifier_scheme": "GB-SC", "identifier": "SC012345"}
                ]
            },
            Likeness.REGISTRATION,
        ),
    ],
)
def test_organisation_that_may_be_here_already_is_noted_and_not_merged(
    session, bring, here, theirs, likeness
):
    known = make_organisation(**{"registration": None, **here})
    session.commit()
    report = bring(with_organisation(**theirs))
    assert report.possible_duplicates == 1
    (pair,) = likely_pairs(session)
    added = session.scalars(select(Organisation).where(Organisation.id != known.id)).one()
    assert tuple(pair) == (known.id, added.id, likeness)
    assert added.registration is None
    assert bring(with_organisation(**theirs)).unchanged == 1


def test_two_of_one_feed_may_be_one_as_well(session, bring):
    assert bring(with_organisation(1, name="Soup"), with_organisation(2, name="soup"))
    assert len(likely_pairs(session)) == 1


@pytest.mark.parametrize(
    ("here", "theirs"),
    [
        ({"website": "https://facebook.com/soup"}, {"website": "https://facebook.com/broth"}),
        ({"email": "a@fife.gov.uk"}, {"email": "b@fife.gov.uk"}),
        ({"email": "a@gmail.com"}, {"email": "b@gmail.com"}),
        ({"name": "The"}, {"name": "Limited"}),
    ],
)
def test_what_anybody_may_share_says_nothing(session, bring, here, theirs):
    make_organisation(**{"registration": None, **here})
    session.commit()
    assert bring(with_organisation(**theirs)).possible_duplicates == 0


def test_two_with_numbers_of_their_own_in_one_register_are_two(session, bring):
    make_organisation(name="Soup", registration="GB-SC-SC000001")
    session.commit()
    # The second may be either of the first two, which are two.
    for register, number, pairs in (("GB-SC", "SC000002", 0), ("GB-CHC", "1123456", 2)):
        identifiers = [{"identifier_scheme": register, "identifier": number}]
        service = with_organisation(1 + pairs, name="Soup", organization_identifiers=identifiers)
        assert bring(service).possible_duplicates == pairs


def test_same_name_in_another_place_is_another_organisation(session, bring):
    make_organisation(name="Soup", postcode="EH1 1AA", registration=None)
    session.commit()
    service = full_oruk_service(organization={**oruk_service()["organization"], "name": "Soup"})
    assert bring(service).possible_duplicates == 0


def test_plan_changes_nothing_and_says_when_it_is_out_of_date(session, bring):
    bring(full_oruk_service())
    feed = read_oruk(full_oruk_service(name="New"), oruk_service(2))
    plan = make_plan(feed, ORUK, now=LATER)
    assert [each.field for each in plan.programmes[0].changes] == ["name"]
    assert not session.dirty
    assert not session.new
    assert make_plan(feed, ORUK, now=LATER).digest == plan.digest
    only_programme(session).name = "Ours"
    session.commit()
    session.expire_all()
    assert make_plan(feed, ORUK, now=LATER).digest != plan.digest


def test_what_somebody_left_alone_in_the_form_still_follows_the_source(session, bring):
    bring(full_oruk_service(fees=""))
    programme = only_programme(session)
    details = replace(details_of(programme), name="Our own name")
    details = replace(details, description=details.description.replace("\n", "\r\n"))
    edit_programme(programme, details, version=programme.version, actor=make_user(), now=NOW)
    session.commit()
    changed = full_oruk_service(
        fees="£9",
        description="Their new words.",
        minimum_age=20,
        attributes=[],
        service_at_locations=[],
        schedules=[],
        url="https://other.example.org.uk",
        phones=[{"number": "01383 999 999"}],
    )
    report = bring(changed, now=LATER)
    assert (report.updated, report.conflicts) == (1, 0)
    programme = only_programme(session)
    assert (programme.name, programme.cost, programme.min_age) == ("Our own name", "£9", 20)
    assert (programme.terms, programme.locations, programme.schedules) == ([], [], [])
    assert programme.public_phone == "01383 999 999"
