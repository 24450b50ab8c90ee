from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from matchmaker import engine
from matchmaker.engine import Ages, Professional, Programme, Wanted
from tests.engine.examples import (
    EDINBURGH,
    FIFE,
    SHETLAND,
    numbered,
    professionals,
    programmes,
    small_vocabulary,
)


def explained(professional, programme, **options):
    snapshot = engine.fit([professional], [programme], vocabulary=small_vocabulary())
    return snapshot.explain(professional, programme, **options)


def sentences(reasons, side="professional"):
    return [reason.text for reason in reasons if reason.side == side]


@settings(max_examples=60)
@given(numbered(professionals, "P", 3), numbered(programmes, "G", 4))
def test_base_reasons_and_rest_are_each_sides_score(left, right):
    snapshot = engine.fit(left, right, vocabulary=small_vocabulary())
    for professional in left:
        for suggestion in snapshot.suggest(professional):
            for side in ("professional", "programme"):
                points = [each.points for each in suggestion.reasons if each.side == side]
                total = (
                    getattr(suggestion.base, side) + sum(points) + getattr(suggestion.rest, side)
                )
                assert total == pytest.approx(getattr(suggestion.z, side), abs=1e-9)
                assert points == sorted(points, reverse=True)
                assert len(points) <= 3
                assert all(point > 0 for point in points)
                if getattr(suggestion.n_smaller, side) == 0:
                    assert getattr(suggestion.rest, side) == pytest.approx(0, abs=1e-9)


@settings(max_examples=40)
@given(numbered(professionals, "P", 2), numbered(programmes, "G", 4))
def test_what_is_kept_of_a_score_makes_it_again(left, right):
    snapshot = engine.fit(left, right, vocabulary=small_vocabulary())
    for professional in left:
        for suggestion in snapshot.suggest(professional):
            z, score = engine.replay(suggestion.inputs, snapshot.parameters)
            assert z == pytest.approx(suggestion.z, abs=1e-9)
            assert score == pytest.approx(suggestion.score, abs=1e-9)
            for inputs in suggestion.inputs:
                assert all(0 <= each.share <= 1 + 1e-9 for each in inputs.values())


@pytest.mark.parametrize(
    ("sought", "offered", "text"),
    [
        ("copd", "copd", "You look for emphysema; they work with emphysema"),
        ("copd", "lung", "You look for emphysema; they work with lung conditions (broader)"),
        ("lung", "copd", "You look for lung conditions; they work with emphysema (narrower)"),
        ("falls", "frailty", "You look for falling; they work with frailty (related)"),
    ],
)
def test_a_condition_is_told_with_what_answers_it(sought, offered, text):
    answer = explained(
        Professional(id="P", conditions=(sought,)), Programme(id="G", conditions=(offered,))
    )
    assert sentences(answer.reasons) == [text]


def test_the_reader_is_addressed_as_you():
    professional = Professional(id="P", profession="occupational therapist", conditions=("copd",))
    programme = Programme(
        id="G", conditions=("lung",), seeks=Wanted(("occupational therapist", "dietitian"))
    )
    answer = explained(professional, programme)
    assert sentences(answer.reasons, "programme") == [
        "They look for lung conditions; you work with emphysema (narrower)",
        "They look for an occupational therapist; you are an occupational therapist",
    ]
    answer = explained(professional, programme, reader="programme")
    assert sentences(answer.reasons, "programme")[0] == (
        "You look for lung conditions; they work with emphysema (narrower)"
    )
    assert sentences(answer.reasons) == [
        "They look for emphysema; you work with lung conditions (broader)"
    ]


def test_place_people_and_words_are_told_plainly():
    answer = explained(
        Professional(id="P", areas=(FIFE,), people=Ages(18, None), text="Singing"),
        Programme(id="G", areas=(FIFE,), people=Ages(5, 64), text="we sing"),
    )
    assert set(sentences(answer.reasons)) == {
        "You look in Fife; they work in Fife",
        "You look for help for people aged 18 and over; they work with people aged 5 to 64",
        "You write about “Singing”; they write about “sing”",
    }


