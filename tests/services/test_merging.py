"""Two organisations that are one: nothing is lost, and nothing happens by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.models import (
    Block,
    Claim,
    ClaimState,
    DuplicateDecision,
    ImportedRecord,
    Introduction,
    Likeness,
    LinkPurpose,
    LinkToken,
    MembershipRole,
    Organisation,
    OutsideContact,
    PossibleDuplicate,
    Programme,
    Side,
    Waiting,
)
from matchmaker.services import duplicates, merging
from matchmaker.services.administration import organisations as administered
from matchmaker.services.errors import AlreadyAnswered, StaleVersion
from matchmaker.services.evidence import reports
from matchmaker.services.evidence.counting import Cell
from matchmaker.services.evidence.years import Year, latest_due
from matchmaker.services.imports.loading import load
from matchmaker.services.merging import Which
from matchmaker.services.policy import actor_for
from tests.factories import (
    EDINBURGH,
    FIFE,
    NOW,
    make_introduction,
    make_lead,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.services.imports.feeds import ORUK, oruk_service, read_oruk


@pytest.fixture
def administrator(session):
    return make_user(is_administrator=True)


def make_pair(first, second, likeness=Likeness.NAME_AND_POSTCODE):
    duplicates.suspect(first.id, second.id, likeness, now=NOW)
    return duplicates.list_undecided(actor_for(make_user(is_administrator=True)))[0]


@pytest.fixture
def pair(session):
    """An organisation that people look after, and one from a register; the first is older."""
    first = make_organisation(
        name="Stroke Friends", registration=None, website="", phone="01", area_code=FIFE
    )
    second = make_organisation(
        name="STROKE FRIENDS LTD",
        registration="GB-SC-SC012345",
        website="https://stroke.example.org",
        phone="02",
        claimed_at=None,
        last_checked_at=None,
        area_code=None,
    )
    found = make_pair(first, second)
    session.commit()
    return found


def merge(pair, actor, stays=Which.FIRST, choices=None):
    return merging.merge(pair, stays, choices or {}, merging.digest_of(pair), actor=actor, now=NOW)


def test_fields_are_chosen_one_by_one(session, pair, administrator):
    choices = {"registration": Which.SECOND, "website": Which.SECOND}
    survivor = merge(pair, administrator, choices=choices)
    assert survivor.id == pair.first_id
    assert (survivor.name, survivor.phone) == ("Stroke Friends", "01")
    assert survivor.registration == "GB-SC-SC012345"
    assert survivor.website == "https://stroke.example.org"
    gone = session.get_one(Organisation, pair.second_id)
    assert (gone.merged_into_id, gone.registration) == (survivor.id, None)
    assert pair.decision is DuplicateDecision.MERGED


def test_number_that_is_not_kept_stays_on_the_signpost(session, pair, administrator):
    pair.first.registration = "GB-CHC-1123456"
    session.commit()
    survivor = merge(pair, administrator, choices={"registration": Which.SECOND})
    session.commit()
    gone = session.get_one(Organisation, pair.second_id)
    assert (survivor.registration, gone.registration) == ("GB-SC-SC012345", "GB-CHC-1123456")


def test_either_may_stay(session, pair, administrator):
    survivor = merge(pair, administrator, stays=Which.SECOND)
    assert survivor.id == pair.second_id
    assert survivor.is_claimed
    assert session.get_one(Organisation, pair.first_id).merged_into_id == survivor.id


def test_programmes_move_and_introductions_stay_with_them(session, pair, administrator):
    kept = make_programme(organisation=pair.first)
    moved = make_programme(organisation=pair.second)
    waiting = make_introduction(programme=moved, waiting_for=Waiting.CLAIM, waiting_since_at=NOW)
    session.commit()
    survivor = merge(pair, administrator)
    session.commit()
    assert {each.id for each in survivor.programmes} == {kept.id, moved.id}
    assert session.get_one(Introduction, waiting.id).programme_id == moved.id
    session.refresh(waiting)
    assert waiting.waiting_for is None


def test_what_the_one_that_goes_has_reported_is_not_counted_again(session, pair, administrator):
    programmes = [make_programme(organisation=each) for each in (pair.first, pair.second)]
    year = Year(latest_due(NOW))
    asked = year.last_quarter.begins_at
    for programme in programmes * 10:
        make_introduction(programme=programme, proposed_at=asked)
    reports.make_report(pair.second, year, now=NOW)
    session.commit()
    report = reports.make_report(merge(pair, administrator), year, now=NOW)
    shown = [report.figures[Cell("programme", str(each.id), "asked")] for each in programmes]
    assert [each.text for each in shown] == ["10", "0"]


def test_people_of_both_look_after_the_one(session, administrator):
    both, only_second = make_user(), make_user()
    first = make_organisation(members=[make_user(), both], registration=None)
    second = make_organisation(members=[both, only_second], registration=None)
    survivor = merge(make_pair(first, second), administrator)
    roles = {each.user_id: each.role for each in survivor.memberships}
    assert len(roles) == 3
    assert roles[both.id] is MembershipRole.OWNER
    assert session.get_one(Organisation, second.id).memberships == []


def test_requests_to_look_after_it_move_unless_they_are_met(session, pair, administrator):
    member, stranger = pair.first.memberships and pair.first.memberships[0].user, make_user()
    claims = [
        Claim(organisation=pair.second, user=user, created_at=NOW)
        for user in (member or make_user(), stranger)
    ]
    session.add_all(claims)
    session.commit()
    survivor = merge(pair, administrator)
    assert claims[1].organisation_id == survivor.id
    assert claims[1].state is ClaimState.WAITING
    if member:
        assert claims[0].state is ClaimState.WITHDRAWN


def test_what_others_wrote_moves_once(session, pair, administrator):
    professional, other = make_professional(), make_professional()
    for organisation, who in ((pair.first, professional), (pair.second, professional)):
        session.add(
            Block(
                side=Side.PROFESSIONAL,
                professional=who,
                organisation=organisation,
                created_at=NOW,
            )
        )
    session.add(
        Block(side=Side.PROGRAMME, professional=other, organisation=pair.second, created_at=NOW)
    )
    session.add(
        OutsideContact(
            recorded_by_user_id=administrator.id,
            organisation_id=pair.second_id,
            met="Somebody",
            met_on=NOW.date(),
            purpose="Leaflets",
            created_at=NOW,
        )
    )
    session.commit()
    survivor = merge(pair, administrator)
    assert {each.organisation_id for each in session.scalars(select(Block))} == {survivor.id}
    assert len(session.scalars(select(Block)).all()) == 2
    assert session.scalars(select(OutsideContact)).one().organisation_id == survivor.id


def test_invitations_to_the_one_that_goes_are_used_up(session, pair, administrator):
    link = LinkToken(
        purpose=LinkPurpose.JOIN_ORGANISATION,
        email="new@example.org",
        organisation_id=pair.second_id,
        created_at=NOW,
        expires_at=NOW + timedelta(days=14),
    )
    session.add(link)
    session.commit()
    merge(pair, administrator)
    assert session.scalars(select(LinkToken)).one().used_at == NOW


def test_next_import_follows_into_the_one_that_stays(session, administrator):
    service = oruk_service(
        organization={"id": "o", "name": "Stroke Friends", "description": "Tea."}
    )
    known = make_organisation(name="Stroke Friends", registration=None, description="Ours.")
    session.commit()
    load(read_oruk(service), ORUK, actor=None, now=NOW)
    session.commit()
    (pair,) = duplicates.list_undecided(actor_for(administrator))
    survivor = merge(pair, administrator)
    session.commit()
    assert survivor.id == known.id
    session.expire_all()
    report = load(read_oruk({**service, "name": "New"}), ORUK, actor=None, now=NOW)
    assert (report.created, report.updated) == (0, 1)
    programme = session.scalars(select(Programme)).one()
    assert (programme.name, programme.organisation_id) == ("New", known.id)
    records = session.scalars(select(ImportedRecord.organisation_id)).all()
    assert set(records) == {known.id, None}


def test_earlier_signposts_lead_straight_to_the_one_that_stays(session, pair, administrator):
    earlier = make_organisation(merged_into_id=pair.second_id, registration=None)
    session.commit()
    survivor = merge(pair, administrator)
    session.refresh(earlier)
    assert earlier.merged_into_id == survivor.id


def test_other_pairs_speak_of_the_one_that_stays(session, pair, administrator):
    third = make_organisation(registration=None)
    for other in (pair.first, pair.second):
        duplicates.suspect(other.id, third.id, Likeness.DOMAIN, now=NOW)
    session.commit()
    survivor = merge(pair, administrator)
    (left,) = duplicates.list_undecided(actor_for(administrator))
    assert {left.first_id, left.second_id} == {survivor.id, third.id}


def test_second_decision_comes_too_late(session, pair, administrator):
    digest = merging.digest_of(pair)
    merge(pair, administrator)
    session.commit()
    with pytest.raises(AlreadyAnswered):
        merging.merge(pair, Which.SECOND, {}, digest, actor=administrator, now=NOW)
    with pytest.raises(AlreadyAnswered):
        duplicates.keep_apart(pair, actor=administrator, now=NOW)


def test_change_meanwhile_is_not_overwritten(session, pair, administrator):
    digest = merging.digest_of(pair)
    pair.first.phone = "03"
    session.commit()
    with pytest.raises(StaleVersion):
        merging.merge(pair, Which.FIRST, {}, digest, actor=administrator, now=NOW)


def test_two_that_are_not_the_same_are_not_shown_again(session, pair, administrator):
    duplicates.keep_apart(pair, actor=administrator, now=NOW)
    session.commit()
    duplicates.suspect(pair.first_id, pair.second_id, Likeness.DOMAIN, now=NOW)
    assert duplicates.list_undecided(actor_for(administrator)) == []
    assert session.scalars(select(PossibleDuplicate)).one().decision is DuplicateDecision.DISTINCT


def test_one_that_went_is_in_no_list(session, pair, administrator):
    survivor = merge(pair, administrator)
    session.commit()
    page = administered.list_organisations("", administered.Which.ALL, 1)
    assert [each.id for each in page.rows] == [survivor.id]
    assert administered.find_organisation(pair.second_id) is None


def test_lead_decides_within_their_area_and_never_about_two_that_are_looked_after(session, pair):
    fife, edinburgh = make_lead([FIFE]), make_lead([EDINBURGH])
    assert duplicates.list_undecided(actor_for(fife)) == [pair]
    assert duplicates.list_undecided(actor_for(edinburgh)) == []
    pair.second.claimed_at = NOW
    assert duplicates.list_undecided(actor_for(fife)) == []
