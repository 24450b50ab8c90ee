from __future__ import annotations

from datetime import timedelta

import pytest

from matchmaker.models import ProgrammeStatus
from matchmaker.services.neighbours import find_neighbours
from tests.factories import EDINBURGH, NOW, make_organisation, make_programme

NHS_FIFE = "S08000029"


@pytest.fixture
def own(session):
    return make_programme(
        name="Own",
        conditions=["stroke", "copd"],
        approaches=["physical-activity"],
        description="Seated exercise.",
    )


def names(programme):
    return [each.programme.name for each in find_neighbours(programme, now=NOW)]


def test_similar_programmes_of_others_nearby_are_found_with_what_is_shared(session, own):
    make_programme(
        name="Alike", conditions=["stroke"], approaches=["physical-activity"], areas=[NHS_FIFE]
    )
    make_programme(name="Something else", conditions=["dementia"])
    make_programme(name="Far away", conditions=["stroke"], areas=[EDINBURGH])
    make_programme(name="Also ours", organisation=own.organisation)
    session.commit()
    (only,) = find_neighbours(own, now=NOW)
    assert only.programme.name == "Alike"
    assert only.conditions == ("stroke",)
    assert only.approaches == ("physical activity",)
    assert only.places == ("NHS Fife",)


@pytest.mark.parametrize(
    "values",
    [
        {"published_at": None},
        {"status": ProgrammeStatus.CLOSED},
        {"last_checked_at": NOW - timedelta(days=400)},
    ],
    ids=str,
)
def test_nobody_is_sent_to_what_is_not_there(session, own, values):
    make_programme(name="Gone", **values)
    session.commit()
    assert names(own) == []


def test_a_programme_without_a_place_has_neighbours_anywhere(session):
    own = make_programme(areas=[], delivery="online")
    make_programme(name="Elsewhere", areas=[EDINBURGH])
    session.commit()
    assert names(own) == ["Elsewhere"]


def test_an_empty_draft_has_no_neighbours(session):
    own = make_programme(
        organisation=make_organisation(), conditions=[], description="", published_at=None
    )
    make_programme()
    session.commit()
    assert names(own) == []
