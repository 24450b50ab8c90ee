"""Pairs that a careless engine gets wrong, with the shipped vocabulary."""

import pytest

from matchmaker import engine
from matchmaker.engine import Ages, Delivery, Professional, Programme
from matchmaker.vocabulary import load_vocabulary

IN_PERSON = Delivery.IN_PERSON


def order(professional, *programmes):
    snapshot = engine.fit([professional], programmes, vocabulary=load_vocabulary())
    return [suggestion.programme for suggestion in snapshot.suggest(professional)]


def test_a_computer_course_does_not_pass_for_multiple_sclerosis():
    assert order(
        Professional(id="P", conditions=("multiple sclerosis",)),
        Programme(id="a", text="Learn MS Word and MS Excel in our computer room"),
        Programme(id="b", text="A weekly cafe for people living with MS"),
    ) == ["b", "a"]


def test_what_a_programme_says_it_does_not_do_is_not_offered():
    professional = Professional(id="P", conditions=("dementia",))
    programmes = (
        Programme(id="a", text="Art for all. We do not work with people with dementia."),
        Programme(id="b", text="Art for all. We work with people with dementia."),
    )
    assert order(professional, *programmes) == ["b", "a"]
    snapshot = engine.fit([professional], programmes, vocabulary=load_vocabulary())
    refused = snapshot.explain(professional, programmes[0])
    assert [reason.field for reason in refused.missing if reason.side == "professional"] == [
        "condition"
    ]


def test_a_lung_group_answers_copd_and_an_asthma_group_does_not():
    found = order(
        Professional(id="P", conditions=("COPD",)),
        Programme(id="asthma", conditions=("asthma",)),
        Programme(id="copd", conditions=("chronic obstructive pulmonary disease",)),
        Programme(id="lung", conditions=("lung conditions",)),
    )
    assert found == ["copd", "lung", "asthma"]


def test_an_imported_charity_is_found_by_what_its_text_says():
    assert order(
        Professional(id="P", conditions=("stroke",)),
        Programme(id="a", name="Garden club", text="Growing vegetables together"),
        Programme(id="b", name="Tuesday club", text="Speech practice after a stroke"),
        Programme(id="c", name="Stroke club", text="Company and tea"),
    ) == ["c", "b", "a"]


@pytest.mark.parametrize("name", ["Fife", "Fife Council", "S12000047"])
def test_fife_means_the_council_and_is_served_by_its_board(name):
    professional = Professional(id="P", areas=(name,), delivery=IN_PERSON)
    assert order(
        professional,
        Programme(id="edinburgh", areas=("Edinburgh",)),
        Programme(id="board", areas=("NHS Fife",)),
        Programme(id="council", areas=("Fife",)),
        Programme(id="shetland", areas=("Shetland Islands",)),
        Programme(id="scotland", areas=("Scotland",)),
    ) == ["council", "board", "scotland", "edinburgh"]


def test_a_childrens_programme_is_not_for_somebody_who_works_with_adults():
    found = order(
        Professional(id="P", conditions=("asthma",), people=Ages(18, None)),
        Programme(id="children", conditions=("asthma",), people=Ages(0, 17)),
        Programme(id="everybody", conditions=("asthma",)),
        Programme(id="older", conditions=("asthma",), people=Ages(65, None)),
    )
    assert sorted(found) == ["everybody", "older"]


def test_a_programme_of_many_conditions_does_not_lose_to_one_of_few():
    found = order(
        Professional(id="P", conditions=("stroke",), text="stroke"),
        Programme(id="broad", conditions=("stroke", "dementia", "asthma", "falls", "cancer")),
        Programme(id="other", conditions=("dementia",)),
    )
    assert found[0] == "broad"


def test_a_name_in_capitals_is_read_like_any_other():
    assert order(
        Professional(id="P", text="Support for people with dementia"),
        Programme(id="a", name="FRIENDS OF THE DEMENTIA CLUB"),
        Programme(id="b", name="FRIENDS OF THE CHESS CLUB"),
    ) == ["a", "b"]
