"""Whom a lead might bring together."""

from __future__ import annotations

import pytest

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    IntroductionState,
    ProgrammeStatus,
    Proposer,
    ShownSuggestion,
    Side,
)
from matchmaker.services.candidates import Which, list_professionals, list_programmes
from matchmaker.services.policy import Actor
from tests.factories import (
    EDINBURGH,
    FIFE,
    NOW,
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
)

NHS_FIFE = "S08000029"
SCOTLAND = "S92000003"
UNITED_KINGDOM = "K02000001"
LEAD = Actor(user_id=1, lead_area_codes=frozenset({FIFE}))
OVER = {"state": IntroductionState.EXPIRED, "closed_at": NOW}


def _professionals(which=Which.EVERYBODY, lead=LEAD, **values):
    return list_professionals(lead, which, 1, **values).rows


def _programmes(which=Which.EVERYBODY, words="", lead=LEAD):
    return list_programmes(lead, which, words, 1).rows


def _shown(professional, programme):
    db.session.add(
        ShownSuggestion(
            shown_at=NOW,
            shown_to=Side.PROFESSIONAL,
            professional_id=professional.id,
            programme_id=programme.id,
            rank=1,
            score=0.5,
            z_professional=0.0,
            z_programme=0.0,
            model_version="1",
        )
    )
    db.session.flush()


def test_only_those_who_can_be_found_in_the_leads_areas_are_listed(session):
    here = make_professional(areas=[FIFE, EDINBURGH])
    make_professional(is_findable=False)
    make_professional(is_available=False)
    make_professional(areas=[EDINBURGH])
    # Who names a whole board is not inside a council of it, as for an introduction.
    make_professional(areas=[NHS_FIFE])
    assert _professionals() == [here]


def test_a_lead_of_a_nation_sees_every_part_of_it(session):
    everywhere = [make_professional(areas=[code]) for code in (FIFE, NHS_FIFE, SCOTLAND)]
    make_professional(areas=[UNITED_KINGDOM])
    nation = Actor(user_id=1, lead_area_codes=frozenset({SCOTLAND}))
    assert _professionals(lead=nation) == everywhere


def test_professionals_are_listed_by_profession(session):
    dietitian = make_professional(profession="dietitian")
    make_professional()
    assert _professionals(profession="dietitian") == [dietitian]


def test_whoever_was_shown_or_introduced_was_suggested(session):
    programmes = [make_programme() for _ in range(3)]
    shown, introduced, unnoticed = (make_professional() for _ in range(3))
    _shown(shown, programmes[0])
    make_introduction(professional=introduced, programme=programmes[1])
    assert _professionals(Which.NEVER_SUGGESTED) == [unnoticed]
    assert _programmes(Which.NEVER_SUGGESTED) == [programmes[2]]


@pytest.mark.parametrize("state", [IntroductionState.EXPIRED, IntroductionState.SUPERSEDED])
def test_whose_requests_ran_out_was_never_answered(session, state):
    asked = make_introduction(state=state, closed_at=NOW)
    still_waits = make_introduction()
    asked_by_them = make_introduction(proposed_by=Proposer.PROGRAMME, state=state, closed_at=NOW)
    assert _professionals(Which.NEVER_ANSWERED) == [asked.professional]
    assert _programmes(Which.NEVER_ANSWERED) == [asked_by_them.programme]
    assert still_waits.professional in _professionals()


def test_one_answer_is_enough_even_a_no(session):
    refused = make_professional()
    make_introduction(professional=refused, **OVER)
    make_introduction(
        professional=refused,
        programme_answer=Answer.NO,
        state=IntroductionState.DECLINED,
        decline_reason="no_time",
        closed_at=NOW,
    )
    wanted = make_programme()
    make_introduction(programme=wanted, proposed_by=Proposer.PROGRAMME, **OVER)
    make_introduction(programme=wanted)
    assert _professionals(Which.NEVER_ANSWERED) == []
    assert _programmes(Which.NEVER_ANSWERED) == []


def test_programmes_are_found_anywhere_and_overlooked_ones_in_the_leads_areas(session):
    here = make_programme(name="A choir", areas=[NHS_FIFE])
    far = make_programme(name="B choir", areas=[EDINBURGH])
    for_all = make_programme(name="C choir", areas=[SCOTLAND])
    by_organisation = make_programme(
        name="D", organisation=make_organisation(name="Choirs United"), areas=[EDINBURGH]
    )
    assert _programmes(words="choir") == [here, far, for_all, by_organisation]
    assert _programmes(Which.NEVER_SUGGESTED) == [here]


def test_programmes_that_take_nobody_are_not_listed(session):
    make_programme(published_at=None)
    make_programme(status=ProgrammeStatus.PAUSED)
    other = make_organisation()
    make_programme(organisation=make_organisation(merged_into_id=other.id))
    assert _programmes() == []
