from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker import engine
from matchmaker.models import (
    Delivery,
    DismissalKind,
    IntroductionState,
    ProfessionalTerm,
    ProgrammeMonth,
    ProgrammeStatus,
    ShownSuggestion,
    Side,
    TermField,
    TermSide,
)
from matchmaker.models.introduction import Answer
from matchmaker.services import answers, dismissals, matching
from matchmaker.services.matching.profiles import (
    load_professionals,
    load_programmes,
    profile_of_professional,
    profile_of_programme,
)
from tests.factories import (
    EDINBURGH,
    FIFE,
    NOW,
    make_introduction,
    make_organisation,
    make_outcode,
    make_professional,
    make_programme,
)
from tests.queries import statements_sent


@pytest.fixture
def saved(session):
    """Commit what a test has made: the index reads what is committed."""
    return session.commit


def programmes_for(professional, **options):
    found = matching.suggest_for_professional(professional, **{"now": NOW, "top": 10, **options})
    return [each.programme.name for each in found]


def test_programme_for_the_same_condition_nearby_is_suggested_with_reasons(session, saved):
    professional = make_professional()
    make_programme(name="Stroke café")
    saved()
    (only,) = matching.suggest_for_professional(professional, now=NOW, top=10)
    assert only.programme.name == "Stroke café"
    assert [reason.text for reason in only.reasons] == [
        "You look for stroke; they work with stroke",
        "You look in Fife; they work in Fife",
    ]
    assert only.match.route == "in_person"
    assert [reason.text for reason in only.their_reasons] == [
        "They look for stroke; you work with stroke",
        "They look in Fife; you work in Fife",
        "They look for any allied health professional; you are a physiotherapist",
    ]


def test_suggestions_need_no_account(session, saved):
    make_outcode("KY12")
    make_programme(name="Stroke café")
    make_programme(name="Skin clinic", conditions=["eczema"])
    saved()
    given = answers.understand(where="KY12 7DR", conditions=["stroke"])
    found = matching.suggest_for_answers(given, now=NOW, top=10)
    assert [each.programme.name for each in found] == ["Stroke café"]


def test_no_answers_lead_to_no_suggestions(session, saved):
    make_programme()
    saved()
    assert matching.suggest_for_answers(answers.understand(), now=NOW, top=10) == []


def test_nearby_programme_about_something_else_is_not_suggested(session, saved):
    professional = make_professional(conditions=["stroke"])
    make_programme(conditions=["eczema"], description="Skin care advice.")
    saved()
    assert programmes_for(professional) == []


def test_place_alone_is_enough_when_nothing_else_was_asked(session, saved):
    make_programme(name="Skin clinic", conditions=["eczema"])
    saved()
    given = answers.understand(where="Fife")
    found = matching.suggest_for_answers(given, now=NOW, top=10)
    assert [each.programme.name for each in found] == ["Skin clinic"]


@pytest.mark.parametrize(
    "values",
    [
        {"status": ProgrammeStatus.PAUSED},
        {"status": ProgrammeStatus.CLOSED},
        {"published_at": None},
        {"places_per_month": 0},
        {"min_age": 0, "max_age": 15},
        {"areas": ["S12000017"], "delivery": Delivery.IN_PERSON},
    ],
)
def test_programme_behind_a_gate_is_not_suggested(session, saved, values):
    professional = make_professional(min_age=18)
    make_programme(**values)
    saved()
    assert programmes_for(professional) == []


def test_programme_without_places_left_is_suggested_again_next_month(session, saved):
    professional = make_professional()
    programme = make_programme(name="Full", places_per_month=2)
    session.add(ProgrammeMonth(programme_id=programme.id, month="2026-11", places=2, taken=2))
    saved()
    assert programmes_for(professional) == []
    assert matching.suggest_for_programme(programme, now=NOW, top=10) == []
    next_month = NOW + timedelta(days=30)
    assert programmes_for(professional, now=next_month) == ["Full"]
    assert len(matching.suggest_for_programme(programme, now=next_month, top=10)) == 1


