"""The rules themselves; `tests/web/test_access_matrix.py` holds the pages to them."""

from __future__ import annotations

import pytest

from matchmaker.models import (
    Block,
    CheckIn,
    Claim,
    ImportDraft,
    ImportedRecord,
    Introduction,
    Organisation,
    OutsideContact,
    PossibleDuplicate,
    Professional,
    Programme,
    ProgrammeEdit,
    Side,
    SurveyInvitation,
    SurveyQuestion,
    SurveyTheme,
    SurveyWave,
)
from matchmaker.services.policy import ANONYMOUS, Action, Actor, Pairing, may
from tests.factories import EDINBURGH, FIFE, NOW

OWNER = Actor(user_id=1, owned_organisation_ids=frozenset({7}))
EDITOR = Actor(user_id=2, edited_organisation_ids=frozenset({7}))
OUTSIDER = Actor(user_id=3, owned_organisation_ids=frozenset({8}))
LEAD = Actor(user_id=4, lead_area_codes=frozenset({FIFE}))
ADMINISTRATOR = Actor(user_id=5, is_administrator=True)
EDITING = (Action.EDIT_ORGANISATION, Action.EDIT_PROGRAMME)
OWN = (Organisation(id=7), Programme(id=1, organisation_id=7))


@pytest.mark.parametrize("action", EDITING)
@pytest.mark.parametrize("subject", OWN, ids=["organisation", "programme"])
def test_members_in_either_role_change_what_is_their_organisations(action, subject):
    assert may(OWNER, action, subject)
    assert may(EDITOR, action, subject)
    assert not may(OUTSIDER, action, subject)
    assert not may(ANONYMOUS, action, subject)


@pytest.mark.parametrize("action", [*EDITING, Action.MANAGE_MEMBERS])
@pytest.mark.parametrize(
    "subject",
    [None, Professional(id=7), Pairing(Professional(id=7), OWN[1])],
    ids=["nothing", "professional", "pairing"],
)
def test_being_a_member_gives_no_right_to_anything_of_another_kind(action, subject):
    assert not may(OWNER, action, subject)


THEIRS = ProgrammeEdit(author_user_id=2, programme=OWN[1])


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        (Action.VIEW_EDITS, {OWNER, EDITOR}),
        (Action.DECIDE_EDIT, {OWNER}),
        (Action.WITHDRAW_EDIT, {OWNER, EDITOR}),
    ],
)
def test_change_is_seen_by_members_and_decided_by_owners(action, allowed):
    former = Actor(user_id=2)
    colleague = Actor(user_id=9, edited_organisation_ids=frozenset({7}))
    everybody = {OWNER, EDITOR, OUTSIDER, former, ANONYMOUS}
    assert {each for each in everybody if may(each, action, THEIRS)} == allowed
    assert may(colleague, action, THEIRS) == (action is Action.VIEW_EDITS)
    assert not may(OWNER, action, OWN[0]) or action is Action.VIEW_EDITS


def test_owners_alone_publish_changes_of_a_programme_at_once():
    everybody = {OWNER, EDITOR, OUTSIDER, ANONYMOUS}
    assert {each for each in everybody if may(each, Action.DECIDE_EDIT, OWN[1])} == {OWNER}
    assert not may(OWNER, Action.WITHDRAW_EDIT, OWN[1])


def test_change_whose_author_is_erased_is_not_everybodys():
    orphan = ProgrammeEdit(author_user_id=None, programme=OWN[1])
    assert not may(ANONYMOUS, Action.WITHDRAW_EDIT, orphan)
    assert may(OWNER, Action.WITHDRAW_EDIT, orphan)


ANN = Actor(user_id=4, professional_id=5)
BEN = Actor(user_id=5, professional_id=6)
MET = Introduction(professional_id=5, programme=OWN[1])


@pytest.mark.parametrize(
    ("side", "allowed"), [(Side.PROFESSIONAL, {ANN}), (Side.PROGRAMME, {OWNER, EDITOR})]
)
def test_a_check_in_is_for_the_side_that_was_asked(side, allowed):
    check_in = CheckIn(introduction=MET, side=side)
    everybody = {OWNER, EDITOR, OUTSIDER, ANN, BEN, ANONYMOUS}
    assert {each for each in everybody if may(each, Action.ANSWER_CHECK_IN, check_in)} == allowed
    assert not may(ANN, Action.ANSWER_CHECK_IN, MET)


