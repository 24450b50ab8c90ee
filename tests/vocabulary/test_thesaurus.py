"""How a thesaurus finds a term by its wording and knows its surroundings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.vocabulary import Term, Thesaurus, load_vocabulary
from matchmaker.vocabulary.words import fold, key

CONDITIONS = load_vocabulary().conditions
APPROACHES = load_vocabulary().approaches
PROFESSIONS = load_vocabulary().professions


def thesaurus(*terms: Term) -> Thesaurus:
    return Thesaurus("condition", {term.code: term for term in terms})


LUNGS = Term("lungs", "lung conditions", "…")
AIRWAYS = Term("airways", "airway conditions", "…", broader=("lungs",))
LONG_TERM = Term("long-term", "long-term conditions", "…")
COPD = Term(
    "copd",
    "COPD",
    "…",
    synonyms=("chronic obstructive pulmonary disease",),
    abbreviations=("COAD",),
    read_as=("relief of bronchitics", "COLD"),
    broader=("airways", "long-term"),
)
FRAILTY = Term("frailty", "frailty", "…", related=(("copd", 0.3),))
SMALL = thesaurus(LUNGS, AIRWAYS, LONG_TERM, COPD, FRAILTY)


@pytest.mark.parametrize(
    ("wording", "code"),
    [
        ("copd", "copd"),
        ("COPD", "copd"),
        ("  Chronic Obstructive Pulmonary Diseases ", "copd"),
        ("chronic-obstructive pulmonary disease", "copd"),
        ("coad", "copd"),
        ("Relief of bronchitics", "copd"),
        ("COLD", "copd"),
        ("COPD (chronic obstructive pulmonary disease)", "copd"),
        ("Airway condition", "airways"),
    ],
)
def test_a_wording_resolves_whatever_its_case_number_or_hyphens(wording: str, code: str) -> None:
    assert SMALL.resolve(wording) == code


@pytest.mark.parametrize("wording", ["", "  ", "()", "term", "COPD (asthma)", "pulmonary", "?"])
def test_what_is_no_whole_wording_resolves_to_nothing(wording: str) -> None:
    assert SMALL.resolve(wording) is None


def test_wordings_and_short_forms_hold_what_is_shown_and_what_is_only_read() -> None:
    assert COPD.wordings == (
        "COPD",
        "chronic obstructive pulmonary disease",
        "relief of bronchitics",
    )
    assert COPD.short_forms == ("COAD", "COLD")


@pytest.mark.parametrize("name", ["cPTSD", "NICU", "22Q11A", "HbA"])
def test_one_word_with_several_capitals_is_a_short_form(name: str) -> None:
    assert Term("code", "label", "…", read_as=(name,)).short_forms == (name,)


@pytest.mark.parametrize("name", ["Duchenne", "HIV/AIDS", "BAME communities", "spastic", "22q11"])
def test_other_words_that_are_only_read_match_in_any_case(name: str) -> None:
    assert Term("code", "label", "…", read_as=(name,)).wordings == ("label", name)


def test_ancestors_are_proper_and_reach_through_several_parents() -> None:
    assert SMALL.ancestors("copd") == {"airways", "lungs", "long-term"}
    assert SMALL.ancestors("lungs") == frozenset()


def test_descendants_are_the_ancestors_seen_from_above() -> None:
    for code in CONDITIONS:
        assert CONDITIONS.descendants(code) == {
            other for other in CONDITIONS if code in CONDITIONS.ancestors(other)
        }


def test_a_related_pair_is_the_same_from_both_ends() -> None:
    assert SMALL.related("copd") == {"frailty": 0.3}
    assert SMALL.related("frailty") == {"copd": 0.3}
    assert SMALL.related("lungs") == {}


def test_an_unknown_code_raises() -> None:
    for ask in (SMALL.ancestors, SMALL.descendants, SMALL.related, SMALL.__getitem__):
        with pytest.raises(KeyError):
            ask("asthma")
    assert "asthma" not in SMALL


def test_the_order_of_the_file_is_kept() -> None:
    assert list(SMALL) == ["lungs", "airways", "long-term", "copd", "frailty"]
    assert len(SMALL) == 5


@pytest.mark.parametrize("whole", [CONDITIONS, APPROACHES, PROFESSIONS])
def test_every_shipped_wording_resolves_to_its_own_term(whole: Thesaurus) -> None:
    for code, term in whole.terms.items():
        for wording in (code, *term.wordings, *term.short_forms):
            assert whole.resolve(wording) == code, wording
            assert whole.resolve(wording.upper()) == code, wording


@pytest.mark.parametrize(
    ("wording", "code"),
    [
        ("leukemia", "leukaemia"),
        ("Celiac disease", "coeliac-disease"),
        ("hemophilia", "haemophilia"),
        ("esophageal and stomach cancer", "oesophageal-and-stomach-cancer"),
        ("lymphedema", "lymphoedema"),
        ("brain tumors", "brain-tumours"),
        ("Meniere\u2019s disease", "menieres-disease"),
        ("Type 2 Diabetes", "type-2-diabetes"),
    ],
)
def test_american_spelling_and_plain_letters_resolve(wording: str, code: str) -> None:
    assert CONDITIONS.resolve(wording) == code


@pytest.mark.parametrize(
    ("wording", "code"),
    [
        ("physio", "physiotherapist"),
        ("OT", "occupational-therapist"),
        ("SLT", "speech-and-language-therapist"),
        ("SALT", "speech-and-language-therapist"),
        ("ODP", "operating-department-practitioner"),
        ("chiropodist", "podiatrist"),
        ("dietician", "dietitian"),
        ("Prosthetist/orthotist", "prosthetist-and-orthotist"),
        ("X-ray radiographer", "diagnostic-radiographer"),
    ],
)
def test_professions_resolve_by_what_people_call_them(wording: str, code: str) -> None:
    assert PROFESSIONS.resolve(wording) == code


@given(st.text(max_size=60))
def test_any_text_can_be_asked_for(wording: str) -> None:
    code = CONDITIONS.resolve(wording)
    assert code is None or code in CONDITIONS


@given(st.text(max_size=30))
def test_folding_a_word_is_blind_to_case(word: str) -> None:
    assert fold(word.casefold()) == fold(word.casefold().upper().casefold())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("organisations", "organization"),
        ("centres", "center"),
        ("behavioural", "behavioral"),
        ("counselling", "counseling"),
        ("paralysed", "paralyzed"),
        ("programmes", "program"),
        ("children\u2019s", "child"),
        ("Sjögren's", "sjogrens"),
        ("&", "and"),
    ],
)
def test_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("arthritis", "arthritic"), ("diabetes", "diabetic"), ("four", "for"), ("stress", "stres")],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert key(one) != key(other)