@pytest.mark.parametrize("side", list(Side))
def test_dismissal_by_either_side_hides_the_pair_from_both(session, saved, side):
    professional, programme = make_professional(), make_programme()
    dismissals.put_aside(
        side,
        professional,
        programme,
        kind=DismissalKind.NOT_NOW,
        actor=professional.user,
        now=NOW,
    )
    saved()
    later = NOW + timedelta(days=91)
    assert programmes_for(professional) == []
    assert matching.suggest_for_programme(programme, now=NOW, top=10) == []
    assert len(programmes_for(professional, now=later)) == 1
    assert len(matching.suggest_for_programme(programme, now=later, top=10)) == 1


@pytest.mark.parametrize(
    ("values", "is_suggested"),
    [
        ({}, False),
        (
            {
                "state": IntroductionState.DECLINED,
                "programme_answer": Answer.NO,
                "decline_reason": "no_time",
                "closed_at": NOW,
            },
            False,
        ),
        ({"state": IntroductionState.EXPIRED, "closed_at": NOW}, True),
    ],
)
def test_introduced_pair_is_not_suggested_until_its_proposal_has_run_out(
    session, saved, values, is_suggested
):
    professional, programme = make_professional(), make_programme()
    make_introduction(professional=professional, programme=programme, **values)
    saved()
    assert bool(programmes_for(professional)) is is_suggested
    assert bool(matching.suggest_for_programme(programme, now=NOW, top=5)) is is_suggested


@pytest.mark.parametrize(
    ("values", "is_suggested"),
    [
        ({}, True),
        ({"is_findable": False}, False),
        ({"is_available": False}, False),
    ],
)
def test_only_findable_and_available_professionals_are_suggested(
    session, saved, values, is_suggested
):
    make_professional(**values)
    programme = make_programme()
    saved()
    assert bool(matching.suggest_for_programme(programme, now=NOW, top=5)) is is_suggested


def test_reasons_shown_to_an_organisation_leave_out_what_it_may_not_see_yet(session, saved):
    make_professional(offers_text="I run falls classes at the Victoria Hospital gym.")
    programme = make_programme(
        professions=["physiotherapist"], description="Falls classes in a gym at a hospital."
    )
    saved()
    (only,) = matching.suggest_for_programme(programme, now=NOW, top=5)
    assert {"place", "text", "people"} & {reason.field for reason in only.match.reasons}
    assert {reason.field for reason in only.reasons} <= {"condition", "approach", "profession"}
    assert "You look for a physiotherapist; they are a physiotherapist" in [
        reason.text for reason in only.reasons
    ]


def test_professional_who_hides_disappears_at_once_though_the_index_is_older(
    app, session, saved, monkeypatch
):
    professional, programme = make_professional(), make_programme()
    saved()
    monkeypatch.setattr(matching.keeper(), "_check_every_seconds", 3600.0)
    assert len(matching.suggest_for_programme(programme, now=NOW, top=5)) == 1
    professional.is_findable = False
    professional.updated_at = NOW + timedelta(seconds=1)
    saved()
    assert matching.suggest_for_programme(programme, now=NOW, top=5) == []


def test_old_entry_carries_a_caution(session, saved):
    professional = make_professional()
    make_programme(last_checked_at=NOW - timedelta(days=200))
    saved()
    (only,) = matching.suggest_for_professional(professional, now=NOW, top=5)
    assert only.match.cautions == ("last checked over 6 months ago",)


def test_explanation_of_a_pair_names_the_gate_that_is_shut(session, saved):
    professional = make_professional()
    programme = make_programme(status=ProgrammeStatus.PAUSED)
    saved()
    refusal = matching.explain(professional, programme, now=NOW, reader=Side.PROFESSIONAL)
    assert isinstance(refusal, engine.Refusal)
    assert refusal.reason == "The programme is paused."


