import pytest

from matchmaker.engine import DEFAULT, Ages, Programme
from matchmaker.engine.features import Facts, share_of_ages
from matchmaker.engine.fields import ConceptField, PlaceField, ProfessionField
from matchmaker.engine.statements import Reading, Statement, from_text
from matchmaker.engine.text_field import TextField
from tests.engine.examples import (
    APPROACHES,
    CONDITIONS,
    EDINBURGH,
    FIFE,
    LOTHIAN_BOARD,
    PROFESSIONS,
    SHETLAND,
    WEST_LOTHIAN,
    small_vocabulary,
)

VOCABULARY = small_vocabulary()


def match(field, seeks, offers):
    """s(seeks → offers)."""
    return float((field.sought([seeks]) @ field.offered([offers]).T).toarray()[0, 0])


@pytest.fixture
def condition():
    return ConceptField("condition", CONDITIONS, DEFAULT).fit([])


@pytest.fixture
def place():
    return PlaceField(VOCABULARY.areas).fit([])


@pytest.fixture
def profession():
    return ProfessionField(PROFESSIONS, DEFAULT).fit([])


def text_field(*corpus):
    concepts = [
        ConceptField("condition", CONDITIONS, DEFAULT).fit(corpus),
        ConceptField("approach", APPROACHES, DEFAULT).fit(corpus),
    ]
    return TextField(concepts, DEFAULT).fit(corpus)


def said(body, title=""):
    return from_text(title, body, VOCABULARY)


def test_sought_conditions_weigh_by_their_information(condition):
    seeks = Statement(conditions=("lung", "frailty"))
    information = condition.similarity_.information_
    expected = information["lung"] / (information["lung"] + information["frailty"])
    assert match(condition, seeks, Statement(conditions=("copd",))) == pytest.approx(expected)


def test_a_broad_programme_does_not_suffer_for_its_breadth(condition):
    seeks = Statement(conditions=("copd",))
    assert match(condition, seeks, Statement(conditions=tuple(CONDITIONS))) == 1


def test_a_read_term_is_offered_with_its_confidence_but_never_sought_here(condition):
    read = said("word " * 25 + "asthma")
    assert match(condition, Statement(conditions=("asthma",)), read) == 0.3
    assert condition.sought([read]).nnz == 0


@pytest.mark.parametrize(
    ("sought", "offered", "reach"),
    [
        (EDINBURGH, EDINBURGH, 1),
        (LOTHIAN_BOARD, EDINBURGH, 1),
        (EDINBURGH, LOTHIAN_BOARD, 0.9),
        (EDINBURGH, WEST_LOTHIAN, 0.5),
        (FIFE, EDINBURGH, 0.4),
        (FIFE, SHETLAND, 0),
    ],
)
def test_place_is_reach(place, sought, offered, reach):
    assert match(place, Statement(areas=(sought,)), Statement(areas=(offered,))) == reach


def test_several_sought_areas_weigh_the_same_and_the_nearest_offer_answers(place):
    seeks = Statement(areas=(EDINBURGH, SHETLAND))
    offers = Statement(areas=(WEST_LOTHIAN, LOTHIAN_BOARD))
    assert match(place, seeks, offers) == pytest.approx(0.45)


def test_sought_area_inside_another_is_part_of_it(place):
    seeks = Statement(areas=(EDINBURGH, LOTHIAN_BOARD, FIFE))
    assert match(place, seeks, Statement(areas=(WEST_LOTHIAN,))) == match(
        place, Statement(areas=(LOTHIAN_BOARD, FIFE)), Statement(areas=(WEST_LOTHIAN,))
    )


def test_any_of_the_named_professions_answers_fully(profession):
    seeks = Statement(professions=("physiotherapist", "dietitian"))
    assert match(profession, seeks, Statement(professions=("dietitian",))) == 1
    assert match(profession, seeks, Statement(professions=("occupational-therapist",))) == 0
    assert match(profession, seeks, Statement()) == 0


