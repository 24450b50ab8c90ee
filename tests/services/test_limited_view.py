"""What an organisation sees of a professional before both have said yes."""

from __future__ import annotations

from matchmaker.services.limited_view import limited_view
from tests.factories import make_professional, make_programme


def test_only_profession_board_and_what_is_shared_are_seen(session):
    view = limited_view(
        make_professional(conditions=["stroke", "copd"]), make_programme(conditions=["stroke"])
    )
    assert view.summary == "Physiotherapist, NHS Fife"
    assert view.shared_conditions == ("stroke",)
    assert view.shared_approaches == ()


def test_a_term_the_vocabulary_no_longer_knows_is_shared_with_nobody(session):
    forgotten = ["a-term-of-long-ago"]
    view = limited_view(
        make_professional(conditions=forgotten), make_programme(conditions=forgotten)
    )
    assert view.shared_conditions == ()