def test_a_contact_is_for_whom_it_was_written_down():
    everybody = {OWNER, EDITOR, OUTSIDER, ANN, BEN, ANONYMOUS}
    for contact, allowed in (
        (OutsideContact(professional_id=5), {ANN}),
        (OutsideContact(organisation_id=7), {OWNER, EDITOR}),
    ):
        assert {each for each in everybody if may(each, Action.KEEP_CONTACTS, contact)} == allowed
    assert {each for each in everybody if may(each, Action.KEEP_CONTACTS)} == everybody - {
        ANONYMOUS
    }
    assert not may(Actor(user_id=9), Action.KEEP_CONTACTS)


def test_reflections_are_the_professionals_own():
    everybody = {OWNER, EDITOR, OUTSIDER, ANN, BEN, ANONYMOUS}
    for subject in (MET, OutsideContact(professional_id=5)):
        assert {each for each in everybody if may(each, Action.REFLECT, subject)} == {ANN}
    assert not may(OWNER, Action.REFLECT, OutsideContact(organisation_id=7))
    assert {each for each in everybody if may(each, Action.REFLECT)} == {ANN, BEN}


FIFE_LEAD = Actor(user_id=10, lead_area_codes=frozenset({"S12000047"}))
WELSH_LEAD = Actor(user_id=11, lead_area_codes=frozenset({"W92000004"}))
ADMINISTRATOR = Actor(user_id=12, is_administrator=True)
CLAIMANT = Actor(user_id=13, is_administrator=True)
EVERYBODY = {
    *(OWNER, EDITOR, OUTSIDER, ANN, BEN, FIFE_LEAD, WELSH_LEAD, ADMINISTRATOR, CLAIMANT, ANONYMOUS)
}


@pytest.mark.parametrize(
    ("claimed_at", "reviewers"), [(None, {FIFE_LEAD, ADMINISTRATOR}), (NOW, {OWNER})]
)
def test_a_claim_is_decided_by_owners_or_before_there_are_any_by_who_may_invite(
    claimed_at, reviewers
):
    organisation = Organisation(id=7, claimed_at=claimed_at, area_code="S12000047")
    claim = Claim(user_id=13, organisation=organisation)
    assert {each for each in EVERYBODY if may(each, Action.REVIEW_CLAIM, claim)} == reviewers
    assert {each for each in EVERYBODY if may(each, Action.WITHDRAW_CLAIM, claim)} == {CLAIMANT}
    for action in (Action.REVIEW_CLAIM, Action.WITHDRAW_CLAIM):
        assert not any(may(each, action, organisation) for each in EVERYBODY)


def test_anybody_with_an_account_asks_for_an_organisation_they_do_not_belong_to():
    allowed = EVERYBODY - {OWNER, EDITOR, ANONYMOUS}
    here = Organisation(id=7)
    assert {each for each in EVERYBODY if may(each, Action.CLAIM_ORGANISATION, here)} == allowed
    gone = Organisation(id=9, merged_into_id=7)
    for nothing in (gone, OWN[1], None):
        assert not any(may(each, Action.CLAIM_ORGANISATION, nothing) for each in EVERYBODY)


def of_organisation(**values):
    return ImportedRecord(organisation=Organisation(id=7, area_code=FIFE, **values))


def test_imports_are_for_leads_and_administrators_and_each_file_for_whoever_handed_it_in():
    assert may(LEAD, Action.IMPORT)
    assert may(ADMINISTRATOR, Action.IMPORT)
    assert not may(OWNER, Action.IMPORT)
    draft = ImportDraft(user_id=LEAD.user_id)
    assert may(LEAD, Action.FINISH_IMPORT, draft)
    assert not may(ADMINISTRATOR, Action.FINISH_IMPORT, draft)
    assert not may(LEAD, Action.FINISH_IMPORT)
    # Somebody who was a lead when they handed it in.
    assert not may(OWNER, Action.FINISH_IMPORT, ImportDraft(user_id=OWNER.user_id))


def test_owners_finish_imports_of_their_own_organisation_only():
    own = ImportDraft(user_id=OWNER.user_id, organisation_id=7)
    assert may(OWNER, Action.FINISH_IMPORT, own)
    other = ImportDraft(user_id=OUTSIDER.user_id, organisation_id=7)
    assert not may(OUTSIDER, Action.FINISH_IMPORT, other)
    assert may(OWNER, Action.IMPORT_OWN_PROGRAMMES, OWN[0])
    assert not may(EDITOR, Action.IMPORT_OWN_PROGRAMMES, OWN[0])


