from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker import engine
from matchmaker.engine import Ages, Professional, Programme, Status, Wanted
from matchmaker.engine.score import Sides, label
from tests.engine.examples import (
    APPROACHES,
    CONDITIONS,
    EDINBURGH,
    FIFE,
    SHETLAND,
    numbered,
    professionals,
    programmes,
    small_vocabulary,
)
from tests.engine.oracle import Oracle, sigmoid

VOCABULARY = small_vocabulary()


def fit(left=(), right=(), **options):
    return engine.fit(left, right, vocabulary=VOCABULARY, **options)


def ids(suggestions):
    return [suggestion.programme for suggestion in suggestions]


@settings(max_examples=60)
@given(numbered(professionals, "P"), numbered(programmes, "G"), professionals)
def test_suggestions_are_what_the_score_written_out_gives(left, right, visitor):
    snapshot, oracle = fit(left, right), Oracle(left, right, VOCABULARY) if left or right else None
    suggestions = snapshot.suggest(visitor, top=100)
    found = {suggestion.programme: suggestion for suggestion in suggestions}
    for programme in right:
        best = oracle.best(visitor, programme)
        suggestion = found.pop(programme.id, None)
        assert (suggestion is None) == (best is None)
        if suggestion:
            z = oracle.sides(visitor, programme)[suggestion.route]
            assert suggestion.score == pytest.approx(best[0], rel=1e-9)
            assert tuple(suggestion.z) == pytest.approx(z, abs=1e-9)
    assert not found
    order = [(-suggestion.score, suggestion.programme) for suggestion in suggestions]
    assert order == sorted(order)
    assert [suggestion.rank for suggestion in suggestions] == list(range(1, len(order) + 1))


@given(numbered(programmes, "G", max_size=8), professionals, st.integers(1, 9))
def test_the_top_few_are_the_beginning_of_the_whole_list(right, visitor, top):
    snapshot = fit((), right)
    assert snapshot.suggest(visitor, top=top) == snapshot.suggest(visitor, top=100)[:top]


@settings(max_examples=50)
@given(numbered(professionals, "P"), numbered(programmes, "G"))
def test_both_sides_see_the_same_score_to_the_last_bit(left, right):
    snapshot = fit(left, right)
    seen = {
        (suggestion.professional, suggestion.programme): suggestion.score
        for professional in left
        for suggestion in snapshot.suggest(professional, top=100)
    }
    for programme in right:
        for suggestion in snapshot.suggest_professionals(programme, top=100):
            pair = suggestion.professional, suggestion.programme
            assert seen.pop(pair) == suggestion.score
            professional = next(each for each in left if each.id == pair[0])
            assert snapshot.explain(professional, programme).score == suggestion.score
    assert not seen


@settings(max_examples=50)
@given(st.data(), numbered(professionals, "P", 3), numbered(programmes, "G"), professionals)
def test_the_order_of_the_files_changes_nothing(data, left, right, visitor):
    shuffled = data.draw(st.permutations(right))
    before, after = fit(left, right), fit(left[::-1], shuffled)
    assert before.suggest(visitor, top=100) == after.suggest(visitor, top=100)


@settings(max_examples=50)
@given(numbered(programmes, "G"), professionals, programmes, st.data())
def test_with_statistics_fixed_offering_more_never_lowers_what_the_seeker_gets(
    right, visitor, programme, data
):
    snapshot = fit((visitor,), right)
    more = replace(
        programme,
        status=Status.OPEN,
        conditions=(*programme.conditions, data.draw(st.sampled_from(tuple(CONDITIONS)))),
        approaches=(*programme.approaches, data.draw(st.sampled_from(tuple(APPROACHES)))),
        people=Ages(),
        capacity=None,
    )
    before, after = snapshot.explain(visitor, programme), snapshot.explain(visitor, more)
    if isinstance(before, engine.Suggestion) and before.route == after.route:
        assert after.z.professional >= before.z.professional - 1e-12


@settings(max_examples=50)
@given(numbered(professionals, "P"), numbered(programmes, "G"))
def test_every_answer_lies_between_nothing_and_all(left, right):
    snapshot = fit(left, right)
    for table, weights in (
        (snapshot.professionals, engine.DEFAULT.professional_weights),
        (snapshot.programmes, engine.DEFAULT.programme_weights),
    ):
        for offering in (table.features.offering, table.features.place_offering):
            assert ((offering.data > 0) & (offering.data <= 1)).all()
        total = sum(weights.values())
        sums = sum(table.features.weights.values())
        assert sums == pytest.approx([total if each else 0 for each in sums])
    for professional in left:
        for suggestion in snapshot.suggest(professional):
            assert -4.5 <= suggestion.z.professional <= -4.5 + 7.9 + 1e-9
            assert -4.5 <= suggestion.z.programme <= -4.5 + 9.4 + 1e-9