def test_explanation_addresses_the_reader(session, saved):
    professional, programme = make_professional(), make_programme()
    saved()
    told = matching.explain(professional, programme, now=NOW, reader=Side.PROGRAMME)
    theirs = [reason.text for reason in told.reasons if reason.side == "programme"]
    assert theirs[0].startswith("You look for")


def test_term_that_a_professional_looks_for_is_none_that_they_offer(session):
    professional = make_professional(conditions=["stroke"])
    professional.terms.append(
        ProfessionalTerm(
            field=TermField.CONDITION, side=TermSide.SEEKS, wording="copd", code="copd"
        )
    )
    session.flush()
    assert profile_of_professional(professional).conditions == ("stroke",)
    assert load_professionals(session()) == [profile_of_professional(professional)]


def test_profiles_of_rows_and_of_bulk_reading_are_the_same(session):
    professional = make_professional(
        conditions=["stroke", "copd"], approaches=["peer-support"], seeks_text="a walking group"
    )
    programme = make_programme(
        conditions=["stroke", "copd"],
        approaches=["peer-support"],
        professions=["podiatrist", "dietitian"],
        areas=[FIFE, EDINBURGH],
        places_per_month=3,
    )
    session.expire_all()
    assert load_professionals(session()) == [profile_of_professional(professional)]
    assert load_programmes(session()) == [profile_of_programme(programme)]
    assert load_programmes(session(), {programme.id}) == load_programmes(session())
    assert load_programmes(session(), {programme.id + 1}) == []


def test_reading_many_programmes_takes_as_many_queries_as_reading_one(app, session):
    organisation = make_organisation()
    for _ in range(12):
        make_programme(organisation=organisation)
    session.flush()
    with statements_sent(app) as sent:
        assert len(load_programmes(session())) == 12
    assert len(_without_begin(sent)) == 4


def test_page_of_suggestions_takes_a_fixed_number_of_queries(app, session, saved):
    professional = make_professional()
    for _ in range(12):
        make_programme()
    saved()
    matching.suggest_for_professional(professional, now=NOW, top=10)
    with statements_sent(app) as sent:
        found = matching.suggest_for_professional(professional, now=NOW, top=10)
        assert [each.programme.organisation.name for each in found]
    assert len(found) == 10
    # Changes since the last look 5, what is settled or blocked 4, how fresh 1, the ten 2.
    assert len(_without_begin(sent)) <= 12


def _without_begin(statements):
    return [each for each in statements if each != "BEGIN"]


def test_what_was_shown_is_written_down(session, saved):
    professional = make_professional()
    make_programme()
    saved()
    found = matching.suggest_for_professional(professional, now=NOW, top=5)
    matching.record_shown(found, shown_to=Side.PROFESSIONAL, now=NOW)
    row = session.scalars(select(ShownSuggestion)).one()
    assert row.professional_id == professional.id
    assert row.rank == 1
    assert 0 < row.score < 1
    assert row.model_version == engine.MODEL_VERSION


def test_shown_score_can_be_replayed_after_everything_has_changed(session, saved):
    professional, programme = make_professional(), make_programme()
    saved()
    found = matching.suggest_for_professional(professional, now=NOW, top=5)
    matching.record_shown(found, shown_to=Side.PROFESSIONAL, now=NOW)
    programme.description = "Something else altogether"
    saved()
    session.expire_all()
    row = session.scalars(select(ShownSuggestion)).one()
    assert matching.replayed(row) == pytest.approx(row.score, abs=1e-9)


@pytest.mark.parametrize("kept", [{"model_version": "0"}, {"inputs": {}}])
def test_score_of_another_version_is_not_replayed(kept):
    shown = ShownSuggestion(**{"model_version": engine.MODEL_VERSION, "inputs": {}} | kept)
    with pytest.raises(ValueError, match="cannot replay"):
        matching.replayed(shown)
