"""A programme from draft to closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    AuditEvent,
    Delivery,
    IntroductionState,
    Programme,
    ProgrammeStatus,
    TermField,
)
from matchmaker.services import capacity, programmes
from matchmaker.services.errors import DomainError, FieldError, StaleVersion
from matchmaker.services.programme_details import (
    ProgrammeDetails,
    missing_for_publishing,
    read_labels,
    unrecognised_wordings,
    wordings,
)
from tests.factories import (
    FIFE,
    NOW,
    make_introduction,
    make_organisation,
    make_outcode,
    make_programme,
    make_user,
)

LATER = NOW + timedelta(days=1)
FULL = ProgrammeDetails(
    name=" Steady  feet ",
    description="A weekly class for people who have had a stroke.",
    conditions=("Stroke", "wobbly knees", " "),
    approaches=("peer support",),
    areas=("Fife", "NHS Tayside"),
    min_age=18,
    max_age=90,
    delivery=Delivery.IN_PERSON,
    cost="free",
    funded_by="lottery",
    professions=("physiotherapist", "dietitian"),
    seeks_text="Tell people about us.",
    contact_name="Morag",
    contact_email="morag@example.org",
    contact_phone="01592 000 000",
    places_per_month=4,
)


def draft(details: ProgrammeDetails = FULL) -> Programme:
    user = make_user()
    organisation = make_organisation(members=[user])
    return programmes.create_programme(organisation, details, actor=user, now=NOW)


def actions_on(programme: Programme) -> list[str]:
    return list(
        db.session.scalars(
            select(AuditEvent.action)
            .where(AuditEvent.subject_type == "programme", AuditEvent.subject_id == programme.id)
            .order_by(AuditEvent.id)
        )
    )


def test_draft_keeps_every_answer(session):
    programme = draft()
    session.expire_all()
    assert programme.name == "Steady feet"
    assert not programme.is_published
    assert {each.area_code for each in programme.areas} == {FIFE, "S08000030"}
    assert [(each.field, each.wording, each.code) for each in programme.terms] == [
        (TermField.CONDITION, "Stroke", "stroke"),
        (TermField.CONDITION, "wobbly knees", ""),
        (TermField.APPROACH, "peer support", "peer-support"),
    ]
    assert [each.profession for each in programme.sought_professions] == [
        "dietitian",
        "physiotherapist",
    ]
    assert capacity.free_places(programme, NOW) == 4
    assert actions_on(programme) == ["programme.created"]


def test_unknown_wording_counts_as_text_and_is_named(session):
    assert unrecognised_wordings(draft()) == ["wobbly knees"]


def test_same_condition_in_two_wordings_is_kept_once(session):
    programme = draft(ProgrammeDetails(name="A", conditions=("COPD", "copd", "Copd")))
    assert wordings(programme, TermField.CONDITION) == ("COPD",)


def test_draft_may_be_empty(session):
    programme = draft(ProgrammeDetails(name=""))
    assert [error.field for error in missing_for_publishing(programme)] == [
        "name",
        "description",
        "areas",
    ]


def test_postcode_stands_for_its_council(session):
    make_outcode("KY12")
    programme = draft(ProgrammeDetails(name="A", areas=("ky12 7ja", "Fife")))
    assert [each.area_code for each in programme.areas] == [FIFE]


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"areas": ("Atlantis",)}, "areas"),
        ({"min_age": 70, "max_age": 60}, "max_age"),
        ({"min_age": -1}, "min_age"),
        ({"max_age": 121}, "max_age"),
        ({"professions": ("wizard",)}, "professions"),
        ({"name": "x" * 201}, "name"),
        ({"description": "x" * 5001}, "description"),
        ({"conditions": tuple(f"made-up number {n}" for n in range(41))}, "conditions"),
        ({"places_per_month": -1}, "places_per_month"),
    ],
)
def test_answer_that_cannot_be_taken_is_named(session, answers, field):
    with pytest.raises(FieldError) as refusal:
        draft(ProgrammeDetails(**{"name": "A", **answers}))
    assert refusal.value.field == field


def test_misspelt_place_gets_a_suggestion(session):
    with pytest.raises(FieldError, match=r"Did you mean .*Fife"):
        draft(ProgrammeDetails(name="A", areas=("Fief",)))


def test_published_programme_can_be_seen(session):
    programme = programmes.publish(draft(), actor=make_user(), now=LATER)
    assert programme.published_at == programme.last_checked_at == LATER
    assert actions_on(programme)[-1] == "programme.published"


def test_incomplete_draft_is_not_published(session):
    programme = draft(ProgrammeDetails(name="A", description="B"))
    with pytest.raises(FieldError, match="at least one place"):
        programmes.publish(programme, actor=make_user(), now=LATER)
    assert not programme.is_published


def test_online_programme_needs_no_place(session):
    details = ProgrammeDetails(name="A", description="B", delivery=Delivery.ONLINE)
    assert programmes.publish(draft(details), actor=make_user(), now=LATER).is_published


def test_edit_replaces_answers(session):
    programme = draft()
    details = ProgrammeDetails(
        name="B", conditions=("falls",), areas=("Fife", "Highland"), professions=("dietitian",)
    )
    programmes.edit_programme(programme, details, version=1, actor=make_user(), now=LATER)
    session.expire_all()
    assert wordings(programme, TermField.CONDITION) == ("falls",)
    assert wordings(programme, TermField.APPROACH) == ()
    assert {each.area_code for each in programme.areas} == {FIFE, "S12000017"}
    assert [each.profession for each in programme.sought_professions] == ["dietitian"]
    assert (programme.places_per_month, programme.version) == (None, 2)
    assert programme.last_checked_at == LATER


def test_stale_edit_changes_nothing(session):
    programme = draft()
    details = ProgrammeDetails(name="First")
    programmes.edit_programme(programme, details, version=1, actor=make_user(), now=LATER)
    with pytest.raises(StaleVersion, match="nothing was saved"):
        programmes.edit_programme(programme, FULL, version=1, actor=make_user(), now=LATER)
    assert programme.name == "First"


def test_published_programme_cannot_lose_what_it_needs(session):
    programme = programmes.publish(draft(), actor=make_user(), now=NOW)
    with pytest.raises(FieldError) as refusal:
        programmes.edit_programme(
            programme,
            ProgrammeDetails(name="A", areas=("Fife",)),
            version=programme.version,
            actor=make_user(),
            now=LATER,
        )
    assert refusal.value.field == "description"


def test_pause_and_reopen(session):
    programme = make_programme()
    programmes.pause(programme, actor=make_user(), now=NOW)
    assert programme.status is ProgrammeStatus.PAUSED
    programmes.reopen(programme, actor=make_user(), now=NOW)
    assert programme.status is ProgrammeStatus.OPEN
    assert actions_on(programme) == ["programme.paused", "programme.reopened"]


@pytest.mark.parametrize(
    ("status", "act"),
    [
        (ProgrammeStatus.PAUSED, programmes.pause),
        (ProgrammeStatus.CLOSED, programmes.pause),
        (ProgrammeStatus.OPEN, programmes.reopen),
        (ProgrammeStatus.CLOSED, programmes.close),
    ],
)
def test_step_that_leads_nowhere_is_refused(session, status, act):
    programme = make_programme(status=status)
    with pytest.raises(DomainError, match="This programme is"):
        act(programme, actor=make_user(), now=NOW)
    assert programme.status is status


@pytest.mark.parametrize("act", [programmes.pause, programmes.reopen, programmes.close])
def test_draft_has_no_status_to_change(session, act):
    with pytest.raises(DomainError, match="Publish it first"):
        act(draft(), actor=make_user(), now=NOW)


def test_closing_ends_unanswered_proposals_only(session):
    programme = make_programme()
    waiting = make_introduction(programme=programme)
    elsewhere = make_introduction()
    assert programmes.count_unanswered(programme) == 1
    programmes.close(programme, actor=make_user(), now=LATER)
    assert waiting.state is IntroductionState.SUPERSEDED
    assert elsewhere.state is IntroductionState.PROPOSED
    assert programmes.count_unanswered(programme) == 0


def test_still_right_sets_the_day_of_the_check_and_disturbs_nobody_who_is_writing(session):
    programme = make_programme()
    programmes.confirm_still_right(programme, actor=make_user(), now=LATER)
    assert programme.last_checked_at == programme.updated_at == LATER
    assert programme.version == 1


def test_places_can_be_set_alone(session):
    programme = make_programme()
    programmes.set_places(programme, 2, actor=make_user(), now=NOW)
    assert capacity.free_places(programme, NOW) == 2
    assert actions_on(programme) == ["programme.places_set"]


def test_terms_are_read_from_the_text_only_where_nobody_named_any(session):
    text = "Exercise classes after a stroke."
    imported = make_programme(description=text, conditions=())
    assert read_labels(imported, TermField.CONDITION) == ("stroke",)
    assert read_labels(make_programme(description=text), TermField.CONDITION) == ()