def test_conflicts_are_for_owners_or_for_leads_where_nobody_looks_after_it():
    claimed, unclaimed = of_organisation(claimed_at=NOW), of_organisation()
    of_programme = ImportedRecord(programme=Programme(organisation=claimed.organisation))
    for record in (claimed, of_programme):
        assert may(OWNER, Action.DECIDE_CONFLICT, record)
        assert may(ADMINISTRATOR, Action.DECIDE_CONFLICT, record)
        assert not may(LEAD, Action.DECIDE_CONFLICT, record)
        assert not may(OUTSIDER, Action.DECIDE_CONFLICT, record)
    assert may(LEAD, Action.DECIDE_CONFLICT, unclaimed)
    assert not may(OUTSIDER, Action.DECIDE_CONFLICT, unclaimed)
    assert not may(LEAD, Action.DECIDE_CONFLICT, ImportedRecord())
    assert not may(LEAD, Action.DECIDE_CONFLICT)
    assert may(LEAD, Action.SEE_CONFLICTS)
    assert may(OWNER, Action.SEE_CONFLICTS)
    assert not may(EDITOR, Action.SEE_CONFLICTS)


def test_duplicates_are_for_administrators_and_for_leads_of_both_areas():
    def pair(first, second):
        return PossibleDuplicate(first=Organisation(**first), second=Organisation(**second))

    near = pair({"area_code": FIFE, "claimed_at": NOW}, {"area_code": None})
    far = pair({"area_code": FIFE}, {"area_code": EDINBURGH})
    busy = pair({"area_code": FIFE, "claimed_at": NOW}, {"area_code": FIFE, "claimed_at": NOW})
    assert may(LEAD, Action.DECIDE_DUPLICATE, near)
    for other in (far, busy, None):
        assert not may(LEAD, Action.DECIDE_DUPLICATE, other)
    for each in (near, far, busy):
        assert may(ADMINISTRATOR, Action.DECIDE_DUPLICATE, each)
        assert not may(OWNER, Action.DECIDE_DUPLICATE, each)


def test_nobody_is_invited_to_an_organisation_that_is_another_one_now():
    assert may(LEAD, Action.INVITE_ORGANISATION, Organisation(id=8, area_code=FIFE))
    gone = Organisation(id=8, area_code=FIFE, merged_into_id=7)
    assert not may(LEAD, Action.INVITE_ORGANISATION, gone)
    assert not may(Actor(user_id=6, professional_id=9), Action.BLOCK_ORGANISATION, gone)


def test_a_block_is_undone_by_the_side_that_made_it():
    professional = Actor(user_id=6, professional_id=9)
    by_professional = Block(side=Side.PROFESSIONAL, professional_id=9, organisation_id=7)
    by_programme = Block(side=Side.PROGRAMME, professional_id=9, organisation_id=7)
    everybody = {OWNER, EDITOR, OUTSIDER, professional, ADMINISTRATOR, ANONYMOUS}

    def undo(block):
        return {each for each in everybody if may(each, Action.UNDO_BLOCK, block)}

    assert undo(by_professional) == {professional}
    assert undo(by_programme) == {OWNER, EDITOR}
    assert undo(OWN[0]) == set()


@pytest.mark.parametrize("depth", ["wave", "question", "theme"])
def test_a_survey_is_run_by_leads_of_its_area_and_by_those_around_it(depth):
    scottish = Actor(user_id=14, lead_area_codes=frozenset({"S92000003"}))
    wave = SurveyWave(area_code="S12000047")
    question = SurveyQuestion(wave=wave)
    subject = {"wave": wave, "question": question, "theme": SurveyTheme(question=question)}[depth]
    allowed = {each for each in {*EVERYBODY, scottish} if may(each, Action.RUN_SURVEY, subject)}
    assert allowed == {FIFE_LEAD, scottish}
    assert not may(FIFE_LEAD, Action.RUN_SURVEY, object())


def test_a_survey_is_answered_by_whom_it_asks():
    invitation = SurveyInvitation(wave_id=1, user_id=FIFE_LEAD.user_id)
    allowed = {each for each in EVERYBODY if may(each, Action.ANSWER_SURVEY, invitation)}
    assert allowed == {FIFE_LEAD}
    assert not may(FIFE_LEAD, Action.ANSWER_SURVEY, SurveyWave(area_code="S12000047"))
