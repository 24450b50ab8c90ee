"""Whom else somebody could ask whose request ran out of time."""

from __future__ import annotations

import pytest

from matchmaker.extensions import db
from matchmaker.models import Proposer, Side
from matchmaker.services import matching, other_suggestions
from matchmaker.services.matching import NoSnapshot
from tests.factories import NOW, make_introduction, make_professional, make_programme


@pytest.fixture
def found(session):
    """Find others for a side, once everything made so far is there for the index to read."""

    def find(introduction, side):
        db.session.commit()
        return other_suggestions.find_others(introduction, side, now=NOW)

    return find


def test_a_professional_is_named_three_other_programmes(found):
    introduction = make_introduction()
    names = {make_programme().name for _ in range(4)}
    others = found(introduction, Side.PROFESSIONAL)
    assert len(others) == 3
    assert {each.name for each in others} <= names
    assert {each.endpoint for each in others} == {"introductions.propose"}


def test_a_programme_reads_what_it_may_know_of_other_professionals(found):
    introduction = make_introduction(proposed_by=Proposer.PROGRAMME)
    other = make_professional()
    (suggestion,) = found(introduction, Side.PROGRAMME)
    assert suggestion.name == "Physiotherapist, NHS Fife"
    assert suggestion.values == {
        "programme_id": introduction.programme_id,
        "professional_id": other.id,
    }


def test_the_one_who_did_not_answer_is_not_named_again(found):
    introduction = make_introduction()
    introduction.professional_id = make_professional().id
    assert found(introduction, Side.PROFESSIONAL) == []


def test_without_an_index_nobody_is_named_and_nothing_fails(found, monkeypatch, caplog):
    class Broken:
        def view(self):
            raise NoSnapshot

    introduction = make_introduction()
    monkeypatch.setattr(matching, "keeper", Broken)
    assert found(introduction, Side.PROFESSIONAL) == []
    assert "No other suggestions" in caplog.text