def test_ties_go_by_id_even_where_they_are_cut():
    right = [Programme(id=name, text="swim") for name in ("b", "c", "a", "10", "9")]
    assert ids(fit((), right).suggest(Professional(id="P", text="swim"), top=3)) == ["10", "9", "a"]


def test_an_empty_profile_is_served_in_the_order_of_what_others_seek():
    right = [Programme(id="G1", text="garden"), Programme(id="G2")]
    suggestions = fit((), right).suggest(Professional(id="P"))
    assert ids(suggestions) == ["G1", "G2"]
    assert suggestions[0].z == (-4.5, -4.5)
    assert suggestions[0].label == "possible"


def test_an_area_alone_is_enough_to_rank_by_nearness():
    right = [Programme(id=area, areas=(area,)) for area in (SHETLAND, EDINBURGH, FIFE)]
    suggestions = fit((), right).suggest(Professional(id="P", areas=("Fife",)))
    assert ids(suggestions)[0] == FIFE
    assert suggestions[0].z.professional == pytest.approx(-4.5 + 7.9)


def test_nothing_fitted_suggests_nothing():
    snapshot = fit()
    assert snapshot.suggest(Professional(id="P", text="swim", conditions=("copd",))) == []
    assert snapshot.suggest_professionals(Programme(id="G", text="swim")) == []


def test_excluded_programmes_make_room_for_others():
    right = [Programme(id=f"G{n}", text="swim") for n in range(4)]
    found = fit((), right).suggest(Professional(id="P", text="swim"), top=2, exclude={"G0", "G2"})
    assert ids(found) == ["G1", "G3"]


def test_a_missing_answer_is_neutral():
    full = Professional(id="P", conditions=("copd",), areas=(FIFE,))
    programme = Programme(id="G", conditions=("copd",), areas=(FIFE,))
    snapshot = fit((full,), (programme,))
    with_place = snapshot.explain(full, programme)
    without = snapshot.explain(replace(full, areas=()), programme)
    assert with_place.z.professional == pytest.approx(3.4)
    assert without.z.professional == pytest.approx(3.4)


def test_a_closer_wish_of_a_programme_ranks_a_professional_higher():
    left = [
        Professional(id="P1", profession="dietitian"),
        Professional(id="P2", profession="physiotherapist"),
        Professional(id="P3"),
    ]
    programme = Programme(id="G", seeks=Wanted(("physiotherapist",)))
    found = fit(left, (programme,)).suggest_professionals(programme)
    assert [suggestion.professional for suggestion in found] == ["P2", "P1", "P3"]


def test_text_only_ignores_structured_answers_but_not_terms_read_from_text():
    right = [
        Programme(id="G1", conditions=("copd",), text="gardening"),
        Programme(id="G2", text="lung conditions"),
    ]
    professional = Professional(id="P", conditions=("lung",), text="COPD")
    suggestions = fit((professional,), right, text_only=True).suggest(professional)
    assert ids(suggestions) == ["G2", "G1"]
    assert {reason.field for each in suggestions for reason in each.reasons} == {"text"}
    assert suggestions[1].z.professional == -4.5


@pytest.mark.parametrize(
    ("share", "name"),
    [(0.65, "strong"), (0.6499, "good"), (0.40, "good"), (0.3999, "possible"), (0, "possible")],
)
def test_the_label_comes_from_the_side_that_gets_less(share, name):
    parameters = engine.DEFAULT
    assert label(Sides(-4.5 + 7.9, -4.5 + 9.4 * share + 1e-12), parameters) == name
    assert label(Sides(-4.5 + 7.9 * share + 1e-12, -4.5 + 9.4), parameters) == name


def test_the_score_is_the_product_of_both_sides():
    professional = Professional(id="P", conditions=("copd",), text="singing")
    programme = Programme(id="G", conditions=("lung",), text="singing at home")
    suggestion = fit((professional,), (programme,)).explain(professional, programme)
    z = suggestion.z
    assert suggestion.score == pytest.approx(sigmoid(z.professional) * sigmoid(z.programme))