def test_where_no_profession_is_named_any_answers_a_little(profession):
    assert match(profession, Statement(), Statement(professions=("dietitian",))) == 0.3
    assert match(profession, Statement(), Statement()) == 0


@pytest.mark.parametrize(
    ("sought", "offered", "share"),
    [
        ((18, 100), (18, 100), 1),
        ((5, 11), (11, 16), 1 / 7),
        ((0, 9), (5, 100), 0.5),
        ((1, 2), (3, 4), 0),
    ],
)
def test_people_is_the_share_of_the_sought_ages(sought, offered, share):
    assert share_of_ages(_facts(sought), _facts(offered))[0] == pytest.approx(share)


def _facts(ages):
    programme = Programme(id="G", people=Ages(*ages))
    return Facts.of([Reading(programme, Statement(), Statement())])


def test_plain_words_score_as_normalised_bm25():
    docs = [said("garden garden cafe"), said("swim home"), said("cafe")]
    field = text_field(*docs)
    idf = dict(zip(field.words_, field.statistics_.idf, strict=True))
    softening = 1.2 * (0.25 + 0.75 * 3 / 2)
    expected = idf["garden"] * 2 / (2 + softening) + idf["cafe"] * 1 / (1 + softening)
    mass = idf["garden"] + idf["cafe"] + field.statistics_.unseen_idf
    assert match(field, said("garden cafe dragon"), docs[0]) == pytest.approx(expected / mass)


def test_title_words_are_pooled_before_saturation():
    field = text_field(said("garden cafe"), said("swim"))
    titled = said("garden", title="garden")
    assert match(field, said("garden"), titled) == pytest.approx(
        match(field, said("garden"), said("garden garden garden"))
    )


def test_a_read_term_weighs_half_of_the_words_it_was_read_from():
    docs = [said("breathing"), said("lung conditions")]
    field = text_field(*docs)
    # The words of the two texts are different, so that only the term can match: it was said early.
    seeks = said("COPD")
    lin = field.concepts[0].similarity_("copd", "lung")
    assert match(field, seeks, docs[1]) == pytest.approx(0.5 * (0.7 * lin * 0.5) / 1.5)
    narrower = said("lung conditions")
    assert match(field, narrower, said("COPD")) == pytest.approx(0.5 * 0.7 / 1.5)


def test_words_of_a_phrase_count_together_as_its_rarest():
    corpus = [said("lung cancer"), said("lung garden"), said("tea garden")]
    text = text_field(*corpus)
    (weights,) = text.sought([said("lung cancer garden")]).toarray()
    column = text.columns_
    phrase = weights[column["lung"]] + weights[column["cancer"]]
    assert phrase / weights[column["garden"]] == pytest.approx(
        text.idf_["cancer"] / text.idf_["garden"]
    )


def test_a_term_beside_other_words_has_their_share_of_the_mass():
    field = text_field(said("garden"), said("COPD"))
    idf = dict(zip(field.words_, field.statistics_.idf, strict=True))
    mass = idf["copd"] / (idf["garden"] + idf["copd"])
    weights = field.sought([said("garden COPD")]).toarray()[0]
    assert weights.sum() == pytest.approx(1)
    copd = field.term_columns_["condition", "copd"]
    assert weights[copd] == pytest.approx(0.5 * mass / (1 + 0.5 * mass))


def test_title_and_body_hold_half_of_the_mass_each():
    field = text_field(said("garden COPD swim home"))
    copd = field.term_columns_["condition", "copd"]
    weights = field.sought([said("garden swim home cafe", title="COPD")]).toarray()[0]
    assert weights[copd] == pytest.approx(0.25 / 1.25)


def test_a_corpus_without_a_word_can_be_fitted_and_asked():
    field = text_field(said(""), said("the"))
    assert match(field, said("garden"), said("garden")) == 0
