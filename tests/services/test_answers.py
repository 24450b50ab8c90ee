from __future__ import annotations

import pytest

from matchmaker.models import TermField
from matchmaker.services import answers
from tests.factories import FIFE, make_outcode


def codes(given, field=TermField.CONDITION):
    return [term.code for term in given.terms if term.field is field]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["COPD"], ["copd"]),
        (["COPD, stroke"], ["copd", "stroke"]),
        (["COPD\r\nstroke;asthma"], ["copd", "stroke", "asthma"]),
        (["people with COPD after a stroke"], ["copd", "stroke"]),
        (["copd", "COPD"], ["copd"]),
        (["", " , "], []),
    ],
)
def test_conditions_are_understood_however_they_are_typed(session, typed, expected):
    assert codes(answers.understand(conditions=typed)) == expected


def test_term_with_commas_in_its_name_is_one_term(session):
    label = "pregnancy, birth and new parents"
    found = answers.understand(conditions=[label, "stroke, falls"])
    assert [(term.wording, term.code) for term in found.terms] == [
        (label, "pregnancy-and-birth"),
        ("stroke", "stroke"),
        ("falls", "falls"),
    ]


def test_approach_among_the_conditions_counts_as_an_approach(session):
    given = answers.understand(conditions=["peer support"])
    assert codes(given) == []
    assert codes(given, TermField.APPROACH) == ["peer-support"]


def test_unknown_wording_is_kept_and_named(session):
    given = answers.understand(conditions=["zebra spotting"])
    assert given.wordings(TermField.CONDITION) == ("zebra spotting",)
    (missed,) = given.not_understood
    assert (missed.field, missed.wording, missed.did_you_mean) == (
        "conditions",
        "zebra spotting",
        (),
    )


def test_not_knowing_where_is_not_a_misunderstanding(session):
    given = answers.understand(where="I do not know", conditions=["stroke"])
    assert given.place is None
    assert given.not_understood == ()


def test_answers_survive_the_way_through_an_address(session):
    make_outcode("KY12")
    given = answers.understand(
        profession="physiotherapist",
        where="KY12 7DR",
        conditions=["COPD", "zebra spotting"],
        approaches=["peer-support"],
        text="a walking group",
    )
    query = {
        name: [value] if isinstance(value, str) else value for name, value in given.query().items()
    }
    again = answers.from_query(query)
    assert again == given
    assert again.place.area_codes == (FIFE,)
    assert "7DR" not in str(given)


def test_unknown_place_stays_in_the_address_without_the_rest_of_its_postcode(session):
    given = answers.understand(where="ZE9 9ZZ")
    assert given.query() == {"where": "ZE9"}
    assert given.is_empty


def test_nul_in_an_address_is_left_out(session):
    make_outcode("KY12")
    given = answers.from_query(
        {"where": ["KY12\0"], "conditions": ["CO\0PD"], "approaches": ["\0"], "text": ["a\0b"]}
    )
    assert given.place.district == "KY12"
    assert codes(given) == ["copd"]
    assert given.text == "ab"
    assert "\0" not in str(given.query())