def test_the_answer_told_is_the_one_that_made_the_points():
    # In a text a broader term counts half: less here than the same term at the beginning.
    early = "lung cancer"
    answer = explained(
        Professional(id="P", text="lung cancer"), Programme(id="G", name="Cancer", text=early)
    )
    assert "You write about lung cancer; they do too" in sentences(answer.reasons)


def test_the_route_taken_is_the_one_told():
    answer = explained(Professional(id="P", areas=(FIFE,)), Programme(id="G", areas=(SHETLAND,)))
    assert answer.route == "online"
    assert sentences(answer.reasons) == ["You look in Fife; they work online"]
    assert answer.reasons[0].offered == "online"


def test_what_is_missing_is_said():
    answer = explained(
        Professional(
            id="P", profession="dietitian", conditions=("copd", "stroke"), areas=(FIFE, SHETLAND)
        ),
        Programme(
            id="G",
            conditions=("copd",),
            areas=(EDINBURGH,),
            delivery=engine.Delivery.IN_PERSON,
            seeks=Wanted(("physiotherapist", "occupational therapist")),
        ),
    )
    assert sentences(answer.missing) == [
        "You look for stroke; they do not mention it",
        "You look in Shetland Islands; they do not work near there",
    ]
    assert sentences(answer.missing, "programme") == [
        "They look for a physiotherapist or occupational therapist; you do not say that you are one"
    ]


def test_a_profession_that_is_met_is_not_missing_for_the_others_named():
    answer = explained(
        Professional(id="P", profession="dietitian"),
        Programme(id="G", seeks=Wanted(("physiotherapist", "dietitian"))),
    )
    assert answer.missing == ()


def test_terms_read_from_text_are_told_as_writing():
    answer = explained(
        Professional(id="P", text="respiratory conditions"), Programme(id="G", text="COPD")
    )
    assert sentences(answer.reasons) == [
        "You write about lung conditions; they write about emphysema (narrower)"
    ]


@pytest.mark.parametrize(
    ("today", "is_stale"),
    [
        (date(2026, 7, 30), False),
        (date(2026, 7, 31), True),
        (date(2027, 1, 1), True),
        (None, False),
    ],
)
def test_an_old_check_is_a_caution(today, is_stale):
    programme = Programme(id="G", last_checked=date(2026, 1, 31))
    answer = explained(Professional(id="P"), programme, today=today)
    assert answer.cautions == (("last checked over 6 months ago",) if is_stale else ())


@pytest.mark.parametrize(
    ("name", "text", "cautions"),
    [
        ("Women together", "A meeting place", ("may be mainly for women",)),
        ("Together", "For women and women alone", ("may be mainly for women",)),
        ("Together", "word " * 25 + "women", ()),
        ("Together", "For women and men", ()),
        ("Women together", "word " * 25 + "men", ()),
        ("Together", "This is not suitable for women", ()),
        (
            "Women together",
            "For veterans",
            ("may be mainly for women", "may be mainly for veterans"),
        ),
    ],
)
def test_group_of_people_a_programme_is_about_is_a_caution(name, text, cautions):
    professional = Professional(id="P", text="garden")
    answer = explained(professional, Programme(id="G", name=name, text=text))
    assert answer.cautions == cautions


def test_an_unknown_check_is_no_caution():
    answer = explained(Professional(id="P"), Programme(id="G"), today=date(2026, 1, 1))
    assert answer.cautions == ()


def test_a_profile_edited_after_the_fit_is_explained_as_it_now_stands():
    professional = Professional(id="P", conditions=("copd",))
    programme = Programme(id="G")
    snapshot = engine.fit([professional], [programme], vocabulary=small_vocabulary())
    edited = replace(programme, conditions=("copd",))
    assert sentences(snapshot.explain(professional, edited).reasons) == [
        "You look for emphysema; they work with emphysema"
    ]
