from matchmaker.engine import DEFAULT, Professional, Programme, Wanted
from matchmaker.engine.statements import from_text, read_professional, read_programme
from tests.engine.examples import EDINBURGH, small_vocabulary

VOCABULARY = small_vocabulary()


def test_blank_seeks_mean_ones_own_offers():
    _, offers, seeks = read_professional(
        Professional(id="P", conditions=("COPD",), text="singing", seeks="  "), VOCABULARY
    )
    assert offers == seeks
    assert seeks.conditions == ("copd",)


def test_what_is_sought_in_words_replaces_the_text_and_nothing_else():
    _, offers, seeks = read_professional(
        Professional(id="P", conditions=("COPD",), text="singing", seeks="swimming"), VOCABULARY
    )
    assert seeks.conditions == offers.conditions == ("copd",)
    assert offers.body_words == ("sing",)
    assert seeks.body_words == ("swim",)


def test_wordings_that_mean_one_term_count_once():
    profile = Professional(id="P", conditions=("copd", "COPD", "emphysema"), areas=("Edinburgh",))
    offers = read_professional(profile, VOCABULARY).offers
    assert offers.conditions == ("copd",)
    assert offers.areas == (EDINBURGH,)


def test_unknown_wordings_count_as_text():
    profile = Professional(
        id="P",
        profession="wizard",
        conditions=("housemaid's knee",),
        areas=("Atlantis",),
        text="potions",
    )
    offers = read_professional(profile, VOCABULARY).offers
    assert offers.conditions == offers.areas == offers.professions == ()
    assert offers.body_words == ("housemaid", "knee", "atlanti", "wizard", "potion")


def test_a_programme_seeks_the_professions_it_names_and_a_professional_offers_theirs():
    programme = Programme(id="G", seeks=Wanted(("dietitian", "physiotherapists", "wizard")))
    _, offers, seeks = read_programme(programme, VOCABULARY)
    assert seeks.professions == ("dietitian", "physiotherapist")
    assert seeks.body_words == ("wizard",)
    assert offers.professions == offers.body_words == ()
    _, offers, seeks = read_professional(Professional(id="P", profession="dietitian"), VOCABULARY)
    assert (offers.professions, seeks.professions) == (("dietitian",), ())


def test_an_organisation_named_in_the_programme_is_not_named_twice():
    titled = Programme(id="G", name="Stroke Club Fife", organisation="Stroke Club")
    assert read_programme(titled, VOCABULARY).offers.title == "Stroke Club Fife"
    other = Programme(id="G", name="Swim", organisation="Stroke Club")
    assert read_programme(other, VOCABULARY).offers.title == "Swim. Stroke Club"


def test_confidence_depends_on_where_and_how_often_a_term_is_said():
    filler = "word " * 25
    statement = from_text(
        "Stroke club", f"asthma {filler} falling {filler} cancer and cancer", VOCABULARY
    )
    assert statement.offered("condition", DEFAULT) == {
        "stroke": 1.0,
        "asthma": 0.7,
        "falls": 0.3,
        "cancer": 0.7,
    }


def test_a_confirmed_term_is_certain_even_where_it_was_also_read():
    profile = Professional(id="P", conditions=("asthma",), text="word " * 25 + "asthma")
    offers = read_professional(profile, VOCABULARY).offers
    assert offers.offered("condition", DEFAULT) == {"asthma": 1.0}
